// Attacks the real server as those would who see all that it answers.

#include "gtest/gtest.h"
#include "tests/attack/campaign.h"
#include "tests/attack/report.h"

namespace steelyard::attack {
namespace {

// Countries in which suppliers find councils if nothing is done about it are
// among them.
constexpr uint64_t kSeeds[] = {1, 11, 2, 4, 28};
constexpr int kShortSeeds = 2;

CampaignOptions OptionsOf(uint64_t seed) {
  CampaignOptions options;
  options.size.buyers = 40 + static_cast<int>(seed * 7 % 21);
  if (FullLength()) {
    options.size.months = seed == 4 || seed == 28 ? 24 : 12;
    options.size.products = seed == 11 ? 2 : 1;
    options.size.monthly = seed <= 2;
    options.random_questions = 200;
    options.positions = 40;
    options.illegal = 30;
  }
  return options;
}

TEST(AttackTest, NoValueIsBoundedWithinPPercent) {
  CampaignCounts all;
  for (uint64_t seed : kSeeds) {
    all += RunCampaign(seed, OptionsOf(seed));
    if (!FullLength() && all.seeds == kShortSeeds) break;
  }
  PrintCampaign("product", all);
  // The judge and the attackers understand what is shown.
  EXPECT_EQ(all.broken_rows, 0);
  EXPECT_EQ(all.contradictions, 0);
  EXPECT_EQ(all.questions.legal_refused, 0);
  EXPECT_EQ(all.questions.wrong_own_figures, 0);
  EXPECT_EQ(all.questions.changed, 0);
  EXPECT_GT(all.questions.asked_again, 0);
  EXPECT_GT(all.sides.checked, all.facts);
  EXPECT_EQ(all.sides.exposed, 0);
  EXPECT_EQ(all.attack.unsolved, 0);
  EXPECT_GE(all.rows_of_releases, all.seeds);
  EXPECT_GE(all.questions.queries, FullLength() ? 20'000 : 4'000);
  EXPECT_EQ(all.questions.illegal_answered, 0);
  EXPECT_EQ(all.attack.within, 0);
  EXPECT_EQ(all.attack.exact, 0);
  EXPECT_EQ(all.suppliers.unsolved, 0);
  EXPECT_EQ(all.suppliers.within, 0);
  EXPECT_EQ(all.suppliers.exact, 0);
  EXPECT_GT(all.questions.scorecards, 0);
}

}  // namespace
}  // namespace steelyard::attack
