#include "server/disclosure/sellers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "server/disclosure/partition.h"
#include "tests/server/disclosure/linear_attack.h"
#include "tests/server/disclosure/world.h"

namespace steelyard::disclosure {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Contributors 1 to `groups` each buy `amount` from `seller`.
Slice Sells(uint32_t seller, uint32_t groups, int64_t amount = 100) {
  Slice sales;
  for (uint32_t g = 1; g <= groups; ++g) sales.push_back({g, seller, {amount, amount, 1}});
  return sales;
}

Slice operator+(Slice a, const Slice& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Rules kRules{model::Policy()};

// Each under the supplier group that sold it.
std::vector<uint32_t> Named(const Slice& sales, const Rules& rules = kRules) {
  SalesBySeller by_seller;
  for (const Sale& sale : sales) by_seller[sale.supplier_group].push_back(sale);
  return NamedSellers(by_seller, rules);
}
Renewal Renewed(const Slice& before, const Slice& after) {
  return Renew(before, after, after, kRules);
}

TEST(NamedSellersTest, WhoHasEnoughBuyersIsNamed) {
  EXPECT_THAT(Named(Sells(1, 6) + Sells(2, 5)), ElementsAre(1, 2));
  EXPECT_THAT(Named(Sells(1, 4)), IsEmpty());
  EXPECT_THAT(Named({}), IsEmpty());
}

TEST(NamedSellersTest, NobodyIsNamedIfThatLeavesASellerAlone) {
  // All less 1 would be what one council bought from 2.
  EXPECT_THAT(Named(Sells(1, 6) + Sells(2, 1)), IsEmpty());
  // The smaller of the two goes to hide two that bought from 2.
  EXPECT_THAT(Named(Sells(1, 9) + Sells(3, 6) + Sells(2, 2, 20)), ElementsAre(1));
  // One it cannot hide from itself.
  EXPECT_THAT(Named(Sells(1, 9) + Sells(3, 6) + Sells(2, 1, 20)), IsEmpty());
}

TEST(NamedSellersTest, TheOthersHideOneAnotherAlsoFromThemselves) {
  // Three small ones together are safe, against each of them as well.
  Slice others;
  for (uint32_t g = 1; g <= 9; ++g) others.push_back({g, 10 + g % 3, {100, 100, 1}});
  EXPECT_THAT(Named(Sells(1, 8) + others), ElementsAre(1));
  // 11 sold nearly all of it: it would see what one council bought from 12.
  Slice two = Sells(11, 4, 100) + Slice{{5, 12, {100, 100, 1}}};
  EXPECT_THAT(Named(Sells(1, 8) + two), IsEmpty());
}

// Supplier 7 was 8's until it was sold to 1: 8 knows what it sold till then.
TEST(NamedSellersTest, AFormerOwnerLearnsNothingOfTheNewOne) {
  SalesBySeller sales;
  sales[1] = Sells(8, 6) + Slice{{1, 1, {100, 100, 1}}};
  EXPECT_THAT(NamedSellers(sales, kRules), IsEmpty());
  sales[1].push_back({2, 1, {100, 100, 1}});
  EXPECT_THAT(NamedSellers(sales, kRules), ElementsAre(1));
}

TEST(NamedSellersTest, NobodyIsNotNamed) {
  EXPECT_THAT(Named(Sells(0, 8) + Sells(4, 8)), ElementsAre(4));
}

TEST(RenewTest, MovesWhenWhatMovedIsSafe) {
  const Slice shown = Sells(1, 6);
  EXPECT_EQ(Renewed(shown, shown), Renewal::kUnmoved);
  EXPECT_EQ(Renewed(shown, shown + Sells(1, 4)), Renewal::kUnsafe);
  EXPECT_EQ(Renewed(shown, shown + Sells(1, 5)), Renewal::kSafe);
  // A correction of one council.
  Slice corrected = shown;
  corrected[0].amount.spend += 7;
  EXPECT_EQ(Renewed(shown, corrected), Renewal::kUnsafe);
  // Withdrawals that leave too little.
  EXPECT_EQ(Renewed(shown, Sells(1, 2, 50)), Renewal::kUnsafe);
}

TEST(RenewTest, OneSupplierSeesNoOthersMovement) {
  const Slice shown = Sells(1, 6) + Sells(2, 6);
  EXPECT_EQ(Renewed(shown, shown + Sells(1, 6) + Slice{{1, 2, {10, 10, 1}}}), Renewal::kUnsafe);
  EXPECT_EQ(Renewed(shown, shown + Sells(1, 6) + Sells(2, 6)), Renewal::kSafe);
}

// Cells, rows, types and sellers of one run as equations over what each council
// bought each month from each of the suppliers that no equation tells apart.
struct Attacked {
  testing::LinearTable table;
  size_t named = 0;
};

Attacked TableOf(const AreaTree& tree, const Run& run, const std::vector<Contribution>& bought,
                 const Rules* rules) {
  Slice sales;
  for (const Contribution& c : bought) {
    if (!run.period.Contains(c.month)) continue;
    sales.push_back({c.group, c.supplier_group + 1, {c.spend_micros, c.units, c.lines}});
  }
  std::vector<uint32_t> named;
  if (rules != nullptr) {
    named = Named(sales, *rules);
  } else {
    for (const Sale& s : sales) named.push_back(s.supplier_group);
    std::sort(named.begin(), named.end());
    named.erase(std::unique(named.begin(), named.end()), named.end());
  }
  named.push_back(0);  // all others
  const auto index = [](const auto& groups, const auto& member) {
    const auto has = [&](const auto& g) { return std::binary_search(g.begin(), g.end(), member); };
    return std::find_if(groups.begin(), groups.end(), has) - groups.begin();
  };
  Attacked attacked;
  attacked.named = named.size() - 1;
  testing::LinearTable& table = attacked.table;
  table.truth.resize(tree.bodies().size());
  for (const AreaTree::Body& body : tree.bodies()) {
    std::set<size_t> mine;
    std::set<std::set<size_t>> targets;
    std::map<uint32_t, std::map<int, size_t>> column_of;  // by seller and month
    for (uint32_t seller : named) {
      std::set<size_t> of_seller;
      for (model::Month m = run.period.first; m <= run.period.last; m = m.Plus(1)) {
        const auto group = std::find_if(run.month_groups.begin(), run.month_groups.end(),
                                        [&](const auto& g) { return g.Contains(m); }) -
                           run.month_groups.begin();
        const size_t column = table.Column(
            {table.Equation("cell" + std::to_string(index(run.blocks, body.area)) + "," +
                            std::to_string(group)),
             table.Equation("row" + std::to_string(index(run.rows, body.area))),
             table.Equation("type" + std::to_string(index(run.type_groups, body.type))),
             table.Equation("seller" + std::to_string(seller))});
        of_seller.insert(column);
        column_of[seller][m.number] = column;
      }
      mine.insert(of_seller.begin(), of_seller.end());
      if (seller != 0) targets.insert(of_seller);  // its purchases from a seller by name
    }
    targets.insert(mine);  // all its purchases
    for (const Contribution& c : bought) {
      if (c.council != body.council || !run.period.Contains(c.month)) continue;
      const uint32_t seller = c.supplier_group + 1;
      const auto column = column_of.contains(seller) ? column_of[seller] : column_of[0];
      table.Add(body.council.value - 1u, column.at(c.month.number),
                static_cast<double>(c.spend_micros));
    }
    table.groups.push_back(body.group);
    table.columns_of.push_back(std::move(mine));
    table.targets.push_back(std::move(targets));
  }
  return attacked;
}

TEST(SellersAttackTest, NamesGiveNoCouncilAway) {
  model::Policy policy;
  policy.min_supplier_groups = 2;
  const Rules rules(policy);
  size_t named = 0;
  size_t found_without = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    testing::RandomWorld random(seed, 24 + static_cast<int>(seed % 4) * 8, 3);
    const auto bought = random.Purchases(seed % 3 == 0 ? 40 : 85);
    const YearPartition partition =
        PartitionYear(random.tree, testing::kYear, bought, Rules(policy));
    for (const disclosure::Run& run : partition.runs) {
      const Attacked attacked = TableOf(random.tree, run, bought, &rules);
      named += attacked.named;
      const auto found = testing::AttackTable(attacked.table, policy.p_percent, 40);
      EXPECT_THAT(found, IsEmpty()) << "seed " << seed;
      found_without += testing::AttackTable(TableOf(random.tree, run, bought, nullptr).table,
                                            policy.p_percent, 5)
                           .size();
    }
  }
  EXPECT_GT(named, 15u);          // the attack had something to bite on
  EXPECT_GT(found_without, 10u);  // or it is blind
}

}  // namespace
}  // namespace steelyard::disclosure
