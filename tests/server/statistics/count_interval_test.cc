#include "server/statistics/count_interval.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/acceptance/files.h"

namespace steelyard::statistics {
namespace {

using acceptance::Csv;

std::string Vectors() { return acceptance::DataFolder() + "test_vectors/proportions/"; }

TEST(CountIntervalTest, AgreesWithThePublishedRates) {
  if (acceptance::DataFolder().empty()) GTEST_SKIP() << "no published vectors beside the tree";
  const Csv table(acceptance::ReadWhole(Vectors() + "phe_rate_byars_exact.csv"));
  int exact = 0;
  int byar = 0;
  for (size_t i = 0; i < table.rows(); ++i) {
    if (table.at(i, "lower95_0cl").empty()) continue;
    const double events = std::stod(table.at(i, "Numerator"));
    const double scale =
        std::stod(table.at(i, "multiplier")) / std::stod(table.at(i, "Denominator"));
    const auto expect = [&](const Interval& got, const char* low, const char* high) {
      const double want_low = std::stod(table.at(i, low));
      const double want_high = std::stod(table.at(i, high));
      EXPECT_NEAR(got.low * scale, want_low, 1e-11 * want_low) << table.at(i, "Area");
      EXPECT_NEAR(got.high * scale, want_high, 1e-11 * want_high) << table.at(i, "Area");
    };
    expect(CountInterval(events), "lower95_0cl", "upper95_0cl");
    expect(CountInterval(events, kLevel998), "lower99_8cl", "upper99_8cl");
    ++(table.at(i, "method") == "Exact" ? exact : byar);
  }
  EXPECT_EQ(exact, 4);
  EXPECT_EQ(byar, 13);
}

TEST(CountIntervalTest, AgreesWithThePublishedByarLimits) {
  if (acceptance::DataFolder().empty()) GTEST_SKIP() << "no published vectors beside the tree";
  const Csv table(acceptance::ReadWhole(Vectors() + "phe_byars_wilson.csv"));
  int checked = 0;
  for (size_t i = 0; i < table.rows(); ++i) {
    if (table.at(i, "method") != "Byars") continue;
    const Interval got = ByarCountInterval(
        std::stod(table.at(i, "x")), table.at(i, "confidence") == "95%" ? kLevel95 : kLevel998);
    // One lower limit would be below 0 and is left blank.
    const std::string& low = table.at(i, "lowercl");
    EXPECT_NEAR(got.low, low.empty() ? 0 : std::stod(low), 1e-10);
    EXPECT_NEAR(got.high, std::stod(table.at(i, "uppercl")), 1e-10);
    ++checked;
  }
  EXPECT_EQ(checked, 7);
}

// Garwood's well-known limits for small counts.
TEST(CountIntervalTest, AgreesWithTablesOfExactLimits) {
  EXPECT_EQ(ExactCountInterval(0).low, 0);
  EXPECT_NEAR(ExactCountInterval(0).high, 3.689, 5e-4);
  EXPECT_NEAR(ExactCountInterval(1).low, 0.0253, 5e-5);
  EXPECT_NEAR(ExactCountInterval(1).high, 5.572, 5e-4);
  EXPECT_NEAR(ExactCountInterval(10).low, 4.795, 5e-4);
  EXPECT_NEAR(ExactCountInterval(10).high, 18.390, 5e-4);
}

TEST(CountIntervalTest, ByarIsCloseToExactFromTenEventsOn) {
  for (const double events : {10.0, 25.0, 100.0, 2'500.0}) {
    for (const Level& level : {kLevel95, kLevel998}) {
      const Interval exact = ExactCountInterval(events, level);
      const Interval byar = ByarCountInterval(events, level);
      EXPECT_NEAR(byar.low / exact.low, 1, 0.015) << events;
      EXPECT_NEAR(byar.high / exact.high, 1, 0.003) << events;
    }
  }
}

TEST(CountIntervalTest, HasNoLowerLimitWithoutEvents) {
  EXPECT_EQ(ByarCountInterval(0).low, 0);
  EXPECT_GT(ByarCountInterval(0).high, 3);
  EXPECT_EQ(CountInterval(0), ExactCountInterval(0));
}

}  // namespace
}  // namespace steelyard::statistics
