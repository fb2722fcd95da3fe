#include "client/cli/outcome_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using v1::OutcomeReport;

class OutcomeFieldsTest : public ::testing::Test {
 protected:
  absl::Status Set(const std::string& assignment) {
    return SetOutcomeField(assignment, report_, mask_);
  }
  OutcomeReport report_;
  google::protobuf::FieldMask mask_;
};

TEST_F(OutcomeFieldsTest, SetsAmountsCountsAndWords) {
  for (const char* text :
       {"placements=12", "spend=640000.50", "weekly-fee=4,500", "nearest-offer-km=31.5",
        "no-alternative=yes", "intention=bring in-house", "priorities=extras; fee-transparency"}) {
    EXPECT_TRUE(Set(text).ok()) << text;
  }
  EXPECT_EQ(report_.placements(), 12);
  EXPECT_EQ(report_.spend_micros(), 640'000'500'000);
  EXPECT_EQ(report_.weekly_fee_micros(), 4'500'000'000);
  EXPECT_EQ(report_.nearest_offer_meters(), 31'500);
  EXPECT_TRUE(report_.no_alternative());
  EXPECT_EQ(report_.intention(), OutcomeReport::BRING_IN_HOUSE);
  EXPECT_THAT(report_.priorities(), ElementsAre("extras", "fee-transparency"));
  EXPECT_THAT(mask_.paths(),
              ElementsAre("placements", "spend_micros", "weekly_fee_micros", "nearest_offer_meters",
                          "no_alternative", "intention", "priorities"));
}

TEST_F(OutcomeFieldsTest, OneRatingIsSetOrTakenAwayAndTheOthersStay) {
  for (const char* measure : {"measures/health", "measures/voice"}) {
    auto* rating = report_.add_ratings();
    rating->set_measure(measure);
    rating->set_level(OutcomeReport::GOOD);
  }
  EXPECT_TRUE(Set("rating:health=Inadequate").ok());
  EXPECT_TRUE(Set("rating:value=Good").ok());
  EXPECT_TRUE(Set("rating:voice=").ok());
  ASSERT_THAT(report_.ratings(), SizeIs(2));
  EXPECT_EQ(report_.ratings(0).level(), OutcomeReport::INADEQUATE);
  EXPECT_EQ(report_.ratings(1).measure(), "value");
  EXPECT_THAT(mask_.paths(), ElementsAre("ratings"));
}

TEST_F(OutcomeFieldsTest, AnEmptyValueTakesTheFieldAway) {
  report_.set_spend_micros(5);
  EXPECT_TRUE(Set("spend=").ok());
  EXPECT_FALSE(report_.has_spend_micros());
  EXPECT_THAT(mask_.paths(), ElementsAre("spend_micros"));
}

TEST_F(OutcomeFieldsTest, WhatIsWrongIsSaidInWords) {
  EXPECT_THAT(std::string(Set("fee=3").message()), HasSubstr("sets no field; write FIELD=VALUE"));
  EXPECT_THAT(std::string(Set("spend").message()), HasSubstr("weekly-fee"));
  EXPECT_THAT(std::string(Set("placements=a dozen").message()),
              HasSubstr("placements: 'a dozen' "));
  EXPECT_THAT(std::string(Set("rating:health=Outstanding").message()),
              HasSubstr("rating:health: 'Outstanding' is not a level of the scale"));
  EXPECT_THAT(report_.ratings(), IsEmpty());
}

}  // namespace
}  // namespace steelyard::cli
