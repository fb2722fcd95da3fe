#ifndef STEELYARD_SERVER_APP_ACCESS_SERVICE_H_
#define STEELYARD_SERVER_APP_ACCESS_SERVICE_H_

#include <functional>
#include <utility>

#include "server/audit/read_journal.h"
#include "server/auth/session_tokens.h"
#include "server/publisher/policy_preview.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::app {

// What another policy would do, for one product or for all (0).
using PolicyPreviewer =
    std::function<absl::StatusOr<publisher::PolicyPreview>(const model::Policy&, model::ProductNo)>;

// Tokens, those of the ledger and those of people who are signed in, and the
// disclosure policy. Lives here and not in
// auth so that what checks callers never reaches the ledger. Owns nothing that
// it is given. Thread-safe.
class AccessService final : public v1::AccessService::CallbackService {
 public:
  AccessService(rpc::Unary& unary, ledger::Ledger& ledger, audit::ReadJournal& journal,
                auth::SessionTokens& sessions, const rpc::PageTokens& pages, Clock& clock,
                PolicyPreviewer preview)
      : unary_(unary),
        ledger_(ledger),
        journal_(journal),
        sessions_(sessions),
        pages_(pages),
        clock_(clock),
        preview_(std::move(preview)) {}

  grpc::ServerUnaryReactor* GetCaller(grpc::CallbackServerContext* context,
                                      const v1::GetCallerRequest* request,
                                      v1::Token* reply) override;
  grpc::ServerUnaryReactor* CreateToken(grpc::CallbackServerContext* context,
                                        const v1::CreateTokenRequest* request,
                                        v1::CreateTokenResponse* reply) override;
  grpc::ServerUnaryReactor* RotateToken(grpc::CallbackServerContext* context,
                                        const v1::RotateTokenRequest* request,
                                        v1::CreateTokenResponse* reply) override;
  grpc::ServerUnaryReactor* ListTokens(grpc::CallbackServerContext* context,
                                       const v1::ListTokensRequest* request,
                                       v1::ListTokensResponse* reply) override;
  grpc::ServerUnaryReactor* RevokeToken(grpc::CallbackServerContext* context,
                                        const v1::RevokeTokenRequest* request,
                                        v1::Token* reply) override;
  grpc::ServerUnaryReactor* GetPolicy(grpc::CallbackServerContext* context,
                                      const v1::GetPolicyRequest* request,
                                      v1::Policy* reply) override;
  grpc::ServerUnaryReactor* ListPolicies(grpc::CallbackServerContext* context,
                                         const v1::ListPoliciesRequest* request,
                                         v1::ListPoliciesResponse* reply) override;
  grpc::ServerUnaryReactor* PreviewPolicy(grpc::CallbackServerContext* context,
                                          const v1::PreviewPolicyRequest* request,
                                          v1::PolicyPreview* reply) override;
  grpc::ServerUnaryReactor* UpdatePolicy(grpc::CallbackServerContext* context,
                                         const v1::UpdatePolicyRequest* request,
                                         v1::Policy* reply) override;

 private:
  absl::Status DoGetCaller(const rpc::Caller& caller, const v1::GetCallerRequest& request,
                           v1::Token* reply);
  absl::Status DoCreateToken(const rpc::Caller& caller, const v1::CreateTokenRequest& request,
                             v1::CreateTokenResponse* reply);
  absl::Status DoRotateToken(const rpc::Caller& caller, const v1::RotateTokenRequest& request,
                             v1::CreateTokenResponse* reply);
  absl::Status DoListTokens(const rpc::Caller& caller, const v1::ListTokensRequest& request,
                            v1::ListTokensResponse* reply);
  absl::Status DoRevokeToken(const rpc::Caller& caller, const v1::RevokeTokenRequest& request,
                             v1::Token* reply);
  absl::Status DoGetPolicy(const rpc::Caller& caller, const v1::GetPolicyRequest& request,
                           v1::Policy* reply);
  absl::Status DoListPolicies(const rpc::Caller& caller, const v1::ListPoliciesRequest& request,
                              v1::ListPoliciesResponse* reply);
  absl::Status DoPreviewPolicy(const rpc::Caller& caller, const v1::PreviewPolicyRequest& request,
                               v1::PolicyPreview* reply);
  absl::Status DoUpdatePolicy(const rpc::Caller& caller, const v1::UpdatePolicyRequest& request,
                              v1::Policy* reply);

  void ToProto(const model::Token& token, const model::Registers& registers, v1::Token* out) const;
  ledger::Meta MetaOf(const rpc::Caller& caller);
  // The policy asked for: what is not set stays as it is in force.
  model::Policy PolicyOf(const v1::Policy& asked);

  rpc::Unary& unary_;
  ledger::Ledger& ledger_;
  audit::ReadJournal& journal_;
  auth::SessionTokens& sessions_;
  const rpc::PageTokens& pages_;
  Clock& clock_;
  const PolicyPreviewer preview_;
};

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_ACCESS_SERVICE_H_
