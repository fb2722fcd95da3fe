#include "server/spend/ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::spend {
namespace {

using model::CouncilNo;
using model::Month;
using model::ProviderNo;

Month Quarter(int year, int quarter) { return *Month::FromYm(year, 3 * quarter - 2); }

constexpr ProviderNo kGroup{1};
constexpr ProviderNo kHome{2};
constexpr ProviderNo kOther{3};

// `home` was the group's from 1 May 2018 on, so for its second quarter too.
model::Registers Registers() {
  model::Registers r;
  for (const char* id : {"group", "home", "other"}) {
    model::Provider p;
    p.id = id;
    if (p.id == "home") p.owners = {{"group", model::Day::FromYmd(2018, 5, 1), std::nullopt}};
    r.Put(p);
  }
  return r;
}

Sum Of(int64_t micros) { return {1, micros < 0 ? 1 : 0, micros}; }

TEST(OwnershipTest, AQuarterIsThatOfItsLastDay) {
  EXPECT_EQ(LastDayOf(Quarter(2018, 2)).ToString(), "2018-06-30");
  EXPECT_EQ(LastDayOf(Quarter(2018, 4)).ToString(), "2018-12-31");
  const model::Registers registers = Registers();
  Ownership ownership(registers);
  EXPECT_FALSE(ownership.Within(kHome, kGroup, Quarter(2018, 1)));
  EXPECT_TRUE(ownership.Within(kHome, kGroup, Quarter(2018, 2)));
  EXPECT_TRUE(ownership.Within(kHome, kHome, Quarter(2018, 2)));
  EXPECT_FALSE(ownership.Within(kGroup, kHome, Quarter(2018, 2)));
  EXPECT_EQ(ownership.Last(kHome, Quarter(2018, 1)), kHome);
  EXPECT_EQ(ownership.Last(kHome, Quarter(2018, 2)), kGroup);
}

class RankingTest : public ::testing::Test {
 protected:
  TopSpending Rank(ProviderNo provider, const CircleSpend& circle = {}) {
    return RankSpenders(spend_, registers_, provider, {Quarter(2018, 1), Quarter(2018, 4).Plus(2)},
                        circle);
  }
  const model::Registers registers_ = Registers();
  SpendTable spend_ = {
      {{CouncilNo{1}, kHome, Quarter(2018, 1)}, Of(50)},  // not the group's yet
      {{CouncilNo{1}, kHome, Quarter(2018, 2)}, Of(100)},
      {{CouncilNo{1}, kGroup, Quarter(2018, 3)}, Of(100)},
      {{CouncilNo{2}, kHome, Quarter(2018, 4)}, Of(300)},
      {{CouncilNo{2}, kOther, Quarter(2018, 4)}, Of(9'999)},
      {{CouncilNo{3}, kHome, Quarter(2018, 4)}, Of(200)},
      {{CouncilNo{4}, kHome, Quarter(2018, 4)}, Of(-100)},
      {{CouncilNo{5}, kHome, Quarter(2019, 1)}, Of(9'999)},  // later
  };
};

TEST_F(RankingTest, RanksByTheOwnershipOfEachQuarter) {
  const TopSpending top = Rank(kGroup);
  ASSERT_EQ(top.spenders.size(), 4u);
  EXPECT_EQ(top.total, 600);
  EXPECT_EQ(top.known_councils, 4);
  const int councils[] = {2, 1, 3, 4};
  const int ranks[] = {1, 2, 2, 4};
  const int published[] = {300, 200, 200, -100};
  const double shares[] = {0.5, 1.0 / 3, 1.0 / 3, 0};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(top.spenders[i].council.value, councils[i]);
    EXPECT_EQ(top.spenders[i].rank, ranks[i]);
    EXPECT_EQ(top.spenders[i].published, published[i]);
    EXPECT_DOUBLE_EQ(top.spenders[i].share_of_known, shares[i]);
    EXPECT_FALSE(top.spenders[i].submitted.has_value());
  }
  EXPECT_EQ(Rank(kHome).total, 650 - 100);
}

TEST_F(RankingTest, NothingKnownRanksNobody) {
  spend_.clear();
  const TopSpending top = Rank(kGroup);
  EXPECT_TRUE(top.spenders.empty());
  EXPECT_EQ(top.known_councils, 0);
}

TEST_F(RankingTest, MembersOfACircleHaveWhatTheySubmittedBesideIt) {
  const TopSpending top = Rank(kGroup, {{CouncilNo{2},
                                         {{kHome, Quarter(2018, 1), 7},  // not the group's yet
                                          {kHome, Quarter(2018, 2), 8},
                                          {kGroup, Quarter(2018, 3), 9},
                                          {kOther, Quarter(2018, 3), 1'000},
                                          {kHome, Quarter(2019, 1), 1'000}}},
                                        {CouncilNo{6}, {{kHome, Quarter(2018, 4), 5}}},
                                        {CouncilNo{7}, {}}});
  ASSERT_EQ(top.spenders.size(), 5u);
  EXPECT_EQ(top.spenders[0].submitted, 17);
  EXPECT_FALSE(top.spenders[1].submitted.has_value());
  // Published nothing, so before the one that got more back than it paid.
  EXPECT_EQ(top.spenders[3].council, CouncilNo{6});
  EXPECT_EQ(top.spenders[3].submitted, 5);
  EXPECT_EQ(top.spenders[3].published, 0);
  EXPECT_EQ(top.known_councils, 4);
  EXPECT_EQ(top.total, 600);
}

}  // namespace
}  // namespace steelyard::spend
