#include "server/registry/codes.h"

#include <gtest/gtest.h>

namespace steelyard::registry {
namespace {

TEST(CodesTest, GtinHasTheCheckDigitOfItsLength) {
  EXPECT_TRUE(IsGtin("5901234123457"));  // METHODS T19
  for (char digit = '0'; digit <= '9'; ++digit) {
    EXPECT_EQ(IsGtin(std::string("590123412345") + digit), digit == '7') << digit;
  }
  EXPECT_TRUE(IsGtin("05901234123457"));  // the same as GTIN-14
  EXPECT_TRUE(IsGtin("96385074"));        // the example of GTIN-8
  EXPECT_TRUE(IsGtin("036000291452"));    // of GTIN-12
  EXPECT_FALSE(IsGtin(""));
  EXPECT_FALSE(IsGtin("590123412345"));
  EXPECT_FALSE(IsGtin("59012341234570"));
  EXPECT_FALSE(IsGtin("590123412345x"));
  EXPECT_FALSE(IsGtin("-901234123457"));
}

TEST(CodesTest, CpvHasAFormAndUsuallyItsCheckDigit) {
  for (const char* code : {"18424300-0", "33140000-3", "18143000-3", "33741300-9", "38412000-6"}) {
    EXPECT_TRUE(IsCpv(code)) << code;
    EXPECT_TRUE(HasUsualCpvCheckDigit(code)) << code;
  }
  EXPECT_FALSE(HasUsualCpvCheckDigit("18424300-1"));
  EXPECT_TRUE(IsCpv("42100000-0"));  // in the list, with an older digit
  EXPECT_FALSE(HasUsualCpvCheckDigit("42100000-0"));
  for (const char* text : {"", "18424300", "184243000", "18424300-", "1842430o-0", "18424300-00"}) {
    EXPECT_FALSE(IsCpv(text)) << text;
  }
}

TEST(CodesTest, CompanyNumberIsEightCharacters) {
  for (const char* good :
       {"01234567", "SC123456", "NI012345", "OC300001", "R0000123", "IP12345R"}) {
    EXPECT_TRUE(IsCompanyNumber(good)) << good;
  }
  for (const char* bad :
       {"", "1234567", "012345678", "sc123456", "S1234567", "SC12345", "0123 567"}) {
    EXPECT_FALSE(IsCompanyNumber(bad)) << bad;
  }
}

TEST(CodesTest, OtherCodesHaveTheirForm) {
  EXPECT_TRUE(IsGssCode("E06000001"));
  EXPECT_FALSE(IsGssCode("E0600001"));
  EXPECT_FALSE(IsGssCode("e06000001"));
  EXPECT_TRUE(IsCountryCode("GB"));
  EXPECT_TRUE(IsCountryCode("MY"));
  EXPECT_FALSE(IsCountryCode("UK"));
  EXPECT_FALSE(IsCountryCode("gb"));
  EXPECT_FALSE(IsCountryCode("GBR"));
  EXPECT_TRUE(IsPackUnitCode("BX"));
  EXPECT_FALSE(IsPackUnitCode("CA"));  // a can, which people mean for a case
  EXPECT_FALSE(IsPackUnitCode("box"));
}

TEST(CodesTest, DaysAreWrittenInOneWay) {
  EXPECT_EQ(ParseDay("2020-02-29"), model::Day::FromYmd(2020, 2, 29));
  for (const char* bad : {"", "2023-02-29", "2020-2-29", "29/02/2020", "2020-02-29 ", "2020-13-01",
                          "+020-02-01", "0000-01-01"}) {
    EXPECT_EQ(ParseDay(bad), std::nullopt) << bad;
  }
}

TEST(CodesTest, WholeNumbersAreDigitsOnly) {
  EXPECT_EQ(ParseWhole("0"), 0);
  EXPECT_EQ(ParseWhole("9223372036854775807"), INT64_MAX);
  for (const char* bad : {"", "-1", "+1", "1.0", "1e3", " 1", "9223372036854775808", "0x10"}) {
    EXPECT_EQ(ParseWhole(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace steelyard::registry
