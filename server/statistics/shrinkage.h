#ifndef STEELYARD_SERVER_STATISTICS_SHRINKAGE_H_
#define STEELYARD_SERVER_STATISTICS_SHRINKAGE_H_

// Empirical Bayes: what little is known of a small unit is drawn towards what
// is known of all, the more the less there is of it. Only checked values may
// be shrunk: a wrong one would be hidden, not mended. Pure, thread-safe.
// Source: Efron and Morris, JASA 70 (1975) and Scientific American 236(5)
// (1977); Morris, JASA 78 (1983).

#include <span>

#include "server/statistics/estimate.h"
#include "server/statistics/funnel.h"
#include "server/statistics/over_dispersion.h"
#include "server/statistics/proportion.h"

namespace steelyard::statistics {

// What is known of a unit once all of them have been seen.
struct Posterior {
  double mean = 0;
  double variance = 0;  // around `mean` if the prior were certain; what ranking draws from
  double weight = 0;    // B, 0 to 1: how much of `mean` is the unit's own value
  Interval interval;    // 95 %
};

// ---- Values with a standard error ------------------------------------------

// What units are drawn from: normal with this mean and variance.
struct NormalPrior {
  double mean = 0;
  double variance = 0;       // tau2, >= 0
  double mean_variance = 0;  // how uncertain `mean` is, >= 0; 0 takes it as known
};

// tau2 by EstimateOverDispersion with z_i = (y_i - m) / s_i around the mean m
// weighted by 1 / s^2; then, with w = 1 / (s^2 + tau2), mean = sum w y / sum w
// and mean_variance = 1 / sum w. Without a trim this is DerSimonian and Laird's
// estimate. Units without a standard error above 0 do not count; without any
// unit that does, all is 0.
NormalPrior EstimateNormalPrior(std::span<const Estimate> units, Trim trim);

// B = tau2 / (tau2 + s^2), mean = mu + B (y - mu), variance = B s^2;
// interval = mean -+ 1.96 sqrt(variance + (1 - B)^2 mean_variance), so that
// where units do not differ it is that of their mean, not a point. A standard
// error of 0 stands for a value known exactly, which stays.
Posterior Shrink(const Estimate& unit, const NormalPrior& prior);

// ---- Shares -----------------------------------------------------------------

// What units' shares are drawn from: Beta(alpha, beta), both > 0.
struct BetaPrior {
  double alpha = 1;
  double beta = 1;
};

// Kleinman's estimate by moments, weighted by trials: with p = sum x / sum n,
// S = sum n_i (x_i/n_i - p)^2 over k units and N = sum n,
//   rho = (S - p (1 - p)(k - 1)) / (p (1 - p)(N - sum n^2 / N - (k - 1))),
//   alpha + beta = 1 / rho - 1, alpha = p (alpha + beta).
// rho is held within 1/(1 + kMostTrials) and 1/2: the prior is worth at least
// one trial, and at most so many that units are drawn onto the mean of all.
// Units without trials do not count; with p of 0 or 1, or fewer than two units,
// the prior is worth one trial with mean (sum x + 1/2) / (N + 1).
// Source: Kleinman, JASA 68 (1973).
BetaPrior EstimateBetaPrior(std::span<const FunnelUnit> units);

// Trials that the strongest prior is worth.
inline constexpr double kMostTrials = 1e6;

// Beta(x + alpha, n - x + beta): mean (x + alpha) / (n + alpha + beta),
// B = n / (n + alpha + beta), interval from the quantiles at 2.5 % and 97.5 %.
// 0 <= numerator <= denominator.
Posterior ShrinkShare(const FunnelUnit& unit, const BetaPrior& prior);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_SHRINKAGE_H_
