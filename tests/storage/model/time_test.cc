#include "storage/model/time.h"

#include <gtest/gtest.h>

namespace steelyard::model {
namespace {

TEST(DayTest, RefusesDaysThatAreNot) {
  EXPECT_EQ(Day::FromYmd(2023, 2, 29), std::nullopt);
  EXPECT_EQ(Day::FromYmd(2020, 13, 1), std::nullopt);
  EXPECT_EQ(Day::FromYmd(0, 1, 1), std::nullopt);
  EXPECT_EQ(Day::FromYmd(9999, 1, 1), std::nullopt);
  EXPECT_TRUE(Day::FromYmd(2024, 2, 29).has_value());
}

TEST(DayTest, CountsFromTheEpoch) {
  EXPECT_EQ(Day::FromYmd(1970, 1, 1)->number, 0);
  EXPECT_EQ(Day::FromYmd(2020, 4, 1)->number, 18353);
  EXPECT_EQ(Day{18353}.ToString(), "2020-04-01");
}

TEST(MonthTest, KnowsItsQuarterAndYear) {
  const Month may = *Month::FromYm(2020, 5);
  EXPECT_EQ(may.number, 244);
  EXPECT_EQ(Month::Of(*Day::FromYmd(2020, 5, 31)), may);
  EXPECT_EQ(may.QuarterStart().ToString(), "2020-04");
  EXPECT_EQ(may.YearStart().ToString(), "2020-01");
  EXPECT_EQ(may.Plus(8).ToString(), "2021-01");
}

TEST(PeriodTest, ContainsAndOverlaps) {
  const Period year{*Month::FromYm(2020, 1), *Month::FromYm(2020, 12)};
  EXPECT_EQ(year.months(), 12);
  EXPECT_TRUE(year.Contains(*Month::FromYm(2020, 12)));
  EXPECT_FALSE(year.Contains(*Month::FromYm(2021, 1)));
  EXPECT_TRUE(year.Overlaps({*Month::FromYm(2020, 12), *Month::FromYm(2021, 2)}));
  EXPECT_EQ(year.ToString(), "2020-01..2020-12");
}

}  // namespace
}  // namespace steelyard::model
