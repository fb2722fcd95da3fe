#ifndef STEELYARD_SERVER_STATISTICS_FUNNEL_H_
#define STEELYARD_SERVER_STATISTICS_FUNNEL_H_

// Funnel plots: is a unit further from the target than its size allows? Limits
// are those of 95 % and 99.8 %, for chance alone and with what units differ by
// anyway (over-dispersion). All pure, all thread-safe.
// Source: Spiegelhalter, Funnel plots for comparing institutional performance,
// Statistics in Medicine 24 (2005), doi 10.1002/sim.1970.

#include <cstdint>
#include <span>
#include <vector>

#include "server/statistics/estimate.h"
#include "server/statistics/over_dispersion.h"
#include "server/statistics/proportion.h"

namespace steelyard::statistics {

// Where a unit lies. In order from low to high, after kNoData.
enum class Position : uint8_t {
  kNoData,    // nothing was measured
  kBelow998,  // below the limit of 99.8 %, and so of 95 %
  kBelow95,
  kWithin,
  kAbove95,
  kAbove998,
};

struct Limits {
  Interval at95;
  Interval at998;
};

// A value on a limit is within it.
Position PositionOf(double value, const Limits& limits);

struct FunnelUnit {
  double numerator = 0;    // events seen, >= 0
  double denominator = 0;  // trials, or events expected; a unit without any has no data
};

struct FunnelPoint {
  double value = 0;                       // what is plotted
  double z = 0;                           // (Y - target) / s on the scale that is near normal
  double adjusted_z = 0;                  // (Y - target) / sqrt(s^2 + tau2)
  Position position = Position::kNoData;  // for chance alone
  Position adjusted_position = Position::kNoData;  // with over-dispersion
};

struct Funnel {
  double target = 0;  // on the scale of the values
  OverDispersion dispersion;
  std::vector<FunnelPoint> points;  // one a unit, in their order
};

// ---- Proportions (numerator <= denominator) -------------------------------
// Y = asin sqrt(x / n), s = 1 / (2 sqrt n), target = sum x / sum n. Units that
// expect fewer than `least_expected` events, or as many that are none, have no
// part in the over-dispersion: their Y is far from normal, and many of them
// would make chance look like a difference (the mean z^2 of one trial in five
// is 1.7, of five trials 1.9, of thirty 1.1). Everywhere else they count.
Funnel ProportionFunnel(std::span<const FunnelUnit> units, Trim trim = Trim::kWinsorized,
                        double least_expected = 0);

// sin(asin sqrt(target) -+ z sqrt(s^2 + tau2))^2 for `trials` > 0, the angle
// held within 0 and a right angle; tau2 = 0 for chance alone.
Limits ProportionLimits(double target, double trials, double tau2);

// The same, but nowhere within the exact limits of chance alone, which are the
// smallest shares x / n with P(X <= x) >= tail and >= 1 - tail for X binomial
// with `trials` (whole) and `target`. On the angle's scale a single trial that
// has the event lies above the limit of 95 %, even if one in five has it.
// Source: Spiegelhalter, as above, appendix A.1.1, without interpolation.
Limits CautiousProportionLimits(double target, int64_t trials, double tau2);

// target -+ z sqrt(target (1 - target) / n), within 0 and 1: the shares whose
// Wilson interval just reaches the target. Source: PHE Fingertips technical
// guidance (its funnels solve Wilson's equation, of which this is the solution).
Limits ScoreLimits(double target, double trials);

// ---- Standardised ratios (SHMI): seen over expected, target 1 --------------
// Y = ln(O / E), s = 1 / sqrt E; O = 0 counts as a half in Y. For chance alone
// a unit is held against the exact limits, with over-dispersion against
// RatioLimits (against the exact ones if tau2 is 0). Without any events a unit
// is below a limit only if exp(-E), the chance of none, is below that tail.
// Source: NHS Digital, SHMI methodology, which truncates.
Funnel RatioFunnel(std::span<const FunnelUnit> units, Trim trim = Trim::kTruncated);

// exp(-+ z sqrt(1 / E + tau2)) for `expected` > 0.
Limits RatioLimits(double expected, double tau2);

// chi2(tail; 2 E) / 2 E to chi2(1 - tail; 2 E + 2) / 2 E for `expected` > 0:
// Poisson limits with O set to E. Source: FunnelPlotR, calculate_limits.R.
Limits ExactRatioLimits(double expected);

// ---- Means, for instance of scores ----------------------------------------
// Y is the value itself, s its standard error, target = sum w y / sum w with
// w = 1 / s^2. A unit without a standard error above 0 has no data.
Funnel MeanFunnel(std::span<const Estimate> units, Trim trim = Trim::kWinsorized);

// target -+ z sqrt(s^2 + tau2).
Limits MeanLimits(double target, double standard_error, double tau2);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_FUNNEL_H_
