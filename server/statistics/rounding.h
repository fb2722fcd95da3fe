#ifndef STEELYARD_SERVER_STATISTICS_ROUNDING_H_
#define STEELYARD_SERVER_STATISTICS_ROUNDING_H_

// Rounding for release and for means. Whole numbers throughout.

#include <cstdint>

#include "absl/numeric/int128.h"

namespace steelyard::statistics {

// The step to which `value` is rounded: the smallest of 1, 2, 5, 10, 20, 50..
// that is at least |value| x `basis_points` / 10,000. `basis_points` >= 0.
// Source: graded conventional rounding, Handbook on Statistical Disclosure
// Control, chapter 5, with the 1-2-5 series of preferred numbers as bases.
absl::int128 RoundingBase(int64_t value, int32_t basis_points);

// `value` rounded half to even to a multiple of its RoundingBase, held at the
// ends of int64; unchanged for 0 basis points. The error is at most half the
// base. 1,234,567 at 100 basis points has base 20,000 and gives 1,240,000.
int64_t RoundToBase(int64_t value, int32_t basis_points);

// `weighted_sum` / `weight` (for instance spend over units) with one rounding,
// half to even, held at the ends of int64; 0 if `weight` is not positive.
int64_t WeightedMean(absl::int128 weighted_sum, absl::int128 weight);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_ROUNDING_H_
