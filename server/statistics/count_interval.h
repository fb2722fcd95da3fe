#ifndef STEELYARD_SERVER_STATISTICS_COUNT_INTERVAL_H_
#define STEELYARD_SERVER_STATISTICS_COUNT_INTERVAL_H_

// How far the mean of a Poisson count may lie from the count that was seen.
// Divided by placements or by what was expected, the limits become those of a
// rate or of a ratio.

#include "server/statistics/proportion.h"

namespace steelyard::statistics {

// A two-sided confidence level: the normal quantile and what is left out at
// each end.
struct Level {
  double z = 0;
  double tail = 0;
};
inline constexpr Level kLevel95 = {kZ95, 0.025};
inline constexpr Level kLevel998 = {kZ998, 0.001};

// Exact limits for `events` >= 0, whole or not, with chi2(p; d) the quantile p
// of the chi-square distribution with d degrees of freedom:
//   chi2(tail; 2 x) / 2  to  chi2(1 - tail; 2 x + 2) / 2,
// from 0 for no events. Source: Garwood, Biometrika 28 (1936).
Interval ExactCountInterval(double events, const Level& level = kLevel95);

// Byar's approximation for `events` >= 0; within 1.5 % of the exact limits from
// ten events on:
//   x (1 - 1/(9 x) - z/(3 sqrt x))^3  to  y (1 - 1/(9 y) + z/(3 sqrt y))^3,
// with y = x + 1, and not below 0. Source: Breslow and Day, Statistical Methods
// in Cancer Research II (1987), page 69.
Interval ByarCountInterval(double events, const Level& level = kLevel95);

// What English public health statistics show: exact below ten events, Byar from
// ten on. Source: PHE Fingertips technical guidance, confidence intervals.
Interval CountInterval(double events, const Level& level = kLevel95);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_COUNT_INTERVAL_H_
