#include "server/statistics/funnel.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <numbers>

#include "server/statistics/count_interval.h"

namespace steelyard::statistics {
namespace {

// A unit on the scale that is near normal.
struct Transformed {
  double y = 0;
  double s = 0;           // 0 if the unit has no data
  bool disperses = true;  // has a part in the over-dispersion
};

double Angle(double share) { return std::asin(std::sqrt(std::clamp(share, 0.0, 1.0))); }

double ShareAt(double angle) {
  const double sine = std::sin(std::clamp(angle, 0.0, std::numbers::pi / 2));
  return sine * sine;
}

// The z-scores and the dispersion; values and positions are the caller's.
Funnel Score(const std::vector<Transformed>& units, double transformed_target, Trim trim) {
  Funnel funnel;
  funnel.points.resize(units.size());
  std::vector<double> z;
  std::vector<double> s;
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i].s <= 0) continue;
    funnel.points[i].z = (units[i].y - transformed_target) / units[i].s;
    if (!units[i].disperses) continue;
    z.push_back(funnel.points[i].z);
    s.push_back(units[i].s);
  }
  funnel.dispersion = EstimateOverDispersion(z, s, trim);
  for (size_t i = 0; i < units.size(); ++i) {
    const double spread = std::hypot(units[i].s, std::sqrt(funnel.dispersion.tau2));
    if (units[i].s > 0) {
      funnel.points[i].adjusted_z = (units[i].y - transformed_target) / spread;
    }
  }
  return funnel;
}

// Smallest x with P(X <= x) >= p for X binomial.
int64_t BinomialQuantile(int64_t trials, double target, double p) {
  int64_t low = 0;
  int64_t high = trials;
  while (low < high) {
    const int64_t x = low + (high - low) / 2;
    const double at_most =
        boost::math::ibetac(static_cast<double>(x + 1), static_cast<double>(trials - x), target);
    if (at_most >= p) {
      high = x;
    } else {
      low = x + 1;
    }
  }
  return low;
}

// The lowest position that a unit without events can have.
Position LowestWithoutEvents(double expected) {
  const double chance = std::exp(-expected);
  if (chance < kLevel998.tail) return Position::kBelow998;
  return chance < kLevel95.tail ? Position::kBelow95 : Position::kWithin;
}

}  // namespace

Position PositionOf(double value, const Limits& limits) {
  if (value < limits.at998.low) return Position::kBelow998;
  if (value > limits.at998.high) return Position::kAbove998;
  if (value < limits.at95.low) return Position::kBelow95;
  return value > limits.at95.high ? Position::kAbove95 : Position::kWithin;
}

Funnel ProportionFunnel(std::span<const FunnelUnit> units, Trim trim, double least_expected) {
  double events = 0;
  double trials = 0;
  std::vector<Transformed> transformed(units.size());
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& [x, n] = units[i];
    if (n <= 0) continue;
    events += x;
    trials += n;
    transformed[i] = {Angle(x / n), 1 / (2 * std::sqrt(n))};
  }
  const double target = trials > 0 ? events / trials : 0;
  for (size_t i = 0; i < units.size(); ++i) {
    const double rarer = units[i].denominator * std::min(target, 1 - target);
    transformed[i].disperses = rarer >= least_expected;
  }
  Funnel funnel = Score(transformed, Angle(target), trim);
  funnel.target = target;
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& [x, n] = units[i];
    if (n <= 0) continue;
    FunnelPoint& point = funnel.points[i];
    point.value = x / n;
    point.position = PositionOf(point.value, ProportionLimits(target, n, 0));
    point.adjusted_position =
        PositionOf(point.value, ProportionLimits(target, n, funnel.dispersion.tau2));
  }
  return funnel;
}

Limits ProportionLimits(double target, double trials, double tau2) {
  const double spread = std::sqrt(1 / (4 * trials) + tau2);
  const double angle = Angle(target);
  return {{ShareAt(angle - kZ95 * spread), ShareAt(angle + kZ95 * spread)},
          {ShareAt(angle - kZ998 * spread), ShareAt(angle + kZ998 * spread)}};
}

Limits CautiousProportionLimits(double target, int64_t trials, double tau2) {
  const auto n = static_cast<double>(trials);
  const auto widened = [&](const Interval& limits, const Level& level) {
    const auto at = [&](double p) {
      return static_cast<double>(BinomialQuantile(trials, target, p)) / n;
    };
    return Interval{std::min(limits.low, at(level.tail)),
                    std::max(limits.high, at(1 - level.tail))};
  };
  const Limits limits = ProportionLimits(target, n, tau2);
  return {widened(limits.at95, kLevel95), widened(limits.at998, kLevel998)};
}

Limits ScoreLimits(double target, double trials) {
  const double spread = std::sqrt(target * (1 - target) / trials);
  const auto at = [&](double z) {
    return Interval{std::max(0.0, target - z * spread), std::min(1.0, target + z * spread)};
  };
  return {at(kZ95), at(kZ998)};
}

Funnel RatioFunnel(std::span<const FunnelUnit> units, Trim trim) {
  std::vector<Transformed> transformed(units.size());
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& [seen, expected] = units[i];
    if (expected <= 0) continue;
    transformed[i] = {std::log((seen > 0 ? seen : 0.5) / expected), 1 / std::sqrt(expected)};
  }
  Funnel funnel = Score(transformed, 0, trim);
  funnel.target = 1;
  const double tau2 = funnel.dispersion.tau2;
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& [seen, expected] = units[i];
    if (expected <= 0) continue;
    FunnelPoint& point = funnel.points[i];
    point.value = seen / expected;
    point.position = PositionOf(point.value, ExactRatioLimits(expected));
    point.adjusted_position =
        tau2 > 0 ? PositionOf(point.value, RatioLimits(expected, tau2)) : point.position;
    if (seen <= 0) {
      const Position lowest = LowestWithoutEvents(expected);
      point.position = std::max(point.position, lowest);
      point.adjusted_position = std::max(point.adjusted_position, lowest);
    }
  }
  return funnel;
}

Limits RatioLimits(double expected, double tau2) {
  const double spread = std::sqrt(1 / expected + tau2);
  return {{std::exp(-kZ95 * spread), std::exp(kZ95 * spread)},
          {std::exp(-kZ998 * spread), std::exp(kZ998 * spread)}};
}

Limits ExactRatioLimits(double expected) {
  const auto at = [&](const Level& level) {
    const Interval count = ExactCountInterval(expected, level);
    return Interval{count.low / expected, count.high / expected};
  };
  return {at(kLevel95), at(kLevel998)};
}

Funnel MeanFunnel(std::span<const Estimate> units, Trim trim) {
  double weights = 0;
  double sum = 0;
  std::vector<Transformed> transformed(units.size());
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& [y, s] = units[i];
    if (s <= 0) continue;
    weights += 1 / (s * s);
    sum += y / (s * s);
    transformed[i] = {y, s};
  }
  const double target = weights > 0 ? sum / weights : 0;
  Funnel funnel = Score(transformed, target, trim);
  funnel.target = target;
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& [y, s] = units[i];
    if (s <= 0) continue;
    FunnelPoint& point = funnel.points[i];
    point.value = y;
    point.position = PositionOf(y, MeanLimits(target, s, 0));
    point.adjusted_position = PositionOf(y, MeanLimits(target, s, funnel.dispersion.tau2));
  }
  return funnel;
}

Limits MeanLimits(double target, double standard_error, double tau2) {
  const double spread = std::sqrt(standard_error * standard_error + tau2);
  return {{target - kZ95 * spread, target + kZ95 * spread},
          {target - kZ998 * spread, target + kZ998 * spread}};
}

}  // namespace steelyard::statistics
