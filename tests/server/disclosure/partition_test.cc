#include "server/disclosure/partition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "tests/server/disclosure/world.h"

namespace steelyard::disclosure::testing {
namespace {

// England with London and the North, and Northern Ireland.
class PartitionTest : public ::testing::Test {
 protected:
  PartitionTest() {
    world_.Area("uk");
    world_.Area("england", "uk");
    london_ = world_.Area("london", "england");
    north_ = world_.Area("north", "england");
    ni_ = world_.Area("ni", "uk");
    city_ = world_.Councils(1, "london", "city");
    boroughs_ = world_.Councils(12, "london", "borough");
    counties_ = world_.Councils(12, "north", "county");
    irish_ = world_.Councils(11, "ni", "irish");
    tree_ = world_.Tree();
  }
  std::vector<model::CouncilNo> Some(const std::vector<model::CouncilNo>& all, size_t n) {
    return {all.begin(), all.begin() + static_cast<ptrdiff_t>(n)};
  }
  YearPartition Partition(const std::vector<Contribution>& bought) {
    return PartitionYear(tree_, kYear, bought, policy_);
  }

  World world_;
  AreaTree tree_;
  model::Policy policy_;
  uint16_t london_ = 0, north_ = 0, ni_ = 0;
  std::vector<model::CouncilNo> city_, boroughs_, counties_, irish_;
};

TEST_F(PartitionTest, SafeEverywhereIsCutAllTheWay) {
  const auto partition = Partition(AllBuy(tree_, boroughs_ + counties_ + irish_, 1, 12, 100));
  ASSERT_EQ(partition.runs.size(), 4u);
  for (const auto& run : partition.runs) {
    EXPECT_EQ(run.month_groups.size(), 3u);
    EXPECT_EQ(run.blocks, (std::vector<AreaGroup>{{london_}, {north_}, {ni_}}));
    EXPECT_EQ(run.rows, run.blocks);
  }
  EXPECT_EQ(partition.FindRun(MonthOf(5))->period, Months(4, 6));
}

TEST_F(PartitionTest, NothingSafeShowsNothing) {
  EXPECT_TRUE(Partition({}).empty());
  EXPECT_TRUE(Partition(AllBuy(tree_, Some(counties_, 4), 1, 12, 100)).empty());
}

TEST_F(PartitionTest, TwoBuyersJoinTheRest) {
  const auto partition =
      Partition(AllBuy(tree_, boroughs_ + counties_ + Some(irish_, 2), 1, 3, 100));
  ASSERT_EQ(partition.runs.size(), 1u);
  // Northern Ireland cannot stand; of England only a region has to join it.
  ASSERT_EQ(partition.runs[0].rows.size(), 2u);
  for (const AreaGroup& row : partition.runs[0].rows) EXPECT_NE(row, AreaGroup{ni_});
}

TEST_F(PartitionTest, AQuarterWithOneBuyerJoinsItsNeighbour) {
  const auto partition =
      Partition(AllBuy(tree_, counties_, 1, 3, 100) + AllBuy(tree_, Some(counties_, 1), 4, 6, 100) +
                AllBuy(tree_, counties_, 7, 9, 100));
  ASSERT_EQ(partition.runs.size(), 2u);
  EXPECT_EQ(partition.runs[0].period, Months(1, 3));
  EXPECT_EQ(partition.runs[1].period, Months(4, 9));
}

TEST_F(PartitionTest, AnUnsafeLastQuarterJoinsTheOneBefore) {
  const auto partition =
      Partition(AllBuy(tree_, counties_, 1, 6, 100) + AllBuy(tree_, Some(counties_, 1), 7, 9, 100));
  ASSERT_EQ(partition.runs.size(), 2u);
  EXPECT_EQ(partition.runs[1].period, Months(4, 9));
  // A month that is not safe is in a group that is.
  EXPECT_EQ(partition.runs[1].month_groups.back(), Months(6, 9));
}

TEST_F(PartitionTest, AGiantAtTheEndPullsInAsManyQuartersAsItTakes) {
  const auto partition = Partition(AllBuy(tree_, counties_, 1, 6, 100) +
                                   AllBuy(tree_, Some(counties_, 1), 7, 9, 1200));
  ASSERT_EQ(partition.runs.size(), 1u);
  EXPECT_EQ(partition.runs[0].period, Months(1, 9));
}

TEST_F(PartitionTest, QuartersToComeStayOpen) {
  const auto partition = Partition(AllBuy(tree_, counties_, 1, 1, 100));
  ASSERT_EQ(partition.runs.size(), 1u);
  EXPECT_EQ(partition.runs[0].period, Months(1, 3));
}

TEST_F(PartitionTest, ANationThatBoughtNothingDoesNotHideTheRegionsOfAnother) {
  const auto partition = Partition(AllBuy(tree_, boroughs_ + counties_, 1, 3, 100));
  ASSERT_EQ(partition.runs.size(), 1u);
  EXPECT_EQ(partition.runs[0].rows.size(), 2u);
  size_t leaves = 0;
  for (const AreaGroup& row : partition.runs[0].rows) leaves += row.size();
  EXPECT_EQ(leaves, tree_.leaves().size());
}

TEST_F(PartitionTest, LondonLessItsBoroughsIsNotShown) {
  const auto partition =
      Partition(AllBuy(tree_, city_ + boroughs_ + counties_ + irish_, 1, 3, 100));
  ASSERT_EQ(partition.runs.size(), 1u);
  const auto& run = partition.runs[0];
  ASSERT_EQ(run.rows.size(), 3u);
  const uint16_t city = tree_.Find(city_[0])->type;
  const uint16_t borough = tree_.Find(boroughs_[0])->type;
  for (const TypeGroup& group : run.type_groups) {
    EXPECT_EQ(std::count(group.begin(), group.end(), city),
              std::count(group.begin(), group.end(), borough));
  }
}

TEST_F(PartitionTest, TypesThatAreSpreadStandAlone) {
  World world;
  world.Area("land");
  for (const char* region : {"east", "west"}) {
    world.Area(region, "land");
    world.Councils(6, region, "county");
    world.Councils(6, region, "district");
  }
  const AreaTree tree = world.Tree();
  std::vector<model::CouncilNo> all;
  for (const auto& body : tree.bodies()) all.push_back(body.council);
  const auto partition = PartitionYear(tree, kYear, AllBuy(tree, all, 1, 3, 100), policy_);
  ASSERT_EQ(partition.runs.size(), 1u);
  EXPECT_EQ(partition.runs[0].rows.size(), 2u);
  EXPECT_EQ(partition.runs[0].type_groups, (std::vector<TypeGroup>{{0}, {1}}));
}

TEST_F(PartitionTest, DoesNotDependOnTheOrderOfLines) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    RandomWorld random(seed, 40, 12);
    auto bought = random.Purchases(50);
    const auto partition = PartitionYear(random.tree, kYear, bought, policy_);
    std::shuffle(bought.begin(), bought.end(), random.random);
    EXPECT_EQ(PartitionYear(random.tree, kYear, bought, policy_), partition);
  }
}

// Tiles, and every atom safe, whatever comes.
TEST_F(PartitionTest, TilesAreasMonthsAndTypesWithSafeAtoms) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    RandomWorld random(seed, 20 + static_cast<int>(seed) * 3, 12);
    const auto bought = random.Purchases(10 + static_cast<int>(seed % 5) * 20);
    const auto partition = PartitionYear(random.tree, kYear, bought, policy_);
    const auto safe = [&](const AreaGroup& areas, const model::Period& months) {
      std::vector<Contribution> set;
      for (const Contribution& c : bought) {
        if (months.Contains(c.month) && std::binary_search(areas.begin(), areas.end(), c.area)) {
          set.push_back(c);
        }
      }
      return Safe(set, policy_);
    };
    for (const auto& run : partition.runs) {
      model::Month next = run.period.first;
      for (const auto& months : run.month_groups) {
        EXPECT_EQ(months.first, next);
        next = months.last.Plus(1);
        for (const AreaGroup& block : run.blocks) EXPECT_TRUE(safe(block, months));
      }
      EXPECT_EQ(next, run.period.last.Plus(1));
      AreaGroup rows;
      for (const AreaGroup& row : run.rows) {
        EXPECT_TRUE(safe(row, run.period));
        rows = rows + row;
        EXPECT_EQ(std::count_if(run.blocks.begin(), run.blocks.end(),
                                [&](const AreaGroup& block) {
                                  return std::includes(block.begin(), block.end(), row.begin(),
                                                       row.end());
                                }),
                  1);
      }
      std::sort(rows.begin(), rows.end());
      EXPECT_EQ(rows, random.tree.leaves());
      TypeGroup types;
      for (const TypeGroup& group : run.type_groups) types = types + group;
      EXPECT_EQ(types.size(), random.tree.types().size());
    }
  }
}

}  // namespace
}  // namespace steelyard::disclosure::testing
