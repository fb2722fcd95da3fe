#ifndef STEELYARD_TESTS_ATTACK_BOUNDS_H_
#define STEELYARD_TESTS_ATTACK_BOUNDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/attack/country.h"
#include "tests/attack/facts.h"
#include "tests/attack/shown.h"

namespace steelyard::attack {

enum class Measure { kSpend, kUnits };

// What was learnt of a release, and what is behind it.
struct Release {
  const Facts* facts = nullptr;
  const std::vector<Shown>* shown = nullptr;
  int begun = 0;  // months of which there could be lines, as everybody knows
};

// What councils may have bought of a product, as linear bounds: a cell for each
// council, month and supplier, 0 or more. Of releases of which each has no less
// anywhere than the one before, there is a cell for what was in the first and
// for what came with each later one.
// Cells that no fact tells apart share a column.
class Bounds {
 public:
  static constexpr size_t kNoColumn = SIZE_MAX;

  struct Cell {
    size_t release = 0;  // with which it came
    size_t buyer = 0;
    int month = 0;
    size_t supplier = 0;
    double amount = 0;  // in truth
    size_t column = kNoColumn;
  };
  struct Row {
    std::vector<size_t> columns;
    double low = 0;
    double high = 0;
    double truth = 0;
  };

  // `releases` from the least to the most.
  Bounds(const Country& country, int product, Measure measure,
         const std::vector<Release>& releases);

  size_t releases() const { return releases_; }

  const std::vector<Cell>& cells() const { return cells_; }
  const std::vector<Row>& rows() const { return rows_; }
  size_t columns() const { return truth_.size(); }
  // What is in each column in truth.
  const std::vector<double>& truth() const { return truth_; }
  const std::vector<std::vector<size_t>>& rows_of_column() const { return rows_of_column_; }
  // Whether some row is of some suppliers only.
  bool names_suppliers() const { return names_suppliers_; }
  // Rows that the truth does not meet: the judge or the server is wrong.
  size_t broken_rows() const;

 private:
  void AddCells(const Country& country, int product, Measure measure,
                const std::vector<Release>& releases);
  void AddRows(int product, Measure measure, const std::vector<Release>& releases);

  struct Draft {
    Range range;
    Scope scope;
    size_t release = 0;
  };
  const size_t releases_;
  std::vector<Cell> cells_;
  std::vector<Row> rows_;
  std::vector<Draft> drafts_;
  std::vector<double> truth_;
  std::vector<std::vector<size_t>> rows_of_column_;
  bool names_suppliers_ = false;
};

// Whether the second release has no less in any cell than the first.
bool OnlyAdds(const Shown& first, const Shown& second);

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_BOUNDS_H_
