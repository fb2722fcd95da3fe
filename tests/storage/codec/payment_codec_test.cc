#include "storage/codec/payment_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using ::steelyard::testing::StatusIs;

model::Month Quarter(int year, int quarter) { return *model::Month::FromYm(year, 3 * quarter - 2); }

model::PaymentSource Full() {
  model::PaymentSource s;
  s.council.value = 300;
  s.source = "may 2016.csv";
  s.names = {{"Keys Childcare Ltd",
              "01234567",
              {{Quarter(2016, 2), 3, 1, 4'240'000'000}, {Quarter(2018, 4), 1, 1, -250'000'000}}},
             {"The Together Trust", "", {{Quarter(2000, 1), 1, 0, 1}}}};
  return s;
}

// Frozen: a change here is a change of the format on disk.
TEST(PaymentCodecTest, GoldenBytes) {
  EXPECT_EQ(HexOf(EncodePaymentSource(Full())),
            "ac020c6d617920323031362e63737602124b657973204368696c6463617265204c746408303132333435"
            "3637024103018090cacb1f0a0101ffc9b5ee01125468652054"
            "6f676574686572205472757374000100010002");
  EXPECT_EQ(HexOf(EncodeNameDecision({"Keys", "keys", "t1"})), "044b657973046b657973027431");
  EXPECT_EQ(HexOf(EncodeNameDecision({"K", "", "t1"})), "014b00027431");
}

TEST(PaymentCodecTest, ComesBackAsItWas) {
  EXPECT_EQ(*DecodePaymentSource(EncodePaymentSource(Full())), Full());
  const model::NameDecision decision{"Keys Ltd (Roy)", "", "steward"};
  EXPECT_EQ(*DecodeNameDecision(EncodeNameDecision(decision)), decision);
}

TEST(PaymentCodecTest, DamageIsFound) {
  const std::string bytes = EncodePaymentSource(Full());
  EXPECT_THAT(DecodePaymentSource(bytes + "x"), StatusIs(absl::StatusCode::kDataLoss));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodePaymentSource(std::string_view(bytes).substr(0, size)),
                StatusIs(absl::StatusCode::kDataLoss))
        << size;
  }
  EXPECT_THAT(DecodeNameDecision("\x05x"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(PaymentCodecTest, IdsAreShortTellTextsApartAndSortByCouncil) {
  EXPECT_EQ(PaymentSourceId(model::CouncilNo{7}, "a.csv"), "00007/a.csv");
  EXPECT_LT(PaymentSourceId(model::CouncilNo{7}, "z"), PaymentSourceId(model::CouncilNo{300}, "a"));
  const std::string a(150, 'n');
  const std::string b = a + "x";
  EXPECT_NE(NameDecisionId(a), NameDecisionId(b));
  EXPECT_LE(NameDecisionId(b).size(), 200u);
  EXPECT_EQ(NameDecisionId("keys"), "keys");
}

}  // namespace
}  // namespace steelyard::codec
