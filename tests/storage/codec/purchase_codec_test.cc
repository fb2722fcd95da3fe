#include "storage/codec/purchase_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using ::steelyard::testing::StatusIs;

model::PurchaseContent Full() {
  model::PurchaseContent c;
  c.product.value = 7;
  c.supplier.value = 300;
  c.order_date = *model::Day::FromYmd(2020, 4, 1);
  c.packs = 10;
  c.pack_content = 50;
  c.pack_price_micros = 25'000'000;
  c.vat_basis_points = 2000;
  c.freight_micros = 5'000'000;
  c.promised_date = *model::Day::FromYmd(2020, 4, 10);
  c.deliveries = {{*model::Day::FromYmd(2020, 4, 8), 6}, {*model::Day::FromYmd(2020, 4, 12), 4}};
  c.accepted_packs = 9;
  c.rejected_packs = 1;
  c.reject_reason = model::RejectReason::kDamaged;
  c.standard = "EN 14683 type IIR";
  c.certificate = "CE-1";
  c.country_of_manufacture = "GB";
  c.made_in_uk = true;
  c.price_confirmed = true;
  return c;
}

model::PurchaseContent Bare() {
  model::PurchaseContent c;
  c.product.value = 1;
  c.supplier.value = 1;
  c.order_date = *model::Day::FromYmd(2020, 4, 1);
  c.packs = c.pack_content = c.pack_price_micros = 1;
  return c;
}

// Frozen: a change here is a change of the format on disk.
TEST(PurchaseCodecTest, GoldenBytes) {
  EXPECT_EQ(HexOf(EncodeContent(Bare())),
            "000101e29e0201"
            "01"
            "01"
            "1c50");
  EXPECT_EQ(HexOf(EncodeContent(Full())),
            "ff3f07ac02e29e020a32c0f0f50b1c50d00fc096b10212020e06160409010211454e203134"
            "36383320747970652049495204"
            "43452d31"
            "02"
            "4742");
}

TEST(PurchaseCodecTest, ContentComesBack) {
  for (const model::PurchaseContent& c : {Full(), Bare()}) {
    ASSERT_OK_AND_ASSIGN(model::PurchaseContent back, DecodeContent(EncodeContent(c)));
    EXPECT_EQ(back, c);
  }
}

TEST(PurchaseCodecTest, TruncatedContentIsDataLoss) {
  const std::string bytes = EncodeContent(Full());
  for (size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_THAT(DecodeContent(std::string_view(bytes).substr(0, n)),
                StatusIs(absl::StatusCode::kDataLoss))
        << n;
  }
}

TEST(PurchaseCodecTest, FactComesBackWithoutWhatTheKeyHolds) {
  model::PurchaseFact fact = FactOf(Full(), *model::Day::FromYmd(2020, 5, 1));
  fact.sequence = 99;
  model::PurchaseFact back;
  back.month = fact.month;
  ASSERT_OK(DecodeFact(EncodeFact(fact), back));
  EXPECT_EQ(back, fact);
  EXPECT_LE(EncodeFact(fact).size(), 32u);
  EXPECT_THAT(DecodeFact("\x01", back), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace steelyard::codec
