#ifndef STEELYARD_TESTS_ATTACK_ROW_SPACE_H_
#define STEELYARD_TESTS_ATTACK_ROW_SPACE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tests/attack/bounds.h"

namespace steelyard::attack {

// What can be worked out by adding and subtracting rows, were they not rounded.
class RowSpace {
 public:
  // Closed columns are known already.
  RowSpace(const Bounds& bounds, const std::vector<char>& closed);

  // Rows of which all others are sums and differences, short ones first.
  const std::vector<size_t>& rows() const { return rows_; }
  // Whether the sum of `columns` comes out exactly.
  bool Determines(const std::vector<size_t>& columns) const;

 private:
  using Vector = std::vector<int64_t>;  // modulo a prime
  // What is left when all that the basis has is taken away.
  void Reduce(Vector& v) const;

  const std::vector<char> closed_;
  std::vector<size_t> rows_;
  std::vector<std::pair<size_t, Vector>> basis_;  // by pivot, where it is 1
};

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_ROW_SPACE_H_
