#ifndef STEELYARD_SERVER_GATEWAY_GATEWAY_H_
#define STEELYARD_SERVER_GATEWAY_GATEWAY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "server/gateway/http_server.h"
#include "server/gateway/metrics.h"
#include "server/gateway/rate.h"
#include "server/gateway/sessions.h"
#include "server/gateway/sign_in.h"
#include "storage/base/clock.h"

namespace steelyard::gateway {

struct GatewayOptions {
  std::string address;           // HOST:PORT for browsers and programs; empty for none
  std::string internal_address;  // HOST:PORT for /metrics and /healthz; empty for none
  // Where a proxy serves the gateway: `https://steelyard.example.gov.uk`.
  // Empty: reached directly, on this machine alone.
  std::vector<std::string> origins;
  std::string pages;  // folder of the portal's files; empty for none
  HttpLimits http;
  Sessions::Limits sessions;
  TryLimit::Limits sign_in_failures;
  TryLimit::Limits sign_in_beginnings = {.burst = 30, .refill = absl::Seconds(2)};
  size_t max_calls = 256;           // under way at once
  size_t max_calls_of_caller = 64;  // from one address
};

// The way in for browsers, and for programs that speak plain HTTP: Connect and
// gRPC-Web onto the services of this process, sign-in, pages. Holds no rule of
// the business: a call carries its caller's own token to the service, which
// decides. Thread-safe.
class Gateway {
 public:
  struct Surroundings {
    std::shared_ptr<grpc::Channel> channel;  // to the services, in process
    Clock& clock;
    SignIn* sign_in = nullptr;  // outlives the gateway; null if there is none
    std::function<bool()> healthy;
    std::function<std::vector<Figure>()> figures;  // of the rest of the server
  };

  // INVALID_ARGUMENT for an address that is not loopback (TLS is ended by the
  // proxy in front, so nobody else may reach it) or an origin that makes no
  // sense; UNAVAILABLE if an address is taken.
  static absl::StatusOr<std::unique_ptr<Gateway>> Start(const GatewayOptions& options,
                                                        Surroundings surroundings);

  // Breaks off what is under way, and waits for its calls to end. The channel's
  // server must still run.
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // The addresses it really serves on; empty if it does not.
  const std::string& address() const;
  const std::string& internal_address() const;

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_GATEWAY_H_
