#ifndef STEELYARD_SERVER_APP_SERVER_H_
#define STEELYARD_SERVER_APP_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/app/store.h"
#include "server/auth/quota.h"
#include "server/gateway/gateway.h"
#include "server/oidc/settings.h"
#include "server/rpc/tls.h"

namespace steelyard::app {

struct ServeOptions {
  StoreOptions store;
  // HOST:PORT; port 0 for any that is free. Without TLS of a loopback address.
  std::string grpc_address = "127.0.0.1:7443";
  rpc::TlsFiles tls;    // empty: plain text
  auth::Quotas quotas;  // nothing set: no limits
  oidc::Settings oidc;  // empty: people sign in with tokens alone
  bool reflection = false;
  int edition_cache_mib = 128;
  // Publisher::kOutcomeSettle.
  int outcome_settle_seconds = 30;
  // For browsers and plain HTTP, and for who watches the machine; off unless
  // an address is set.
  gateway::GatewayOptions gateway;
};

// The whole server on one data folder: builds and owns everything.
// Thread-safe.
class Server {
 public:
  // Opens the store and serves. INVALID_ARGUMENT for an address that is not
  // loopback, if there is no TLS, and for TLS files that are not good.
  // UNAVAILABLE if the address is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServeOptions& options);

  // Stops taking calls, lets those under way end, and closes the store.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The address it really serves on.
  const std::string& grpc_address() const;
  // Empty if it does not.
  const std::string& portal_address() const;
  const std::string& internal_address() const;

  // False once the store failed: stop and start anew.
  bool healthy() const;

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_SERVER_H_
