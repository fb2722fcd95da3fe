#include "server/statistics/proportion.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/acceptance/files.h"

namespace steelyard::statistics {
namespace {

using acceptance::Csv;

std::string Vectors() { return acceptance::DataFolder() + "test_vectors/proportions/"; }

TEST(WilsonIntervalTest, AgreesWithNewcombesExample) {
  const Interval got = WilsonInterval(81, 263);
  EXPECT_NEAR(got.low, .25529, 5e-6);
  EXPECT_NEAR(got.high, .36621, 5e-6);
}

TEST(WilsonIntervalTest, AgreesWithThePublishedTable) {
  if (acceptance::DataFolder().empty()) GTEST_SKIP() << "no published vectors beside the tree";
  const Csv table(acceptance::ReadWhole(Vectors() + "phe_proportion_wilson.csv"));
  int checked = 0;
  for (size_t i = 0; i < table.rows(); ++i) {
    const std::string& events = table.at(i, "Numerator");
    const std::string& trials = table.at(i, "Denominator");
    if (events.empty() || trials.empty()) continue;
    const double scale = std::stod(table.at(i, "multiplier"));
    const auto expect = [&](const Interval& got, const char* low, const char* high) {
      EXPECT_NEAR(got.low * scale, std::stod(table.at(i, low)), 1e-12 * scale) << i;
      EXPECT_NEAR(got.high * scale, std::stod(table.at(i, high)), 1e-12 * scale) << i;
    };
    const double x = std::stod(events);
    const double n = std::stod(trials);
    expect(WilsonInterval(x, n), "lower95_0cl", "upper95_0cl");
    expect(WilsonInterval(x, n, kZ998), "lower99_8cl", "upper99_8cl");
    ++checked;
  }
  EXPECT_EQ(checked, 16);
}

TEST(WilsonIntervalTest, AgreesWithThePublishedTableOfTwoMethods) {
  if (acceptance::DataFolder().empty()) GTEST_SKIP() << "no published vectors beside the tree";
  const Csv table(acceptance::ReadWhole(Vectors() + "phe_byars_wilson.csv"));
  int checked = 0;
  for (size_t i = 0; i < table.rows(); ++i) {
    if (table.at(i, "method") != "Wilson") continue;
    const double z = table.at(i, "confidence") == "95%" ? kZ95 : kZ998;
    const Interval got =
        WilsonInterval(std::stod(table.at(i, "x")), std::stod(table.at(i, "n")), z);
    EXPECT_NEAR(got.low, std::stod(table.at(i, "lowercl")), 1e-12);
    EXPECT_NEAR(got.high, std::stod(table.at(i, "uppercl")), 1e-12);
    ++checked;
  }
  EXPECT_EQ(checked, 6);
}

TEST(WilsonIntervalTest, KnowsNothingWithoutTrials) {
  EXPECT_EQ(WilsonInterval(0, 0), (Interval{0, 1}));
}

TEST(WilsonIntervalTest, StaysWithinNoneAndAll) {
  EXPECT_EQ(WilsonInterval(0, 7).low, 0);
  EXPECT_GT(WilsonInterval(0, 7).high, 0.3);
  EXPECT_EQ(WilsonInterval(7, 7).high, 1);
  EXPECT_LT(WilsonInterval(7, 7).low, 0.7);
}

}  // namespace
}  // namespace steelyard::statistics
