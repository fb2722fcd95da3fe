#include "server/statistics/control_chart.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace steelyard::statistics {
namespace {

constexpr double kRounding = 1e-12;  // relative

int8_t SignOf(double x) { return static_cast<int8_t>((x > 0) - (x < 0)); }

double MeanOf(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double MeanRange(std::span<const double> values, bool screen) {
  std::vector<double> ranges;
  for (size_t i = 1; i < values.size(); ++i) {
    ranges.push_back(std::abs(values[i] - values[i - 1]));
  }
  const double mean = MeanOf(ranges);
  // A series that never moves has nothing to screen.
  if (!screen || mean <= 0) return mean;
  std::erase_if(ranges, [&](double range) { return range >= kRangeLimitFactor * mean; });
  return MeanOf(ranges);
}

// Marks every point of the seven that a non-zero entry of `completed` ends.
void MarkSevens(const std::vector<int8_t>& completed, bool ChartPoint::*mark,
                std::vector<ChartPoint>& points) {
  for (size_t i = 0; i < completed.size(); ++i) {
    if (completed[i] == 0) continue;
    for (size_t k = i + 1 - kRunLength; k <= i; ++k) points[k].*mark = true;
  }
}

}  // namespace

std::vector<int8_t> CompletedRuns(std::span<const int8_t> sides) {
  std::vector<int8_t> out(sides.size());
  size_t length = 0;
  for (size_t i = 0; i < sides.size(); ++i) {
    const bool goes_on = i > 0 && sides[i] == sides[i - 1];
    length = sides[i] == 0 ? 0 : goes_on ? length + 1 : 1;
    out[i] = length >= kRunLength ? sides[i] : int8_t{0};
  }
  return out;
}

std::vector<int8_t> CompletedTrends(std::span<const double> values) {
  std::vector<int8_t> out(values.size());
  size_t steps = 0;
  int8_t direction = 0;
  for (size_t i = 1; i < values.size(); ++i) {
    const int8_t step = SignOf(values[i] - values[i - 1]);
    steps = step == 0 ? 0 : step == direction ? steps + 1 : 1;
    direction = step;
    out[i] = steps + 1 >= kRunLength ? step : int8_t{0};
  }
  return out;
}

std::vector<int8_t> TwoOfThree(std::span<const int8_t> close, std::span<const int8_t> sides) {
  std::vector<int8_t> out(sides.size());
  for (size_t i = 2; i < sides.size(); ++i) {
    const bool one_side = sides[i] != 0 && sides[i] == sides[i - 1] && sides[i] == sides[i - 2];
    if (one_side && close[i] + close[i - 1] + close[i - 2] >= 2) {
      out[i] = out[i - 1] = out[i - 2] = 1;
    }
  }
  return out;
}

XmrChart DrawXmr(std::span<const double> values, const ChartOptions& options) {
  XmrChart chart;
  const auto base = options.baseline > 0 && options.baseline < values.size()
                        ? values.first(options.baseline)
                        : values;
  chart.trial = base.size() < kPointsForFirmLimits;
  chart.mean = MeanOf(base);
  chart.mean_range = MeanRange(base, options.screen_ranges);
  const double reach = kLimitFactor * chart.mean_range;
  chart.limits = {chart.mean - reach, chart.mean + reach};
  chart.range_limit = kRangeLimitFactor * chart.mean_range;

  chart.points.resize(values.size());
  std::vector<int8_t> sides;
  std::vector<int8_t> close;
  for (size_t i = 0; i < values.size(); ++i) {
    ChartPoint& point = chart.points[i];
    // A mean of equal values may miss them by a rounding, which is no distance.
    const double distance = values[i] - chart.mean;
    const bool apart = std::abs(distance) > kRounding * std::abs(chart.mean);
    point.side = apart ? SignOf(distance) : int8_t{0};
    point.outside = apart && (values[i] < chart.limits.low || values[i] > chart.limits.high);
    sides.push_back(point.side);
    close.push_back(!point.outside && std::abs(values[i] - chart.mean) > reach * 2 / 3 ? 1 : 0);
  }
  MarkSevens(CompletedRuns(sides), &ChartPoint::run, chart.points);
  MarkSevens(CompletedTrends(values), &ChartPoint::trend, chart.points);
  const std::vector<int8_t> threes = TwoOfThree(close, sides);
  for (size_t i = 0; i < values.size(); ++i) {
    chart.points[i].two_of_three = threes[i] == 1 && close[i] == 1;
  }
  return chart;
}

Assurance AssuranceOf(const Interval& limits, double target, bool higher_is_better) {
  if (target > limits.high) {
    return higher_is_better ? Assurance::kConsistentlyFails : Assurance::kConsistentlyPasses;
  }
  if (target < limits.low) {
    return higher_is_better ? Assurance::kConsistentlyPasses : Assurance::kConsistentlyFails;
  }
  return Assurance::kInconsistent;
}

}  // namespace steelyard::statistics
