#include "server/auth/quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "server/rpc/errors.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::auth {
namespace {

using model::CouncilNo;
using model::Role;

class QuotaTest : public ::testing::Test {
 protected:
  // How many of `calls` calls at once are let in.
  static int Count(QuotaKeeper& keeper, const rpc::Caller& caller, int calls) {
    int in = 0;
    for (int i = 0; i < calls; ++i) in += keeper.Take(caller).ok() ? 1 : 0;
    return in;
  }
  static Quotas For(Role role, const Quota& quota) {
    Quotas quotas;
    quotas.Of(role) = quota;
    return quotas;
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'600'000'000)};
  const rpc::Caller ken_{"t1", Role::kReader, CouncilNo{1}};
  const rpc::Caller ken_too_{"t2", Role::kReader, CouncilNo{1}};
  const rpc::Caller cmd_{"t3", Role::kReader, CouncilNo{2}};
  const rpc::Caller steward_{"t4", Role::kSteward, CouncilNo{0}};
};

TEST_F(QuotaTest, ABurstIsLetInAndThenThePace) {
  QuotaKeeper keeper(clock_, For(Role::kReader, {10, 30, 0}));
  EXPECT_EQ(Count(keeper, ken_, 100), 30);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Count(keeper, ken_, 100), 10);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Count(keeper, ken_, 100), 30);
}

TEST_F(QuotaTest, ADayHasItsOwnLimit) {
  QuotaKeeper keeper(clock_, For(Role::kSteward, {1'000, 1'000, 240}));
  EXPECT_EQ(Count(keeper, steward_, 1'000), 240);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Count(keeper, steward_, 1'000), 10);
}

TEST_F(QuotaTest, ACouncilDoesNotGetMoreByMakingTokens) {
  Quotas quotas = For(Role::kReader, {10, 30, 0});
  quotas.council_factor = 1.5;
  QuotaKeeper keeper(clock_, quotas);
  EXPECT_EQ(Count(keeper, ken_, 100), 30);
  EXPECT_EQ(Count(keeper, ken_too_, 100), 15);
  EXPECT_EQ(Count(keeper, cmd_, 100), 30);
}

TEST_F(QuotaTest, ARoleWithoutAQuotaHasNoLimit) {
  QuotaKeeper keeper(clock_, For(Role::kReader, {1, 1, 0}));
  EXPECT_EQ(Count(keeper, steward_, 10'000), 10'000);
}

TEST_F(QuotaTest, ARefusalSaysWhoAndWhenToComeBack) {
  QuotaKeeper keeper(clock_, For(Role::kReader, {0.5, 1, 0}));
  ASSERT_OK(keeper.Take(ken_));
  const absl::Status refused = keeper.Take(ken_);
  EXPECT_THAT(refused, steelyard::testing::StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(rpc::error::ReasonOf(refused), "QUOTA_EXCEEDED");
  google::rpc::QuotaFailure failure;
  ASSERT_TRUE(failure.ParseFromString(
      std::string(*refused.GetPayload("type.googleapis.com/google.rpc.QuotaFailure"))));
  ASSERT_EQ(failure.violations_size(), 1);
  EXPECT_EQ(failure.violations(0).subject(), "tokens/t1");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(
      std::string(*refused.GetPayload("type.googleapis.com/google.rpc.RetryInfo"))));
  const double wait =
      static_cast<double>(retry.retry_delay().seconds()) + retry.retry_delay().nanos() / 1e9;
  EXPECT_NEAR(wait, 2.0, 0.01);
  clock_.Advance(absl::Seconds(wait + 0.001));
  EXPECT_OK(keeper.Take(ken_));
}

TEST_F(QuotaTest, AStreamIsSlowedDownToThePace) {
  QuotaKeeper keeper(clock_, For(Role::kReader, {10, 30, 0}));
  absl::Duration waited;
  for (int i = 0; i < 130; ++i) {
    ASSERT_OK_AND_ASSIGN(const absl::Duration wait, keeper.Pace(ken_));
    waited += wait;
    clock_.Advance(wait);
  }
  EXPECT_NEAR(absl::ToDoubleSeconds(waited), 10, 0.2);  // 30 at once, then 10 a second
}

TEST_F(QuotaTest, StreamsOfACouncilAreSlowedDownTogether) {
  Quotas quotas = For(Role::kReader, {10, 10, 0});
  quotas.council_factor = 1;
  QuotaKeeper keeper(clock_, quotas);
  absl::Duration wait;
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK_AND_ASSIGN(wait, keeper.Pace(i % 2 == 0 ? ken_ : ken_too_));
  }
  EXPECT_NEAR(absl::ToDoubleSeconds(wait), 1, 0.05);  // 10 too many, at 10 a second
}

TEST_F(QuotaTest, AMessageFarAheadOfTheQuotaIsRefused) {
  QuotaKeeper keeper(clock_, For(Role::kReader, {10, 1, 0}));
  int in = 0;
  while (keeper.Pace(ken_).ok()) ++in;
  EXPECT_EQ(in, 101);  // those after the first wait for up to 10 seconds
  EXPECT_EQ(rpc::error::ReasonOf(keeper.Pace(ken_).status()), "QUOTA_EXCEEDED");
  EXPECT_EQ(Count(keeper, ken_, 1), 0);
}

TEST_F(QuotaTest, AClockThatIsSetBackGivesNothing) {
  QuotaKeeper keeper(clock_, For(Role::kReader, {10, 30, 0}));
  EXPECT_EQ(Count(keeper, ken_, 100), 30);
  clock_.Advance(-absl::Hours(1));
  EXPECT_EQ(Count(keeper, ken_, 100), 0);
}

}  // namespace
}  // namespace steelyard::auth
