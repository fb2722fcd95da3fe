#include "server/statistics/over_dispersion.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "server/statistics/quantile.h"

namespace steelyard::statistics {
namespace {

constexpr int32_t kLowTenth = 1'000;  // basis points
constexpr int32_t kHighTenth = 9'000;

// Whether a unit lies in neither the lowest nor the highest tenth. `sorted`
// holds all z-scores.
bool IsInTheMiddle(double z, const std::vector<double>& sorted) {
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), z);
  const auto below = static_cast<double>(first - sorted.begin());
  const auto equal = static_cast<double>(last - first);
  const double rank = below + (equal + 1) / 2;
  const double tenth = std::floor(10 * rank / (static_cast<double>(sorted.size()) + 1));
  return tenth >= 1 && tenth <= 8;
}

}  // namespace

OverDispersion EstimateOverDispersion(std::span<const double> z,
                                      std::span<const double> standard_errors, Trim trim) {
  if (z.empty()) return {};
  std::vector<double> sorted(z.begin(), z.end());
  std::sort(sorted.begin(), sorted.end());
  const double low = Quantile(sorted, kLowTenth);
  const double high = Quantile(sorted, kHighTenth);

  double n = 0;
  double squares = 0;
  double weights = 0;
  double squared_weights = 0;
  for (size_t i = 0; i < z.size(); ++i) {
    if (trim == Trim::kTruncated && !IsInTheMiddle(z[i], sorted)) continue;
    const double kept = trim == Trim::kWinsorized ? std::clamp(z[i], low, high) : z[i];
    const double w = 1 / (standard_errors[i] * standard_errors[i]);
    n += 1;
    squares += kept * kept;
    weights += w;
    squared_weights += w * w;
  }
  OverDispersion out;
  out.units = static_cast<int32_t>(n);
  if (n > 0) out.phi = squares / n;
  if (n > 1) {
    out.tau2 = std::max(0.0, (squares - (n - 1)) / (weights - squared_weights / weights));
  }
  return out;
}

}  // namespace steelyard::statistics
