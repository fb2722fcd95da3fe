#ifndef STEELYARD_SERVER_GATEWAY_API_H_
#define STEELYARD_SERVER_GATEWAY_API_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "server/gateway/http.h"
#include "server/gateway/metrics.h"
#include "server/gateway/origin.h"
#include "server/gateway/rate.h"
#include "server/gateway/sessions.h"

namespace steelyard::gateway {

// Every method of the contract over Connect and gRPC-Web. Knows no method by
// itself: bytes go through as they are, JSON by the contract's reflection. A
// method that takes a stream gets what the body holds, and then its end.
// Thread-safe; all it is given must outlive the calls in `in_flight`.
class Api {
 public:
  // Most messages that one body may hold.
  static constexpr size_t kMaxMessages = 10'000;

  Api(std::shared_ptr<grpc::Channel> channel, Sessions& sessions, Metrics& metrics,
      InFlight& in_flight)
      : channel_(std::move(channel)),
        sessions_(sessions),
        metrics_(metrics),
        in_flight_(in_flight) {}

  // Whether a path is a method's, or would be if there were such a one.
  static bool Owns(std::string_view path);

  void Handle(HttpRequest request, std::shared_ptr<Exchange> exchange, const Origin& origin);

 private:
  class Call;

  const std::shared_ptr<grpc::Channel> channel_;
  Sessions& sessions_;
  Metrics& metrics_;
  InFlight& in_flight_;
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_API_H_
