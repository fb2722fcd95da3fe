#include "server/statistics/funnel.h"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "server/statistics/count_interval.h"
#include "tests/acceptance/files.h"

namespace steelyard::statistics {
namespace {

using acceptance::Csv;

Csv Table(const char* name) {
  return Csv(acceptance::ReadWhole(acceptance::DataFolder() + "test_vectors/funnel/" + name));
}

#define SKIP_WITHOUT_VECTORS() \
  if (acceptance::DataFolder().empty()) GTEST_SKIP() << "no published vectors beside the tree"

double At(const Csv& table, size_t row, const char* column) {
  return std::stod(table.at(row, column));
}

// How PHE writes a position.
const std::map<std::string, Position> kSignificance = {{"Low (0.001)", Position::kBelow998},
                                                       {"Low (0.025)", Position::kBelow95},
                                                       {"Not significant", Position::kWithin},
                                                       {"High (0.025)", Position::kAbove95},
                                                       {"High (0.001)", Position::kAbove998}};

// ---- Positions ------------------------------------------------------------

TEST(FunnelPositionTest, AgreesWithThePublishedFlags) {
  SKIP_WITHOUT_VECTORS();
  const auto flags = nlohmann::json::parse(acceptance::ReadWhole(
      acceptance::DataFolder() + "test_vectors/funnel/funnelplotr_expected.json"))["outlier_flags"];
  const auto limit = [&](const char* name) { return flags[name].get<double>(); };
  const Limits chance = {{limit("LCL95"), limit("UCL95")}, {limit("LCL99"), limit("UCL99")}};
  const Limits adjusted = {{limit("OD95LCL"), limit("OD95UCL")},
                           {limit("OD99LCL"), limit("OD99UCL")}};
  const auto values = flags["rr"].get<std::vector<double>>();
  ASSERT_EQ(values.size(), 10u);
  for (size_t i = 0; i < values.size(); ++i) {
    const auto flagged = [&](const char* name) { return flags[name][i].get<int>() == 1; };
    const auto beyond998 = [](Position p) {
      return p == Position::kBelow998 || p == Position::kAbove998;
    };
    const Position p = PositionOf(values[i], chance);
    const Position q = PositionOf(values[i], adjusted);
    EXPECT_EQ(p != Position::kWithin, flagged("95_unadjusted")) << values[i];
    EXPECT_EQ(q != Position::kWithin, flagged("95_overdispersion_adjusted")) << values[i];
    EXPECT_EQ(beyond998(p), flagged("99_unadjusted")) << values[i];
    EXPECT_EQ(beyond998(q), flagged("99_adjusted")) << values[i];
  }
}

TEST(FunnelPositionTest, TakesAValueOnALimitAsWithin) {
  const Limits limits = {{2, 4}, {1, 5}};
  EXPECT_EQ(PositionOf(0.9, limits), Position::kBelow998);
  EXPECT_EQ(PositionOf(1, limits), Position::kBelow95);
  EXPECT_EQ(PositionOf(2, limits), Position::kWithin);
  EXPECT_EQ(PositionOf(4, limits), Position::kWithin);
  EXPECT_EQ(PositionOf(5, limits), Position::kAbove95);
  EXPECT_EQ(PositionOf(5.1, limits), Position::kAbove998);
}

// ---- Proportions ----------------------------------------------------------

TEST(ProportionFunnelTest, AgreesWithThePublishedLimitsOfPhe) {
  SKIP_WITHOUT_VECTORS();
  for (const char* name : {"phe_testdata_funnel_prop_outputs.csv",
                           "phe_testdata_funnel_prop_outputs_with_axis_variation.csv"}) {
    const Csv table = Table(name);
    ASSERT_EQ(table.rows(), 100u);
    // Published to six or eight places; so is the baseline.
    for (size_t i = 0; i < table.rows(); ++i) {
      const Limits got = ScoreLimits(At(table, i, "Baseline") / 100, At(table, i, "Population"));
      EXPECT_NEAR(100 * got.at95.low, At(table, i, "Lower2s0025limit"), 2e-6);
      EXPECT_NEAR(100 * got.at95.high, At(table, i, "Upper2s0025limit"), 2e-6);
      EXPECT_NEAR(100 * got.at998.low, At(table, i, "Lower3s0001limit"), 2e-6);
      EXPECT_NEAR(100 * got.at998.high, At(table, i, "Upper3s0001limit"), 2e-6);
    }
  }
}

TEST(ProportionFunnelTest, AgreesWithThePublishedSignificanceOfPhe) {
  SKIP_WITHOUT_VECTORS();
  const Csv table = Table("phe_testdata_funnel_prop_inputs.csv");
  std::vector<FunnelUnit> units;
  for (size_t i = 0; i < table.rows(); ++i) {
    units.push_back({At(table, i, "numerator"), At(table, i, "denominator")});
  }
  const Funnel funnel = ProportionFunnel(units);
  EXPECT_NEAR(funnel.target, 0.80642448, 5e-9);
  int arcsine_differs = 0;
  for (size_t i = 0; i < units.size(); ++i) {
    const Position published = kSignificance.at(table.at(i, "significance"));
    const Limits score = ScoreLimits(funnel.target, units[i].denominator);
    EXPECT_EQ(PositionOf(funnel.points[i].value, score), published) << table.at(i, "Area");
    arcsine_differs += funnel.points[i].position == published ? 0 : 1;
  }
  // The other scale agrees but where an area lies on the line.
  EXPECT_LE(arcsine_differs, 1) << "of " << units.size();
}

// sin(asin sqrt(.5) -+ z / (2 sqrt 100))^2 by hand: angles .7854 -+ .0980.
TEST(ProportionFunnelTest, HasTheLimitsOfTheArcsineScale) {
  const Limits got = ProportionLimits(0.5, 100, 0);
  EXPECT_NEAR(got.at95.low, 0.5 * (1 - std::sin(0.1959963984540054)), 1e-12);
  EXPECT_NEAR(got.at95.high, 0.5 * (1 + std::sin(0.1959963984540054)), 1e-12);
  EXPECT_NEAR(got.at998.low, 0.5 * (1 - std::sin(0.30902323061678132)), 1e-12);
  const Limits wider = ProportionLimits(0.5, 100, 0.01);
  EXPECT_NEAR(wider.at95.high, 0.5 * (1 + std::sin(2 * 1.959963984540054 * std::sqrt(0.0125))),
              1e-12);
}

TEST(ProportionFunnelTest, HoldsLimitsWithinNoneAndAll) {
  const Limits got = ProportionLimits(0.02, 4, 0);
  EXPECT_EQ(got.at95.low, 0);
  EXPECT_GT(got.at95.high, 0.02);
  EXPECT_EQ(ProportionLimits(0.99, 4, 0).at95.high, 1);
  EXPECT_EQ(ScoreLimits(0.02, 4).at95.low, 0);
  EXPECT_EQ(ScoreLimits(0.99, 4).at998.high, 1);
}

TEST(ProportionFunnelTest, LimitsAndScoresSayTheSame) {
  std::vector<FunnelUnit> units;
  for (int i = 0; i < 60; ++i) units.push_back({double(i % 20), 20.0 + 3 * i});
  const Funnel funnel = ProportionFunnel(units);
  EXPECT_GT(funnel.dispersion.phi, 1);
  int outside = 0;
  for (const FunnelPoint& p : funnel.points) {
    const auto position = [](double z) {
      if (std::abs(z) <= kZ95) return Position::kWithin;
      if (std::abs(z) <= kZ998) return z < 0 ? Position::kBelow95 : Position::kAbove95;
      return z < 0 ? Position::kBelow998 : Position::kAbove998;
    };
    EXPECT_EQ(p.position, position(p.z));
    EXPECT_EQ(p.adjusted_position, position(p.adjusted_z));
    EXPECT_LE(std::abs(p.adjusted_z), std::abs(p.z));
    outside += p.position != Position::kWithin ? 1 : 0;
  }
  EXPECT_GT(outside, 0);
}

TEST(ProportionFunnelTest, LeavesOutUnitsWithoutTrials) {
  const std::vector<FunnelUnit> units = {{3, 10}, {0, 0}, {5, 10}};
  const Funnel funnel = ProportionFunnel(units);
  EXPECT_DOUBLE_EQ(funnel.target, 0.4);
  EXPECT_EQ(funnel.points[1].position, Position::kNoData);
  EXPECT_EQ(funnel.points[1].adjusted_position, Position::kNoData);
  EXPECT_EQ(funnel.points[0].position, Position::kWithin);
  EXPECT_TRUE(ProportionFunnel({}).points.empty());
  EXPECT_EQ(ProportionFunnel(std::vector<FunnelUnit>{{0, 9}, {0, 4}}).points[0].position,
            Position::kWithin);
}

// Two hundred units of one trial, of which 40 have the event, differ by nothing
// but chance; eight of 100 trials have shares from .13 to .27.
TEST(ProportionFunnelTest, TheSmallestSayNothingOfTheSpread) {
  std::vector<FunnelUnit> units;
  for (int i = 0; i < 200; ++i) units.push_back({i % 5 == 0 ? 1.0 : 0.0, 1});
  const size_t small = units.size();
  for (int i = 0; i < 8; ++i) units.push_back({13.0 + 2 * i, 100});
  const std::vector<FunnelUnit> large(units.begin() + small, units.end());
  const Funnel all = ProportionFunnel(units);
  const Funnel some = ProportionFunnel(units, Trim::kWinsorized, 5);
  EXPECT_DOUBLE_EQ(some.target, 0.2);
  EXPECT_EQ(all.dispersion.units, 208);
  EXPECT_EQ(some.dispersion.units, 8);
  EXPECT_DOUBLE_EQ(some.dispersion.tau2, ProportionFunnel(large).dispersion.tau2);
  EXPECT_GT(all.dispersion.tau2, 20 * some.dispersion.tau2);
  EXPECT_EQ(some.points[0].z, all.points[0].z);
  EXPECT_NE(some.points[0].adjusted_position, Position::kNoData);
  // Events that are nearly always there are as rare the other way round.
  EXPECT_EQ(ProportionFunnel(std::vector<FunnelUnit>{{99, 100}, {98, 100}}, Trim::kNone, 5)
                .dispersion.units,
            0);
}

// R: qbinom(c(.025, .975, .001, .999), 20, .2) is 1, 8, 0, 10.
TEST(ProportionFunnelTest, CautiousLimitsHoldWhatChanceDoes) {
  const Limits one = CautiousProportionLimits(0.2, 1, 0);
  EXPECT_EQ(one.at95, (Interval{0, 1}));
  EXPECT_EQ(PositionOf(1, one), Position::kWithin);
  EXPECT_EQ(PositionOf(1, ProportionLimits(0.2, 1, 0)), Position::kAbove95);
  const Limits twenty = CautiousProportionLimits(0.2, 20, 0);
  const Limits angle = ProportionLimits(0.2, 20, 0);
  EXPECT_DOUBLE_EQ(twenty.at95.low, 0.05);
  EXPECT_DOUBLE_EQ(twenty.at95.high, 0.4);
  EXPECT_EQ(twenty.at998.low, 0);
  EXPECT_GT(angle.at998.high, 0.5);  // 10 of 20
  EXPECT_EQ(twenty.at998.high, angle.at998.high);
  const Limits many = CautiousProportionLimits(0.2, 20'000, 0);
  EXPECT_NEAR(many.at95.high, ProportionLimits(0.2, 20'000, 0).at95.high, 1e-4);
  EXPECT_EQ(CautiousProportionLimits(0.2, 20'000, 0.01).at998,
            ProportionLimits(0.2, 20'000, 0.01).at998);
  EXPECT_EQ(CautiousProportionLimits(0, 3, 0).at998.low, 0);
  EXPECT_EQ(CautiousProportionLimits(1, 3, 0).at998.high, 1);
}

// ---- Ratios ---------------------------------------------------------------

// Vector T8 of METHODS 4.4, from FunnelPlotR's own tests.
TEST(RatioFunnelTest, AgreesWithThePublishedExactLimits) {
  constexpr double kExpected[] = {15, 20, 30};
  constexpr double kLow95[] = {.5596924, .6108260, .6746958};
  constexpr double kHigh95[] = {1.649348, 1.544419, 1.427562};
  constexpr double kLow998[] = {.3862650, .4479107, .5289724};
  constexpr double kHigh998[] = {2.082907, 1.902094, 1.702771};
  for (int i = 0; i < 3; ++i) {
    const Limits got = ExactRatioLimits(kExpected[i]);
    EXPECT_NEAR(got.at95.low, kLow95[i], 5e-8);
    EXPECT_NEAR(got.at95.high, kHigh95[i], 5e-7);
    EXPECT_NEAR(got.at998.low, kLow998[i], 5e-8);
    EXPECT_NEAR(got.at998.high, kHigh998[i], 5e-7);
  }
}

// Published as the ratio to which a count belongs that just reaches a limit.
TEST(RatioFunnelTest, AgreesWithThePublishedLimitsOfPhe) {
  SKIP_WITHOUT_VECTORS();
  // The first cell of the header breaks over two lines.
  std::string text = acceptance::ReadWhole(
      acceptance::DataFolder() + "test_vectors/funnel/phe_testdata_funnel_ratio_outputs.csv");
  const size_t start = text.find("lower_2s_exp_events");
  ASSERT_NE(start, std::string::npos);
  const Csv table("seen," + text.substr(start));
  ASSERT_EQ(table.rows(), 100u);
  for (size_t i = 0; i < table.rows(); ++i) {
    const double seen = At(table, i, "seen");
    const auto expect = [&](double expected, const char* events, const char* ratio) {
      // Published from a search that stops at about 1e-5 of the ratio.
      EXPECT_NEAR(expected / At(table, i, events), 1, 1e-4) << seen;
      EXPECT_NEAR(100 * seen / expected / At(table, i, ratio), 1, 1e-4) << seen;
    };
    const Interval at95 = ExactCountInterval(seen, kLevel95);
    const Interval at998 = ExactCountInterval(seen, kLevel998);
    expect(at95.high, "lower_2s_exp_events", "lower_2s_isr");
    expect(at95.low, "upper_2s_exp_events", "upper_2s_isr");
    expect(at998.high, "lower_3s_exp_events", "lower_3s_isr");
    expect(at998.low, "upper_3s_exp_events", "upper_3s_isr");
  }
}

// PHE asks whether the expected count lies in the interval of the count seen.
TEST(RatioFunnelTest, AgreesWithThePublishedSignificanceOfPhe) {
  SKIP_WITHOUT_VECTORS();
  const Csv table = Table("phe_testdata_funnel_ratio_inputs.csv");
  ASSERT_GT(table.rows(), 100u);
  std::vector<FunnelUnit> units;
  for (size_t i = 0; i < table.rows(); ++i) {
    units.push_back({At(table, i, "obs"), At(table, i, "expected")});
  }
  const Funnel funnel = RatioFunnel(units);
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& [seen, expected] = units[i];
    const Interval at95 = CountInterval(seen, kLevel95);
    const Interval at998 = CountInterval(seen, kLevel998);
    // Turned round: the count is low where what was expected is above.
    const Position position =
        PositionOf(-expected, {{-at95.high, -at95.low}, {-at998.high, -at998.low}});
    const Position published = kSignificance.at(table.at(i, "significance"));
    EXPECT_EQ(position, published) << seen << " of " << expected;
    // Limits around the target are another question, and differ by a line at most.
    EXPECT_LE(std::abs(int(funnel.points[i].position) - int(published)), 1);
  }
}

TEST(RatioFunnelTest, WidensWithOverDispersion) {
  const Limits chance = RatioLimits(25, 0);
  EXPECT_NEAR(chance.at95.high, std::exp(1.959963984540054 / 5), 1e-12);
  EXPECT_NEAR(chance.at95.low * chance.at95.high, 1, 1e-12);
  const Limits wider = RatioLimits(25, 0.03);
  EXPECT_NEAR(wider.at998.high, std::exp(3.0902323061678132 * std::sqrt(0.07)), 1e-12);
}

TEST(RatioFunnelTest, DoesNotBlameAUnitForNoneWhereFewWereExpected) {
  const std::vector<FunnelUnit> units = {{0, 0.5}, {0, 3.6}, {0, 3.8}, {0, 7.0}, {4, 4}, {1, 0}};
  const Funnel funnel = RatioFunnel(units, Trim::kNone);
  EXPECT_EQ(funnel.points[0].position, Position::kWithin);
  EXPECT_EQ(funnel.points[1].position, Position::kWithin);   // exp(-3.6) = .027
  EXPECT_EQ(funnel.points[2].position, Position::kBelow95);  // exp(-3.8) = .022
  EXPECT_EQ(funnel.points[3].position, Position::kBelow998);
  EXPECT_EQ(funnel.points[4].position, Position::kWithin);
  EXPECT_EQ(funnel.points[5].position, Position::kNoData);
  EXPECT_TRUE(std::isfinite(funnel.points[0].z));
}

// ---- Means ----------------------------------------------------------------

TEST(MeanFunnelTest, WeighsByPrecision) {
  // Weights 100 and 25: target (100 x 1 + 25 x 2) / 125 = 1.2.
  const std::vector<Estimate> units = {{1, 0.1}, {2, 0.2}, {9, 0}};
  const Funnel funnel = MeanFunnel(units, Trim::kNone);
  EXPECT_DOUBLE_EQ(funnel.target, 1.2);
  EXPECT_NEAR(funnel.points[0].z, -2, 1e-12);
  EXPECT_NEAR(funnel.points[1].z, 4, 1e-12);
  EXPECT_EQ(funnel.points[0].position, Position::kBelow95);
  EXPECT_EQ(funnel.points[1].position, Position::kAbove998);
  EXPECT_EQ(funnel.points[2].position, Position::kNoData);
  // Q = 20; tau2 = (20 - 1) / (125 - (10000 + 625) / 125) = 19 / 40.
  EXPECT_NEAR(funnel.dispersion.tau2, 0.475, 1e-12);
  EXPECT_NEAR(funnel.points[1].adjusted_z, 0.8 / std::sqrt(0.04 + 0.475), 1e-12);
  EXPECT_EQ(funnel.points[1].adjusted_position, Position::kWithin);
}

}  // namespace
}  // namespace steelyard::statistics
