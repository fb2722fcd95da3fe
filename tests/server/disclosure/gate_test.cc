#include "server/disclosure/gate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/server/disclosure/publishing.h"
#include "tests/server/disclosure/world.h"

namespace steelyard::disclosure::testing {
namespace {

class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    world_.Area("land");
    east_ = world_.Area("east", "land");
    west_ = world_.Area("west", "land");
    easterly_ = world_.Councils(15, "east", "county");
    westerly_ = world_.Councils(15, "west", "county");
    tree_ = world_.Tree();
  }
  std::vector<model::CouncilNo> Some(const std::vector<model::CouncilNo>& all, size_t from,
                                     size_t n) {
    const auto first = all.begin() + static_cast<ptrdiff_t>(from);
    return {first, first + static_cast<ptrdiff_t>(n)};
  }

  World world_;
  AreaTree tree_;
  model::Policy policy_;
  uint16_t east_ = 0, west_ = 0;
  std::vector<model::CouncilNo> easterly_, westerly_;
};

TEST_F(GateTest, TheFirstReleaseIsThePartition) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    RandomWorld random(seed, 40, 12);
    const auto bought = random.Purchases(50);
    const auto result = Gate(random.tree, {kYear, {}}, {kYear, {}, bought, bought}, policy_);
    EXPECT_EQ(result.partition, PartitionYear(random.tree, kYear, bought, policy_));
    EXPECT_EQ(result.open, !result.partition.empty()) << "seed " << seed;
    EXPECT_TRUE(result.defer.empty());
  }
}

TEST_F(GateTest, OneCouncilsUploadWaits) {
  Publishing publishing(tree_, policy_);
  publishing.Receive(AllBuy(tree_, Some(easterly_, 0, 10) + Some(westerly_, 0, 10), 1, 3, 100));
  ASSERT_TRUE(publishing.Publish());
  const auto before = publishing.shown().size();
  const auto partition = publishing.partition();

  const std::vector upload{Buys(tree_, easterly_[10], 2, 100)};
  const auto after = publishing.shown() + upload;
  const auto result = Gate(tree_, partition, {kYear, publishing.shown(), after, upload}, policy_);
  EXPECT_FALSE(result.open);
  EXPECT_EQ(result.defer, (std::vector<MonthArea>{{MonthOf(2), east_}}));

  // Polling before and after shows the same.
  publishing.Receive(upload);
  EXPECT_FALSE(publishing.Publish());
  EXPECT_EQ(publishing.shown().size(), before);
  EXPECT_EQ(publishing.partition(), partition);
  EXPECT_EQ(publishing.waiting().size(), 1u);
}

TEST_F(GateTest, EnoughUploadsComeOutTogetherAndOnlyWhereTheyAre) {
  Publishing publishing(tree_, policy_);
  publishing.Receive(AllBuy(tree_, Some(easterly_, 0, 8) + Some(westerly_, 0, 8), 1, 3, 100));
  ASSERT_TRUE(publishing.Publish());
  publishing.Receive(AllBuy(tree_, Some(easterly_, 8, 5), 2, 2, 100) +
                     AllBuy(tree_, Some(westerly_, 8, 4), 2, 2, 100));
  ASSERT_TRUE(publishing.Publish());
  EXPECT_EQ(publishing.waiting().size(), 4u);
  for (const Contribution& c : publishing.waiting()) EXPECT_EQ(c.area, west_);
}

TEST_F(GateTest, TrivialCorrectionsCarryNoUploadOut) {
  Publishing publishing(tree_, policy_);
  publishing.Receive(AllBuy(tree_, Some(easterly_, 0, 10), 1, 3, 100'000));
  ASSERT_TRUE(publishing.Publish());
  auto moves = AllBuy(tree_, Some(easterly_, 0, 5), 2, 2, 1);
  moves.push_back(Buys(tree_, easterly_[10], 2, 100'000));
  const auto result = Gate(tree_, publishing.partition(),
                           {kYear, publishing.shown(), publishing.shown() + moves, moves}, policy_);
  EXPECT_FALSE(result.open);
  EXPECT_EQ(result.defer, (std::vector<MonthArea>{{MonthOf(2), east_}}));
}

TEST_F(GateTest, AWithdrawalThatLeavesTooFewWaits) {
  const auto bought = AllBuy(tree_, Some(easterly_, 0, 6), 1, 3, 100);
  const auto released = PartitionYear(tree_, kYear, bought, policy_);
  ASSERT_FALSE(released.empty());
  // Five of six withdraw: enough move, but too little stays.
  const auto stays = AllBuy(tree_, Some(easterly_, 5, 1), 1, 3, 100);
  const auto moves = AllBuy(tree_, Some(easterly_, 0, 5), 1, 3, 100);
  const auto result = Gate(tree_, released, {kYear, bought, stays, moves}, policy_);
  EXPECT_FALSE(result.open);
  EXPECT_EQ(result.defer.size(), 3u);
}

// One western council's purchases were released inside a larger atom. Five
// others then make the west safe. The east did not move, so showing it alone
// would tell what the first had bought.
TEST_F(GateTest, AnAtomIsNotSplitWhereThatTellsWhatWasInIt) {
  Publishing publishing(tree_, policy_);
  publishing.Receive(AllBuy(tree_, Some(easterly_, 0, 10) + Some(westerly_, 0, 1), 1, 1, 100));
  ASSERT_TRUE(publishing.Publish());
  ASSERT_EQ(publishing.partition().runs[0].rows.size(), 1u);
  publishing.Receive(AllBuy(tree_, Some(westerly_, 1, 8), 1, 1, 100));
  ASSERT_TRUE(publishing.Publish());
  EXPECT_EQ(PartitionYear(tree_, kYear, publishing.shown(), policy_).runs[0].rows.size(), 2u);
  EXPECT_EQ(publishing.partition().runs[0].rows.size(), 1u);
  // When both sides have moved enough, it is.
  publishing.Receive(AllBuy(tree_, Some(easterly_, 10, 5) + Some(westerly_, 9, 5), 1, 1, 100));
  ASSERT_TRUE(publishing.Publish());
  EXPECT_EQ(publishing.partition().runs[0].rows.size(), 2u);
}

TEST_F(GateTest, WhatWasEmptyMayBecomeAnAtomOfItsOwn) {
  Publishing publishing(tree_, policy_);
  publishing.Receive(AllBuy(tree_, easterly_, 1, 1, 100));
  ASSERT_TRUE(publishing.Publish());
  EXPECT_EQ(publishing.partition().runs[0].month_groups.size(), 1u);
  publishing.Receive(AllBuy(tree_, easterly_ + westerly_, 2, 2, 100));
  ASSERT_TRUE(publishing.Publish());
  EXPECT_EQ(publishing.partition().runs[0].month_groups,
            (std::vector<model::Period>{Months(1, 1), Months(2, 3)}));
  EXPECT_EQ(publishing.partition().runs[0].rows.size(), 2u);
}

TEST_F(GateTest, LaterQuartersAreAddedAndEarlierOnesStay) {
  Publishing publishing(tree_, policy_);
  publishing.Receive(AllBuy(tree_, easterly_, 1, 3, 100));
  ASSERT_TRUE(publishing.Publish());
  const auto first = publishing.partition().runs[0];
  publishing.Receive(AllBuy(tree_, Some(easterly_, 0, 2), 4, 4, 100));
  publishing.Publish();
  EXPECT_EQ(publishing.partition().runs, std::vector{first});
  publishing.Receive(AllBuy(tree_, easterly_, 5, 6, 100));
  ASSERT_TRUE(publishing.Publish());
  ASSERT_EQ(publishing.partition().runs.size(), 2u);
  EXPECT_EQ(publishing.partition().runs[0], first);
  EXPECT_EQ(publishing.partition().runs[1].period, Months(4, 6));
}

TEST_F(GateTest, AnAreaRegisteredLaterHasItsPlace) {
  const auto bought = AllBuy(tree_, easterly_ + westerly_, 1, 3, 100);
  const auto released = PartitionYear(tree_, kYear, bought, policy_);
  const uint16_t south = world_.Area("south", "land");
  const auto southerly = world_.Councils(8, "south", "parish");
  const AreaTree tree = world_.Tree();
  const auto moves = AllBuy(tree, southerly, 1, 3, 100);
  const auto result = Gate(tree, released, {kYear, bought, bought + moves, moves}, policy_);
  ASSERT_TRUE(result.open);
  EXPECT_EQ(result.partition.runs[0].rows, (std::vector<AreaGroup>{{east_}, {west_}, {south}}));
  EXPECT_EQ(result.partition.runs[0].type_groups, (std::vector<TypeGroup>{{0}, {1}}));
}

// In February nobody can have bought anything in March. So the figure of
// February and March was February's, and beside February by itself it would
// tell what one council sent late.
TEST_F(GateTest, ALateLineDoesNotComeOutAsTheNextMonthIsCutOff) {
  Publishing publishing(tree_, policy_);
  const auto six = Some(easterly_, 0, 6);
  publishing.Receive(AllBuy(tree_, six, 1, 2, 100'000));
  ASSERT_TRUE(publishing.Publish());
  ASSERT_EQ(publishing.partition().runs[0].month_groups,
            (std::vector<model::Period>{Months(1, 1), Months(2, 3)}));

  publishing.Receive(AllBuy(tree_, six, 3, 3, 100'000) +
                     std::vector{Buys(tree_, six[0], 2, 90'000)});
  ASSERT_TRUE(publishing.Publish());
  EXPECT_EQ(publishing.partition().runs[0].month_groups,
            (std::vector<model::Period>{Months(1, 1), Months(2, 2), Months(3, 3)}));
  ASSERT_EQ(publishing.waiting().size(), 1u);
  EXPECT_EQ(publishing.waiting()[0].month, MonthOf(2));
}

// The same by areas: nobody was registered in the south.
TEST_F(GateTest, ALateLineDoesNotComeOutAsANewAreaIsCutOff) {
  Publishing first(tree_, policy_);
  first.Receive(AllBuy(tree_, easterly_, 1, 3, 100'000));
  ASSERT_TRUE(first.Publish());
  ASSERT_EQ(first.partition().runs[0].rows.size(), 1u);
  world_.Area("south", "land");
  const auto southerly = world_.Councils(8, "south", "county");
  const AreaTree tree = world_.Tree();
  const std::vector late{Buys(tree, easterly_[0], 2, 90'000)};
  const auto moves = AllBuy(tree, southerly, 1, 3, 100'000) + late;
  const auto result =
      Gate(tree, first.partition(), {kYear, first.shown(), first.shown() + moves, moves}, policy_);
  EXPECT_FALSE(result.open);
  EXPECT_EQ(result.defer, (std::vector<MonthArea>{{MonthOf(2), east_}}));
}

TEST_F(GateTest, WhoIsRegisteredLaterIsNotShownAlone) {
  Publishing first(tree_, policy_);
  first.Receive(AllBuy(tree_, easterly_, 1, 3, 100'000));
  ASSERT_TRUE(first.Publish());
  const uint16_t south = world_.Area("south", "land");
  const auto southerly = world_.Councils(1, "south", "county");
  const AreaTree tree = world_.Tree();
  const auto moves = AllBuy(tree, southerly, 2, 2, 90'000);
  const auto result =
      Gate(tree, first.partition(), {kYear, first.shown(), first.shown() + moves, moves}, policy_);
  EXPECT_FALSE(result.open);
  EXPECT_EQ(result.defer, (std::vector<MonthArea>{{MonthOf(2), south}}));
}

// A type whose councils come later is cut off as an area is.
TEST_F(GateTest, ALateLineDoesNotComeOutAsANewTypeIsCutOff) {
  Publishing first(tree_, policy_);
  first.Receive(AllBuy(tree_, easterly_, 1, 3, 100'000));
  ASSERT_TRUE(first.Publish());
  const auto parishes = world_.Councils(8, "east", "parish");
  const AreaTree tree = world_.Tree();
  const std::vector late{Buys(tree, easterly_[0], 2, 90'000)};
  const auto moves = AllBuy(tree, parishes, 1, 3, 100'000) + late;
  const auto result =
      Gate(tree, first.partition(), {kYear, first.shown(), first.shown() + moves, moves}, policy_);
  EXPECT_FALSE(result.open);
  EXPECT_FALSE(result.defer.empty());
}

}  // namespace
}  // namespace steelyard::disclosure::testing
