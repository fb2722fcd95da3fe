#include "server/statistics/ranking.h"

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstring>
#include <vector>

#include "gtest/gtest.h"
#include "server/statistics/normal_draws.h"

namespace steelyard::statistics {
namespace {

// ---- Draws ----------------------------------------------------------------

// The widely published first outputs for the seed 1234567.
TEST(SplitMix64Test, AgreesWithItsPublishedOutput) {
  SplitMix64 random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317u);
  EXPECT_EQ(random.Next(), 3203168211198807973u);
  EXPECT_EQ(random.Next(), 9817491932198370423u);
  EXPECT_EQ(random.Next(), 4593380528125082431u);
  EXPECT_EQ(random.Next(), 16408922859458223821u);
}

TEST(NormalFromBitsTest, IsTheNormalQuantile) {
  const boost::math::normal normal;
  std::vector<uint32_t> bits = {0, 1, 2, 1'000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
  for (uint64_t b = 0; b <= 0xffffffff; b += 4'294'967) bits.push_back(static_cast<uint32_t>(b));
  for (const uint32_t b : bits) {
    const double p = (b + 0.5) * 0x1p-32;
    const double expected = quantile(normal, p);
    EXPECT_NEAR(NormalFromBits(b), expected, 1e-13 * std::max(1.0, std::abs(expected))) << b;
  }
}

TEST(NormalFromBitsTest, IsAntisymmetric) {
  for (const uint32_t b : {0u, 77u, 0x0fffffffu, 0x12345678u, 0x7fffffffu}) {
    EXPECT_EQ(NormalFromBits(b), -NormalFromBits(~b));
  }
}

// To the bit, so that a machine or compiler that computes otherwise is seen.
TEST(NormalFromBitsTest, GivesTheSameBitsEverywhere) {
  SplitMix64 random(1);
  uint64_t digest = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double x = NormalFromBits(static_cast<uint32_t>(random.Next()));
    uint64_t bits = 0;
    static_assert(sizeof bits == sizeof x);
    std::memcpy(&bits, &x, sizeof x);
    digest = (digest ^ bits) * 0x100000001b3;
  }
  EXPECT_EQ(digest, 11146105210656622413u);
}

// ---- Ranks ----------------------------------------------------------------

double Normal(double x) { return boost::math::cdf(boost::math::normal(), x); }

TEST(RankChancesTest, GivesEqualUnitsEqualChances) {
  // Of eight like units each is in the best quarter with 1/4.
  for (const double error : {1.0, 0.0}) {
    const std::vector<Estimate> units(8, Estimate{3, error});
    double best = 0;
    double worst = 0;
    for (const RankChance& c : RankChances(units, {.draws = 20'000})) {
      EXPECT_NEAR(c.best_quarter, 0.25, 0.015);
      EXPECT_NEAR(c.worst_quarter, 0.25, 0.015);
      EXPECT_NEAR(c.median_rank, 4.5, 0.5);
      EXPECT_EQ(c.low_rank, 1);
      EXPECT_EQ(c.high_rank, 8);
      best += c.best_quarter;
      worst += c.worst_quarter;
    }
    // Somebody is in each of the two places in every draw.
    EXPECT_NEAR(best, 2, 1e-9);
    EXPECT_NEAR(worst, 2, 1e-9);
  }
}

// P(X > Y) = Phi((a - b) / sqrt(s^2 + t^2)) for two independent normals.
TEST(RankChancesTest, AgreesWithTheExactChanceOfTwo) {
  const std::vector<Estimate> units = {{1, 0.6}, {0, 0.8}};
  const double expected = Normal(1);
  const auto got = RankChances(units, {.draws = 60'000});
  EXPECT_NEAR(got[0].best_quarter, expected, 0.006);
  EXPECT_NEAR(got[1].worst_quarter, expected, 0.006);
  EXPECT_EQ(got[0].best_quarter, got[1].worst_quarter);
  EXPECT_EQ(got[0].median_rank, 1);
  EXPECT_EQ(got[1].median_rank, 2);
}

TEST(RankChancesTest, MirrorsWithTheDirection) {
  const std::vector<Estimate> units = {{0, 0.01}, {1, 0.01}, {2, 0.01}, {3, 0.01}};
  const auto up = RankChances(units);
  const auto down = RankChances(units, {.higher_is_better = false});
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(up[i].median_rank, 4 - static_cast<double>(i));
    EXPECT_EQ(down[i].median_rank, 1 + static_cast<double>(i));
    EXPECT_EQ(up[i].low_rank, up[i].high_rank);
    EXPECT_EQ(up[i].best_quarter, i == 3 ? 1 : 0);
    EXPECT_EQ(down[i].best_quarter, i == 0 ? 1 : 0);
    EXPECT_EQ(up[i].best_quarter, down[i].worst_quarter);
  }
}

TEST(RankChancesTest, RoundsTheQuarterDown) {
  std::vector<Estimate> units;
  for (int i = 0; i < 7; ++i) units.push_back({double(i), 0});
  const auto got = RankChances(units);
  EXPECT_EQ(got[6].best_quarter, 1);
  EXPECT_EQ(got[5].best_quarter, 0);
  EXPECT_EQ(got[0].worst_quarter, 1);
  EXPECT_EQ(got[1].worst_quarter, 0);
}

TEST(RankChancesTest, TakesASingleUnitAndNone) {
  EXPECT_TRUE(RankChances({}).empty());
  const auto got = RankChances(std::vector<Estimate>{{5, 1}});
  EXPECT_EQ(got[0].best_quarter, 1);
  EXPECT_EQ(got[0].worst_quarter, 1);
  EXPECT_EQ(got[0].median_rank, 1);
  EXPECT_EQ(got[0].low_rank, 1);
  EXPECT_EQ(got[0].high_rank, 1);
}

TEST(RankChancesTest, OrdersTheOthersRightBesideAnOutlier) {
  std::vector<Estimate> units;
  for (int i = 0; i < 60; ++i) units.push_back({0.1 * (i % 9), 0.2});
  const auto without = RankChances(units, {.draws = 1});
  units.push_back({1e12, 0.2});
  const auto with = RankChances(units, {.draws = 1});
  EXPECT_EQ(with[60].median_rank, 1);
  for (size_t i = 0; i < 60; ++i) EXPECT_EQ(with[i].median_rank, without[i].median_rank + 1);
}

TEST(RankChancesTest, RepeatsItselfForASeed) {
  std::vector<Estimate> units;
  for (int i = 0; i < 60; ++i) units.push_back({0.1 * (i % 9), 0.2 + 0.01 * i});
  const auto got = RankChances(units);
  const auto again = RankChances(units);
  const auto other = RankChances(units, {.seed = 2});
  bool differs = false;
  for (size_t i = 0; i < units.size(); ++i) {
    EXPECT_EQ(got[i].best_quarter, again[i].best_quarter);
    EXPECT_EQ(got[i].median_rank, again[i].median_rank);
    EXPECT_NEAR(got[i].best_quarter, other[i].best_quarter, 0.08);
    differs |= got[i].best_quarter != other[i].best_quarter;
  }
  EXPECT_TRUE(differs);
  // What the seed of the method gave when this was written.
  EXPECT_EQ(got[8].best_quarter, 0.552);
  EXPECT_EQ(got[8].low_rank, 3);
  EXPECT_EQ(got[8].high_rank, 36);
}

}  // namespace
}  // namespace steelyard::statistics
