#include "storage/codec/outcome_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using model::Level;
using ::steelyard::testing::StatusIs;

model::OutcomeContent Full() {
  model::OutcomeContent c;
  c.provider.value = 300;
  c.service = model::Service::kFostering;
  c.quarter = *model::Month::FromYm(2024, 10);
  c.placements = 12;
  c.ratings = {Level::kGood,
               Level::kApproachingTarget,
               Level::kRequiresImprovement,
               Level::kNone,
               Level::kInadequate,
               Level::kOther,
               Level::kGood,
               Level::kGood};
  c.spend_micros = 1'000'000'000;
  c.weekly_fee_micros = 6'400'000'000;
  c.weekly_extras_micros = 0;
  c.unplanned_endings = 1;
  c.referrals = 20;
  c.offers = 9;
  c.nearest_offer_meters = 34'500;
  c.no_alternative = true;
  c.intention = model::Intention::kMoveToSmallerLocal;
  c.priorities = {3, 1, 14};
  return c;
}

model::OutcomeContent Bare() {
  model::OutcomeContent c;
  c.provider.value = 1;
  c.quarter = *model::Month::FromYm(2000, 1);
  return c;
}

// Frozen: a change here is a change of the format on disk.
TEST(OutcomeCodecTest, GoldenBytes) {
  EXPECT_EQ(HexOf(EncodeContent(Bare())), "00010100001c50000000");
  EXPECT_EQ(HexOf(EncodeContent(Full())),
            "ff03ac0202d2040c1c50"
            "0700010102020304040505"
            "06010701"
            "8094ebdc038080e1eb17000114"
            "09c48d02"
            "030303010e");
  model::OutcomeFact fact = FactOf(Full());
  fact.sequence = 77;
  EXPECT_EQ(HexOf(EncodeFact(fact)),
            "ff03ac024d0c"
            "0700010102020304040505"
            "06010701"
            "8094ebdc038080e1eb17000114"
            "09c48d02"
            "030303010e");
}

TEST(OutcomeCodecTest, ContentComesBack) {
  for (const model::OutcomeContent& c : {Full(), Bare()}) {
    ASSERT_OK_AND_ASSIGN(model::OutcomeContent back, DecodeOutcomeContent(EncodeContent(c)));
    EXPECT_EQ(back, c);
  }
  model::OutcomeContent alternative = Bare();
  alternative.no_alternative = false;
  ASSERT_OK_AND_ASSIGN(model::OutcomeContent back,
                       DecodeOutcomeContent(EncodeContent(alternative)));
  EXPECT_EQ(back, alternative);
}

TEST(OutcomeCodecTest, WhatNoEncoderWroteIsDataLoss) {
  const std::string bytes = EncodeContent(Full());
  for (size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_THAT(DecodeOutcomeContent(std::string_view(bytes).substr(0, n)),
                StatusIs(absl::StatusCode::kDataLoss))
        << n;
  }
  EXPECT_THAT(DecodeOutcomeContent(bytes + "x"), StatusIs(absl::StatusCode::kDataLoss));
  auto bare = [](size_t at, char byte) {
    std::string changed = EncodeContent(Bare());
    changed[at] = byte;
    return DecodeOutcomeContent(changed);
  };
  EXPECT_THAT(bare(2, 0), StatusIs(absl::StatusCode::kDataLoss)) << "no such service";
  EXPECT_THAT(bare(2, 99), StatusIs(absl::StatusCode::kDataLoss)) << "no such service";
  EXPECT_THAT(bare(3, 2), StatusIs(absl::StatusCode::kDataLoss)) << "February begins no quarter";
  EXPECT_THAT(bare(3, 1), StatusIs(absl::StatusCode::kDataLoss)) << "before 2000";
  EXPECT_THAT(bare(8, 6), StatusIs(absl::StatusCode::kDataLoss)) << "no such intention";
}

TEST(OutcomeCodecTest, FactComesBackWithoutWhatTheKeyHolds) {
  for (const model::OutcomeContent& c : {Full(), Bare()}) {
    model::OutcomeFact fact = FactOf(c);
    fact.sequence = 99;
    model::OutcomeFact back;
    back.service = fact.service;
    back.quarter = fact.quarter;
    ASSERT_OK(DecodeFact(EncodeFact(fact), back));
    EXPECT_EQ(back, fact);
  }
  model::OutcomeFact back;
  EXPECT_THAT(DecodeFact("\x01", back), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace steelyard::codec
