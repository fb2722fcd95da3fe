// The same attack on a server that lacks one rule has to find councils.

#include "tests/attack/controls/control.h"

#include <cstdio>

#include "gtest/gtest.h"
#include "tests/attack/campaign.h"
#include "tests/attack/report.h"

namespace steelyard::attack {
namespace {

TEST(AttackControlTest, IsFound) {
  CampaignOptions options;
  options.stop_when_found = true;
  options.suppliers = kFoundBySuppliers;
  options.councils = !kFoundBySuppliers;
  options.random_questions = 0;
  options.positions = 0;
  options.illegal = 0;
  options.size.monthly = kMonthly;
  CampaignCounts all;
  constexpr uint64_t kSeeds[] = {1, 2, 11, 4, 28};
  const auto found = [&] { return all.attack.within + all.suppliers.within; };
  for (uint64_t seed : kSeeds) {
    if (found() > 0) break;
    options.size.buyers = 40 + static_cast<int>(seed * 7 % 21);
    all += RunCampaign(seed, options);
  }
  PrintCampaign(kControlName, all);
  EXPECT_GT(control_calls, 0) << "the product's own rule was linked";
  EXPECT_EQ(all.broken_rows, 0);
  EXPECT_GT(found(), 0);
}

}  // namespace
}  // namespace steelyard::attack
