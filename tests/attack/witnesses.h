#ifndef STEELYARD_TESTS_ATTACK_WITNESSES_H_
#define STEELYARD_TESTS_ATTACK_WITNESSES_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <set>
#include <vector>

#include "tests/attack/bounds.h"
#include "tests/support/linear_programme.h"

namespace steelyard::attack {

// What an attacker knows, by column.
struct Knowledge {
  std::vector<double> known;
  std::vector<double> rest;  // truth less `known`
  std::vector<char> closed;  // nobody else can have anything in it
};

// Tells how far a sum of columns can be pushed. That a value is safe is shown by
// a witness: amounts that every row allows, and in which the sum is far off. As
// the truth is allowed too, whatever lies between it and a solution of some of
// the rows is tried, and solutions are kept: one clears many values.
class Witnesses {
 public:
  explicit Witnesses(const Bounds& bounds);

  // The attacker whose values are asked for next.
  void SetAttacker(const Knowledge& knowledge);

  enum class Verdict { kSafe, kBounded, kUnsolved };
  // Whether the sum of the rest of `columns` can be more than `limit`.
  Verdict CanExceed(const std::vector<size_t>& columns, double limit) {
    return Push(columns, limit, true);
  }
  // Whether it can be less.
  Verdict CanFallBelow(const std::vector<size_t>& columns, double limit) {
    return Push(columns, limit, false);
  }
  // The bound that the rows used so far give.
  double Bound(const std::vector<size_t>& columns, bool largest);

  int64_t programmes() const { return programmes_; }

 private:
  // From the truth to a solution.
  struct Direction {
    std::vector<double> step;
    double rows_allow = 0;  // how many steps may be gone
    // For the present attacker; below 0: not worked out yet.
    double allowed = -1;
  };
  Verdict Push(const std::vector<size_t>& columns, double limit, bool largest);
  bool Shows(Direction& direction, const std::vector<size_t>& columns, double start, double limit,
             bool largest) const;
  Direction DirectionOfSolution() const;
  void Allow(Direction& direction) const;
  bool AddRow(size_t row);
  bool AddBrokenRows();
  bool AddRowsOf(const std::vector<size_t>& columns);
  void PrepareProgramme();

  const Bounds& bounds_;
  testing::LinearProgramme programme_;
  std::set<size_t> used_rows_;
  std::list<Direction> directions_;  // the last that showed something first
  const Knowledge* knowledge_ = nullptr;
  bool prepared_ = false;  // the programme has the attacker's bounds
  int64_t programmes_ = 0;
};

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_WITNESSES_H_
