#include "server/statistics/shrinkage.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "server/statistics/count_interval.h"
#include "tests/acceptance/files.h"

namespace steelyard::statistics {
namespace {

// Efron and Morris: hits of eighteen players in their first 45 at bats of 1970
// (vector T11 of METHODS 4.4).
constexpr double kHits[] = {18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7};
constexpr double kAtBats = 45;

struct Baseball {
  std::vector<Estimate> players;
  double mean = 0;
  double squares = 0;  // around the mean
  double error2 = 0;   // squared standard error, the same for all
};

Baseball Season(const double (&hits)[18]) {
  Baseball out;
  for (const double h : hits) out.mean += h / kAtBats / 18;
  out.error2 = out.mean * (1 - out.mean) / kAtBats;
  for (const double h : hits) {
    out.players.push_back({h / kAtBats, std::sqrt(out.error2)});
    out.squares += std::pow(h / kAtBats - out.mean, 2);
  }
  return out;
}

// James and Stein's rule towards the mean of k units is normal empirical Bayes
// with tau2 = S / (k - 3) - s^2.
NormalPrior JamesStein(const Baseball& season) {
  return {season.mean, season.squares / 15 - season.error2, 0};
}

TEST(ShrinkTest, AgreesWithJamesAndSteinsBaseball) {
  const Baseball season = Season(kHits);
  const NormalPrior prior = JamesStein(season);
  EXPECT_NEAR(prior.mean, .2654321, 5e-8);
  const Posterior best = Shrink(season.players.front(), prior);
  EXPECT_NEAR(best.weight, .2116534, 5e-8);
  EXPECT_NEAR(best.mean, .293914, 5e-7);
  EXPECT_NEAR(Shrink(season.players.back(), prior).mean, .242176, 5e-7);
}

TEST(ShrinkTest, AgreesWithThePublishedColumnOfAllPlayers) {
  const std::string folder = acceptance::DataFolder();
  if (folder.empty()) GTEST_SKIP() << "no published vectors beside the tree";
  const acceptance::Csv table(
      acceptance::ReadWhole(folder + "test_vectors/empirical_bayes/efron_morris_75_data.tsv"),
      '\t');
  const auto expected = nlohmann::json::parse(
      acceptance::ReadWhole(folder + "test_vectors/empirical_bayes/efron_morris_75_expected.json"));
  ASSERT_EQ(table.rows(), 18u);
  double hits[18];
  for (size_t i = 0; i < 18; ++i) {
    ASSERT_EQ(std::stod(table.at(i, "At-Bats")), kAtBats);
    hits[i] = std::stod(table.at(i, "Hits"));
    EXPECT_EQ(hits[i], kHits[i]);
  }
  const Baseball season = Season(hits);
  double raw = 0;
  double shrunk = 0;
  for (size_t i = 0; i < 18; ++i) {
    const Posterior got = Shrink(season.players[i], JamesStein(season));
    EXPECT_NEAR(got.mean, expected["james_stein_3dp"][i].get<double>(), 5.1e-4);
    const double later = std::stod(table.at(i, "RemainingAverage"));
    raw += std::pow(season.players[i].value - later, 2);
    shrunk += std::pow(got.mean - later, 2);
  }
  const auto& sums = expected["recomputed_here_not_published"];
  EXPECT_NEAR(raw, sums["sum_squared_error_raw_vs_RemainingAverage"].get<double>(), 5e-5);
  EXPECT_NEAR(shrunk, sums["sum_squared_error_james_stein"].get<double>(), 5e-5);
}

// All players share a standard error, so tau2 by moments is S / (k - 1) - s^2.
TEST(EstimateNormalPriorTest, IsTheMomentEstimateWhereErrorsAreEqual) {
  const Baseball season = Season(kHits);
  const NormalPrior got = EstimateNormalPrior(season.players, Trim::kNone);
  EXPECT_NEAR(got.mean, season.mean, 1e-12);
  EXPECT_NEAR(got.variance, season.squares / 17 - season.error2, 1e-12);
  EXPECT_NEAR(got.mean_variance, (got.variance + season.error2) / 18, 1e-12);
}

// The vaccine trials of over_dispersion_test: log risk ratios and variances as
// metafor prints them, its DerSimonian-Laird mean -0.7141 and error 0.1787.
TEST(EstimateNormalPriorTest, AgreesWithAPublishedMetaAnalysis) {
  constexpr double kTrials[][2] = {
      {-0.8893, 0.3256}, {-1.5854, 0.1946}, {-1.3481, 0.4154}, {-1.4416, 0.0200}, {-0.2175, 0.0512},
      {-0.7861, 0.0069}, {-1.6209, 0.2230}, {0.0120, 0.0040},  {-0.4694, 0.0564}, {-1.3713, 0.0730},
      {-0.3394, 0.0124}, {0.4459, 0.5325},  {-0.0173, 0.0714}};
  std::vector<Estimate> trials;
  for (const auto& [y, variance] : kTrials) trials.push_back({y, std::sqrt(variance)});
  const NormalPrior got = EstimateNormalPrior(trials, Trim::kNone);
  // The printed variances have four places.
  EXPECT_NEAR(got.mean, -0.7141, 5e-4);
  EXPECT_NEAR(std::sqrt(got.mean_variance), 0.1787, 5e-4);
  EXPECT_NEAR(got.variance, 0.3088, 2e-3);
}

TEST(EstimateNormalPriorTest, LeavesOutUnitsWithoutAnError) {
  const std::vector<Estimate> units = {{1, 1}, {3, 1}, {100, 0}};
  EXPECT_DOUBLE_EQ(EstimateNormalPrior(units, Trim::kNone).mean, 2);
  const NormalPrior none = EstimateNormalPrior(std::vector<Estimate>{{5, 0}}, Trim::kNone);
  EXPECT_EQ(none.mean, 0);
  EXPECT_EQ(none.variance, 0);
}

TEST(ShrinkTest, GivesTheIntervalOfTheMeanWhereUnitsDoNotDiffer) {
  const std::vector<Estimate> units = {{2, 1}, {2, 1}, {2, 1}, {2, 1}};
  const NormalPrior prior = EstimateNormalPrior(units, Trim::kNone);
  EXPECT_EQ(prior.variance, 0);
  const Posterior got = Shrink({3, 1}, prior);
  EXPECT_EQ(got.weight, 0);
  EXPECT_EQ(got.mean, 2);
  EXPECT_NEAR(got.interval.high - got.interval.low, 2 * kZ95 * 0.5, 1e-12);
}

TEST(ShrinkTest, MovesAUnitTheMoreTheLessIsKnownOfIt) {
  const NormalPrior prior = {0, 4, 0};
  const Posterior got = Shrink({10, 2}, prior);
  EXPECT_DOUBLE_EQ(got.weight, 0.5);
  EXPECT_DOUBLE_EQ(got.mean, 5);
  EXPECT_DOUBLE_EQ(got.variance, 2);
  EXPECT_NEAR(got.interval.high, 5 + kZ95 * std::sqrt(2), 1e-12);
  EXPECT_LT(Shrink({10, 8}, prior).mean, 1);
  EXPECT_GT(Shrink({10, 0.1}, prior).mean, 9.9);
  EXPECT_EQ(Shrink({10, 0}, prior).mean, 10);
}

// ---- Shares ---------------------------------------------------------------

TEST(ShrinkShareTest, AddsThePriorsTrials) {
  const Posterior got = ShrinkShare({7, 10}, {2, 8});
  EXPECT_DOUBLE_EQ(got.mean, 9.0 / 20);
  EXPECT_DOUBLE_EQ(got.weight, 0.5);
  EXPECT_DOUBLE_EQ(got.variance, 0.45 * 0.55 / 21);
  EXPECT_LT(got.interval.low, got.mean);
  EXPECT_GT(got.interval.high, got.mean);
}

// Clopper and Pearson's exact limits of 81 of 263 (Newcombe 1998, method 5:
// .2527 to .3676) are Beta(81, 183) at 2.5 % and Beta(82, 182) at 97.5 %.
TEST(ShrinkShareTest, HasTheQuantilesOfTheBetaDistribution) {
  EXPECT_NEAR(ShrinkShare({80, 262}, {1, 1}).interval.low, .2527, 5e-5);
  EXPECT_NEAR(ShrinkShare({81, 262}, {1, 1}).interval.high, .3676, 5e-5);
  // Uniform without trials.
  EXPECT_NEAR(ShrinkShare({0, 0}, {1, 1}).interval.low, 0.025, 1e-12);
  EXPECT_NEAR(ShrinkShare({0, 0}, {1, 1}).interval.high, 0.975, 1e-12);
}

TEST(EstimateBetaPriorTest, IsTheMomentEstimateForEqualTrials) {
  // 2, 4, 6 and 8 of ten: p = .5, S = 10 (.09 + .01 + .01 + .09) = 2;
  // rho = (2 - .25 x 3) / (.25 (40 - 10 - 3)) = 1.25 / 6.75.
  const std::vector<FunnelUnit> units = {{2, 10}, {4, 10}, {6, 10}, {8, 10}, {0, 0}};
  const BetaPrior got = EstimateBetaPrior(units);
  EXPECT_NEAR(got.alpha + got.beta, 6.75 / 1.25 - 1, 1e-9);
  EXPECT_NEAR(got.alpha, got.beta, 1e-9);
}

TEST(EstimateBetaPriorTest, DrawsUnitsOntoTheirMeanWhereTheyDoNotDiffer) {
  const std::vector<FunnelUnit> units = {{3, 10}, {3, 10}, {6, 20}};
  const BetaPrior got = EstimateBetaPrior(units);
  EXPECT_NEAR(got.alpha / (got.alpha + got.beta), 0.3, 1e-9);
  EXPECT_NEAR(got.alpha + got.beta, kMostTrials, 1);
  EXPECT_NEAR(ShrinkShare({9, 10}, got).mean, 0.3, 1e-4);
}

TEST(EstimateBetaPriorTest, StaysProperWithoutVariation) {
  for (const std::vector<FunnelUnit>& units : {std::vector<FunnelUnit>{},
                                               {{0, 10}, {0, 5}},
                                               {{10, 10}, {5, 5}},
                                               {{1, 3}},
                                               {{1, 1}, {0, 1}, {1, 1}}}) {
    const BetaPrior got = EstimateBetaPrior(units);
    EXPECT_GT(got.alpha, 0);
    EXPECT_GT(got.beta, 0);
    EXPECT_TRUE(std::isfinite(ShrinkShare({0, 4}, got).interval.high));
  }
}

}  // namespace
}  // namespace steelyard::statistics
