#include <set>
#include <string>

#include "gmock/gmock.h"
#include "tests/server/app/served_ledger.h"

namespace steelyard::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class AccessServiceTest : public ServedLedger {
 protected:
  grpc::Status Create(const v1::CreateTokenRequest& request) {
    created_.Clear();
    return Call(steward_, [&](grpc::ClientContext* context) {
      return access_->CreateToken(context, request, &created_);
    });
  }
  v1::CreateTokenRequest ReaderOfAbc() {
    v1::CreateTokenRequest request;
    request.mutable_token()->set_role(v1::ROLE_READER);
    request.mutable_token()->set_council("councils/abc");
    request.mutable_token()->set_display_name("Portal");
    request.set_request_id(RequestId());
    return request;
  }
  grpc::Status Caller(const std::string& secret) {
    token_.Clear();
    return Call(secret, [&](grpc::ClientContext* context) {
      return access_->GetCaller(context, {}, &token_);
    });
  }
  grpc::Status Revoke(const std::string& name, std::string request_id) {
    v1::RevokeTokenRequest request;
    request.set_name(name);
    request.set_request_id(std::move(request_id));
    token_.Clear();
    return Call(steward_, [&](grpc::ClientContext* context) {
      return access_->RevokeToken(context, request, &token_);
    });
  }
  grpc::Status UpdatePolicy(const v1::UpdatePolicyRequest& request) {
    policy_.Clear();
    return Call(steward_, [&](grpc::ClientContext* context) {
      return access_->UpdatePolicy(context, request, &policy_);
    });
  }
  v1::Policy GetPolicy() {
    v1::Policy policy;
    EXPECT_TRUE(Call(steward_, [&](grpc::ClientContext* context) {
                  return access_->GetPolicy(context, {}, &policy);
                }).ok());
    return policy;
  }

  v1::CreateTokenResponse created_;
  v1::Token token_;
  v1::Policy policy_;
};

TEST_F(AccessServiceTest, ANewTokenWorksAndSaysWhoItIs) {
  const grpc::Status status = Create(ReaderOfAbc());
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(created_.token().council(), "councils/abc");
  EXPECT_EQ(created_.token().expire_time().seconds() - created_.token().create_time().seconds(),
            90 * 24 * 3600);
  ASSERT_TRUE(Caller(created_.secret()).ok());
  EXPECT_EQ(token_.SerializeAsString(), created_.token().SerializeAsString());
}

TEST_F(AccessServiceTest, WhatTheServerSetsCannotBeChosen) {
  v1::CreateTokenRequest request = ReaderOfAbc();
  request.mutable_token()->set_name("tokens/t0000000000000000");
  request.mutable_token()->mutable_expire_time()->set_seconds(9'999'999'999);
  request.mutable_token()->mutable_revoke_time()->set_seconds(1);
  ASSERT_TRUE(Create(request).ok());
  EXPECT_NE(created_.token().name(), "tokens/t0000000000000000");
  EXPECT_LT(created_.token().expire_time().seconds(), 1'700'000'000);
  EXPECT_FALSE(created_.token().has_revoke_time());
}

TEST_F(AccessServiceTest, ARepeatIsRefusedBecauseTheSecretIsGone) {
  const v1::CreateTokenRequest request = ReaderOfAbc();
  ASSERT_TRUE(Create(request).ok());
  const grpc::Status status = Create(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ReasonOf(status), "REQUEST_ID_REUSED");
  EXPECT_EQ(created_.secret(), "");
}

TEST_F(AccessServiceTest, NamesWhatIsMissing) {
  const grpc::Status status = Create({});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(status), ElementsAre("token", "request_id"));
}

TEST_F(AccessServiceTest, OnlyAStewardMakesTokens) {
  ASSERT_TRUE(Create(ReaderOfAbc()).ok());
  v1::CreateTokenResponse reply;
  const grpc::Status status = Call(created_.secret(), [&](grpc::ClientContext* context) {
    return access_->CreateToken(context, ReaderOfAbc(), &reply);
  });
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(AccessServiceTest, ARevokedTokenEndsAtOnceAndARepeatSaysTheSame) {
  ASSERT_TRUE(Create(ReaderOfAbc()).ok());
  const std::string request_id = RequestId();
  ASSERT_TRUE(Revoke(created_.token().name(), request_id).ok());
  const std::string first = token_.SerializeAsString();
  EXPECT_TRUE(token_.has_revoke_time());
  EXPECT_EQ(Caller(created_.secret()).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  ASSERT_TRUE(Revoke(created_.token().name(), request_id).ok());
  EXPECT_EQ(token_.SerializeAsString(), first);
  ASSERT_TRUE(Revoke(created_.token().name(), RequestId()).ok());
  EXPECT_EQ(token_.SerializeAsString(), first);
}

TEST_F(AccessServiceTest, TheLastStewardStays) {
  ASSERT_TRUE(Caller(steward_).ok());
  const std::string name = token_.name();
  const grpc::Status status = Revoke(name, RequestId());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "LAST_STEWARD");
  AddToken(model::Role::kSteward, "second");
  EXPECT_TRUE(Revoke(name, RequestId()).ok());
}

TEST_F(AccessServiceTest, AnUnknownTokenIsNotFoundAndAMalformedOneInvalid) {
  EXPECT_EQ(Revoke("tokens/t0123456789abcdef", RequestId()).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Revoke("tokens/../x", RequestId()).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Revoke("tokens/t0123456789abcdef", "1").error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AccessServiceTest, ListsEveryTokenOnceWithoutSecrets) {
  std::set<std::string> expected;
  ASSERT_TRUE(Caller(steward_).ok());
  expected.insert(token_.name());
  for (int i = 0; i < 7; ++i) {
    ASSERT_TRUE(Create(ReaderOfAbc()).ok());
    expected.insert(created_.token().name());
  }
  std::set<std::string> listed;
  v1::ListTokensRequest request;
  request.set_page_size(3);
  int pages = 0;
  do {
    v1::ListTokensResponse reply;
    ASSERT_TRUE(Call(steward_, [&](grpc::ClientContext* context) {
                  return access_->ListTokens(context, request, &reply);
                }).ok());
    EXPECT_LE(reply.tokens_size(), 3);
    for (const v1::Token& token : reply.tokens()) {
      EXPECT_TRUE(listed.insert(token.name()).second) << "twice: " << token.name();
    }
    EXPECT_THAT(reply.SerializeAsString(), Not(HasSubstr("sty_")));
    request.set_page_token(reply.next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(listed, expected);
}

TEST_F(AccessServiceTest, APolicyReplacesTheVersionItNames) {
  v1::UpdatePolicyRequest request;
  *request.mutable_policy() = GetPolicy();
  EXPECT_EQ(request.policy().version(), 1);
  EXPECT_EQ(request.policy().min_councils(), 5);
  request.mutable_policy()->set_min_councils(7);
  request.set_request_id(RequestId());
  ASSERT_TRUE(UpdatePolicy(request).ok());
  EXPECT_EQ(policy_.version(), 2);
  EXPECT_EQ(policy_.min_councils(), 7);
  EXPECT_EQ(GetPolicy().SerializeAsString(), policy_.SerializeAsString());

  ASSERT_TRUE(UpdatePolicy(request).ok());  // the same request again
  EXPECT_EQ(policy_.version(), 2);
  request.set_request_id(RequestId());
  const grpc::Status stale = UpdatePolicy(request);
  EXPECT_EQ(stale.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ReasonOf(stale), "ETAG_MISMATCH");
}

TEST_F(AccessServiceTest, APolicyBelowTheFloorIsRefused) {
  v1::UpdatePolicyRequest request;
  *request.mutable_policy() = GetPolicy();
  request.mutable_policy()->set_min_councils(2);
  request.mutable_policy()->set_p_percent(9);
  request.set_request_id(RequestId());
  const grpc::Status status = UpdatePolicy(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(status), ElementsAre("policy.min_councils", "policy.p_percent"));
  EXPECT_EQ(GetPolicy().version(), 1);
}

}  // namespace
}  // namespace steelyard::app
