#include "server/statistics/rounding.h"

#include "storage/base/checked.h"

namespace steelyard::statistics {

absl::int128 RoundingBase(int64_t value, int32_t basis_points) {
  const absl::int128 size = value < 0 ? -absl::int128(value) : absl::int128(value);
  const absl::int128 least = size * basis_points;  // in ten-thousandths
  for (absl::int128 decade = 1;; decade *= 10) {
    for (int step : {1, 2, 5}) {
      if (decade * step * 10'000 >= least) return decade * step;
    }
  }
}

int64_t RoundToBase(int64_t value, int32_t basis_points) {
  const absl::int128 base = RoundingBase(value, basis_points);
  return base == 1 ? value : Saturate(DivideHalfEven(value, base) * base);
}

int64_t WeightedMean(absl::int128 weighted_sum, absl::int128 weight) {
  return weight > 0 ? Saturate(DivideHalfEven(weighted_sum, weight)) : 0;
}

}  // namespace steelyard::statistics
