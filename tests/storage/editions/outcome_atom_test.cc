#include "storage/editions/outcome_atom.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/storage/editions/outcome_samples.h"

namespace steelyard::editions {
namespace {

using testing::Random;

FacetSet Only(Facet facet) {
  FacetSet set;
  set.set(static_cast<size_t>(facet));
  return set;
}
FacetSet All() { return FacetSet().set(); }

model::OutcomeFact FullReport(uint16_t council) {
  model::OutcomeFact f;
  f.council.value = council;
  f.placements = 10;
  f.ratings[0] = model::Level::kGood;
  f.ratings[7] = model::Level::kOther;
  f.spend_micros = 700;
  f.weekly_fee_micros = 30;
  f.weekly_extras_micros = 2;
  f.unplanned_endings = 1;
  f.referrals = 6;
  f.offers = 2;
  f.nearest_offer_meters = 9'000;
  f.no_alternative = 1;
  f.intention = model::Intention::kReduce;
  f.priorities = {3, 1, 0, 0, 0};
  return f;
}

TEST(OutcomeAtomTest, CountsEveryThingAReportSays) {
  OutcomeAtomBuilder builder;
  builder.Add(FullReport(5), All());
  model::OutcomeFact second = FullReport(2);
  second.ratings[0] = model::Level::kInadequate;
  second.weekly_fee_micros = 20;
  second.nearest_offer_meters = -1;
  second.no_alternative = 0;
  builder.Add(second, All());
  const OutcomeAtom atom = builder.Build();
  EXPECT_EQ(atom.reports, 2);
  EXPECT_EQ(atom.placements, 20);
  EXPECT_EQ(atom.spend_micros, 1'400);
  ASSERT_EQ(atom.councils.size(), 2u);
  EXPECT_EQ(atom.councils[0].council.value, 2);
  EXPECT_EQ(atom.councils[0].fee_micros, 200);
  EXPECT_EQ(atom.councils[0].min_nearest_meters, -1);
  ASSERT_TRUE(atom.ratings[0]);
  EXPECT_EQ(atom.ratings[0]->by_level, (std::array<int64_t, 5>{1, 0, 0, 1, 0}));
  EXPECT_EQ(atom.ratings[0]->councils, 2);
  EXPECT_EQ(atom.ratings[0]->score_sum(), 3);
  EXPECT_EQ(atom.ratings[7]->ranks(), 0);
  EXPECT_FALSE(atom.ratings[1]);
  EXPECT_EQ(atom.endings, (EventCount{2, 20}));
  EXPECT_EQ(atom.offers, (EventCount{4, 12}));
  EXPECT_EQ(atom.no_alternative, (EventCount{1, 2}));
  EXPECT_EQ((*atom.intentions)[1], 2);
  EXPECT_EQ(atom.priorities[2], (PriorityTotals{2, 10}));
  EXPECT_EQ(atom.priorities[0], (PriorityTotals{2, 8}));
  EXPECT_EQ(atom.weekly_fees, (std::vector<int64_t>{20, 30}));
  EXPECT_EQ(atom.extras_placements, 20);
  EXPECT_EQ(atom.extras_micros, 40);
  EXPECT_EQ(atom.nearest_meters, (std::vector<int64_t>{9'000}));
  EXPECT_EQ(atom.facets().count(), 2 + 8 + kPriorityCount);
}

TEST(OutcomeAtomTest, WhatIsNotShownLeavesNoTrace) {
  OutcomeAtomBuilder builder;
  builder.Add(FullReport(5), Only(Facet::kEndings));
  const OutcomeAtom atom = builder.Build();
  OutcomeAtom expected;
  expected.reports = 1;
  expected.placements = 10;
  OutcomeCouncilSum sum;
  sum.council.value = 5;
  sum.reports = 1;
  sum.placements = 10;
  expected.councils = {sum};
  expected.endings = EventCount{1, 10};
  EXPECT_EQ(atom, expected);
}

TEST(OutcomeAtomTest, AFacetMayStayAsItWasWhileTheSumsMoveOn) {
  OutcomeAtomBuilder builder;
  builder.AddToFacets(FullReport(5), Only(Facet::kFees));
  builder.AddToFacets(FullReport(6), Only(Facet::kNoAlternative));
  model::OutcomeFact now = FullReport(7);
  now.spend_micros = -1;
  builder.Add(now, All() & ~Only(Facet::kFees) & ~Only(Facet::kNoAlternative));
  const OutcomeAtom atom = builder.Build();
  EXPECT_EQ(atom.reports, 1);
  EXPECT_FALSE(atom.spend_shown);
  EXPECT_EQ(atom.weekly_fees.size(), 1u);
  ASSERT_EQ(atom.councils.size(), 2u) << "council 6 adds nothing of its own";
  EXPECT_EQ(atom.councils[0].reports, 0);
  EXPECT_EQ(atom.councils[0].fee_placements, 10);
  EXPECT_EQ(atom.councils[1].fee_placements, 0);
  EXPECT_EQ(atom.no_alternative, (EventCount{1, 1}));
}

TEST(OutcomeAtomTest, TheOrderOfReportsDoesNotMatter) {
  Random random(11);
  std::vector<model::OutcomeFact> reports;
  for (int i = 0; i < 60; ++i) reports.push_back(testing::Report(random, 9));
  OutcomeAtomBuilder builder;
  for (const auto& r : reports) builder.Add(r, All());
  const OutcomeAtom atom = builder.Build();
  std::reverse(reports.begin(), reports.end());
  for (const auto& r : reports) builder.Add(r, All());
  EXPECT_EQ(builder.Build(), atom);
}

TEST(OutcomeAtomTest, AtomsTogetherAreTheAtomOfAllTheirReports) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    OutcomeAtomBuilder whole;
    std::vector<OutcomeAtom> parts;
    std::vector<const OutcomeAtom*> given;
    for (int p = 0; p < 4; ++p) {
      OutcomeAtomBuilder part;
      for (int i = 0; i < 15; ++i) {
        const auto report = testing::Report(random, 6);
        whole.Add(report, All());
        part.Add(report, All());
      }
      parts.push_back(part.Build());
    }
    for (const OutcomeAtom& part : parts) given.push_back(&part);
    OutcomeFigures together = Combine(given);
    EXPECT_EQ(together.atoms, 4);
    OutcomeAtom expected = whole.Build();
    // Of one atom each, so at most what all have together.
    for (size_t m = 0; m < expected.ratings.size(); ++m) {
      ASSERT_LE(together.ratings[m]->councils, expected.ratings[m]->councils);
      together.ratings[m]->councils = expected.ratings[m]->councils;
    }
    EXPECT_EQ(static_cast<const OutcomeAtom&>(together), expected) << seed;
  }
}

TEST(OutcomeAtomTest, AFacetOfSomeAtomsIsTheSumOverThose) {
  OutcomeAtomBuilder builder;
  builder.Add(FullReport(1), Only(Facet::kOffers));
  const OutcomeAtom with = builder.Build();
  builder.Add(FullReport(2), FacetSet());
  const OutcomeAtom without = builder.Build();
  const std::vector<const OutcomeAtom*> atoms = {&with, &without};
  const OutcomeFigures together = Combine(atoms);
  EXPECT_EQ(together.reports, 2);
  EXPECT_EQ(together.offers, (EventCount{2, 6}));
  EXPECT_FALSE(together.endings);
  EXPECT_FALSE(together.fees_shown);
  EXPECT_EQ(Combine({}).atoms, 0);
}

}  // namespace
}  // namespace steelyard::editions
