#ifndef STEELYARD_TESTS_SUPPORT_LINEAR_PROGRAMME_H_
#define STEELYARD_TESTS_SUPPORT_LINEAR_PROGRAMME_H_

#include <cstddef>
#include <limits>
#include <vector>

struct glp_prob;

namespace steelyard::testing {

// Bounds of sums over amounts that meet linear bounds themselves. Each question
// goes on from where the last one ended. Not thread-safe.
class LinearProgramme {
 public:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  // Every row is without bounds at first, every column 0 or more.
  LinearProgramme(size_t rows, size_t columns);
  ~LinearProgramme();
  LinearProgramme(const LinearProgramme&) = delete;
  LinearProgramme& operator=(const LinearProgramme&) = delete;

  // The rows that a column counts in, once each.
  void SetColumn(size_t column, const std::vector<size_t>& rows);
  // Adds a row over `columns` and returns its number.
  size_t AddRow(const std::vector<size_t>& columns);
  // What the row adds up to.
  void BoundRow(size_t row, double low, double high);
  // What the column may be; `high` may be kInfinity.
  void BoundColumn(size_t column, double low, double high);

  enum class Result { kFound, kUnbounded, kNone };
  // The largest (or smallest) sum of `columns`. kNone: the bounds contradict
  // each other, or the solver gave up.
  Result Solve(const std::vector<size_t>& columns, bool largest);
  // Of the last Solve that found something.
  double value() const;
  double ColumnValue(size_t column) const;

 private:
  glp_prob* problem_;
  std::vector<size_t> objective_;
};

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_LINEAR_PROGRAMME_H_
