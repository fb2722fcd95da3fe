#ifndef STEELYARD_SERVER_STATISTICS_CONTROL_CHART_H_
#define STEELYARD_SERVER_STATISTICS_CONTROL_CHART_H_

// XmR charts: has a series changed, or is this how it has always varied? With
// the rules of NHS England's Making Data Count. Pure, thread-safe.
// Source: Wheeler, Understanding Variation (1993); NHS England, Making Data
// Count; the R package NHSRplotthedots (ptd_spc_standard.R and its neighbours).

#include <cstdint>
#include <span>
#include <vector>

#include "server/statistics/proportion.h"

namespace steelyard::statistics {

inline constexpr double kLimitFactor = 2.66;        // 3 / d2 for ranges of two, d2 = 1.128
inline constexpr double kRangeLimitFactor = 3.267;  // D4 for ranges of two
inline constexpr size_t kRunLength = 7;             // of runs and of trends, in points
inline constexpr size_t kPointsForFirmLimits = 12;

struct ChartOptions {
  // Drop moving ranges of at least 3.267 times their mean (Nelson 1982), once,
  // and take the mean again, so that a single jump does not widen the limits.
  bool screen_ranges = true;
  // Mean and limits come from so many points at the start; 0 for all.
  size_t baseline = 0;
};

struct ChartPoint {
  int8_t side = 0;            // 1 above the mean, -1 below, 0 on it
  bool outside = false;       // beyond a limit
  bool run = false;           // one of seven or more in a row on one side of the mean
  bool trend = false;         // one of seven or more in a row that all rise or all fall
  bool two_of_three = false;  // in the outer third, as is one of two neighbours; all on one side

  bool signal() const { return outside || run || trend || two_of_three; }
};

struct XmrChart {
  double mean = 0;
  double mean_range = 0;   // of moving ranges, after the screen
  Interval limits;         // mean -+ 2.66 mean_range
  double range_limit = 0;  // 3.267 mean_range; a larger moving range is a signal too
  // From fewer than twelve points: limits that will still move.
  bool trial = true;
  std::vector<ChartPoint> points;  // one a value
};

// `values` are finite and in the order of time, without gaps. No point makes an
// empty chart; one point has limits on itself.
XmrChart DrawXmr(std::span<const double> values, const ChartOptions& options = {});

// Whether a target will be met as long as nothing changes. A target beyond a
// limit always is, or never; between them it is a matter of luck.
enum class Assurance : uint8_t { kConsistentlyPasses, kConsistentlyFails, kInconsistent };
Assurance AssuranceOf(const Interval& limits, double target, bool higher_is_better);

// ---- The rules, for series of sides and values ------------------------------
// Each gives a number for each point.

// 1 or -1 where a point and the six before it are all above or all below.
std::vector<int8_t> CompletedRuns(std::span<const int8_t> sides);
// 1 or -1 where a point and the six before it each rise or each fall.
std::vector<int8_t> CompletedTrends(std::span<const double> values);
// 1 for the points of any three neighbours on one side of which two or more
// are `close` (in the outer third, within the limit).
std::vector<int8_t> TwoOfThree(std::span<const int8_t> close, std::span<const int8_t> sides);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_CONTROL_CHART_H_
