#ifndef STEELYARD_SERVER_STATISTICS_QUANTILE_H_
#define STEELYARD_SERVER_STATISTICS_QUANTILE_H_

// Quantiles of type 7 (Hyndman and Fan 1996, definition 7; METHODS 4.2: the
// one type used everywhere). The algorithm is in storage/base/quantile.h,
// where editions reach it too. q in basis points, 0 to 10,000.

#include <cstdint>
#include <span>
#include <vector>

#include "storage/base/quantile.h"

namespace steelyard::statistics {

using ::steelyard::Bracket;
using ::steelyard::SortedQuantile;
using ::steelyard::UnionQuantiles;

// The quantile of amounts that ascend, exact and then rounded half to even to
// a whole micro. `sorted` is not empty.
inline int64_t QuantileMicros(std::span<const int64_t> sorted, int32_t basis_points) {
  return SortedQuantile(sorted, basis_points).Rounded();
}

// The quantile of numbers that ascend. `sorted` is not empty.
inline double Quantile(std::span<const int32_t> sorted, int32_t basis_points) {
  return SortedQuantile(sorted, basis_points).Real();
}
inline double Quantile(std::span<const double> sorted, int32_t basis_points) {
  return SortedQuantile(sorted, basis_points).Real();
}

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_QUANTILE_H_
