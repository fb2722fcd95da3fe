#include "client/import/numbers.h"

#include <limits>

#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

const NumberStyle kPoint;
const NumberStyle kComma = {.decimal_mark = ',', .exponents = false, .units = {}};

struct Good {
  const char* text;
  int64_t micros;
};
struct Bad {
  const char* text;
  const char* clause;
};

TEST(NumbersTest, AmountsAsPeopleWriteThem) {
  const Good kGood[] = {
      {"£4,490.00", 4'490'000'000},
      {"-£250.00", -250'000'000},
      {"£-250.00", -250'000'000},
      {"(250.00)", -250'000'000},
      {"(£250.00)", -250'000'000},
      {"250.00-", -250'000'000},
      {"\u2212"
       "3",
       -3'000'000},
      {"+7", 7'000'000},
      {"GBP 12.5", 12'500'000},
      {"12.5 EUR", 12'500'000},
      {"R$ 3", 3'000'000},
      {" 1 234.50 ", 1'234'500'000},
      {"1\u00A0"
       "234",
       1'234'000'000},
      {"1'234'567", 1'234'567'000'000},
      {".5", 500'000},
      {"5.", 5'000'000},
      {"0.000001", 1},
      {"1.50000000", 1'500'000},
      {"-0", 0},
      {"007", 7'000'000},
      {"9223372036854.775807", std::numeric_limits<int64_t>::max()},
  };
  for (const Good& good : kGood) {
    const auto value = ParseDecimal(good.text, kPoint, 6);
    ASSERT_TRUE(value.ok()) << good.text << ": " << value.status();
    EXPECT_EQ(*value, good.micros) << good.text;
  }
}

TEST(NumbersTest, DecimalCommaIsReadOnlyWhereTheProfileSaysSo) {
  const Good kGood[] = {{"1.234,56", 1'234'560'000},
                        {"1 234,50", 1'234'500'000},
                        {"1.234", 1'234'000'000},
                        {"0,075", 75'000},
                        {"-12,5 €", -12'500'000}};
  for (const Good& good : kGood) {
    EXPECT_EQ(ParseDecimal(good.text, kComma, 6).value(), good.micros) << good.text;
  }
  EXPECT_THAT(ParseDecimal("1234,5", kPoint, 6), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseDecimal("1234.5", kComma, 6), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseDecimal("1,234.56", kComma, 6), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(NumbersTest, WhatIsNoNumberIsRefusedAndNothingIsRounded) {
  const Bad kBad[] = {
      {"", "is not a number"},
      {"£", "is not a number"},
      {"-", "is not a number"},
      {".", "is not a number"},
      {"NaN", "is not a number"},
      {"Infinity", "is not a number"},
      {"-inf", "is not a number"},
      {"1e308", "scientific notation"},
      {"1E+05", "scientific notation"},
      {"0x10", "is not a number"},
      {"12abc", "is not a number"},
      {"1.2.3", "is not a number"},
      {"--5", "two signs"},
      {"(-5)", "two signs"},
      {"-5-", "two signs"},
      {"12,34", "thousands separator"},
      {"1,2345", "thousands separator"},
      {"1234,567", "thousands separator"},
      {"1,,234", "thousands separator"},
      {"1,234,", "thousands separator"},
      {"12,34,567", "thousands separator"},
      {"0.0000001", "more than 6 decimals"},
      {"0.1234565", "more than 6 decimals"},
      {"9223372036854.775808", "too large"},
      {"99999999999999999999999999999999999999999999999999", "too large"},
      {"１２", "is not a number"},
      {"5 6", "thousands separator"},
      {"####", "is not a number"},
      {"=1+1", "is not a number"},
  };
  for (const Bad& bad : kBad) {
    EXPECT_THAT(ParseDecimal(bad.text, kPoint, 6),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(bad.clause)))
        << bad.text;
  }
}

TEST(NumbersTest, RoundingIsHalfToEvenAndOnlyWhenAskedFor) {
  const Good kGood[] = {{"0.0000005", 0},        {"0.0000015", 2},   {"0.00000051", 1},
                        {"0.0000014", 1},        {"-0.0000015", -2}, {"0.0000000009", 0},
                        {"1.9999999", 2'000'000}};
  for (const Good& good : kGood) {
    EXPECT_EQ(ParseDecimal(good.text, kPoint, 6, /*round=*/true).value(), good.micros) << good.text;
  }
  EXPECT_THAT(ParseDecimal("9223372036854.7758075", kPoint, 6, true),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("too large")));
}

TEST(NumbersTest, ExponentsWhereTheProfileAllowsThem) {
  const NumberStyle style = {.decimal_mark = ',', .exponents = true, .units = {}};
  EXPECT_EQ(ParseDecimal("1e+05", style, 0).value(), 100'000);
  EXPECT_EQ(ParseDecimal("1,5E3", style, 0).value(), 1500);
  EXPECT_EQ(ParseDecimal("5e-01", style, 6).value(), 500'000);
  EXPECT_EQ(ParseDecimal("5e-06", style, 6).value(), 5);
  EXPECT_EQ(ParseDecimal("0e99", style, 6).value(), 0);
  for (const char* text : {"5e-07", "1e99", "1e", "1e+", "1e123", "1e5x"}) {
    EXPECT_FALSE(ParseDecimal(text, style, 6).ok()) << text;
  }
}

TEST(NumbersTest, PercentAsHundredthsOfAPercent) {
  EXPECT_EQ(ParsePercent("20", kPoint, false).value(), 2000);
  EXPECT_EQ(ParsePercent("20.0 %", kPoint, false).value(), 2000);
  EXPECT_EQ(ParsePercent("17.5%", kPoint, false).value(), 1750);
  EXPECT_EQ(ParsePercent("0.2", kPoint, true).value(), 2000);
  EXPECT_EQ(ParsePercent("20%", kPoint, true).value(), 2000);
  EXPECT_FALSE(ParsePercent("17.555", kPoint, false).ok());
}

TEST(NumbersTest, CountsInFiguresAndWords) {
  const NumberStyle style = {
      .decimal_mark = '.', .exponents = false, .units = {{"milheiro", 1000}, {"pair", 2}}};
  const Good kGood[] = {{"100", 100},
                        {"1,000", 1000},
                        {"19.0", 19},
                        {"box of 50", 50},
                        {"Box (100)", 100},
                        {"100 pcs.", 100},
                        {"100/box", 100},
                        {"10 x 100", 1000},
                        {"10×100 pieces", 1000},
                        {"each", 1},
                        {"2 dozen", 24},
                        {"Milheiro", 1000},
                        {"box of 50 pair", 100},
                        {"1,000 per case", 1000},
                        {"200pcs", 200}};
  for (const Good& good : kGood) {
    const auto count = ParseCount(good.text, style);
    ASSERT_TRUE(count.ok()) << good.text << ": " << count.status();
    EXPECT_EQ(*count, good.micros) << good.text;
  }
  for (const char* text : {"box", "size 8 box of 100", "box of fifty", "10 packs 50", "-5 boxes",
                           "1.5 dozen", "10.5", "", "50 x", "1e5", "99999999999 x 99999999999"}) {
    EXPECT_THAT(ParseCount(text, style), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(NumbersTest, YesAndNo) {
  for (const char* text : {"yes", "Y", "TRUE", "1"}) EXPECT_TRUE(ParseBool(text).value());
  for (const char* text : {"No", "n", "false", "0"}) EXPECT_FALSE(ParseBool(text).value());
  EXPECT_THAT(ParseBool("perhaps"),
              StatusIs(absl::StatusCode::kInvalidArgument, "is neither yes nor no"));
}

TEST(NumbersTest, DivisionIsExactOrRefused) {
  EXPECT_EQ(Divide(100, 4, false).value(), 25);
  EXPECT_FALSE(Divide(100, 3, false).ok());
  EXPECT_EQ(Divide(100, 3, true).value(), 33);
  EXPECT_EQ(Divide(5, 2, true).value(), 2);
  EXPECT_EQ(Divide(7, 2, true).value(), 4);
  EXPECT_EQ(Divide(-7, 2, true).value(), -4);
  EXPECT_FALSE(Divide(1, 0, true).ok());
  EXPECT_EQ(Divide(std::numeric_limits<int64_t>::min(), 3, true).value(), -3074457345618258603);
}

TEST(NumbersTest, MicrosAsText) {
  EXPECT_EQ(MicrosText(1'234'500'000), "1234.50");
  EXPECT_EQ(MicrosText(-1), "-0.000001");
  EXPECT_EQ(MicrosText(std::numeric_limits<int64_t>::min()), "-9223372036854.775808");
}

}  // namespace
}  // namespace steelyard::importing
