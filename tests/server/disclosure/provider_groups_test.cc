#include "server/disclosure/provider_groups.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/server/disclosure/world.h"

namespace steelyard::disclosure {
namespace {

using model::ProviderNo;

constexpr ProviderNo kOwner{100};
constexpr ProviderSet kRest{GroupKind::kRest, {}};

ProviderSet Own(uint32_t provider) { return {GroupKind::kProvider, {provider}}; }
ProviderSet RestOf(ProviderNo owner) { return {GroupKind::kRestOfOwner, owner}; }

// Reports of `councils` councils, of ten placements each.
ProviderReports Reports(uint32_t provider, int quarter, ProviderNo owner, int councils) {
  ProviderReports r;
  r.provider.value = provider;
  r.quarter = testing::MonthOf(1 + 3 * (quarter - 1));
  r.owner = owner;
  for (int c = 1; c <= councils; ++c) {
    Contribution one;
    one.council.value = static_cast<uint16_t>(c);
    one.group = static_cast<uint32_t>(c);
    one.month = r.quarter;
    one.supplier_group = provider;
    one.units = 10;
    one.lines = 1;
    r.contributions.push_back(one);
  }
  return r;
}

ProviderReports Alone(uint32_t provider, int quarter, int councils) {
  return Reports(provider, quarter, {provider}, councils);
}

Assignments Assign(const std::vector<ProviderReports>& reports, const Assignments& known = {}) {
  return AssignGroups(known, reports, Rules::ForOutcomes(model::Policy()));
}

ProviderSet Of(const Assignments& all, uint32_t provider, int quarter = 1) {
  const auto it = all.find({{provider}, testing::MonthOf(1 + 3 * (quarter - 1))});
  EXPECT_NE(it, all.end());
  return it == all.end() ? ProviderSet{} : it->second;
}

TEST(ProviderGroupsTest, WhoIsSafeStandsAloneAndTheOthersAreTheRest) {
  const auto all = Assign({Alone(1, 1, 5), Alone(2, 1, 3), Alone(3, 1, 1)});
  EXPECT_EQ(Of(all, 1), Own(1));
  EXPECT_EQ(Of(all, 2), kRest);
  EXPECT_EQ(Of(all, 3), kRest);
}

TEST(ProviderGroupsTest, AnOwnersSmallProvidersStandTogether) {
  const auto all =
      Assign({Reports(1, 1, kOwner, 5), Reports(2, 1, kOwner, 3), Reports(3, 1, kOwner, 4)});
  EXPECT_EQ(Of(all, 1), Own(1));
  EXPECT_EQ(Of(all, 2), RestOf(kOwner)) << "2 needs company: the smaller of those that could leave";
  EXPECT_EQ(Of(all, 3), RestOf(kOwner));
}

TEST(ProviderGroupsTest, NobodyLeavesAnOwnerOfWhomTooLittleWouldStay) {
  const auto all = Assign({Reports(1, 1, kOwner, 6), Reports(2, 1, kOwner, 1)});
  EXPECT_EQ(Of(all, 1), RestOf(kOwner));
  EXPECT_EQ(Of(all, 2), RestOf(kOwner));
}

TEST(ProviderGroupsTest, AllLeaveAnOwnerIfEachIsSafe) {
  const auto all = Assign({Reports(1, 1, kOwner, 6), Reports(2, 1, kOwner, 5)});
  EXPECT_EQ(Of(all, 1), Own(1));
  EXPECT_EQ(Of(all, 2), Own(2));
}

TEST(ProviderGroupsTest, AnOwnerThatIsNotSafeIsPartOfTheRest) {
  const auto all = Assign({Reports(1, 1, kOwner, 2), Reports(2, 1, kOwner, 2), Alone(3, 1, 5)});
  EXPECT_EQ(Of(all, 1), kRest);
  EXPECT_EQ(Of(all, 2), kRest);
  EXPECT_EQ(Of(all, 3), Own(3));
}

TEST(ProviderGroupsTest, AGroupOfItsOwnIsKeptThroughTheYear) {
  const auto first = Assign({Alone(1, 1, 5)});
  const auto all = Assign({Alone(1, 1, 5), Alone(1, 2, 2)}, first);
  EXPECT_EQ(Of(all, 1, 2), Own(1));
}

TEST(ProviderGroupsTest, WhatWasAssignedStaysWhateverComes) {
  const auto first = Assign({Alone(1, 1, 2), Reports(2, 1, kOwner, 3), Reports(3, 1, kOwner, 4)});
  ASSERT_EQ(Of(first, 1), kRest);
  ASSERT_EQ(Of(first, 2), RestOf(kOwner));
  const auto all = Assign(
      {Alone(1, 1, 30), Reports(2, 1, kOwner, 30), Reports(3, 1, kOwner, 30), Alone(1, 2, 30)},
      first);
  for (const auto& [member, set] : first) EXPECT_EQ(all.at(member), set);
  EXPECT_EQ(Of(all, 1, 2), Own(1)) << "a quarter that was not shown yet is free";
}

TEST(ProviderGroupsTest, ANewProviderJoinsItsOwnersRestOrWaits) {
  const auto with_rest = Assign({Reports(1, 1, kOwner, 6), Reports(2, 1, kOwner, 1)});
  EXPECT_EQ(
      Of(Assign({Reports(1, 1, kOwner, 6), Reports(2, 1, kOwner, 1), Reports(3, 1, kOwner, 1)},
                with_rest),
         3),
      RestOf(kOwner));
  // Without one it waits in a group of its own, not in the rest of all.
  const auto without = Assign({Reports(1, 1, kOwner, 6)});
  ASSERT_EQ(Of(without, 1), Own(1));
  EXPECT_EQ(Of(Assign({Reports(1, 1, kOwner, 6), Reports(3, 1, kOwner, 1)}, without), 3),
            RestOf(kOwner));
}

TEST(ProviderGroupsTest, WhoIsSoldCountsWithTheNewOwnerFromThenOn) {
  const ProviderNo buyer{200};
  const auto all = Assign({Reports(1, 1, kOwner, 3), Reports(2, 1, kOwner, 4),
                           Reports(1, 3, buyer, 3), Reports(4, 3, buyer, 4)});
  EXPECT_EQ(Of(all, 1, 1), RestOf(kOwner));
  EXPECT_EQ(Of(all, 1, 3), RestOf(buyer));
}

TEST(ProviderGroupsTest, TheOrderOfReportsDoesNotMatter) {
  std::mt19937 random(4);
  std::vector<ProviderReports> reports;
  for (uint32_t p = 1; p <= 30; ++p) {
    for (int q = 1; q <= 4; ++q) {
      reports.push_back(Reports(p, q, {100 + p % 7}, static_cast<int>(random() % 6)));
    }
  }
  const auto all = Assign(reports);
  std::shuffle(reports.begin(), reports.end(), random);
  EXPECT_EQ(Assign(reports), all);
}

// Whoever stands by itself is safe, and so is what stays of its owner.
TEST(ProviderGroupsTest, EveryGroupButTheRestIsSafe) {
  const Rules rules = Rules::ForOutcomes(model::Policy());
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937 random(seed);
    std::vector<ProviderReports> reports;
    for (uint32_t p = 1; p <= 25; ++p) {
      reports.push_back(Reports(p, 1, {static_cast<uint32_t>(100 + random() % 6)},
                                static_cast<int>(1 + random() % 7)));
    }
    std::map<ProviderSet, Tally> groups;
    const auto all = Assign(reports);
    for (const ProviderReports& r : reports) {
      Tally& tally = groups.try_emplace(all.at({r.provider, r.quarter}), rules).first->second;
      for (const Contribution& c : r.contributions) tally.Add(c);
    }
    for (const auto& [set, tally] : groups) {
      if (set.kind != GroupKind::kRest) {
        EXPECT_TRUE(tally.Safe());
      }
    }
  }
}

}  // namespace
}  // namespace steelyard::disclosure
