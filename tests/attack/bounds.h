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
};

// What councils may have bought of a product, as linear bounds: a cell for each
// council, month and supplier, 0 or more. Of two releases of which the second
// has no less anywhere, cells are what was in the first and what came to it.
// Cells that no fact tells apart share a column.
class Bounds {
 public:
  static constexpr size_t kNoColumn = SIZE_MAX;

  struct Cell {
    bool moved = false;  // came between the releases
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

  // `more` is null for one release.
  Bounds(const Country& country, int product, Measure measure, const Release& less,
         const Release* more);

  const std::vector<Cell>& cells() const { return cells_; }
  const std::vector<Row>& rows() const { return rows_; }
  size_t columns() const { return truth_.size(); }
  // What is in each column in truth.
  const std::vector<double>& truth() const { return truth_; }
  const std::vector<std::vector<size_t>>& rows_of_column() const { return rows_of_column_; }
  // Rows that the truth does not meet: the judge or the server is wrong.
  size_t broken_rows() const;

  // Rows of which all others are sums and differences.
  std::vector<size_t> IndependentRows() const;

 private:
  void AddRows(int product, Measure measure, const Release& release, bool with_moved);

  struct Draft {
    Range range;
    Scope scope;
    bool with_moved = false;
  };
  std::vector<Cell> cells_;
  std::vector<Row> rows_;
  std::vector<Draft> drafts_;
  std::vector<double> truth_;
  std::vector<std::vector<size_t>> rows_of_column_;
};

// Whether the second release has no less in any cell than the first.
bool OnlyAdds(const Shown& first, const Shown& second);

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_BOUNDS_H_
