#include "client/cli/parse.h"

#include "client/cli/session.h"
#include "client/cli/words.h"
#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::cli {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Period(const std::string& text) {
  const auto period = ParsePeriod(text);
  if (!period.ok()) return std::string(period.status().message());
  return RawMonth(period->first) + " to " + RawMonth(period->second);
}

TEST(ParsePeriodTest, TakesYearsQuartersMonthsAndRanges) {
  EXPECT_EQ(Period("2020"), "2020-01 to 2020-12");
  EXPECT_EQ(Period("2020-Q2"), "2020-04 to 2020-06");
  EXPECT_EQ(Period("2020-04"), "2020-04 to 2020-04");
  EXPECT_EQ(Period("2020-04..2021-03"), "2020-04 to 2021-03");
  EXPECT_EQ(Period("2019..2020-Q1"), "2019-01 to 2020-03");
}

TEST(ParsePeriodTest, RefusesTheRest) {
  for (const char* text :
       {"", "20", "2020-13", "2020-Q5", "2020-4", "April 2020", "1999", "2020.."}) {
    EXPECT_THAT(Period(text), HasSubstr("is not a period")) << text;
  }
  EXPECT_EQ(Period("2021..2020"), "ends before it begins");
}

TEST(ParseQuartersTest, TakesWholeQuartersOnly) {
  const auto quarters = [](const std::string& text) {
    const auto parsed = ParseQuarters(text);
    if (!parsed.ok()) return std::string(parsed.status().message());
    return RawQuarter(parsed->first) + " to " + RawQuarter(parsed->second);
  };
  EXPECT_EQ(quarters("2022-Q1..2024-Q4"), "2022-Q1 to 2024-Q4");
  EXPECT_EQ(quarters("2022"), "2022-Q1 to 2022-Q4");
  EXPECT_EQ(quarters("2022-04..2022-09"), "2022-Q2 to 2022-Q3");
  for (const char* text : {"", "2022-04", "2022-Q5", "2024-Q1..2022-Q1", "2022-Q1..2022-05"}) {
    EXPECT_THAT(quarters(text), HasSubstr("is not a time of whole quarters")) << text;
  }
  EXPECT_EQ(RawQuarter(*ParseQuarter("2022-q3")), "2022-Q3");
  EXPECT_THAT(ParseQuarter("2022"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ParsePercentTest, TakesHundredthsOfAPercent) {
  EXPECT_EQ(*ParsePercent("7.5%"), 750);
  EXPECT_EQ(*ParsePercent("7.25"), 725);
  EXPECT_EQ(*ParsePercent("12"), 1200);
  for (const char* text : {"", "%", "seven", "7.555", "7,5,5"}) {
    EXPECT_THAT(ParsePercent(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(ParseDateTest, TakesDaysOfTheCalendarOnly) {
  EXPECT_EQ(RawDate(*ParseDate("2020-02-29")), "2020-02-29");
  for (const char* text : {"2021-02-29", "2020-00-10", "29/02/2020", "", "20200229", "2020-02"}) {
    EXPECT_THAT(ParseDate(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(ParseAssignmentTest, SetsFieldsExactlyAndNamesThemInTheMask) {
  v1::Purchase purchase;
  google::protobuf::FieldMask mask;
  ASSERT_OK(ParseAssignment("pack_price=12.345678", purchase, mask));
  ASSERT_OK(ParseAssignment("vat_rate=17.5", purchase, mask));
  ASSERT_OK(ParseAssignment("reject_reason=wrong product", purchase, mask));
  ASSERT_OK(ParseAssignment("deliveries=2020-04-03:100;2020-04-09:50", purchase, mask));
  EXPECT_EQ(purchase.pack_price_micros(), 12'345'678);
  EXPECT_EQ(purchase.vat_rate_basis_points(), 1'750);
  EXPECT_EQ(purchase.quality().reject_reason(), v1::Quality::WRONG_PRODUCT);
  ASSERT_EQ(purchase.deliveries_size(), 2);
  EXPECT_EQ(purchase.deliveries(1).packs(), 50);
  EXPECT_THAT(mask.paths(), ElementsAre("pack_price_micros", "vat_rate_basis_points",
                                        "quality.reject_reason", "deliveries"));
}

TEST(ParseAssignmentTest, EveryPathIsAFieldOfAPurchase) {
  for (const std::string field :
       {"product", "supplier", "order_date", "packs", "pack_content", "pack_price", "currency",
        "vat_rate", "freight", "promised_date", "deliveries", "accepted_packs", "rejected_packs",
        "reject_reason", "standard", "certificate", "country_of_manufacture", "made_in_uk",
        "price_confirmed"}) {
    v1::Purchase purchase;
    google::protobuf::FieldMask mask;
    ASSERT_OK(ParseAssignment(field + "=", purchase, mask)) << field;
    const google::protobuf::Descriptor* type = v1::Purchase::descriptor();
    std::string path = mask.paths(0);
    if (path.rfind("quality.", 0) == 0) {
      type = v1::Quality::descriptor();
      path.erase(0, 8);
    }
    EXPECT_NE(type->FindFieldByName(path), nullptr) << path;
    EXPECT_THAT(FieldsToSet(), HasSubstr(field));
  }
}

TEST(ParseAssignmentTest, SaysWhatIsWrong) {
  v1::Purchase purchase;
  google::protobuf::FieldMask mask;
  EXPECT_THAT(ParseAssignment("colour=blue", purchase, mask),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("one of accepted_packs")));
  EXPECT_THAT(ParseAssignment("packs", purchase, mask),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("FIELD=VALUE")));
  EXPECT_THAT(ParseAssignment("packs=1.5", purchase, mask),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("packs: '1.5'")));
  EXPECT_THAT(ParseAssignment("made_in_uk=perhaps", purchase, mask),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'perhaps'")));
}

TEST(PurchaseNameTest, EncodesWhatIsNotPlain) {
  EXPECT_EQ(PurchaseName("councils/ken", "PO 12/3~b.£"),
            "councils/ken/purchases/PO%2012%2F3~b.%C2%A3");
  EXPECT_EQ(PurchaseName("", "councils/ken/purchases/a%2F"), "councils/ken/purchases/a%2F");
  EXPECT_EQ(ResourceName("products", "glove"), "products/glove");
  EXPECT_EQ(ResourceName("products", "products/glove"), "products/glove");
}

}  // namespace
}  // namespace steelyard::cli
