#include "server/benchmarks/price_figures.h"

#include <gtest/gtest.h>

namespace steelyard::benchmarks {
namespace {

class PriceFiguresTest : public ::testing::Test {
 protected:
  PriceFiguresTest() {
    for (int i = 0; i < 12; ++i) {
      model::Council council;
      council.id = "c" + std::string(1, static_cast<char>('a' + i));
      registers_.Put(council);
      model::PurchaseFact fact;
      fact.council.value = static_cast<uint16_t>(i + 1);
      fact.units = 1000;
      fact.unit_price_micros = 20'123 + i;
      fact.spend_micros = fact.units * fact.unit_price_micros;
      fact.packs = 10;
      fact.delivered_packs = i == 0 ? 5 : 10;
      fact.has_delivery_data = fact.due = true;
      fact.on_time_in_full = i != 0;
      fact.lead_days = 7;
      fact.looked_at_packs = 10;
      fact.rejected_packs = i == 1 ? 1 : 0;
      builder_.Add(fact);
      delivery_.Add(fact);
    }
  }

  editions::Figures Combine() {
    atom_ = builder_.Build();
    const editions::Atom* atoms[] = {&atom_};
    return editions::Combine(atoms);
  }

  model::Registers registers_;
  model::Policy policy_;
  editions::AtomBuilder builder_;
  editions::DeliveryTotals delivery_;
  editions::Atom atom_;
};

TEST_F(PriceFiguresTest, RoundsTotalsAndPricesAsThePolicySays) {
  v1::PriceFigures shown;
  ToProto(Combine(), delivery_, registers_, policy_, &shown);
  EXPECT_EQ(shown.councils(), 12);
  EXPECT_EQ(shown.lines(), 12);
  EXPECT_EQ(shown.units(), 12'000);
  // 241,542,000 micros at 1 %: base 5,000,000.
  EXPECT_EQ(shown.spend_micros(), 240'000'000);
  // 20,128.5 rounds to 20,128; at 0.1 %: base 50.
  EXPECT_EQ(shown.mean_unit_price_micros(), 20'150);
  EXPECT_EQ(shown.delivery().on_time_in_full().value(), 0.917);
  EXPECT_EQ(shown.delivery().fill_rate(), 0.958);
  EXPECT_EQ(shown.rejected().value(), 0.008);
  EXPECT_GT(shown.delivery().on_time_in_full().upper(), 0.917);
  EXPECT_EQ(shown.delivery().on_time_in_full().denominator(), 12);
  // Of how many packs would say how much was bought.
  EXPECT_EQ(shown.rejected().denominator(), 0);
  EXPECT_EQ(shown.rejected().upper(), 0);
}

TEST_F(PriceFiguresTest, QuantilesNeedCouncilsOnBothSides) {
  v1::PriceFigures shown;
  ToProto(Combine(), delivery_, registers_, policy_, &shown);
  EXPECT_TRUE(shown.line_quantiles().has_p50_micros());
  EXPECT_FALSE(shown.line_quantiles().has_p10_micros());
  EXPECT_FALSE(shown.line_quantiles().has_p90_micros());
  EXPECT_TRUE(shown.council_quantiles().has_p50_micros());
  // All lead times are equal, so every council lies on both sides.
  EXPECT_EQ(shown.delivery().lead_time().p10_days(), 7.0);
}

TEST_F(PriceFiguresTest, RelatedBodiesCountOnce) {
  for (int i = 0; i < 8; ++i) {
    model::Council council = registers_.councils[static_cast<size_t>(i)];
    council.related_group = "shared";
    registers_.Put(council);
  }
  const editions::Figures figures = Combine();
  EXPECT_EQ(RelatedExcess(figures, registers_), 7);
  EXPECT_TRUE(MayShow(figures, registers_, policy_));
  policy_.min_councils = 6;
  EXPECT_FALSE(MayShow(figures, registers_, policy_));
}

TEST_F(PriceFiguresTest, NoLinesShowNothing) {
  EXPECT_FALSE(MayShow(editions::Figures(), registers_, policy_));
}

}  // namespace
}  // namespace steelyard::benchmarks
