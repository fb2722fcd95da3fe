#ifndef STEELYARD_STORAGE_BASE_CHECKED_H_
#define STEELYARD_STORAGE_BASE_CHECKED_H_

// Whole-number arithmetic that never wraps and rounds in one stated way.

#include <cstdint>
#include <limits>

#include "absl/numeric/int128.h"

namespace steelyard {

// `a` + `b`, held at the ends of int64.
inline int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

// `a` held at the ends of int64.
inline int64_t Saturate(absl::int128 a) {
  if (a > std::numeric_limits<int64_t>::max()) return std::numeric_limits<int64_t>::max();
  if (a < std::numeric_limits<int64_t>::min()) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(a);
}

// `numerator` / `denominator` (> 0), rounded half to even.
inline absl::int128 DivideHalfEven(absl::int128 numerator, absl::int128 denominator) {
  absl::int128 quotient = numerator / denominator;
  absl::int128 rest = numerator % denominator;
  if (rest < 0) {
    rest += denominator;
    quotient -= 1;
  }
  const absl::int128 twice = rest * 2;
  if (twice > denominator || (twice == denominator && quotient % 2 != 0)) quotient += 1;
  return quotient;
}

}  // namespace steelyard

#endif  // STEELYARD_STORAGE_BASE_CHECKED_H_
