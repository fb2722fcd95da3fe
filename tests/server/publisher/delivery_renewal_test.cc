#include "server/publisher/delivery_renewal.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/server/disclosure/linear_attack.h"
#include "tests/support/small_country.h"

namespace steelyard::publisher {
namespace {

using editions::DeliveryTotals;
using editions::kDeliveryFacets;
using model::AreaNo;

constexpr uint16_t kNorth = 2;
constexpr uint16_t kSouth = 3;

// A run of the first quarter of 2020 in two rows, with all suppliers named.
class DeliveryRenewalTest : public ::testing::Test {
 protected:
  explicit DeliveryRenewalTest(int councils_each = 12)
      : registers_(testing::SmallCountry(councils_each)) {
    model::Policy policy;
    policy.min_supplier_groups = 3;
    policy_ = policy;
    SetRows({{kNorth}, {kSouth}});
    for (uint32_t s = 1; s <= 5; ++s) NameSeller(s);
  }

  void SetRows(std::vector<std::vector<uint16_t>> rows) {
    run_.layout.period = {*model::Month::FromYm(2020, 1), *model::Month::FromYm(2020, 3)};
    run_.layout.rows.clear();
    for (const auto& row : rows) {
      auto& group = run_.layout.rows.emplace_back();
      for (uint16_t area : row) group.push_back(AreaNo{area});
    }
  }

  void NameSeller(uint32_t supplier) {
    run_.layout.sellers.push_back({{supplier}, {{supplier}}, true});
  }

  // Council number `c` (1 to 12 north, 13 to 24 south) looks at packs.
  void LooksAt(int c, int supplier, int64_t packs, int64_t rejected) {
    model::PurchaseFact& fact = facts_.emplace_back();
    fact.council.value = static_cast<uint16_t>(c);
    fact.supplier.value = static_cast<uint32_t>(supplier);
    fact.month = *model::Month::FromYm(2020, 2);
    fact.looked_at_packs = packs;
    fact.rejected_packs = rejected;
  }
  // All of both rows do, of every supplier.
  void AllLook(int64_t packs, int64_t rejected, int first = 1, int last = 24) {
    for (int c = first; c <= last; ++c) {
      for (int s = 1; s <= 5; ++s) LooksAt(c, s, packs, rejected);
    }
  }

  bool Renew() {
    const disclosure::AreaTree tree = disclosure::AreaTree::From(*registers_);
    std::vector<const model::PurchaseFact*> lines;
    for (const auto& fact : facts_) lines.push_back(&fact);
    editions::Run next;
    next.layout = run_.layout;
    const bool moved =
        DeliveryRenewal(*registers_, tree, disclosure::Rules(policy_)).Renew(lines, &run_, next);
    run_ = std::move(next);
    return moved;
  }

  int64_t LookedAt(size_t row) const {
    return run_.delivery.rows.empty() ? 0 : run_.delivery.rows.at(row).looked_at_packs;
  }
  int64_t LookedAtOf(uint32_t supplier) const {
    for (const auto& seller : run_.delivery.sellers) {
      if (seller.owner.value == supplier) return seller.totals.looked_at_packs;
    }
    return 0;
  }

  std::shared_ptr<model::Registers> registers_;
  model::Policy policy_;
  std::deque<model::PurchaseFact> facts_;
  editions::Run run_;
};

TEST_F(DeliveryRenewalTest, OneCouncilsRejectionsAreNotShown) {
  LooksAt(3, 1, 10'000, 700);
  LooksAt(3, 2, 10'000, 700);
  EXPECT_FALSE(Renew());
  EXPECT_EQ(run_.delivery, editions::DeliveryView{});
}

TEST_F(DeliveryRenewalTest, WhatManySayIsShownByRowAndBySupplier) {
  AllLook(100, 2);
  ASSERT_TRUE(Renew());
  ASSERT_EQ(run_.delivery.areas, run_.layout.rows);
  for (size_t row : {0, 1}) {
    EXPECT_EQ(run_.delivery.rows[row], (DeliveryTotals{0, 0, 0, 0, 12 * 5 * 100, 12 * 5 * 2}));
  }
  ASSERT_EQ(run_.delivery.sellers.size(), 5u);
  EXPECT_EQ(LookedAtOf(4), 24 * 100);
  EXPECT_FALSE(Renew()) << "nothing moved";
}

TEST_F(DeliveryRenewalTest, EachShareIsShownByItself) {
  AllLook(100, 2);
  facts_[0].due = true;  // one council alone was promised a day
  ASSERT_TRUE(Renew());
  EXPECT_GT(LookedAt(0), 0);
  for (const DeliveryTotals& row : run_.delivery.rows) EXPECT_EQ(row.due_lines, 0);
  for (const auto& sum : run_.delivery.said) EXPECT_EQ(sum.totals.due_lines, 0);
}

TEST_F(DeliveryRenewalTest, OneThatHasNearlyAllOfItIsNotShown) {
  AllLook(10, 0, 1, 12);
  AllLook(10, 0, 13, 24);
  LooksAt(13, 1, 100'000, 0);
  ASSERT_FALSE(Renew()) << "the north alone would tell the south by the suppliers";
}

// All else would be the difference of what is shown.
TEST_F(DeliveryRenewalTest, WhatIsHiddenIsHiddenAmongOthers) {
  registers_->Put(model::Area{{}, "isle", "Isle", "region", AreaNo{1}});
  const auto isle = static_cast<uint16_t>(registers_->areas.back().no.value);
  for (int i = 0; i < 2; ++i) {
    model::Council c;
    c.id = "i0" + std::to_string(i);
    c.display_name = c.id;
    c.area = AreaNo{isle};
    c.authority_type = "city";
    registers_->Put(c);
  }
  SetRows({{kNorth}, {kSouth}, {isle}});
  AllLook(100, 2);
  AllLook(80, 2, 13, 24);  // the south is larger
  LooksAt(25, 1, 500, 100);
  ASSERT_TRUE(Renew());
  EXPECT_EQ(LookedAt(0), 0) << "the smallest row hides the isle";
  EXPECT_GT(LookedAt(1), 0);
  EXPECT_EQ(LookedAt(2), 0);
}

TEST_F(DeliveryRenewalTest, TrivialReportsCarryNoLargeOneOut) {
  AllLook(100, 2);
  ASSERT_TRUE(Renew());
  const editions::DeliveryView before = run_.delivery;
  for (int c = 1; c <= 5; ++c) LooksAt(c, 1 + c % 5, 1, 0);
  LooksAt(6, 1, 10'000, 900);
  EXPECT_FALSE(Renew());
  EXPECT_EQ(run_.delivery, before);
  // It comes out when as much moved elsewhere in the row and with each supplier.
  AllLook(3'000, 200, 1, 12);
  EXPECT_TRUE(Renew());
  EXPECT_EQ(LookedAt(0), 12 * 5 * 100 + 5 + 10'000 + 12 * 5 * 3'000);
  EXPECT_EQ(LookedAt(1), 12 * 5 * 100);
}

TEST_F(DeliveryRenewalTest, OneRowMovesWhileAnotherWaits) {
  AllLook(100, 2);
  ASSERT_TRUE(Renew());
  AllLook(100, 2, 1, 12);
  LooksAt(20, 1, 500, 10);
  ASSERT_TRUE(Renew());
  EXPECT_EQ(LookedAt(0), 12 * 5 * 200);
  EXPECT_EQ(LookedAt(1), 12 * 5 * 100);
  EXPECT_EQ(LookedAtOf(1), 12 * 200 + 12 * 100);
}

// A supplier that one council alone reports of afterwards keeps all back.
TEST_F(DeliveryRenewalTest, ASupplierThatMayNotMoveKeepsTheRowsBack) {
  AllLook(100, 2);
  ASSERT_TRUE(Renew());
  for (int c = 1; c <= 12; ++c) {
    for (int s = 1; s <= 4; ++s) LooksAt(c, s, 100, 2);
  }
  LooksAt(2, 5, 100, 2);
  const auto before = run_.delivery;
  EXPECT_FALSE(Renew());
  EXPECT_EQ(run_.delivery, before);
}

TEST_F(DeliveryRenewalTest, AnAreaRegisteredLaterJoinsTheFirstRow) {
  AllLook(100, 2);
  ASSERT_TRUE(Renew());
  registers_->Put(model::Area{{}, "isle", "Isle", "region", AreaNo{1}});
  const AreaNo isle = registers_->areas.back().no;
  model::Council c;
  c.id = "i00";
  c.display_name = c.id;
  c.area = isle;
  c.authority_type = "city";
  registers_->Put(c);
  LooksAt(25, 1, 500, 100);
  Renew();
  EXPECT_EQ(run_.delivery.areas[0], (std::vector<AreaNo>{{kNorth}, isle}));
  EXPECT_EQ(LookedAt(0), 12 * 5 * 100);
}

// ---- Attack ------------------------------------------------------------------

// What is shown of packs looked at, in several releases that only add, as
// equations over what each council had looked at of each supplier in each.
class DeliveryAttackTest : public ::testing::Test {};

struct Shown {
  editions::DeliveryView view;
  std::map<std::pair<int, int>, std::array<double, 2>> truth;  // council, supplier
};

class AttackedRun : public DeliveryRenewalTest {
 public:
  AttackedRun() : DeliveryRenewalTest(10) {}
  void TestBody() override {}

  // A release in which each council has reported with some chance.
  bool Release(std::mt19937& random, int chance, double spread) {
    std::lognormal_distribution<double> size(0, spread);
    for (int c = 1; c <= 20; ++c) {
      for (int s = 1; s <= 5; ++s) {
        if (static_cast<int>(random() % 100) >= chance) continue;
        const auto packs = static_cast<int64_t>(1 + 100 * size(random));
        LooksAt(c, s, packs, static_cast<int64_t>(random() % static_cast<uint64_t>(packs / 4 + 1)));
      }
    }
    const bool moved = Renew();
    if (moved) Remember();
    return moved;
  }

  // Bounds on one amount: what was looked at (0), or rejected (1).
  std::vector<std::string> Attack(size_t measure) const {
    const auto tree = disclosure::AreaTree::From(*registers_);
    disclosure::testing::LinearTable table;
    const size_t councils = tree.bodies().size();
    table.columns_of.resize(councils);
    table.truth.resize(councils);
    table.targets.resize(councils);
    for (const auto& body : tree.bodies()) {
      const size_t b = body.council.value - 1u;
      table.groups.push_back(body.group);
      std::set<size_t> all;
      for (int s = 1; s <= 5; ++s) {
        std::set<size_t> of_supplier;
        for (size_t stage = 0; stage < shown_.size(); ++stage) {
          const auto equations = EquationsOf(table, body.area, s, stage);
          if (equations.empty()) continue;
          const size_t column = table.Column(equations);
          const std::pair<int, int> key{body.council.value, s};
          const auto at = [&](size_t k) {
            const auto it = shown_[k].truth.find(key);
            return it == shown_[k].truth.end() ? 0.0 : it->second[measure];
          };
          const double amount = at(stage) - (stage == 0 ? 0.0 : at(stage - 1));
          if (amount != 0) table.Add(b, column, amount);
          table.targets[b].insert({column});
          of_supplier.insert(column);
        }
        if (of_supplier.empty()) continue;
        table.targets[b].insert(of_supplier);
        all.insert(of_supplier.begin(), of_supplier.end());
      }
      if (!all.empty()) table.targets[b].insert(all);
      table.columns_of[b] = std::move(all);
    }
    return disclosure::testing::AttackTable(table, policy_.p_percent, 60);
  }
  size_t releases() const { return shown_.size(); }

 private:
  void Remember() {
    Shown shown{run_.delivery, {}};
    for (const auto& sum : run_.delivery.said) {
      auto& at = shown.truth[{sum.council.value, static_cast<int>(sum.supplier.value)}];
      at = {static_cast<double>(sum.totals.looked_at_packs),
            static_cast<double>(sum.totals.rejected_packs)};
    }
    shown_.push_back(std::move(shown));
  }

  // The sums that a cell of `stage` is in: those of that release and all later.
  std::vector<size_t> EquationsOf(disclosure::testing::LinearTable& table, uint16_t area, int s,
                                  size_t stage) const {
    std::vector<size_t> equations;
    for (size_t k = stage; k < shown_.size(); ++k) {
      const editions::DeliveryView& view = shown_[k].view;
      for (size_t r = 0; r < view.areas.size(); ++r) {
        const auto& group = view.areas[r];
        if (view.rows[r].looked_at_packs == 0) continue;
        if (!std::binary_search(group.begin(), group.end(), AreaNo{area})) continue;
        equations.push_back(table.Equation(std::to_string(k) + " row " + std::to_string(r)));
      }
      for (const auto& seller : view.sellers) {
        if (static_cast<int>(seller.owner.value) != s || seller.totals.looked_at_packs == 0) {
          continue;
        }
        equations.push_back(table.Equation(std::to_string(k) + " seller " + std::to_string(s)));
      }
    }
    return equations;
  }

  std::vector<Shown> shown_;
};

TEST_F(DeliveryAttackTest, NoSumsGiveACouncilAway) {
  int shown = 0;
  int again = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    AttackedRun run;
    for (int release = 0; release < 4; ++release) {
      run.Release(random, release == 0 ? 70 : 25 + 10 * release, 0.3 + 0.1 * (seed % 5));
    }
    shown += run.releases() > 0 ? 1 : 0;
    again += run.releases() > 1 ? 1 : 0;
    for (size_t measure : {0, 1}) {
      EXPECT_EQ(run.Attack(measure), std::vector<std::string>()) << "seed " << seed;
    }
  }
  EXPECT_GE(shown, 8);
  EXPECT_GE(again, 4);
}

}  // namespace
}  // namespace steelyard::publisher
