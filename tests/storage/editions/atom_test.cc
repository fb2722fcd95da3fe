#include "storage/editions/atom.h"

#include <algorithm>
#include <limits>

#include "gmock/gmock.h"
#include "storage/editions/delivery.h"
#include "tests/storage/editions/samples.h"

namespace steelyard::editions {
namespace {

using ::testing::ElementsAre;

model::PurchaseFact Fact(uint16_t council, int64_t price, int64_t packs, int32_t lead_days) {
  model::PurchaseFact fact;
  fact.council.value = council;
  fact.packs = packs;
  fact.units = packs * 10;
  fact.unit_price_micros = price;
  fact.spend_micros = price * fact.units;
  fact.lead_days = lead_days;
  fact.has_delivery_data = lead_days >= 0;
  return fact;
}

TEST(AtomBuilderTest, SortsAndSumsItsLines) {
  AtomBuilder builder;
  builder.Add(Fact(7, 300, 2, 9));
  builder.Add(Fact(3, 500, 1, -1));
  builder.Add(Fact(7, 100, 3, 4));
  const Atom atom = builder.Build();
  EXPECT_EQ(atom.lines, 3);
  EXPECT_EQ(atom.units, 60);
  EXPECT_EQ(atom.spend_micros, 300 * 20 + 500 * 10 + 100 * 30);
  EXPECT_THAT(atom.unit_prices, ElementsAre(100, 300, 500));
  EXPECT_THAT(atom.lead_days, ElementsAre(4, 9));
  EXPECT_THAT(atom.councils, ElementsAre(CouncilSum{{3}, 1, 10, 5'000, 500, 500, -1, -1},
                                         CouncilSum{{7}, 2, 50, 9'000, 100, 300, 4, 9}));
  EXPECT_EQ(atom.councils[1].mean_unit_price(), 180);
}

TEST(DeliveryTotalsTest, CountsPacksOfLinesWithDeliveryDataOnly) {
  model::PurchaseFact undelivered = Fact(1, 100, 5, -1);
  model::PurchaseFact overdue = Fact(1, 100, 7, -1);
  overdue.has_delivery_data = overdue.due = true;
  model::PurchaseFact good = Fact(2, 100, 11, 3);
  good.delivered_packs = good.looked_at_packs = 11;
  good.due = good.on_time_in_full = true;
  model::PurchaseFact bad = Fact(2, 100, 13, 3);
  bad.delivered_packs = bad.looked_at_packs = 12;
  bad.rejected_packs = 2;
  bad.due = true;
  DeliveryTotals totals;
  for (const auto& fact : {undelivered, overdue, good, bad}) totals.Add(fact);
  EXPECT_EQ(totals, (DeliveryTotals{3, 1, 7 + 11 + 13, 23, 23, 2}));
}

TEST(AtomBuilderTest, MakesTheSameAtomInAnyOrder) {
  editions::testing::Random random(11);
  auto lines = editions::testing::Lines(random, 400, 30);
  const Atom atom = editions::testing::AtomOf(lines);
  std::shuffle(lines.begin(), lines.end(), random);
  EXPECT_EQ(editions::testing::AtomOf(lines), atom);
}

TEST(AtomBuilderTest, IsEmptyAfterBuild) {
  AtomBuilder builder;
  builder.Add(Fact(7, 300, 2, 9));
  builder.Build();
  EXPECT_EQ(builder.Build(), Atom{});
}

TEST(AtomBuilderTest, SumsBeyondSixtyFourBits) {
  model::PurchaseFact vast = Fact(1, 1'000, 1, -1);
  vast.units = vast.spend_micros = std::numeric_limits<int64_t>::max();
  const Atom atom = editions::testing::AtomOf({vast, vast, vast});
  EXPECT_EQ(atom.units, absl::int128(std::numeric_limits<int64_t>::max()) * 3);
  EXPECT_EQ(atom.spend_micros, atom.units);
  EXPECT_EQ(atom.councils[0].mean_unit_price(), 1);
}

}  // namespace
}  // namespace steelyard::editions
