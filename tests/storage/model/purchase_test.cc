#include "storage/model/purchase.h"

#include <gtest/gtest.h>

namespace steelyard::model {
namespace {

PurchaseContent Boxes() {
  PurchaseContent c;
  c.order_date = *Day::FromYmd(2020, 4, 1);
  c.packs = 10;
  c.pack_content = 50;
  c.pack_price_micros = 25'000'000;
  c.promised_date = *Day::FromYmd(2020, 4, 10);
  return c;
}

TEST(PurchaseContentTest, DerivesUnitPriceRoundedHalfToEven) {
  PurchaseContent c = Boxes();
  EXPECT_EQ(c.unit_price_micros(), 500'000);
  EXPECT_EQ(c.units(), 500);
  EXPECT_EQ(c.spend_micros(), absl::int128(250'000'000));
  c.pack_content = 2;
  c.pack_price_micros = 5;  // 2.5 rounds to 2
  EXPECT_EQ(c.unit_price_micros(), 2);
  c.pack_price_micros = 7;  // 3.5 rounds to 4
  EXPECT_EQ(c.unit_price_micros(), 4);
}

TEST(PurchaseContentTest, LargestLineDoesNotOverflow) {
  PurchaseContent c = Boxes();
  c.packs = kMaxPacks;
  c.pack_content = kMaxPackContent;
  c.pack_price_micros = kMaxPackPriceMicros;
  EXPECT_EQ(c.units(), 10'000'000'000'000'000);
  EXPECT_EQ(FactOf(c, c.order_date).spend_micros, INT64_MAX);
}

TEST(FactOfTest, OnTimeInFullNeedsAllPacksByThePromiseAndNoneRejected) {
  PurchaseContent c = Boxes();
  const Day later = *Day::FromYmd(2020, 5, 1);
  c.deliveries = {{*Day::FromYmd(2020, 4, 8), 6}, {*Day::FromYmd(2020, 4, 10), 4}};
  PurchaseFact fact = FactOf(c, later);
  EXPECT_TRUE(fact.due);
  EXPECT_TRUE(fact.on_time_in_full);
  EXPECT_EQ(fact.lead_days, 7);
  EXPECT_EQ(fact.delivered_packs, 10);

  c.rejected_packs = 1;
  EXPECT_FALSE(FactOf(c, later).on_time_in_full);
  c.rejected_packs.reset();
  c.deliveries[1].date = *Day::FromYmd(2020, 4, 11);
  EXPECT_FALSE(FactOf(c, later).on_time_in_full);
}

TEST(FactOfTest, APromiseAheadIsNotDue) {
  PurchaseContent c = Boxes();
  EXPECT_FALSE(FactOf(c, *Day::FromYmd(2020, 4, 10)).due);
  EXPECT_TRUE(FactOf(c, *Day::FromYmd(2020, 4, 11)).due);
  EXPECT_EQ(FactOf(c, *Day::FromYmd(2020, 4, 11)).delivered_packs, 0);
}

}  // namespace
}  // namespace steelyard::model
