#include "server/statistics/shrinkage.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <vector>

#include "server/statistics/count_interval.h"

namespace steelyard::statistics {
namespace {

// Mean of the values weighted by 1 / (s^2 + extra), and 1 / sum of weights.
NormalPrior WeightedMean(std::span<const Estimate> units, double extra) {
  double weights = 0;
  double sum = 0;
  for (const auto& [y, s] : units) {
    if (s <= 0) continue;
    const double w = 1 / (s * s + extra);
    weights += w;
    sum += w * y;
  }
  if (weights <= 0) return {};
  return {sum / weights, extra, 1 / weights};
}

}  // namespace

NormalPrior EstimateNormalPrior(std::span<const Estimate> units, Trim trim) {
  const double mean = WeightedMean(units, 0).mean;
  std::vector<double> z;
  std::vector<double> errors;
  for (const auto& [y, s] : units) {
    if (s <= 0) continue;
    z.push_back((y - mean) / s);
    errors.push_back(s);
  }
  return WeightedMean(units, EstimateOverDispersion(z, errors, trim).tau2);
}

Posterior Shrink(const Estimate& unit, const NormalPrior& prior) {
  const double own = unit.standard_error * unit.standard_error;
  Posterior out;
  out.weight = own > 0 ? prior.variance / (prior.variance + own) : 1;
  out.mean = prior.mean + out.weight * (unit.value - prior.mean);
  out.variance = out.weight * own;
  const double rest = 1 - out.weight;
  const double spread = kZ95 * std::sqrt(out.variance + rest * rest * prior.mean_variance);
  out.interval = {out.mean - spread, out.mean + spread};
  return out;
}

BetaPrior EstimateBetaPrior(std::span<const FunnelUnit> units) {
  double events = 0;
  double trials = 0;
  double squared_trials = 0;
  double count = 0;
  for (const auto& [x, n] : units) {
    if (n <= 0) continue;
    events += x;
    trials += n;
    squared_trials += n * n;
    count += 1;
  }
  if (count < 2 || events <= 0 || events >= trials) {
    const double mean = (events + 0.5) / (trials + 1);
    return {mean, 1 - mean};
  }
  const double p = events / trials;
  double squares = 0;
  for (const auto& [x, n] : units) {
    if (n > 0) squares += n * (x / n - p) * (x / n - p);
  }
  const double chance = p * (1 - p);
  const double room = trials - squared_trials / trials - (count - 1);
  // With one trial each there is nothing to tell units apart by.
  double rho = room > 0 ? (squares - chance * (count - 1)) / (chance * room) : 0;
  rho = std::clamp(rho, 1 / (1 + kMostTrials), 0.5);
  const double worth = 1 / rho - 1;
  return {p * worth, (1 - p) * worth};
}

Posterior ShrinkShare(const FunnelUnit& unit, const BetaPrior& prior) {
  const double a = unit.numerator + prior.alpha;
  const double b = unit.denominator - unit.numerator + prior.beta;
  Posterior out;
  out.mean = a / (a + b);
  out.variance = out.mean * (1 - out.mean) / (a + b + 1);
  out.weight = unit.denominator / (a + b);
  out.interval = {boost::math::ibeta_inv(a, b, kLevel95.tail),
                  boost::math::ibetac_inv(a, b, kLevel95.tail)};
  return out;
}

}  // namespace steelyard::statistics
