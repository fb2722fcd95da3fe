#include "client/cli/words.h"

#include <cstdint>
#include <limits>

#include "gtest/gtest.h"

namespace steelyard::cli {
namespace {

v1::Month MakeMonth(int year, int month) {
  v1::Month result;
  result.set_year(year);
  result.set_month(month);
  return result;
}

TEST(WordsTest, CountsAreGroupedInThousands) {
  EXPECT_EQ(CountWords(0), "0");
  EXPECT_EQ(CountWords(999), "999");
  EXPECT_EQ(CountWords(1'000), "1,000");
  EXPECT_EQ(CountWords(-1'234'567), "-1,234,567");
  EXPECT_EQ(CountWords(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(CountOf(1, "line", "lines"), "1 line");
  EXPECT_EQ(CountOf(2'000, "line", "lines"), "2,000 lines");
}

TEST(WordsTest, MoneyIsRoundedToTheDecimalsAskedFor) {
  EXPECT_EQ(MoneyWords(41'234, "GBP", 4), "£0.0412");
  EXPECT_EQ(MoneyWords(41'250, "GBP", 4), "£0.0413");
  EXPECT_EQ(MoneyWords(1'234'567'890'000, "EUR", 0), "€1,234,568");
  EXPECT_EQ(MoneyWords(-12'000'000, "", 2), "-£12.00");
  EXPECT_EQ(MoneyWords(-10, "GBP", 2), "£0.00");
  EXPECT_EQ(MoneyWords(999'999, "USD", 2), "$1.00");
  EXPECT_EQ(MoneyWords(3'500'000, "CHF", 2), "CHF 3.50");
  EXPECT_EQ(MoneyWords(1, "GBP", 6), "£0.000001");
  EXPECT_EQ(MoneyWords(std::numeric_limits<int64_t>::max(), "GBP", 0), "£9,223,372,036,855");
}

TEST(WordsTest, PricesShowThreeFiguresOfTheSmallest) {
  EXPECT_EQ(PriceDecimals({41'234}), 4);
  EXPECT_EQ(PriceDecimals({390'000, 41'234}), 4);
  EXPECT_EQ(PriceDecimals({390'000}), 3);
  EXPECT_EQ(PriceDecimals({2'500'000, 0}), 2);
  EXPECT_EQ(PriceDecimals({12}), 6);
  EXPECT_EQ(PriceDecimals({}), 2);
}

TEST(WordsTest, RawAmountsAreExact) {
  EXPECT_EQ(RawAmount(41'200), "0.0412");
  EXPECT_EQ(RawAmount(12'000'000), "12.00");
  EXPECT_EQ(RawAmount(-500'001), "-0.500001");
  EXPECT_EQ(RawNumber(0.5), "0.5");
  EXPECT_EQ(RawNumber(3), "3");
}

TEST(WordsTest, PeriodsSayNoMoreThanNeeded) {
  EXPECT_EQ(PeriodWords(MakeMonth(2020, 4), MakeMonth(2020, 4)), "Apr 2020");
  EXPECT_EQ(PeriodWords(MakeMonth(2020, 4), MakeMonth(2020, 6)), "Apr–Jun 2020");
  EXPECT_EQ(PeriodWords(MakeMonth(2020, 11), MakeMonth(2021, 1)), "Nov 2020–Jan 2021");
  EXPECT_EQ(RawMonth(MakeMonth(2020, 4)), "2020-04");
}

TEST(WordsTest, QuartersSayNoMoreThanNeeded) {
  const auto quarter = [](int year, int number) {
    v1::Quarter q;
    q.set_year(year);
    q.set_quarter(number);
    return q;
  };
  EXPECT_EQ(QuarterWords(quarter(2022, 1), quarter(2022, 1)), "Q1 2022");
  EXPECT_EQ(QuarterWords(quarter(2022, 1), quarter(2022, 3)), "Q1–Q3 2022");
  EXPECT_EQ(QuarterWords(quarter(2022, 4), quarter(2023, 1)), "Q4 2022–Q1 2023");
  EXPECT_EQ(RawQuarter(quarter(2022, 4)), "2022-Q4");
}

TEST(WordsTest, DatesAndTimes) {
  google::type::Date date;
  EXPECT_EQ(DateWords(date), kNone);
  EXPECT_EQ(RawDate(date), "");
  date.set_year(2020);
  date.set_month(4);
  date.set_day(3);
  EXPECT_EQ(DateWords(date), "3 Apr 2020");
  EXPECT_EQ(RawDate(date), "2020-04-03");
  google::protobuf::Timestamp time;
  EXPECT_EQ(TimeWords(time), kNone);
  time.set_seconds(1'585'922'700);
  EXPECT_EQ(TimeWords(time), "3 Apr 2020 14:05 UTC");
  EXPECT_EQ(RawTime(time), "2020-04-03T14:05:00Z");
}

TEST(WordsTest, SmallThings) {
  EXPECT_EQ(LastPart("councils/ken/submissions/7"), "7");
  EXPECT_EQ(LastPart("ken"), "ken");
  EXPECT_EQ(BytesWords(1), "1 byte");
  EXPECT_EQ(BytesWords(3 * 512 * 1024), "1.5 MiB");
  EXPECT_EQ(EnumWords("WRONG_PRODUCT"), "wrong product");
  EXPECT_EQ(PercentWords(0.9421), "94.2%");
}

}  // namespace
}  // namespace steelyard::cli
