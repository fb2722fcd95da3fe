#ifndef STEELYARD_SERVER_AUTH_AUTHENTICATOR_H_
#define STEELYARD_SERVER_AUTH_AUTHENTICATOR_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "server/rpc/authorizer.h"
#include "storage/base/clock.h"
#include "storage/model/principal.h"
#include "storage/model/registers.h"

namespace steelyard::auth {

// Every token, revoked and expired ones too, by its id.
using TokenMap = absl::flat_hash_map<std::string, model::Token>;

// The newest immutable snapshot; called for each request from any thread, so
// it must be cheap and thread-safe. Never null.
using TokenSource = std::function<std::shared_ptr<const TokenMap>()>;
using RegistersSource = std::function<std::shared_ptr<const model::Registers>()>;

// Knows callers by their bearer token and decides by the access table
// (access_table.h). A revoked token ends with the next snapshot, also for open
// streams. Thread-safe.
class Authenticator final : public rpc::Authorizer {
 public:
  Authenticator(Clock& clock, TokenSource tokens, RegistersSource registers);

  absl::StatusOr<rpc::Caller> Admit(std::string_view method,
                                    std::string_view authorization) override;
  absl::Status CheckOwner(const rpc::Caller& caller, std::string_view method,
                          const google::protobuf::Message& request) override;
  bool StillValid(const rpc::Caller& caller) override;

  // The caller behind a header, whatever it wants to do. UNAUTHENTICATED, in
  // the same words for a token that is malformed, unknown, wrong, expired or
  // revoked.
  absl::StatusOr<rpc::Caller> Authenticate(std::string_view authorization);

 private:
  bool IsLive(const model::Token& token);

  Clock& clock_;
  const TokenSource tokens_;
  const RegistersSource registers_;
};

}  // namespace steelyard::auth

#endif  // STEELYARD_SERVER_AUTH_AUTHENTICATOR_H_
