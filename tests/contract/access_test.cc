// Tokens and the disclosure policy.

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class AccessTest : public ContractTest {
 protected:
  Answer<v1::CreateTokenResponse> Make(const std::string& token, const std::string& rest = "") {
    return steward_.Call(&Access::CreateToken,
                         absl::StrCat("request_id: '$uuid' token { ", token, " } ", rest));
  }
  Answer<v1::Policy> SetPolicy(const v1::Policy& policy, const std::string& id = NewUuid()) {
    v1::UpdatePolicyRequest request;
    *request.mutable_policy() = policy;
    request.set_request_id(id);
    return steward_.Call(&Access::UpdatePolicy, request);
  }
  v1::Policy Policy() { return steward_.Call(&Access::GetPolicy, "").reply; }
};

TEST_F(AccessTest, ATokenSaysWhoItsCallerIs) {
  const auto made = Make("role: ROLE_READER council: 'councils/hck' display_name: 'Finance \u00fc'",
                         "lifetime_days: 7");
  ASSERT_THAT(made, Succeeds());
  const v1::Token& token = made.reply.token();
  EXPECT_EQ(token.role(), v1::ROLE_READER);
  EXPECT_EQ(token.expire_time().seconds() - token.create_time().seconds(), 7 * 86'400);
  EXPECT_GE(made.reply.secret().size(), 32u);
  const Client reader(server_.channel(), made.reply.secret());
  const auto caller = reader.Call(&Access::GetCaller, "");
  ASSERT_THAT(caller, Succeeds());
  v1::Token said = caller.reply;
  EXPECT_TRUE(said.has_last_use_time());
  said.clear_last_use_time();
  EXPECT_EQ(said.SerializeAsString(), token.SerializeAsString());

  const auto listed = steward_.Call(&Access::ListTokens, "").reply;
  EXPECT_EQ(listed.SerializeAsString().find(made.reply.secret()), std::string::npos);
  EXPECT_THAT(listed.DebugString(), HasSubstr(token.name()));
  const auto usual = Make("role: ROLE_ANALYST display_name: 'x'");
  EXPECT_EQ(
      usual.reply.token().expire_time().seconds() - usual.reply.token().create_time().seconds(),
      30 * 86'400);
  EXPECT_FALSE(listed.tokens(0).name().empty());
}

TEST_F(AccessTest, ATokenThatMakesNoSenseIsRefused) {
  struct {
    const char* token;
    const char* rest;
    const char* field;
  } cases[] = {
      {"role: ROLE_READER display_name: 'x'", "", "token.council"},
      {"role: ROLE_ANALYST council: 'councils/hck' display_name: 'x'", "", "token.council"},
      {"role: ROLE_ANALYST display_name: 'a\\nb'", "", "token.display_name"},
      {"role: ROLE_ANALYST display_name: 'x'", "lifetime_days: 401", "lifetime_days"},
      {"role: ROLE_ANALYST display_name: 'x'", "lifetime_days: -1", "lifetime_days"},
      {"display_name: 'x'", "", "token.role"},
      {"role: ROLE_ANALYST", "", "token.display_name"},
  };
  for (const auto& c : cases) {
    const auto refused = Make(c.token, c.rest);
    EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS")) << c.token;
    EXPECT_THAT(ViolationsOf(refused.status), ElementsAre(HasSubstr(c.field))) << c.token;
  }
  EXPECT_THAT(Make("role: ROLE_READER council: 'councils/zzz' display_name: 'x'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(steward_.Call(&Access::CreateToken,
                            "request_id: '7' token { role: ROLE_ANALYST display_name: 'x' }"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(AccessTest, ASecretIsNotShownTwice) {
  const std::string request =
      absl::StrCat("request_id: '", NewUuid(), "' token { role: ROLE_ANALYST display_name: 'x' }");
  ASSERT_THAT(steward_.Call(&Access::CreateToken, request), Succeeds());
  EXPECT_THAT(steward_.Call(&Access::CreateToken, request),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  EXPECT_THAT(steward_.Call(&Access::ListTokens, "").reply.tokens(), SizeIs(4));
}

TEST_F(AccessTest, ARevokedTokenEndsAtOnceAndForGood) {
  const Client analyst = As(v1::ROLE_ANALYST);
  const std::string name = analyst.Call(&Access::GetCaller, "").reply.name();
  const std::string request = absl::StrCat("name: '", name, "' request_id: '", NewUuid(), "'");
  const auto revoked = steward_.Call(&Access::RevokeToken, request);
  ASSERT_THAT(revoked, Succeeds());
  EXPECT_GT(revoked.reply.revoke_time().seconds(), 0);
  EXPECT_THAT(analyst.Call(&Access::GetCaller, ""),
              Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
  EXPECT_EQ(steward_.Call(&Access::RevokeToken, request).reply.SerializeAsString(),
            revoked.reply.SerializeAsString());
  server_.Restart();
  EXPECT_THAT(Client(server_.channel(), analyst.secret()).Call(&Access::GetCaller, ""),
              Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
}

TEST_F(AccessTest, ARotatedTokenHasANewSecretAndTheOldOneForAWhile) {
  const Client analyst = As(v1::ROLE_ANALYST);
  const std::string name = analyst.Call(&Access::GetCaller, "").reply.name();
  const auto rotated = steward_.Call(
      &Access::RotateToken,
      absl::StrCat("name: '", name, "' request_id: '$uuid' grace_minutes: 60 lifetime_days: 5"));
  ASSERT_THAT(rotated, Succeeds());
  EXPECT_EQ(rotated.reply.token().name(), name);
  EXPECT_NE(rotated.reply.secret(), analyst.secret());
  const Client renewed(server_.channel(), rotated.reply.secret());
  EXPECT_THAT(analyst.Call(&Access::GetCaller, ""), Succeeds());
  const auto caller = renewed.Call(&Access::GetCaller, "");
  ASSERT_THAT(caller, Succeeds());
  const int64_t grace = caller.reply.prior_secret_expire_time().seconds();
  EXPECT_NEAR(static_cast<double>(caller.reply.expire_time().seconds() - grace), 5 * 86'400 - 3'600,
              5);

  // Without grace the one before ends at once; that before it has gone as well.
  const auto again =
      steward_.Call(&Access::RotateToken,
                    absl::StrCat("name: '", name, "' request_id: '$uuid' grace_minutes: 0"));
  ASSERT_THAT(again, Succeeds());
  EXPECT_FALSE(again.reply.token().has_prior_secret_expire_time());
  for (const Client& former : {analyst, renewed}) {
    EXPECT_THAT(former.Call(&Access::GetCaller, ""),
                Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
  }
  server_.Restart();
  EXPECT_THAT(Client(server_.channel(), again.reply.secret()).Call(&Access::GetCaller, ""),
              Succeeds());
}

TEST_F(AccessTest, ARotationThatCannotBeIsRefused) {
  const Client analyst = As(v1::ROLE_ANALYST);
  const std::string name = analyst.Call(&Access::GetCaller, "").reply.name();
  const std::string once = absl::StrCat("name: '", name, "' request_id: '", NewUuid(), "'");
  ASSERT_THAT(steward_.Call(&Access::RotateToken, once), Succeeds());
  EXPECT_THAT(steward_.Call(&Access::RotateToken, once),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  EXPECT_THAT(steward_.Call(&Access::RotateToken, "name: 'tokens/none' request_id: '$uuid'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  const auto wrong = steward_.Call(&Access::RotateToken,
                                   "name: 'x' grace_minutes: 10081 lifetime_days: 401"
                                   " request_id: '$uuid'");
  EXPECT_THAT(wrong, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(wrong.status), ElementsAre(HasSubstr("name"), HasSubstr("grace_minutes"),
                                                      HasSubstr("lifetime_days")));
  ASSERT_THAT(
      steward_.Call(&Access::RevokeToken, absl::StrCat("name: '", name, "' request_id: '$uuid'")),
      Succeeds());
  EXPECT_THAT(
      steward_.Call(&Access::RotateToken, absl::StrCat("name: '", name, "' request_id: '$uuid'")),
      Fails(StatusCode::FAILED_PRECONDITION, "TOKEN_REVOKED"));
}

TEST_F(AccessTest, ATokenSaysWhenItWasLastUsed) {
  const Client analyst = As(v1::ROLE_ANALYST);
  const auto used = [&](const Client& who) {
    const auto listed = steward_.Call(&Access::ListTokens, "").reply;
    for (const v1::Token& token : listed.tokens()) {
      if (who.secret().find(token.name().substr(7)) != std::string::npos) {
        return token.last_use_time().seconds();
      }
    }
    return int64_t{-1};
  };
  EXPECT_EQ(used(analyst), 0);
  ASSERT_THAT(analyst.Call(&Operations::Ping, ""), Succeeds());
  const int64_t seen = used(analyst);
  EXPECT_GT(seen, 1'500'000'000);
  server_.Restart();
  steward_ = Client(server_.channel(), server_.steward());
  EXPECT_EQ(used(analyst), seen);
}

TEST_F(AccessTest, ACertificatePrincipalHasNoSecretAndMustSayWhatItsCertificateSays) {
  const auto made = Make(
      "role: ROLE_SUBMITTER council: 'councils/hck' display_name: 'Finance system'"
      " certificate_uri: 'steelyard://councils/hck/roles/submitter'");
  ASSERT_THAT(made, Succeeds());
  EXPECT_EQ(made.reply.secret(), "");
  EXPECT_EQ(made.reply.token().certificate_uri(), "steelyard://councils/hck/roles/submitter");
  EXPECT_THAT(Make("role: ROLE_SUBMITTER council: 'councils/hck' display_name: 'Another'"
                   " certificate_uri: 'steelyard://councils/hck/roles/submitter'"),
              Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
  EXPECT_THAT(steward_.Call(&Access::RotateToken, absl::StrCat("name: '", made.reply.token().name(),
                                                               "' request_id: '$uuid'")),
              Fails(StatusCode::FAILED_PRECONDITION, "TOKEN_WITHOUT_SECRET"));
  for (const char* uri : {"steelyard://councils/cmd/roles/submitter", "steelyard://roles/analyst",
                          "steelyard://councils/hck/roles/reader", "https://hackney.example"}) {
    EXPECT_THAT(Make(absl::StrCat("role: ROLE_SUBMITTER council: 'councils/hck' display_name: 'x'"
                                  " certificate_uri: '",
                                  uri, "'")),
                Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"))
        << uri;
  }
}

TEST_F(AccessTest, TheLastStewardStays) {
  const std::string own = steward_.Call(&Access::GetCaller, "").reply.name();
  const std::string request = absl::StrCat("name: '", own, "' request_id: '$uuid'");
  EXPECT_THAT(steward_.Call(&Access::RevokeToken, request),
              Fails(StatusCode::FAILED_PRECONDITION, "LAST_STEWARD"));
  const Client second = As(v1::ROLE_STEWARD);
  EXPECT_THAT(second.Call(&Access::RevokeToken, request), Succeeds());
  EXPECT_THAT(steward_.Call(&Access::GetCaller, ""),
              Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
  EXPECT_THAT(second.Call(&Access::RevokeToken, "name: 'tokens/none' request_id: '$uuid'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(second.Call(&Access::RevokeToken, "name: 'none' request_id: '$uuid'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(AccessTest, WhateverIsNoTokenIsUnauthenticatedInTheSameWords) {
  std::string forged = hackney_.secret();
  forged.back() = forged.back() == 'a' ? 'b' : 'a';
  const auto missing = Client(server_.channel(), "").Call(&Operations::Ping, "").status;
  for (const std::string& secret :
       {forged, std::string("x"), std::string(5000, 'x'), hackney_.secret() + "x",
        hackney_.secret().substr(1), std::string("eyJhbGciOiJub25lIn0.e30.")}) {
    const auto answer = Client(server_.channel(), secret).Call(&Operations::Ping, "");
    EXPECT_THAT(answer, Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
    EXPECT_EQ(answer.status.error_details(), missing.error_details());
  }
  grpc::ClientContext bare;
  v1::PingResponse reply;
  const auto none = Operations(server_.channel()).Ping(&bare, v1::PingRequest(), &reply);
  EXPECT_EQ(none.error_details(), missing.error_details());
}

TEST_F(AccessTest, AnErrorNeverShowsASecret) {
  const std::string secret = hackney_.secret();
  const auto a = hackney_.Call(&Purchases::GetPurchase, "name: 'councils/cmd/purchases/A1'").status;
  const auto b = Client(server_.channel(), secret + "x").Call(&Operations::Ping, "").status;
  for (const auto& status : {a, b}) {
    EXPECT_EQ(status.error_details().find(secret), std::string::npos);
    EXPECT_EQ(status.error_message().find(secret), std::string::npos);
  }
}

TEST_F(AccessTest, ThePolicyIsReplacedByItsVersion) {
  v1::Policy policy = Policy();
  EXPECT_EQ(policy.version(), 1);
  EXPECT_EQ(policy.min_councils(), 5);
  EXPECT_EQ(policy.min_supplier_groups(), 3);
  EXPECT_EQ(policy.p_percent(), 20);
  EXPECT_EQ(policy.max_share_percent(), 50);
  policy.set_min_councils(7);
  const std::string id = NewUuid();
  const auto changed = SetPolicy(policy, id);
  ASSERT_THAT(changed, Succeeds());
  EXPECT_EQ(changed.reply.version(), 2);
  EXPECT_GT(changed.reply.effective_time().seconds(), 0);
  EXPECT_EQ(Policy().SerializeAsString(), changed.reply.SerializeAsString());

  EXPECT_THAT(SetPolicy(policy), Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));  // version 1 is past
  v1::Policy third = changed.reply;
  third.set_min_councils(8);
  EXPECT_THAT(SetPolicy(third, id), Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  ASSERT_THAT(SetPolicy(third), Succeeds());
  EXPECT_EQ(SetPolicy(policy, id).reply.SerializeAsString(), changed.reply.SerializeAsString());
  EXPECT_EQ(Policy().min_councils(), 8);
  server_.Restart();
  EXPECT_EQ(
      Client(server_.channel(), server_.steward()).Call(&Access::GetPolicy, "").reply.version(), 3);
}

TEST_F(AccessTest, APolicyThatChangesNothingIsRefusedAndOneThatDoesIsOnRecordWhole) {
  v1::Policy policy = Policy();
  EXPECT_THAT(SetPolicy(policy), Fails(StatusCode::FAILED_PRECONDITION, "NOTHING_TO_CHANGE"));
  policy.set_min_councils(9);
  policy.mutable_effective_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 24 * 3600);
  const auto later = SetPolicy(policy);
  ASSERT_THAT(later, Succeeds());
  EXPECT_THAT(SetPolicy(later.reply), Fails(StatusCode::FAILED_PRECONDITION, "NOTHING_TO_CHANGE"));
  // To take back what is to come is a change.
  v1::Policy back = Policy();
  back.set_version(later.reply.version());
  EXPECT_THAT(SetPolicy(back), Succeeds());
  const auto audit = steward_.Call(&Operations::ListAuditEntries, "action: 'PutPolicy'");
  ASSERT_EQ(audit.reply.entries_size(), 2);
  EXPECT_THAT(audit.reply.entries(0).detail(),
              AllOf(HasSubstr("version 2 from 2"),
                    HasSubstr(": councils=9,suppliers=3,p=20,share=50,totals=100,prices=10,"
                              "outcome-councils=3,placements=10,cohort=5,delay=3")));
}

TEST_F(AccessTest, APolicyMayComeIntoForceLater) {
  v1::Policy policy = Policy();
  policy.set_min_councils(9);
  const int64_t tomorrow = absl::ToUnixSeconds(absl::Now()) + 24 * 3600;
  policy.mutable_effective_time()->set_seconds(tomorrow);
  const auto later = SetPolicy(policy);
  ASSERT_THAT(later, Succeeds());
  EXPECT_EQ(later.reply.effective_time().seconds(), tomorrow);
  EXPECT_EQ(Policy().min_councils(), 5);
  const auto all = steward_.Call(&Access::ListPolicies, "");
  ASSERT_THAT(all, Succeeds());
  ASSERT_EQ(all.reply.policies_size(), 2);
  EXPECT_EQ(all.reply.policies(0).SerializeAsString(), later.reply.SerializeAsString());
  EXPECT_EQ(all.reply.policies(1).version(), 1);
  EXPECT_EQ(all.reply.version_in_force(), 1);
  // Page by page.
  const auto first = steward_.Call(&Access::ListPolicies, "page_size: 1");
  ASSERT_EQ(first.reply.policies_size(), 1);
  const auto second = steward_.Call(
      &Access::ListPolicies, "page_size: 1 page_token: '" + first.reply.next_page_token() + "'");
  ASSERT_EQ(second.reply.policies_size(), 1);
  EXPECT_EQ(second.reply.policies(0).version(), 1);
  EXPECT_EQ(second.reply.next_page_token(), "");
  // Whoever has not seen it cannot replace it.
  EXPECT_THAT(SetPolicy(Policy()), Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
  v1::Policy far = later.reply;
  far.mutable_effective_time()->set_seconds(tomorrow + int64_t{500} * 24 * 3600);
  EXPECT_THAT(SetPolicy(far), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(AccessTest, APolicyBelowTheFloorIsRefusedWithEveryFault) {
  const v1::Policy policy = Policy();
  auto wrong = policy;
  wrong.set_min_councils(2);
  wrong.set_min_supplier_groups(0);
  wrong.set_p_percent(9);
  wrong.set_max_share_percent(86);
  wrong.set_total_rounding_basis_points(-1);
  wrong.set_price_rounding_basis_points(1001);
  const auto refused = SetPolicy(wrong);
  EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(refused.status),
              ElementsAre("policy.min_councils: Must be 3 to 1000, and is 2.",
                          "policy.min_supplier_groups: Must be 1 to 1000, and is 0.",
                          "policy.p_percent: Must be 10 to 100, and is 9.",
                          "policy.max_share_percent: Must be 1 to 85, and is 86.",
                          "policy.total_rounding_basis_points: Must be 0 to 1000, and is -1.",
                          "policy.price_rounding_basis_points: Must be 0 to 1000, and is 1001."));
  EXPECT_EQ(Policy().SerializeAsString(), policy.SerializeAsString());
}

}  // namespace
}  // namespace steelyard::contract
