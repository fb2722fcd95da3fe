#include "server/statistics/over_dispersion.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "gtest/gtest.h"

namespace steelyard::statistics {
namespace {

// Thirteen trials of a vaccine (Colditz et al. 1994): cases and healthy with
// and without it. DerSimonian and Laird's tau2 of the log risk ratios is
// 0.3088 and Cochran's Q 152.2330, as the R package metafor prints them.
constexpr int kTrials[][4] = {
    {4, 119, 11, 128},       {6, 300, 29, 274},        {3, 228, 11, 209},
    {62, 13536, 248, 12619}, {33, 5036, 47, 5761},     {180, 1361, 372, 1079},
    {8, 2537, 10, 619},      {505, 87886, 499, 87892}, {29, 7470, 45, 7232},
    {17, 1699, 65, 1600},    {186, 50448, 141, 27197}, {5, 2493, 3, 2338},
    {27, 16886, 29, 17825}};

TEST(OverDispersionTest, AgreesWithAPublishedMetaAnalysis) {
  std::vector<double> y;
  std::vector<double> s;
  double weights = 0;
  double sum = 0;
  for (const auto& [a, b, c, d] : kTrials) {
    y.push_back(std::log(double(a) / (a + b) / (double(c) / (c + d))));
    s.push_back(std::sqrt(1.0 / a - 1.0 / (a + b) + 1.0 / c - 1.0 / (c + d)));
    weights += 1 / (s.back() * s.back());
    sum += y.back() / (s.back() * s.back());
  }
  std::vector<double> z;
  for (size_t i = 0; i < y.size(); ++i) z.push_back((y[i] - sum / weights) / s[i]);
  const OverDispersion got = EstimateOverDispersion(z, s, Trim::kNone);
  EXPECT_EQ(got.units, 13);
  EXPECT_NEAR(got.phi * 13, 152.2330, 5e-5);
  EXPECT_NEAR(got.tau2, 0.3088, 5e-5);
}

// With equal standard errors s, tau2 = s^2 (n phi - (n - 1)) / (n - 1).
TEST(OverDispersionTest, WinsorizesAtTheTenthsOfTypeSeven) {
  // Quantiles of 0..10 at 10 % and 90 % are 1 and 9.
  std::vector<double> z(11);
  std::iota(z.begin(), z.end(), 0);
  const std::vector<double> s(11, 0.5);
  const OverDispersion got = EstimateOverDispersion(z, s, Trim::kWinsorized);
  const double squares = 1 + 285 + 81;  // 1, 1..9, 9
  EXPECT_EQ(got.units, 11);
  EXPECT_DOUBLE_EQ(got.phi, squares / 11);
  EXPECT_NEAR(got.tau2, 0.25 * (squares - 10) / 10, 1e-12);
}

TEST(OverDispersionTest, TruncatesTheOuterTenths) {
  // Of eleven ranks r, floor(10 r / 12) is 0 for the first and 9 for the last.
  std::vector<double> z(11);
  std::iota(z.begin(), z.end(), 0);
  const std::vector<double> s(11, 0.5);
  const OverDispersion got = EstimateOverDispersion(z, s, Trim::kTruncated);
  EXPECT_EQ(got.units, 9);
  EXPECT_DOUBLE_EQ(got.phi, 285.0 / 9);
  EXPECT_NEAR(got.tau2, 0.25 * (285 - 8) / 8, 1e-12);
}

TEST(OverDispersionTest, GivesTiesTheirMeanRank) {
  // Ranks 5.5 each: all in the middle.
  const std::vector<double> z(10, 2);
  const std::vector<double> s(10, 1);
  EXPECT_EQ(EstimateOverDispersion(z, s, Trim::kTruncated).units, 10);
}

TEST(OverDispersionTest, FindsNoneWhereChanceExplainsAll) {
  const std::vector<double> z = {-0.5, 0.5, 0, -0.2, 0.2};
  const std::vector<double> s = {1, 2, 3, 4, 5};
  for (const Trim trim : {Trim::kNone, Trim::kWinsorized, Trim::kTruncated}) {
    EXPECT_EQ(EstimateOverDispersion(z, s, trim).tau2, 0);
  }
}

TEST(OverDispersionTest, FindsNoneInFewerThanTwoUnits) {
  EXPECT_EQ(EstimateOverDispersion({}, {}, Trim::kWinsorized).units, 0);
  const std::vector<double> z = {9};
  const std::vector<double> s = {1};
  const OverDispersion got = EstimateOverDispersion(z, s, Trim::kNone);
  EXPECT_EQ(got.phi, 81);
  EXPECT_EQ(got.tau2, 0);
}

}  // namespace
}  // namespace steelyard::statistics
