#include "server/benchmarks/position.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::benchmarks {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::vector<model::PurchaseFact> Lines(std::vector<std::pair<int64_t, int64_t>> units_and_prices) {
  std::vector<model::PurchaseFact> lines;
  for (const auto& [units, price] : units_and_prices) {
    model::PurchaseFact fact;
    fact.units = units;
    fact.unit_price_micros = price;
    fact.spend_micros = units * price;
    lines.push_back(fact);
  }
  return lines;
}

class PositionTest : public ::testing::Test {
 protected:
  PositionTest() {
    for (int i = 0; i < 20; ++i) cell_.council_means.push_back(100'000 + i * 10'000);
    shown_.mutable_line_quantiles()->set_p10_micros(110'000);
    shown_.mutable_line_quantiles()->set_p50_micros(150'000);
    shown_.mutable_council_quantiles()->set_p50_micros(195'000);
  }
  v1::OwnFigures Own(const std::vector<model::PurchaseFact>& lines, bool available = true) {
    v1::OwnFigures own;
    cell_.available = available;
    cell_.least = 5;
    SetOwnFigures(lines, cell_, available ? &shown_ : nullptr, model::Policy(),
                  model::Currency::Gbp(), &own);
    return own;
  }

  AnswerCell cell_;
  v1::PriceFigures shown_;
};

// METHODS T18: target 11p, 1,000 units at 15p save 40 pounds.
TEST_F(PositionTest, SavesByTheLineAndNeverLessThanNothing) {
  EXPECT_EQ(Own(Lines({{1000, 150'000}})).saving_to_p10_micros(), 40'000'000);
  EXPECT_EQ(Own(Lines({{1000, 100'000}})).saving_to_p10_micros(), 0);
  // The cheap line does not pay for the dear one.
  EXPECT_EQ(Own(Lines({{1000, 150'000}, {1000, 10'000}})).saving_to_p10_micros(), 40'000'000);
}

TEST_F(PositionTest, MeanGapAndRank) {
  const v1::OwnFigures own = Own(Lines({{1000, 200'000}, {3000, 220'000}}));
  EXPECT_EQ(own.lines(), 2);
  EXPECT_EQ(own.units(), 4000);
  EXPECT_EQ(own.mean_unit_price_micros(), 215'000);
  EXPECT_EQ(own.gap_to_median_micros(), 20'000);
  EXPECT_EQ(own.percentile_rank(), 60);  // 12 of 20 pay less
  EXPECT_THAT(own.advice(), AllOf(HasSubstr("You pay 10% more than the median council"),
                                  HasSubstr("price of the median line: had none of your lines cost "
                                            "more, you would have saved £260.00")));
}

TEST_F(PositionTest, TheAdviceIsRoundedAsTotalsAreShown) {
  EXPECT_THAT(Own(Lines({{100'000, 215'000}})).advice(), HasSubstr("would have saved £6,500."));
}

TEST_F(PositionTest, NoRankNearTheEnds) {
  EXPECT_FALSE(Own(Lines({{1000, 130'000}})).has_percentile_rank());
  EXPECT_FALSE(Own(Lines({{1000, 270'000}})).has_percentile_rank());
}

TEST_F(PositionTest, OwnFiguresStandAlone) {
  const v1::OwnFigures own = Own(Lines({{1000, 200'000}}), false);
  EXPECT_EQ(own.spend_micros(), 200'000'000);
  EXPECT_FALSE(own.has_gap_to_median_micros());
  EXPECT_THAT(own.advice(), HasSubstr("too few councils"));
  EXPECT_THAT(Own({}).advice(), HasSubstr("no lines"));
}

}  // namespace
}  // namespace steelyard::benchmarks
