#include <gtest/gtest.h>

#include "server/disclosure/partition.h"
#include "tests/server/disclosure/attacker.h"
#include "tests/server/disclosure/publishing.h"
#include "tests/server/disclosure/world.h"

namespace steelyard::disclosure::testing {
namespace {

model::Policy SmallPolicy() {
  model::Policy policy;
  policy.min_councils = 5;
  policy.min_supplier_groups = 2;
  return policy;
}

void ExpectNothingFound(const AreaTree& tree, const std::vector<Release>& releases,
                        const model::Policy& policy, unsigned seed, size_t pairs) {
  for (auto measure : {&Contribution::spend_micros, &Contribution::units}) {
    const auto found = Attack(tree, releases, policy.p_percent, measure, pairs);
    EXPECT_TRUE(found.empty()) << "seed " << seed << ": " << found.front() << " and "
                               << found.size() - 1 << " more";
  }
}

// How often a supplier comes too close to what a council bought from the others.
int FoundBySuppliers(const AreaTree& tree, const std::vector<Release>& releases,
                     const model::Policy& policy) {
  size_t found = 0;
  for (uint32_t supplier = 0; supplier < 6; ++supplier) {
    for (auto measure : {&Contribution::spend_micros, &Contribution::units}) {
      found += AttackAsSupplier(tree, releases, supplier, policy.p_percent, measure).size();
    }
  }
  return static_cast<int>(found);
}

struct Shape {
  int atoms = 0;
  int with_types = 0;
  int split_rows = 0;
  void Count(const YearPartition& partition) {
    for (const auto& run : partition.runs) {
      atoms += static_cast<int>(run.blocks.size() * run.month_groups.size() + run.rows.size());
      with_types += run.type_groups.size() > 1;
      split_rows += run.rows.size() > run.blocks.size();
    }
  }
};

TEST(AttackTest, NoCoalitionOfTwoComesCloserThanThePolicySays) {
  const model::Policy policy = SmallPolicy();
  Shape shape;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    RandomWorld random(seed, 22 + static_cast<int>(seed % 5) * 8, 6);
    const auto bought = random.Purchases(seed % 3 == 0 ? 30 : 85);
    const auto partition = PartitionYear(random.tree, kYear, bought, policy);
    shape.Count(partition);
    ExpectNothingFound(random.tree, {{partition, bought}}, policy, seed, 60);
  }
  // The attack had something to bite on.
  RecordProperty("atoms", shape.atoms);
  RecordProperty("runs_with_types", shape.with_types);
  RecordProperty("runs_with_rows_in_blocks", shape.split_rows);
  EXPECT_GT(shape.atoms, 200);
  EXPECT_GT(shape.with_types, 15);
  EXPECT_GT(shape.split_rows, 20);
}

// Councils come in bit by bit, a few at a time or many at once.
TEST(AttackTest, NoTwoReleasesTogetherGiveMoreAway) {
  const model::Policy policy = SmallPolicy();
  int pairs = 0;
  int splits = 0;
  for (unsigned seed = 1; seed <= 16; ++seed) {
    RandomWorld random(seed, 24 + static_cast<int>(seed % 3) * 8, 3);
    Publishing publishing(random.tree, policy);
    std::vector<Release> releases;
    for (int round = 0; round < 6; ++round) {
      publishing.Receive(random.Purchases(round == 0 ? 40 : 5 + 25 * (round % 3)));
      if (!publishing.Publish()) continue;
      releases.push_back({publishing.partition(), publishing.shown()});
    }
    for (size_t k = 1; k < releases.size(); ++k) {
      splits += releases[k].partition != releases[k - 1].partition;
      ++pairs;
      ExpectNothingFound(random.tree, {releases[k - 1], releases[k]}, policy, seed, 5);
      EXPECT_EQ(FoundBySuppliers(random.tree, {releases[k - 1], releases[k]}, policy), 0) << seed;
    }
    if (releases.size() > 2) {
      ExpectNothingFound(random.tree, {releases.front(), releases.back()}, policy, seed, 5);
    }
  }
  RecordProperty("pairs", pairs);
  RecordProperty("splits", splits);
  EXPECT_GT(pairs, 30);
  EXPECT_GT(splits, 8);
}

TEST(AttackTest, NoSupplierLearnsWhatACouncilBoughtFromTheOthers) {
  const model::Policy policy = SmallPolicy();
  int without_the_rule = 0;
  for (unsigned seed = 1; seed <= 24; ++seed) {
    RandomWorld random(seed, 22 + static_cast<int>(seed % 5) * 8, 6);
    const auto bought = random.Purchases(seed % 3 == 0 ? 30 : 85);
    const auto partition = PartitionYear(random.tree, kYear, bought, policy);
    EXPECT_EQ(FoundBySuppliers(random.tree, {{partition, bought}}, policy), 0) << seed;
    Rules blind(policy);
    blind.against_suppliers = false;
    without_the_rule += FoundBySuppliers(
        random.tree, {{PartitionYear(random.tree, kYear, bought, blind), bought}}, policy);
  }
  EXPECT_GT(without_the_rule, 5);  // or this attack is blind
}

// The controls: what the rules forbid must be found, or the attack is blind.
bool Broken(const AreaTree& tree, const std::vector<Release>& releases) {
  return !Attack(tree, releases, 20, &Contribution::spend_micros).empty();
}

TEST(AttackControlTest, FindsRowsThatAreNotSafe) {
  int broken = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    RandomWorld random(seed, 14, 3);
    const auto bought = random.Purchases(60);
    auto partition = PartitionYear(random.tree, kYear, bought, SmallPolicy());
    for (auto& run : partition.runs) {
      run.rows.clear();
      for (uint16_t leaf : random.tree.leaves()) run.rows.push_back({leaf});
    }
    broken += !partition.empty() && Broken(random.tree, {{partition, bought}});
  }
  EXPECT_GE(broken, 3);
}

TEST(AttackControlTest, FindsThatALargestShareAloneIsNoProtection) {
  World world;
  world.Area("land");
  const auto councils = world.Councils(5, "land", "county");
  const AreaTree tree = world.Tree();
  // 40, 30, 28, 1, 1: no share above half, yet the second and third know the
  // first to 5 %.
  std::vector<Contribution> bought;
  const int64_t spend[] = {40, 30, 28, 1, 1};
  for (size_t i = 0; i < 5; ++i) bought.push_back(Buys(tree, councils[i], 1, spend[i]));
  model::Policy share_only = SmallPolicy();
  share_only.p_percent = -1000;
  const auto partition = PartitionYear(tree, kYear, bought, share_only);
  ASSERT_FALSE(partition.empty());
  EXPECT_TRUE(Broken(tree, {{partition, bought}}));
  EXPECT_TRUE(PartitionYear(tree, kYear, bought, SmallPolicy()).empty());
}

// London less the boroughs is the City.
TEST(AttackControlTest, FindsTheCityIfRowsAndTypesAreNotCutChecked) {
  World world;
  world.Area("land");
  const uint16_t london = world.Area("london", "land");
  const uint16_t north = world.Area("north", "land");
  const auto city = world.Councils(1, "london", "city");
  const auto boroughs = world.Councils(10, "london", "borough");
  const auto counties = world.Councils(10, "north", "county");
  const AreaTree tree = world.Tree();
  const auto bought = AllBuy(tree, city + boroughs + counties, 1, 1, 100);
  YearPartition partition = PartitionYear(tree, kYear, bought, SmallPolicy());
  ASSERT_EQ(partition.runs.size(), 1u);
  EXPECT_FALSE(Broken(tree, {{partition, bought}}));
  EXPECT_EQ(partition.runs[0].rows, (std::vector<AreaGroup>{{london}, {north}}));
  partition.runs[0].type_groups = {{0, 2}, {1}};  // city and county, borough
  EXPECT_TRUE(Broken(tree, {{partition, bought}}));
}

// The only county of the south knows what the counties of the north bought,
// and so what is left of the north when they are taken out.
TEST(AttackControlTest, FindsWhoCanTakeItselfOutOfAType) {
  World world;
  world.Area("land");
  world.Area("north", "land");
  world.Area("south", "land");
  const auto lone = world.Councils(1, "north", "district");
  const auto counties = world.Councils(10, "north", "county");
  const auto south_county = world.Councils(1, "south", "county");
  const auto south = world.Councils(10, "south", "district");
  const AreaTree tree = world.Tree();
  const auto bought = AllBuy(tree, lone + counties + south_county + south, 1, 1, 100);
  YearPartition partition = PartitionYear(tree, kYear, bought, SmallPolicy());
  ASSERT_EQ(partition.runs.size(), 1u);
  ASSERT_EQ(partition.runs[0].rows.size(), 2u);
  EXPECT_FALSE(Broken(tree, {{partition, bought}}));
  EXPECT_EQ(partition.runs[0].type_groups.size(), 1u);
  partition.runs[0].type_groups = {{0}, {1}};
  EXPECT_TRUE(Broken(tree, {{partition, bought}}));
}

// Without the gate: the same lines, cut up otherwise, are a difference.
TEST(AttackControlTest, FindsWhatTwoWaysOfCuttingGiveAway) {
  World world;
  world.Area("land");
  const auto councils = world.Councils(10, "land", "county");
  const AreaTree tree = world.Tree();
  const auto bought = AllBuy(tree, councils, 1, 1, 100) +
                      std::vector{Buys(tree, councils[0], 2, 100)} +
                      AllBuy(tree, councils, 3, 3, 100);
  YearPartition one = PartitionYear(tree, kYear, bought, SmallPolicy());
  ASSERT_EQ(one.runs.size(), 1u);
  YearPartition other = one;
  one.runs[0].month_groups = {Months(1, 2), Months(3, 3)};
  other.runs[0].month_groups = {Months(1, 1), Months(2, 3)};
  EXPECT_FALSE(Broken(tree, {{one, bought}}));
  EXPECT_FALSE(Broken(tree, {{other, bought}}));
  EXPECT_TRUE(Broken(tree, {{one, bought}, {other, bought}}));
}

}  // namespace
}  // namespace steelyard::disclosure::testing
