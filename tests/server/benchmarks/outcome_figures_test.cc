#include "server/benchmarks/outcome_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/benchmarks/outcome_country.h"

namespace steelyard::benchmarks {
namespace {

using model::Level;
using ::testing::IsEmpty;

// Twelve councils, fees of £1,000 to £1,110 a week.
class OutcomeFiguresTest : public ::testing::Test {
 protected:
  OutcomeFiguresTest() {
    for (uint16_t c = 1; c <= 12; ++c) {
      model::OutcomeFact report =
          Report(c, c <= 9 ? Level::kGood : Level::kInadequate, 1'000 + 10 * (c - 1));
      report.unplanned_endings = c == 1 ? 3 : 0;
      report.referrals = 20;
      report.offers = c <= 6 ? 10 : 5;
      report.no_alternative = c <= 3 ? 1 : 0;
      report.nearest_offer_meters = 1'000 * c;
      report.weekly_extras_micros = 20'000'000;
      report.intention = c <= 8 ? model::Intention::kStay : model::Intention::kReduce;
      report.priorities = {1, static_cast<uint8_t>(c % 2 == 0 ? 2 : 0), 0, 0, 0};
      reports_.push_back(report);
    }
  }

  v1::ProviderFigures Show() {
    atoms_ = {AtomOf(reports_)};
    ProviderTile tile;
    for (const OutcomeAtom& atom : atoms_) tile.atoms.push_back(&atom);
    tile.runs = {{nullptr, 0, tile.atoms.size()}};
    figures_ = FiguresOf(tile);
    v1::ProviderFigures shown;
    ToProto(figures_, *country_.registers, policy_, &shown);
    return shown;
  }
  bool May() {
    Show();
    return MayShow(figures_, *country_.registers, policy_);
  }

  OutcomeCountry country_;
  model::Policy policy_;
  std::vector<model::OutcomeFact> reports_;
  std::vector<OutcomeAtom> atoms_;
  editions::OutcomeFigures figures_;
};

TEST_F(OutcomeFiguresTest, TotalsAndFeesAreRoundedAsThePolicySays) {
  const v1::ProviderFigures shown = Show();
  EXPECT_EQ(shown.councils(), 12);
  EXPECT_EQ(shown.reports(), 12);
  // 120 at 1 %: base 2.
  EXPECT_EQ(shown.placements(), 120);
  // 10 x 13 x (12,000 + 660) = £1,645,800 at 1 %: base 20,000.
  EXPECT_EQ(shown.spend_micros(), 1'640'000'000'000);
  // £1,055 at 0.1 %: base £2, half to even.
  EXPECT_EQ(shown.fees().mean_micros(), 1'056'000'000);
  EXPECT_EQ(shown.fees().p50_micros(), 1'056'000'000);
  EXPECT_EQ(shown.fees().mean_extras_micros(), 20'000'000);
}

TEST_F(OutcomeFiguresTest, QuantilesNeedCouncilsOnBothSides) {
  const v1::ProviderFigures shown = Show();
  // Three councils at or below: 1,027.5 (type 7), base 2.
  EXPECT_EQ(shown.fees().p25_micros(), 1'028'000'000);
  EXPECT_EQ(shown.fees().p75_micros(), 1'082'000'000);
  EXPECT_FALSE(shown.fees().has_p10_micros());
  EXPECT_FALSE(shown.fees().has_p90_micros());
  EXPECT_EQ(shown.sufficiency().nearest_offer_p25_km(), 3.8);
  EXPECT_EQ(shown.sufficiency().nearest_offer_p50_km(), 6.5);
  // Two related bodies count once, so the quartiles have one too few.
  for (size_t c : {0, 1}) {
    model::Council council = country_.registers->councils[c];
    council.related_group = "one";
    country_.registers->Put(council);
  }
  const v1::ProviderFigures fewer = Show();
  EXPECT_FALSE(fewer.fees().has_p25_micros());
  EXPECT_TRUE(fewer.fees().has_p50_micros());
}

TEST_F(OutcomeFiguresTest, SharesHaveTheirIntervals) {
  const v1::ProviderFigures shown = Show();
  EXPECT_EQ(shown.unplanned_endings().value(), 0.025);
  EXPECT_EQ(shown.unplanned_endings().denominator(), 120);
  // Wilson for 3 of 120: 0.0085 to 0.0709.
  EXPECT_EQ(shown.unplanned_endings().lower(), 0.009);
  EXPECT_EQ(shown.unplanned_endings().upper(), 0.071);
  EXPECT_EQ(shown.sufficiency().offers_per_referral().value(), 0.375);
  EXPECT_EQ(shown.sufficiency().no_alternative().value(), 0.25);
  EXPECT_EQ(shown.sufficiency().no_alternative().denominator(), 12);
}

TEST_F(OutcomeFiguresTest, WantsAreCounted) {
  const v1::ProviderFigures shown = Show();
  ASSERT_EQ(shown.intentions_size(), 5);
  EXPECT_EQ(shown.intentions(0).intention(), v1::OutcomeReport::STAY);
  EXPECT_EQ(shown.intentions(0).reports(), 8);
  EXPECT_EQ(shown.intentions(1).reports(), 4);
  ASSERT_EQ(shown.priorities_size(), 2);
  EXPECT_EQ(shown.priorities(0).priority(), "fee-transparency");
  EXPECT_EQ(shown.priorities(0).points(), 60);
  EXPECT_EQ(shown.priorities(1).priority(), "fee-restraint");
  EXPECT_EQ(shown.priorities(1).reports(), 6);
  EXPECT_EQ(shown.priorities(1).points(), 24);
}

TEST_F(OutcomeFiguresTest, WhatIsNotThereIsLeftOut) {
  reports_.clear();
  for (uint16_t c = 1; c <= 12; ++c) {
    model::OutcomeFact report;
    report.council.value = c;
    report.placements = 10;
    reports_.push_back(report);
  }
  const v1::ProviderFigures shown = Show();
  EXPECT_EQ(shown.reports(), 12);
  EXPECT_FALSE(shown.has_unplanned_endings());
  EXPECT_FALSE(shown.has_sufficiency());
  EXPECT_FALSE(shown.has_fees());
  EXPECT_THAT(shown.intentions(), IsEmpty());
  EXPECT_THAT(shown.priorities(), IsEmpty());
}

TEST_F(OutcomeFiguresTest, TooFewCouncilsOrPlacementsAreNotShown) {
  EXPECT_TRUE(May());
  reports_.resize(3);
  EXPECT_TRUE(May());
  policy_.min_placements = 31;
  EXPECT_FALSE(May());
  policy_.min_placements = 10;
  for (size_t c : {0, 1}) {
    model::Council council = country_.registers->councils[c];
    council.related_group = "one";
    country_.registers->Put(council);
  }
  EXPECT_FALSE(May());
}

TEST_F(OutcomeFiguresTest, CouncilsThatRateInOneRunAreCountedOnce) {
  // Two areas of one run have different councils, two runs may have the same.
  const OutcomeAtom north = AtomOf({reports_[0], reports_[1]});
  const OutcomeAtom south = AtomOf({reports_[2]});
  const OutcomeAtom later = AtomOf({reports_[0], reports_[1]});
  ProviderTile tile;
  tile.atoms = {&north, &south, &later};
  tile.runs = {{nullptr, 0, 2}, {nullptr, 2, 1}};
  const auto ratings = RatingsOf(tile);
  ASSERT_TRUE(ratings[0].has_value());
  EXPECT_EQ(ratings[0]->councils, 3);
  EXPECT_EQ(ratings[0]->ranks(), 5);
  EXPECT_TRUE(MayShow(ratings[0], policy_));
  policy_.min_outcome_councils = 4;
  EXPECT_FALSE(MayShow(ratings[0], policy_));
}

}  // namespace
}  // namespace steelyard::benchmarks
