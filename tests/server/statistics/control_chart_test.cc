#include "server/statistics/control_chart.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/acceptance/files.h"

namespace steelyard::statistics {
namespace {

using nlohmann::json;

std::string Vectors() { return acceptance::DataFolder() + "test_vectors/spc/"; }

json Published() {
  return json::parse(acceptance::ReadWhole(Vectors() + "plotthedots_xmr_expected.json"));
}

#define SKIP_WITHOUT_VECTORS() \
  if (acceptance::DataFolder().empty()) GTEST_SKIP() << "no published vectors beside the tree"

void ExpectChart(const XmrChart& chart, const json& expected) {
  EXPECT_NEAR(chart.mean, expected["mean"].get<double>(), 5e-7);
  EXPECT_NEAR(chart.limits.low, expected["lpl"].get<double>(), 5e-6);
  EXPECT_NEAR(chart.limits.high, expected["upl"].get<double>(), 5e-7);
}

// ---- Limits ---------------------------------------------------------------

// Vector T7 of METHODS 4.4, from the deviations vignette of NHSRplotthedots.
TEST(XmrTest, AgreesWithThePublishedLimits) {
  const std::vector<double> values = {1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1};
  const XmrChart screened = DrawXmr(values);
  EXPECT_NEAR(screened.mean, 1.944, 5e-4);
  EXPECT_NEAR(screened.limits.high, 4.604, 5e-4);
  EXPECT_NEAR(screened.limits.low, -0.716, 5e-4);
  EXPECT_EQ(screened.mean_range, 1);
  EXPECT_FALSE(screened.trial);
  const XmrChart unscreened = DrawXmr(values, {.screen_ranges = false});
  EXPECT_NEAR(unscreened.limits.high, 6.952, 5e-4);
  EXPECT_NEAR(unscreened.limits.low, -3.063, 5e-4);
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(screened.points[i].outside, i == 4);
}

TEST(XmrTest, AgreesWithThePublishedChartsOfPlotTheDots) {
  SKIP_WITHOUT_VECTORS();
  const json published = Published();
  auto values = published["values"].get<std::vector<double>>();
  ExpectChart(DrawXmr(values), published["expected_screened"]);
  values[14] = 10;
  const json& replaced = published["values_with_15th_replaced_by_10"];
  ExpectChart(DrawXmr(values), replaced["screened"]);
  ExpectChart(DrawXmr(values, {.screen_ranges = false}), replaced["unscreened"]);
}

// Example 6.5 of Montgomery's textbook as qicharts2 draws it: viscosity, limits
// from the first twenty points. qicharts2 takes 3 / 1.128 where Making Data
// Count takes 2.66. It drops ranges above their limit; here there are none.
TEST(XmrTest, AgreesWithThePublishedChartsOfQicharts) {
  SKIP_WITHOUT_VECTORS();
  const acceptance::Csv individuals(acceptance::ReadWhole(Vectors() + "qicharts2_ex_6.5_3.csv"));
  const acceptance::Csv ranges(acceptance::ReadWhole(Vectors() + "qicharts2_ex_6.5_4.csv"));
  std::vector<double> values;
  for (size_t i = 0; i < individuals.rows(); ++i) {
    values.push_back(std::stod(individuals.at(i, "y")));
  }
  ASSERT_EQ(values.size(), 40u);
  for (const bool screen : {true, false}) {
    const XmrChart chart = DrawXmr(values, {.screen_ranges = screen, .baseline = 20});
    const double reach = 3 / 1.128 * chart.mean_range;
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(chart.mean, std::stod(individuals.at(i, "cl")), 1e-9);
      EXPECT_NEAR(chart.mean - reach, std::stod(individuals.at(i, "lcl")), 1e-9);
      EXPECT_NEAR(chart.mean + reach, std::stod(individuals.at(i, "ucl")), 1e-9);
      EXPECT_NEAR(chart.limits.high, chart.mean + reach, 0.004);
      EXPECT_EQ(chart.points[i].outside, individuals.at(i, "sigma.signal") == "TRUE") << i;
      EXPECT_NEAR(chart.mean_range, std::stod(ranges.at(i, "cl")), 1e-9);
      EXPECT_NEAR(chart.range_limit, std::stod(ranges.at(i, "ucl")), 1e-9);
      if (i == 0) continue;
      const double range = std::abs(values[i] - values[i - 1]);
      EXPECT_EQ(range, std::stod(ranges.at(i, "y")));
      EXPECT_EQ(range > chart.range_limit, ranges.at(i, "sigma.signal") == "TRUE") << i;
    }
  }
}

TEST(XmrTest, CallsLimitsFromFewPointsTrial) {
  EXPECT_TRUE(DrawXmr(std::vector<double>(11, 1)).trial);
  EXPECT_FALSE(DrawXmr(std::vector<double>(12, 1)).trial);
  EXPECT_TRUE(DrawXmr(std::vector<double>(30, 1), {.baseline = 8}).trial);
}

TEST(XmrTest, TakesSeriesThatAreShortOrNeverMove) {
  EXPECT_TRUE(DrawXmr({}).points.empty());
  const XmrChart one = DrawXmr(std::vector<double>{7});
  EXPECT_EQ(one.limits, (Interval{7, 7}));
  EXPECT_FALSE(one.points[0].signal());
  const XmrChart still = DrawXmr(std::vector<double>(20, 3));
  EXPECT_EQ(still.limits, (Interval{3, 3}));
  for (const ChartPoint& point : still.points) EXPECT_FALSE(point.signal());
}

// ---- Signals --------------------------------------------------------------

TEST(XmrTest, EqualValuesLieOnTheirMean) {
  // 2.7 summed up eight times and divided by eight is not 2.7.
  const XmrChart chart = DrawXmr(std::vector<double>(8, 2.7));
  for (const ChartPoint& point : chart.points) {
    EXPECT_EQ(point.side, 0);
    EXPECT_FALSE(point.signal());
  }
}

TEST(ChartRuleTest, AgreesWithThePublishedRuns) {
  SKIP_WITHOUT_VECTORS();
  const json rules = Published()["rule_seven_points_one_side"];
  EXPECT_EQ(rules.size(), 3u);
  for (const json& rule : rules) {
    const auto sides = rule["relative_to_mean"].get<std::vector<int8_t>>();
    auto got = CompletedRuns(sides);
    for (int8_t& flag : got) flag = flag != 0 ? 1 : 0;
    EXPECT_EQ(got, rule["flag"].get<std::vector<int8_t>>()) << rule;
  }
}

TEST(ChartRuleTest, AgreesWithThePublishedTrends) {
  SKIP_WITHOUT_VECTORS();
  const json rules = Published()["rule_seven_point_trend"];
  EXPECT_EQ(rules.size(), 5u);
  for (const json& rule : rules) {
    EXPECT_EQ(CompletedTrends(rule["values"].get<std::vector<double>>()),
              rule["flag"].get<std::vector<int8_t>>())
        << rule;
  }
}

TEST(ChartRuleTest, AgreesWithThePublishedTwoOfThree) {
  SKIP_WITHOUT_VECTORS();
  const json rules = Published()["rule_two_in_three_near_limits"];
  EXPECT_EQ(rules.size(), 5u);
  for (const json& rule : rules) {
    EXPECT_EQ(TwoOfThree(rule["close_to_limit"].get<std::vector<int8_t>>(),
                         rule["relative_to_mean"].get<std::vector<int8_t>>()),
              rule["flag"].get<std::vector<int8_t>>())
        << rule;
  }
}

TEST(ChartSignalTest, MarksAllPointsOfARun) {
  // Five to and fro, then eight above.
  std::vector<double> values = {0, 10, 0, 10, 0, 10, 0, 10, 0, 10};
  for (int i = 0; i < 8; ++i) values.push_back(i % 2 == 0 ? 8 : 9);
  const XmrChart chart = DrawXmr(values, {.baseline = 9});
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(chart.points[i].run, i >= 9) << i;
}

TEST(ChartSignalTest, MarksAllPointsOfATrend) {
  const std::vector<double> values = {5, 1, 2, 3, 4, 5, 6, 7, 3, 9, 2};
  const XmrChart chart = DrawXmr(values);
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(chart.points[i].trend, i >= 1 && i <= 7) << i;
  }
}

TEST(ChartSignalTest, MarksThePointsInTheOuterThird) {
  // Mean 0 and mean range 6 from the baseline: limits 15.96, outer third from
  // 10.64.
  std::vector<double> values = {3, -3, 3, -3, 3, -3, 3, -3, 3, -3, 3, -3};
  values.insert(values.end(), {12, 1, 13, -1, 12, 1, 1, 12, 17, 12});
  const XmrChart chart = DrawXmr(values, {.baseline = 12});
  const auto marked = [&](size_t i) { return chart.points[i].two_of_three; };
  EXPECT_TRUE(marked(12));
  EXPECT_FALSE(marked(13));  // between two that are
  EXPECT_TRUE(marked(14));
  EXPECT_FALSE(marked(16));  // alone
  EXPECT_TRUE(chart.points[20].outside);
  EXPECT_FALSE(marked(20));  // beyond the limit, not within
  EXPECT_TRUE(marked(19));
  EXPECT_TRUE(marked(21));
}

TEST(AssuranceTest, ComparesTheTargetWithTheLimits) {
  const Interval limits = {10, 20};
  EXPECT_EQ(AssuranceOf(limits, 21, true), Assurance::kConsistentlyFails);
  EXPECT_EQ(AssuranceOf(limits, 9, true), Assurance::kConsistentlyPasses);
  EXPECT_EQ(AssuranceOf(limits, 21, false), Assurance::kConsistentlyPasses);
  EXPECT_EQ(AssuranceOf(limits, 9, false), Assurance::kConsistentlyFails);
  for (const double target : {10.0, 15.0, 20.0}) {
    EXPECT_EQ(AssuranceOf(limits, target, true), Assurance::kInconsistent);
  }
}

}  // namespace
}  // namespace steelyard::statistics
