#include "server/circles/circle_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/rpc/errors.h"
#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::circles {
namespace {

using absl::StatusCode;
using model::CouncilNo;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr CouncilNo kA{1};
constexpr CouncilNo kB{2};
constexpr CouncilNo kC{3};
constexpr int64_t kStart = 1'770'000'000'000'000;  // 2 February 2026, 02:40 UTC
constexpr int64_t kHour = int64_t{3600} * 1'000'000;

MATCHER_P2(Refused, code, reason, "") {
  const absl::Status status = ::steelyard::testing::StatusOf(arg);
  *result_listener << status << " reason " << rpc::error::ReasonOf(status);
  return status.code() == code && rpc::error::ReasonOf(status) == reason;
}

class CircleStepsTest : public ::testing::Test {
 protected:
  CircleStepsTest() {
    model::Circle drafted;
    drafted.id = "ppe-aaa-1";
    drafted.terms.title = "PPE";
    drafted.terms.all_products = true;
    drafted.terms.fields = {model::CircleField::kUnitPrice};
    drafted.terms.from_month.number = drafted.terms.to_month.number = 300;
    circle_ = Found(drafted, kA, kStart);
  }
  std::string Hash() const { return HexOf(TermsHash(circle_.terms)); }
  void Step(Stepped stepped) {
    ASSERT_OK(stepped.status());
    circle_ = *std::move(stepped);
  }
  void JoinAt(CouncilNo council, int64_t now) { Step(Join(circle_, council, Hash(), now)); }
  void ExpireOn(int32_t day) {
    circle_.terms.last_day = model::Day{day};
    for (auto& m : circle_.members) m.terms_sha256 = TermsHash(circle_.terms);
  }

  model::Circle circle_;
};

TEST_F(CircleStepsTest, WhoFoundsItLeadsAndHasConsented) {
  EXPECT_EQ(circle_.lead, kA);
  ASSERT_EQ(circle_.members.size(), 1u);
  EXPECT_EQ(circle_.members[0].council, kA);
  EXPECT_EQ(circle_.members[0].consent_unix_micros, kStart);
  EXPECT_EQ(circle_.members[0].terms_sha256, TermsHash(circle_.terms));
}

TEST_F(CircleStepsTest, ConsentIsToTheVeryTerms) {
  model::CircleTerms other = circle_.terms;
  other.fields.push_back(model::CircleField::kSpend);
  EXPECT_THAT(Join(circle_, kB, HexOf(TermsHash(other)), kStart + 1),
              Refused(StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  JoinAt(kB, kStart + 1);
  EXPECT_THAT(circle_.ActiveMembers(), ElementsAre(kA, kB));
  EXPECT_EQ(circle_.members[1].terms_sha256, TermsHash(circle_.terms));
  const model::Circle before = circle_;
  JoinAt(kB, kStart + 2);
  EXPECT_EQ(circle_, before) << "joining twice changes nothing";
}

TEST_F(CircleStepsTest, OnlyWhoIsInvitedMayJoin) {
  circle_.terms.invited = {kA, kB};
  EXPECT_THAT(Join(circle_, kC, Hash(), kStart + 1),
              Refused(StatusCode::kFailedPrecondition, "NOT_INVITED"));
  JoinAt(kB, kStart + 1);
}

TEST_F(CircleStepsTest, AWithdrawalEndsWhatIsSeenBothWays) {
  JoinAt(kB, kStart + 1);
  EXPECT_OK(CheckSees(circle_, kA, kStart + 2));
  EXPECT_OK(CheckSees(circle_, kB, kStart + 2));
  EXPECT_THAT(CheckSees(circle_, kC, kStart + 2),
              Refused(StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  Step(Withdraw(circle_, kB, kStart + 3));
  EXPECT_THAT(CheckSees(circle_, kB, kStart + 3),
              Refused(StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  EXPECT_THAT(circle_.ActiveMembers(), ElementsAre(kA));
  const model::Circle before = circle_;
  Step(Withdraw(circle_, kB, kStart + 4));
  EXPECT_EQ(circle_, before) << "withdrawing twice changes nothing";
  EXPECT_THAT(Withdraw(circle_, kC, kStart + 4),
              Refused(StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  JoinAt(kB, kStart + 5);
  EXPECT_EQ(circle_.members.size(), 3u) << "a new consent is a new entry";
}

TEST_F(CircleStepsTest, ALeadThatLeavesIsFollowedByWhoJoinedFirst) {
  JoinAt(kB, kStart + 1);
  JoinAt(kC, kStart + 2);
  Step(Withdraw(circle_, kA, kStart + 3));
  EXPECT_EQ(circle_.lead, kB);
  Step(Withdraw(circle_, kB, kStart + 4));
  EXPECT_EQ(circle_.lead, kC);
  EXPECT_FALSE(circle_.closed());
  Step(Withdraw(circle_, kC, kStart + 5));
  EXPECT_EQ(circle_.close_unix_micros, kStart + 5);
}

TEST_F(CircleStepsTest, OnlyTheLeadClosesAndThenNobodySees) {
  JoinAt(kB, kStart + 1);
  EXPECT_THAT(Close(circle_, kB, kStart + 2), Refused(StatusCode::kPermissionDenied, "NOT_LEAD"));
  Step(Close(circle_, kA, kStart + 2));
  EXPECT_THAT(CheckSees(circle_, kA, kStart + 2),
              Refused(StatusCode::kFailedPrecondition, "CIRCLE_CLOSED"));
  EXPECT_THAT(Join(circle_, kC, Hash(), kStart + 3),
              Refused(StatusCode::kFailedPrecondition, "CIRCLE_CLOSED"));
  const model::Circle before = circle_;
  Step(Close(circle_, kA, kStart + 4));
  EXPECT_EQ(circle_, before);
  // Consent can be withdrawn at any time; when it closed stays on record.
  Step(Withdraw(circle_, kB, kStart + 5));
  Step(Withdraw(circle_, kA, kStart + 6));
  EXPECT_EQ(circle_.close_unix_micros, kStart + 2);
}

TEST_F(CircleStepsTest, TheLastDayCountsAndNoDayAfter) {
  JoinAt(kB, kStart);
  ExpireOn(20'486);  // 2 February 2026
  const int64_t midnight = int64_t{20'487} * 24 * kHour;
  EXPECT_FALSE(IsExpired(circle_.terms, midnight - 1));
  EXPECT_OK(CheckSees(circle_, kA, midnight - 1));
  EXPECT_TRUE(IsExpired(circle_.terms, midnight));
  const absl::Status over = CheckSees(circle_, kA, midnight);
  EXPECT_THAT(over, Refused(StatusCode::kFailedPrecondition, "CIRCLE_EXPIRED"));
  EXPECT_THAT(std::string(over.message()), HasSubstr("2026-02-02"));
  EXPECT_THAT(Join(circle_, kC, Hash(), midnight),
              Refused(StatusCode::kFailedPrecondition, "CIRCLE_EXPIRED"));
}

TEST_F(CircleStepsTest, SharedIsWhileBothConsent) {
  JoinAt(kB, kStart + 10);
  JoinAt(kC, kStart + 20);
  Step(Withdraw(circle_, kB, kStart + 30));
  JoinAt(kB, kStart + 40);
  EXPECT_THAT(SharedBy(circle_, kA, kStart + 50),
              ElementsAre(Shared{kB, kStart + 10, kStart + 30}, Shared{kB, kStart + 40, 0},
                          Shared{kC, kStart + 20, 0}));
  EXPECT_THAT(SharedBy(circle_, kC, kStart + 50),
              ElementsAre(Shared{kA, kStart + 20, 0}, Shared{kB, kStart + 20, kStart + 30},
                          Shared{kB, kStart + 40, 0}));
  Step(Close(circle_, kA, kStart + 60));
  EXPECT_THAT(
      SharedBy(circle_, kA, kStart + 70),
      ElementsAre(Shared{kB, kStart + 10, kStart + 30}, Shared{kB, kStart + 40, kStart + 60},
                  Shared{kC, kStart + 20, kStart + 60}));
  EXPECT_THAT(SharedBy(circle_, CouncilNo{9}, kStart + 70), IsEmpty());
}

TEST_F(CircleStepsTest, WhatExpiresHasEndedOnceItHas) {
  JoinAt(kB, kStart);
  ExpireOn(20'486);
  const int64_t midnight = int64_t{20'487} * 24 * kHour;
  EXPECT_THAT(SharedBy(circle_, kA, midnight - 1), ElementsAre(Shared{kB, kStart, 0}));
  EXPECT_THAT(SharedBy(circle_, kA, midnight), ElementsAre(Shared{kB, kStart, midnight}));
}

}  // namespace
}  // namespace steelyard::circles
