#ifndef STEELYARD_SERVER_REGISTRY_ROW_READER_H_
#define STEELYARD_SERVER_REGISTRY_ROW_READER_H_

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/registry/csv_table.h"
#include "storage/model/problem.h"

namespace steelyard::registry {

// What a cell should hold: for the reports.
struct Expectation {
  std::string_view code;      // of the problem, for programs
  std::string_view expected;  // in words
};

// Says what is wrong with one cell.
model::Problem CellProblem(int64_t row, std::string_view column, std::string_view found,
                           const Expectation& expectation);

// Reads one row of a register file into an entry. A column that the file does
// not have leaves the entry as it is; an empty cell clears the field. Every
// cell that does not hold what it should becomes a problem. Lives within one
// row; not thread-safe.
class RowReader {
 public:
  RowReader(const CsvTable& table, const CsvTable::Row& row, std::vector<model::Problem>& problems)
      : table_(table), row_(row), problems_(problems) {}

  int64_t line() const { return row_.line; }

  // The cell, or nothing if the file lacks the column.
  std::optional<std::string_view> Cell(std::string_view column) const {
    const auto it = std::find(table_.columns.begin(), table_.columns.end(), column);
    if (it == table_.columns.end()) return std::nullopt;
    return row_.cells[static_cast<size_t>(it - table_.columns.begin())];
  }

  void Report(std::string_view column, std::string_view found, const Expectation& expectation) {
    problems_.push_back(CellProblem(row_.line, column, found, expectation));
  }

  // Sets `target` to what `parse` (std::string_view to optional of T) makes of
  // a cell that must not be empty.
  template <typename T, typename Parse>
  void Required(std::string_view column, T& target, Parse parse, const Expectation& expectation) {
    const auto cell = Cell(column);
    if (!cell) return;
    if (auto value = parse(*cell); value && !cell->empty()) {
      target = *std::move(value);
    } else {
      Report(column, *cell, expectation);
    }
  }

  // The same for a cell that may be empty, which stands for T{}.
  template <typename T, typename Parse>
  void Optional(std::string_view column, T& target, Parse parse, const Expectation& expectation) {
    const auto cell = Cell(column);
    if (cell && cell->empty()) {
      target = T{};
    } else {
      Required(column, target, parse, expectation);
    }
  }

  // The same for parts separated by semicolons, each reported by itself.
  template <typename T, typename Parse>
  void List(std::string_view column, std::vector<T>& target, Parse parse,
            const Expectation& expectation) {
    const auto cell = Cell(column);
    if (!cell) return;
    target.clear();
    for (std::string_view part : Parts(*cell, ';')) {
      if (auto value = parse(part)) {
        target.push_back(*std::move(value));
      } else {
        Report(column, part, expectation);
      }
    }
  }

  // `text` cut at each `separator`, each part without blanks at its ends;
  // empty parts left out.
  static std::vector<std::string_view> Parts(std::string_view text, char separator);

 private:
  const CsvTable& table_;
  const CsvTable::Row& row_;
  std::vector<model::Problem>& problems_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_ROW_READER_H_
