#ifndef STEELYARD_SERVER_AUTH_AUTHENTICATOR_H_
#define STEELYARD_SERVER_AUTH_AUTHENTICATOR_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "server/auth/certificate_name.h"
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

// What is told of callers to whoever keeps count of them. Each may be empty;
// called from any thread.
struct Hooks {
  // A call that counts is about to be let in: RESOURCE_EXHAUSTED to refuse it.
  std::function<absl::Status(const rpc::Caller&)> charge;
  // A call was let in.
  std::function<void(const rpc::Caller&)> used;
  // A caller is about to be shown `resource` by `method`, where the access
  // table wants that recorded: an error to refuse it.
  std::function<absl::Status(const rpc::Caller&, std::string_view method,
                             std::string_view resource)>
      looked;
  // The token with this id of somebody who signed in elsewhere, if there is
  // one: asked where the ledger has none.
  std::function<std::optional<model::Token>(std::string_view id)> session;
  // A stream that was let in brought another message: how long to wait before
  // the next, or RESOURCE_EXHAUSTED to refuse it.
  std::function<absl::StatusOr<absl::Duration>(const rpc::Caller&)> pace;
};

// Knows callers by their bearer token or their certificate, and decides by the
// access table (access_table.h). A revoked token ends with the next snapshot,
// also for open streams. Thread-safe.
class Authenticator final : public rpc::Authorizer {
 public:
  Authenticator(Clock& clock, TokenSource tokens, RegistersSource registers, Hooks hooks = {});

  absl::StatusOr<rpc::Caller> Admit(std::string_view method,
                                    const rpc::Credentials& credentials) override;
  absl::Status CheckOwner(const rpc::Caller& caller, std::string_view method,
                          const google::protobuf::Message& request) override;
  bool StillValid(const rpc::Caller& caller) override;
  absl::StatusOr<absl::Duration> Pace(const rpc::Caller& caller) override;
  absl::Status Looked(const rpc::Caller& caller, std::string_view method,
                      const google::protobuf::Message& request) override;

  // The caller behind credentials, whatever it wants to do. UNAUTHENTICATED,
  // in the same words for a token that is malformed, unknown, wrong, expired,
  // revoked or not what the certificate says.
  absl::StatusOr<rpc::Caller> Authenticate(const rpc::Credentials& credentials);

 private:
  // Ids of principals by the URI of their certificate.
  using UriMap = absl::flat_hash_map<std::string, std::string>;

  // The token with this id, live or not.
  std::optional<model::Token> Find(std::string_view id, const TokenMap& tokens);
  // The live principal behind a header, or behind a certificate.
  std::optional<model::Token> ByHeader(std::string_view authorization, const TokenMap& tokens);
  std::optional<model::Token> ByCertificate(std::string_view uri,
                                            const std::shared_ptr<const TokenMap>& tokens);
  // Whether the certificate may come with this principal.
  bool Agrees(const CertificateName& name, const model::Token& token);
  std::shared_ptr<const UriMap> UrisOf(const std::shared_ptr<const TokenMap>& tokens);
  bool IsLive(const model::Token& token);

  Clock& clock_;
  const TokenSource tokens_;
  const RegistersSource registers_;
  const Hooks hooks_;

  std::mutex mutex_;  // guards what follows: made anew with each snapshot
  std::shared_ptr<const TokenMap> indexed_;
  std::shared_ptr<const UriMap> uris_;
};

}  // namespace steelyard::auth

#endif  // STEELYARD_SERVER_AUTH_AUTHENTICATOR_H_
