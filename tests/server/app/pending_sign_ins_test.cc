#include "server/app/pending_sign_ins.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_clock.h"

namespace steelyard::app {
namespace {

class PendingSignInsTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
};

TEST_F(PendingSignInsTest, OneIsGoodOnceAndForTenMinutes) {
  PendingSignIns pending(clock_);
  pending.Keep("a", {"nonce", "verifier"});
  pending.Keep("b", {});
  EXPECT_EQ(pending.Take("a")->verifier, "verifier");
  EXPECT_FALSE(pending.Take("a").has_value());
  EXPECT_FALSE(pending.Take("never begun").has_value());
  clock_.Advance(absl::Minutes(10));
  EXPECT_FALSE(pending.Take("b").has_value());
}

TEST_F(PendingSignInsTest, TheOldestMakeRoomAndNoOthers) {
  PendingSignIns pending(clock_, 100);
  pending.Keep("mine", {});
  for (int i = 0; i < 99; ++i) pending.Keep(absl::StrCat("other", i), {});
  EXPECT_TRUE(pending.Take("mine").has_value());
  pending.Keep("mine again", {});
  for (int i = 0; i < 99; ++i) pending.Keep(absl::StrCat("flood", i), {});
  EXPECT_FALSE(pending.Take("other98").has_value());
  EXPECT_TRUE(pending.Take("mine again").has_value());
  for (int i = 0; i < 99; ++i) EXPECT_TRUE(pending.Take(absl::StrCat("flood", i)).has_value()) << i;
}

}  // namespace
}  // namespace steelyard::app
