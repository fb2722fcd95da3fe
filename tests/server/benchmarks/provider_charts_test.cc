#include "server/benchmarks/provider_charts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/benchmarks/outcome_country.h"

namespace steelyard::benchmarks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Ten ratings in one measure with this sum of scores (0 to 30).
QuarterRatings Rated(model::Month quarter, int score_sum) {
  QuarterRatings cell{Quarters(quarter, quarter), {}};
  editions::RatingCounts counts;
  counts.councils = 10;
  counts.by_level = {score_sum / 3, 0, score_sum % 3, 10 - score_sum / 3 - score_sum % 3, 0};
  cell.ratings[2] = counts;
  return cell;
}

std::vector<v1::MeasureChart> Draw(const std::vector<QuarterRatings>& cells) {
  google::protobuf::RepeatedPtrField<v1::MeasureChart> charts;
  AddCharts(cells, &charts);
  return {charts.begin(), charts.end()};
}

TEST(ProviderChartsTest, LimitsAreThoseOfMovingRanges) {
  std::vector<QuarterRatings> cells;
  const int sums[] = {20, 22, 20, 22, 20, 22, 20, 22, 20, 28};
  for (int i = 0; i < 10; ++i) cells.push_back(Rated(Q(2022, 1).Plus(3 * i), sums[i]));
  const auto charts = Draw(cells);
  ASSERT_EQ(charts.size(), 1u);
  const v1::MeasureChart& chart = charts[0];
  EXPECT_EQ(chart.measure(), "measures/education");
  EXPECT_EQ(chart.score_map(), "even-steps-1");
  // Mean 21.6 / 10; ranges eight of 0.2 and one of 0.8, which the screen drops
  // as it is over 3.267 times their mean of 0.2667: no, 0.871; it stays.
  EXPECT_EQ(chart.mean(), 2.16);
  EXPECT_NEAR(chart.upper_limit(), 2.16 + 2.66 * 2.4 / 9, 0.0005);
  EXPECT_NEAR(chart.lower_limit(), 2.16 - 2.66 * 2.4 / 9, 0.0005);
  EXPECT_TRUE(chart.trial_limits());
  ASSERT_EQ(chart.points_size(), 10);
  EXPECT_THAT(chart.points(0).signals(), IsEmpty());
  EXPECT_EQ(chart.points(9).score(), 2.8);
  EXPECT_EQ(chart.points(9).from_quarter().year(), 2024);
  EXPECT_EQ(chart.points(9).from_quarter().quarter(), 2);
  EXPECT_THAT(chart.points(9).signals(), IsEmpty());
  EXPECT_EQ(chart.status().word(), "common cause");
}

TEST(ProviderChartsTest, SignalsAreNamed) {
  std::vector<QuarterRatings> cells;
  const int sums[] = {20, 21, 20, 21, 20, 21, 20, 21, 20, 21, 20, 21, 20, 30};
  for (int i = 0; i < 14; ++i) cells.push_back(Rated(Q(2020, 1).Plus(3 * i), sums[i]));
  const auto charts = Draw(cells);
  EXPECT_FALSE(charts[0].trial_limits());
  EXPECT_THAT(charts[0].points(13).signals(), ElementsAre("outside-limits"));
  EXPECT_EQ(charts[0].status().word(), "special cause: better");
}

TEST(ProviderChartsTest, AGapBeginsAnew) {
  std::vector<QuarterRatings> cells;
  for (int i = 0; i < 12; ++i) {
    if (i == 5) {
      cells.push_back({Quarters(Q(2020, 1).Plus(15), Q(2020, 1).Plus(15)), {}});
    } else {
      cells.push_back(Rated(Q(2020, 1).Plus(3 * i), 20));
    }
  }
  const auto charts = Draw(cells);
  ASSERT_EQ(charts.size(), 1u);
  EXPECT_EQ(charts[0].points_size(), 6);
  cells.resize(10);
  EXPECT_THAT(Draw(cells), IsEmpty()) << "four points make no chart";
}

}  // namespace
}  // namespace steelyard::benchmarks
