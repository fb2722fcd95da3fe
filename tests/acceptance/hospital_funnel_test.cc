// Stays in 54 hospitals, as published: how many lie beyond the limits of 99.8 %
// by chance alone and with what hospitals differ by anyway. The published
// counts are 25 and 9.

#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/statistics/funnel.h"
#include "tests/acceptance/files.h"

namespace steelyard::acceptance {
namespace {

using statistics::FunnelPoint;
using statistics::FunnelUnit;
using statistics::Position;

// The published Poisson model of a stay's days, by column.
struct Coefficient {
  const char* column;
  double value;
};
constexpr double kIntercept = 2.26875;
constexpr std::array<Coefficient, 5> kModel = {{{"hmo", -0.07637},
                                                {"died", -0.24574},
                                                {"age80", -0.02141},
                                                {"type2", 0.24921},
                                                {"type3", 0.74869}}};

// Days seen and days expected, by hospital.
std::map<std::string, FunnelUnit> Hospitals(const Csv& stays) {
  std::map<std::string, FunnelUnit> hospitals;
  for (size_t i = 0; i < stays.rows(); ++i) {
    double log_days = kIntercept;
    for (const auto& [column, value] : kModel) log_days += value * std::stod(stays.at(i, column));
    FunnelUnit& unit = hospitals[stays.at(i, "provnum")];
    unit.numerator += std::stod(stays.at(i, "los"));
    unit.denominator += std::exp(log_days);
  }
  return hospitals;
}

std::vector<FunnelUnit> Units(const std::map<std::string, FunnelUnit>& hospitals) {
  std::vector<FunnelUnit> units;
  for (const auto& [id, unit] : hospitals) units.push_back(unit);
  return units;
}

struct Counts {
  int below998 = 0, below95 = 0, within = 0, above95 = 0, above998 = 0;
  int Beyond998() const { return below998 + above998; }
};

Counts Count(const std::vector<FunnelPoint>& points, Position FunnelPoint::*position) {
  Counts counts;
  for (const FunnelPoint& point : points) {
    switch (point.*position) {
      case Position::kBelow998:
        ++counts.below998;
        break;
      case Position::kBelow95:
        ++counts.below95;
        break;
      case Position::kWithin:
        ++counts.within;
        break;
      case Position::kAbove95:
        ++counts.above95;
        break;
      case Position::kAbove998:
        ++counts.above998;
        break;
      case Position::kNoData:
        ADD_FAILURE() << "a hospital without stays";
        break;
    }
  }
  return counts;
}

void Print(const char* what, const Counts& c) {
  std::printf(
      "  %-32s %2d below 99.8 %%, %2d below 95 %%, %2d within, %2d above 95 %%, "
      "%2d above 99.8 %%: %d outliers\n",
      what, c.below998, c.below95, c.within, c.above95, c.above998, c.Beyond998());
}

TEST(HospitalFunnelTest, FindsThePublishedOutliers) {
  if (DataFolder().empty()) {
    GTEST_SKIP() << "the folder ../shared/data with published files is not here";
  }
  const Csv stays(ReadWhole(DataFolder() + "hospital_outcomes/count_medpar.csv"));
  const auto hospitals = Hospitals(stays);
  ASSERT_EQ(stays.rows(), 1495u);
  ASSERT_EQ(hospitals.size(), 54u);

  const auto funnel = statistics::RatioFunnel(Units(hospitals));
  const Counts chance = Count(funnel.points, &FunnelPoint::position);
  const Counts adjusted = Count(funnel.points, &FunnelPoint::adjusted_position);
  std::printf("%zu stays in %zu hospitals: phi %.4f, tau2 %.6f from %d of them\n", stays.rows(),
              hospitals.size(), funnel.dispersion.phi, funnel.dispersion.tau2,
              funnel.dispersion.units);
  Print("by chance alone (exact Poisson)", chance);
  Print("with over-dispersion (SHMI)", adjusted);
  EXPECT_EQ(chance.Beyond998(), 25);
  EXPECT_EQ(adjusted.Beyond998(), 9);

  // Winsorised where NHS Digital truncates, the limits are wider.
  const auto wider = statistics::RatioFunnel(Units(hospitals), statistics::Trim::kWinsorized);
  const Counts winsorized = Count(wider.points, &FunnelPoint::adjusted_position);
  Print("the same, winsorised", winsorized);
  EXPECT_GT(wider.dispersion.tau2, funnel.dispersion.tau2);
  EXPECT_LT(winsorized.Beyond998(), adjusted.Beyond998());
}

TEST(HospitalFunnelTest, ExpectsWhatThePublishedTableExpects) {
  if (DataFolder().empty()) {
    GTEST_SKIP() << "the folder ../shared/data with published files is not here";
  }
  const auto hospitals =
      Hospitals(Csv(ReadWhole(DataFolder() + "hospital_outcomes/count_medpar.csv")));
  const Csv table(ReadWhole(DataFolder() + "test_vectors/funnel/medpar_by_provider.csv"));
  ASSERT_EQ(table.rows(), hospitals.size());
  for (size_t i = 0; i < table.rows(); ++i) {
    const FunnelUnit& unit = hospitals.at(table.at(i, "provnum"));
    EXPECT_EQ(unit.numerator, std::stod(table.at(i, "observed_los_days")));
    // The coefficients are published to five places.
    EXPECT_NEAR(unit.denominator / std::stod(table.at(i, "expected_los_days")), 1, 5e-5);
  }
}

}  // namespace
}  // namespace steelyard::acceptance
