#include "server/app/access_checks.h"

#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/convert.h"
#include "tests/support/status_matchers.h"

namespace steelyard::app {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

class CheckTokenTest : public ::testing::Test {
 protected:
  CheckTokenTest() {
    model::Council council;
    council.id = "abc";
    registers_.Put(council);
    request_.mutable_token()->set_role(v1::ROLE_SUBMITTER);
    request_.mutable_token()->set_council("councils/abc");
    request_.mutable_token()->set_display_name("Finance system");
  }

  absl::StatusOr<TokenDraft> Check() { return CheckToken(request_, registers_); }
  void ExpectBad(std::string_view field) {
    EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(field)));
  }

  model::Registers registers_;
  v1::CreateTokenRequest request_;
};

TEST_F(CheckTokenTest, FillsInTheDefaultLifetime) {
  ASSERT_OK_AND_ASSIGN(const TokenDraft draft, Check());
  EXPECT_EQ(draft.role, model::Role::kSubmitter);
  EXPECT_EQ(draft.council, model::CouncilNo{1});
  EXPECT_EQ(draft.lifetime_days, 90);
}

TEST_F(CheckTokenTest, LifetimeHasItsBounds) {
  for (const int32_t days : {1, 400}) {
    request_.set_lifetime_days(days);
    EXPECT_EQ(Check()->lifetime_days, days);
  }
  for (const int32_t days : {-1, 401}) {
    request_.set_lifetime_days(days);
    ExpectBad("lifetime_days");
  }
}

TEST_F(CheckTokenTest, OnlyCouncilRolesHaveACouncilAndTheyMust) {
  request_.mutable_token()->set_role(v1::ROLE_STEWARD);
  ExpectBad("token.council");
  request_.mutable_token()->clear_council();
  ASSERT_OK_AND_ASSIGN(const TokenDraft draft, Check());
  EXPECT_EQ(draft.council, model::CouncilNo{0});
  for (const v1::Role role : {v1::ROLE_SUBMITTER, v1::ROLE_READER}) {
    request_.mutable_token()->set_role(role);
    ExpectBad("token.council");
  }
  request_.mutable_token()->set_council("councils/-");
  ExpectBad("token.council");
}

TEST_F(CheckTokenTest, AnUnknownCouncilIsNotFound) {
  request_.mutable_token()->set_council("councils/nil");
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(CheckTokenTest, AnUnknownRoleIsRefused) {
  request_.mutable_token()->set_role(static_cast<v1::Role>(9));
  ExpectBad("token.role");
}

TEST_F(CheckTokenTest, ADisplayNameIsCountedInCharacters) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "ß";
  request_.mutable_token()->set_display_name(hundred);
  EXPECT_OK(Check().status());
  for (const std::string& bad : {hundred + "x", std::string(), std::string("a\nb")}) {
    request_.mutable_token()->set_display_name(bad);
    ExpectBad("token.display_name");
  }
}

TEST_F(CheckTokenTest, NamesEverythingThatIsWrong) {
  request_.mutable_token()->set_council("nonsense");
  request_.mutable_token()->clear_display_name();
  request_.set_lifetime_days(-5);
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("and 2 more")));
}

constexpr int64_t kNow = 1'700'000'000'000'000;

TEST(CheckPolicyTest, ItMayWaitForSomeTimeToCome) {
  v1::Policy policy;
  rpc::ToProto(model::Policy(), &policy);  // of long ago: at once
  EXPECT_OK(CheckPolicy(policy, kNow));
  constexpr int64_t kDay = int64_t{24} * 3600 * 1'000'000;
  rpc::MicrosToProto(kNow + 400 * kDay, policy.mutable_effective_time());
  EXPECT_OK(CheckPolicy(policy, kNow));
  rpc::MicrosToProto(kNow + 401 * kDay, policy.mutable_effective_time());
  EXPECT_THAT(CheckPolicy(policy, kNow), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CheckPolicyTest, TheDefaultsPassAndEachLimitHolds) {
  v1::Policy defaults;
  rpc::ToProto(model::Policy(), &defaults);
  EXPECT_OK(CheckPolicy(defaults, kNow));
  const std::pair<std::string, std::function<void(v1::Policy&)>> spoil[] = {
      {"policy.min_councils", [](v1::Policy& p) { p.set_min_councils(2); }},
      {"policy.min_supplier_groups", [](v1::Policy& p) { p.set_min_supplier_groups(0); }},
      {"policy.p_percent", [](v1::Policy& p) { p.set_p_percent(9); }},
      {"policy.max_share_percent", [](v1::Policy& p) { p.set_max_share_percent(86); }},
      {"policy.max_share_percent", [](v1::Policy& p) { p.set_max_share_percent(0); }},
      {"policy.total_rounding_basis_points",
       [](v1::Policy& p) { p.set_total_rounding_basis_points(-1); }},
      {"policy.price_rounding_basis_points",
       [](v1::Policy& p) { p.set_price_rounding_basis_points(1001); }},
  };
  for (const auto& [field, change] : spoil) {
    v1::Policy policy = defaults;
    change(policy);
    EXPECT_THAT(CheckPolicy(policy, kNow),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(field)));
  }
}

TEST(CheckPolicyTest, AnEmptyPolicyIsRefusedForEachFloor) {
  EXPECT_THAT(CheckPolicy(v1::Policy(), kNow),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("and 3 more")));
}

}  // namespace
}  // namespace steelyard::app
