// Series of outcomes: cut by area alone, over runs of quarters.

#include <gtest/gtest.h>

#include "server/disclosure/gate.h"
#include "tests/server/disclosure/attacker.h"
#include "tests/server/disclosure/world.h"

namespace steelyard::disclosure::testing {
namespace {

class RowsOnlyTest : public ::testing::Test {
 protected:
  RowsOnlyTest() {
    world_.Area("land");
    world_.Area("north", "land");
    world_.Area("south", "land");
    north_ = world_.Councils(8, "north", "county");
    south_ = world_.Councils(8, "south", "city");
    tree_ = world_.Tree();
  }

  std::vector<Contribution> Reports(const std::vector<model::CouncilNo>& councils, int month,
                                    int64_t placements = 10) {
    std::vector<Contribution> all;
    for (model::CouncilNo council : councils) {
      all.push_back(Buys(tree_, council, month, 0, placements, 1));
    }
    return all;
  }

  YearPartition Partition(const std::vector<Contribution>& reports) {
    return PartitionYear(tree_, kYear, reports, rules_);
  }

  World world_;
  std::vector<model::CouncilNo> north_, south_;
  AreaTree tree_;
  const Rules rules_ = Rules::ForOutcomes(model::Policy());
};

TEST_F(RowsOnlyTest, AQuarterIsARunAndRegionsAreRows) {
  const auto p = Partition(Reports(north_ + south_, 1) + Reports(north_ + south_, 4));
  ASSERT_EQ(p.runs.size(), 2u);
  for (const auto& run : p.runs) {
    EXPECT_EQ(run.period.months(), 3);
    EXPECT_EQ(run.month_groups, std::vector<model::Period>{run.period}) << "never cut within";
    EXPECT_EQ(run.rows.size(), 2u);
    EXPECT_EQ(run.blocks.size(), 1u);
    EXPECT_EQ(run.type_groups.size(), 1u);
  }
}

TEST_F(RowsOnlyTest, QuartersThatAreNotSafeAreJoinedWhole) {
  const std::vector<model::CouncilNo> some = {north_[0], north_[1], south_[0]};
  const std::vector<model::CouncilNo> others = {north_[2], north_[3], south_[1]};
  const auto p = Partition(Reports(some, 4) + Reports(others, 7));
  ASSERT_EQ(p.runs.size(), 1u);
  EXPECT_EQ(p.runs[0].period, Months(4, 9)) << "quarters without a report stay outside";
}

TEST_F(RowsOnlyTest, TooFewPlacementsAreNotShown) {
  EXPECT_TRUE(Partition(Reports({north_[0], north_[1], north_[2], north_[3]}, 1, 2)).empty());
  EXPECT_FALSE(Partition(Reports({north_[0], north_[1], north_[2], north_[3]}, 1, 3)).empty());
}

TEST_F(RowsOnlyTest, AQuarterBetweenOthersComesLater) {
  const auto before = Reports(north_ + south_, 1) + Reports(north_ + south_, 7);
  const auto released = Partition(before);
  ASSERT_EQ(released.runs.size(), 2u);
  const auto moved = Reports(north_ + south_, 4);
  const GateResult result = Gate(tree_, released, {kYear, before, before + moved, moved}, rules_);
  ASSERT_TRUE(result.open);
  ASSERT_EQ(result.partition.runs.size(), 3u);
  EXPECT_EQ(result.partition.runs[1].period, Months(4, 6));
}

TEST_F(RowsOnlyTest, RowsThatWereShownAreNeverSplit) {
  const auto before = Reports({north_[0], north_[1], south_[0], south_[1]}, 1);
  const auto released = Partition(before);
  ASSERT_EQ(released.runs.size(), 1u);
  ASSERT_EQ(released.runs[0].rows.size(), 1u);
  const std::vector<model::CouncilNo> late(north_.begin() + 2, north_.end());
  const std::vector<model::CouncilNo> too(south_.begin() + 2, south_.end());
  const auto moved = Reports(late + too, 1);
  const GateResult result = Gate(tree_, released, {kYear, before, before + moved, moved}, rules_);
  ASSERT_TRUE(result.open);
  EXPECT_EQ(result.partition, released);
}

TEST_F(RowsOnlyTest, ThreeCouncilsAreNotEnoughToMove) {
  const auto before = Reports(north_ + south_, 1);
  const auto released = Partition(before);
  const auto three = Reports({north_[0], north_[1], north_[2]}, 1);
  const GateResult result = Gate(tree_, released, {kYear, before, before + three, three}, rules_);
  EXPECT_FALSE(result.open) << "two of them would know the third";
  EXPECT_EQ(result.defer.size(), 1u);
}

TEST(RowsOnlyAttackTest, NoCoalitionOfTwoComesCloserThanThePolicySays) {
  const Rules rules = Rules::ForOutcomes(model::Policy());
  int rows = 0;
  for (unsigned seed = 1; seed <= 15; ++seed) {
    RandomWorld random(seed, 24 + static_cast<int>(seed % 4) * 6, 12);
    const auto bought = random.Purchases(seed % 2 == 0 ? 12 : 40);
    const auto partition = PartitionYear(random.tree, kYear, bought, rules);
    for (const auto& run : partition.runs) rows += static_cast<int>(run.rows.size());
    const auto found =
        Attack(random.tree, {{partition, bought}}, rules.p_percent, &Contribution::units, 60);
    EXPECT_TRUE(found.empty()) << "seed " << seed << ": " << found.front();
  }
  EXPECT_GT(rows, 80);
}

}  // namespace
}  // namespace steelyard::disclosure::testing
