#ifndef STEELYARD_SERVER_APP_ACCESS_SERVICE_H_
#define STEELYARD_SERVER_APP_ACCESS_SERVICE_H_

#include "server/audit/read_journal.h"
#include "server/auth/session_tokens.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::app {

// Tokens, those of the ledger and those of people who are signed in, and the
// disclosure policy. Lives here and not in
// auth so that what checks callers never reaches the ledger. Owns nothing that
// it is given. Thread-safe.
class AccessService final : public v1::AccessService::CallbackService {
 public:
  AccessService(rpc::Unary& unary, ledger::Ledger& ledger, audit::ReadJournal& journal,
                auth::SessionTokens& sessions, const rpc::PageTokens& pages, Clock& clock)
      : unary_(unary),
        ledger_(ledger),
        journal_(journal),
        sessions_(sessions),
        pages_(pages),
        clock_(clock) {}

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
  absl::Status DoUpdatePolicy(const rpc::Caller& caller, const v1::UpdatePolicyRequest& request,
                              v1::Policy* reply);

  void ToProto(const model::Token& token, const model::Registers& registers, v1::Token* out) const;
  ledger::Meta MetaOf(const rpc::Caller& caller);

  rpc::Unary& unary_;
  ledger::Ledger& ledger_;
  audit::ReadJournal& journal_;
  auth::SessionTokens& sessions_;
  const rpc::PageTokens& pages_;
  Clock& clock_;
};

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_ACCESS_SERVICE_H_
