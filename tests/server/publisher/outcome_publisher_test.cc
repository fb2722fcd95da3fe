#include "server/publisher/outcome_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "tests/server/publisher/outcome_world.h"

namespace steelyard::publisher {
namespace {

using editions::Facet;
using editions::ProviderGroup;
using model::Level;
using testing::OutcomeWorld;
using testing::QuarterOf;

// Councils 1 to 8 are in the north, 9 to 16 in the south.
class OutcomePublisherTest : public ::testing::Test {
 protected:
  // Councils `first` to `last` each report on the provider.
  void Report(int first, int last, uint32_t provider, int quarter = 1) {
    for (int c = first; c <= last; ++c) world_.Receive(world_.Report(c, provider, quarter));
  }

  // The same with a rating of safeguarding each.
  void Rate(const std::vector<std::pair<int, Level>>& levels, uint32_t provider = 1) {
    for (const auto& [council, level] : levels) {
      model::OutcomeFact f = world_.Report(council, provider, 1);
      f.ratings[0] = level;
      world_.Receive(f);
    }
  }

  std::optional<editions::RatingCounts> Ratings() const { return world_.Shown(1).ratings[0]; }

  OutcomeWorld world_;
};

TEST_F(OutcomePublisherTest, WhoIsSafeIsShownAloneAndTheOthersTogether) {
  Report(1, 16, 1);
  Report(1, 2, 2);
  Report(5, 7, 3);
  ASSERT_TRUE(world_.Publish());
  const auto* one = world_.BlockOf(1);
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->group.kind, ProviderGroup::Kind::kProvider);
  EXPECT_EQ(one->runs[0].areas.size(), 2u) << "north and south";
  const auto* rest = world_.BlockOf(2);
  ASSERT_NE(rest, nullptr);
  EXPECT_EQ(rest->group.kind, ProviderGroup::Kind::kRest);
  EXPECT_EQ(rest, world_.BlockOf(3));
  EXPECT_EQ(world_.Shown(1).placements, 160);
  EXPECT_EQ(world_.Shown(2).placements, 50);
  EXPECT_FALSE(world_.Publish()) << "nothing moved";
}

TEST_F(OutcomePublisherTest, AQuarterIsShownWhenItsWindowHasPassed) {
  Report(1, 8, 1, 4);
  world_.input_.today = {FirstShownOn(QuarterOf(4)).number - 1};
  EXPECT_FALSE(world_.Publish());
  EXPECT_THAT(world_.input_.plan.waiting, ::testing::ElementsAre(QuarterOf(4)));
  EXPECT_TRUE(world_.input_.plan.members.empty());
  world_.input_.today = FirstShownOn(QuarterOf(4));
  EXPECT_EQ(world_.input_.today, *model::Day::FromYmd(2024, 2, 11));
  EXPECT_TRUE(world_.Publish());
  EXPECT_TRUE(world_.input_.plan.waiting.empty());
}

TEST_F(OutcomePublisherTest, LateReportsWaitUntilEnoughMoveTogether) {
  Report(1, 8, 1);
  ASSERT_TRUE(world_.Publish());
  Report(9, 11, 1);
  EXPECT_FALSE(world_.Publish()) << "two of the three would know the third";
  Report(12, 12, 1);
  ASSERT_TRUE(world_.Publish());
  EXPECT_EQ(world_.Shown(1).reports, 12);
}

TEST_F(OutcomePublisherTest, OtherGroupsAreNotBuiltAgain) {
  Report(1, 8, 1);
  Report(1, 8, 2);
  ASSERT_TRUE(world_.Publish());
  Report(9, 16, 1);
  ASSERT_TRUE(world_.Publish());
  EXPECT_EQ(world_.BlockOf(1)->edition, 2u);
  EXPECT_EQ(world_.BlockOf(2)->edition, 1u);
}

TEST_F(OutcomePublisherTest, WithdrawalsThatWouldLeaveTooFewWait) {
  Report(1, 8, 1);
  ASSERT_TRUE(world_.Publish());
  for (int c = 1; c <= 5; ++c) world_.Withdraw(world_.Report(c, 1, 1));
  EXPECT_FALSE(world_.Publish());
  EXPECT_EQ(world_.Shown(1).reports, 8);
}

TEST_F(OutcomePublisherTest, WhoIsSoldInMidYearCountsWithEachOwnerInTurn) {
  // 7 is the seller, 8 the buyer; 9 and 10 are sold in May.
  const auto may = *model::Day::FromYmd(2023, 5, 1);
  world_.AddProvider("seller");
  world_.AddProvider("buyer");
  for (const char* id : {"sold", "too"}) {
    world_.AddProvider(id, {{"seller", {}, model::Day{may.number - 1}}, {"buyer", may, {}}});
  }
  for (int quarter : {1, 2}) {
    Report(1, 3, 9, quarter);
    Report(3, 5, 10, quarter);
  }
  ASSERT_TRUE(world_.Publish());
  const auto* before = world_.BlockOf(9, 1);
  const auto* after = world_.BlockOf(9, 2);
  ASSERT_NE(before, nullptr);
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(before->group, (ProviderGroup{ProviderGroup::Kind::kRestOfOwner, {7}}));
  EXPECT_EQ(after->group, (ProviderGroup{ProviderGroup::Kind::kRestOfOwner, {8}}))
      << "who owns on the quarter's last day";
  ASSERT_EQ(after->runs.size(), 1u);
  EXPECT_EQ(after->runs[0].period, (model::Period{QuarterOf(2), QuarterOf(2).Plus(2)}));
  EXPECT_EQ(world_.Shown(9, 1).placements, 60);
}

TEST_F(OutcomePublisherTest, WhatIsGroupedStaysWhateverTheRegisterSaysLater) {
  Report(1, 3, 2);
  Report(3, 5, 3);
  ASSERT_TRUE(world_.Publish());
  const auto group = world_.BlockOf(2)->group;
  EXPECT_EQ(group.kind, ProviderGroup::Kind::kRest);
  Report(6, 16, 2);
  model::Provider owned = *world_.registers_->FindProvider("p2");
  owned.owners = {{"p1", {}, {}}};
  world_.registers_->Put(owned);
  ASSERT_TRUE(world_.Publish());
  EXPECT_EQ(world_.BlockOf(2)->group, group);
  EXPECT_EQ(world_.Shown(2).reports, 17);
}

TEST_F(OutcomePublisherTest, ANewPolicyIsPublishedWithoutMovement) {
  Rate({{1, Level::kGood},
        {2, Level::kGood},
        {3, Level::kGood},
        {4, Level::kInadequate},
        {5, Level::kOther},
        {6, Level::kApproachingTarget}});
  world_.policy_.min_outcome_councils = 6;
  ASSERT_TRUE(world_.Publish());
  ++world_.policy_.version;
  EXPECT_TRUE(world_.Publish(true));
  EXPECT_EQ(world_.BlockOf(1)->policy_version, world_.policy_.version);
  EXPECT_FALSE(world_.Publish(true)) << "it was published under this policy";
}

TEST_F(OutcomePublisherTest, AFacetIsShownOnlyIfItIsSafeByItself) {
  Rate({{1, Level::kGood},
        {2, Level::kGood},
        {3, Level::kGood},
        {4, Level::kGood},
        {5, Level::kInadequate},
        {6, Level::kOther}});
  ASSERT_TRUE(world_.Publish());
  EXPECT_EQ(world_.Shown(1).reports, 6);
  EXPECT_FALSE(Ratings()) << "5 and 6 know that all the others said Good";
}

TEST_F(OutcomePublisherTest, AFacetWhoseMovementIsNotSafeStaysAsItWas) {
  Rate({{1, Level::kGood},
        {2, Level::kGood},
        {3, Level::kGood},
        {4, Level::kInadequate},
        {5, Level::kOther},
        {6, Level::kApproachingTarget}});
  ASSERT_TRUE(world_.Publish());
  ASSERT_TRUE(Ratings());
  const auto first = *Ratings();
  EXPECT_EQ(first.by_level[0], 3);
  // Four more report, all alike: their placements move, their ratings do not.
  Rate({{9, Level::kGood}, {10, Level::kGood}, {11, Level::kGood}, {12, Level::kGood}});
  ASSERT_TRUE(world_.Publish());
  EXPECT_EQ(world_.Shown(1).reports, 10);
  EXPECT_EQ(Ratings(), first);
  // A release later they would stand alone in the difference, were they shown
  // because nobody moved: they wait until enough have moved since.
  Report(13, 16, 1);
  ASSERT_TRUE(world_.Publish());
  EXPECT_EQ(world_.Shown(1).reports, 14);
  EXPECT_EQ(Ratings(), first);
  Rate({{13, Level::kInadequate},
        {14, Level::kOther},
        {15, Level::kRequiresImprovement},
        {16, Level::kInadequate}});
  ASSERT_TRUE(world_.Publish());
  ASSERT_TRUE(Ratings());
  EXPECT_EQ(Ratings()->by_level[0], 7);
  EXPECT_EQ(Ratings()->by_level[3], 3);
}

TEST_F(OutcomePublisherTest, ACorrectionThatMovesAllOneWayWaits) {
  Rate({{1, Level::kGood},
        {2, Level::kGood},
        {3, Level::kGood},
        {4, Level::kGood},
        {5, Level::kInadequate},
        {6, Level::kOther},
        {7, Level::kApproachingTarget},
        {8, Level::kOther}});
  ASSERT_TRUE(world_.Publish());
  ASSERT_TRUE(Ratings());
  Rate({{1, Level::kInadequate},
        {2, Level::kInadequate},
        {3, Level::kInadequate},
        {4, Level::kInadequate}});
  world_.Publish();
  EXPECT_EQ(Ratings()->by_level[0], 4);
}

TEST_F(OutcomePublisherTest, AmountsAreShownWherePercentHolds) {
  for (int c = 1; c <= 8; ++c) {
    model::OutcomeFact f = world_.Report(c, 1, 1);
    f.spend_micros = c == 1 ? 100'000'000 : 1'000'000;
    f.weekly_fee_micros = 3'000'000 + c;
    f.unplanned_endings = c % 2;
    f.referrals = 10;
    f.offers = c <= 2 ? 1 : 0;
    world_.Receive(f);
  }
  ASSERT_TRUE(world_.Publish());
  const auto shown = world_.Shown(1);
  EXPECT_FALSE(shown.spend_shown) << "nearly all is of one council";
  EXPECT_EQ(shown.spend_micros, 0);
  for (const auto& c : shown.councils) EXPECT_EQ(c.spend_micros, 0);
  EXPECT_TRUE(shown.fees_shown);
  EXPECT_EQ(shown.weekly_fees.size(), 8u);
  EXPECT_EQ(shown.endings, (editions::EventCount{4, 80}));
  EXPECT_FALSE(shown.offers) << "two councils alone had offers";
}

// All placements are shown as well: less those of the reports with endings
// they are those of the one report without.
TEST_F(OutcomePublisherTest, EndingsAreNotShownIfOneCouncilAloneDoesNotSay) {
  for (int c = 1; c <= 8; ++c) {
    model::OutcomeFact f = world_.Report(c, 1, 1);
    if (c > 1) f.unplanned_endings = 1;
    world_.Receive(f);
  }
  ASSERT_TRUE(world_.Publish());
  EXPECT_FALSE(world_.Shown(1).endings);
  EXPECT_FALSE(world_.Publish());
}

TEST_F(OutcomePublisherTest, PrioritiesAreShownOneByOne) {
  for (int c = 1; c <= 16; ++c) {
    model::OutcomeFact f = world_.Report(c, 1, 1);
    // Half name 1 first; all name 2; only council 16 names 3.
    f.priorities = {static_cast<uint8_t>(c % 2 == 0 ? 1 : 4), 2, 0, 0, 0};
    if (c == 16) f.priorities[2] = 3;
    world_.Receive(f);
  }
  world_.policy_.min_outcome_councils = 12;  // both regions together
  ASSERT_TRUE(world_.Publish());
  const auto shown = world_.Shown(1);
  EXPECT_EQ(shown.priorities[0], (editions::PriorityTotals{8, 40}));
  EXPECT_FALSE(shown.priorities[1]) << "everybody named it, so each of them did";
  EXPECT_FALSE(shown.priorities[2]);
  EXPECT_EQ(shown.priorities[4], (editions::PriorityTotals{0, 0})) << "nobody did";
}

// The size that the bench has: 300 providers, 150 councils, four quarters.
TEST_F(OutcomePublisherTest, AFullYearIsDecidedQuickly) {
  OutcomeWorld world(75, 300);
  std::mt19937 random(1);
  for (int c = 1; c <= 150; ++c) {
    for (uint32_t p = 1; p <= 300; ++p) {
      for (int q = 1; q <= 4; ++q) {
        model::OutcomeFact f = world.Report(c, p, q);
        f.line.value = p * 4 + static_cast<uint32_t>(q);
        f.sequence = ++world.input_.sequence;
        for (Level& level : f.ratings) level = static_cast<Level>(1 + random() % 5);
        f.weekly_fee_micros = 3'000'000;
        f.unplanned_endings = static_cast<int64_t>(random() % 3);
        world.input_.facts.push_back({f, ledger::DatedOutcomeFact::kStill});
      }
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(world.Publish());
  const std::chrono::duration<double> first = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(world.input_.released.size(), 300u);
  const auto again = std::chrono::steady_clock::now();
  EXPECT_FALSE(world.Publish());
  const std::chrono::duration<double> second = std::chrono::steady_clock::now() - again;
  RecordProperty("first_ms", static_cast<int>(first.count() * 1000));
  RecordProperty("unmoved_ms", static_cast<int>(second.count() * 1000));
  std::printf("first %.0f ms, unmoved %.0f ms\n", first.count() * 1000, second.count() * 1000);
}

}  // namespace
}  // namespace steelyard::publisher
