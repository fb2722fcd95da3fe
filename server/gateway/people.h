#ifndef STEELYARD_SERVER_GATEWAY_PEOPLE_H_
#define STEELYARD_SERVER_GATEWAY_PEOPLE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "server/gateway/http.h"
#include "server/gateway/metrics.h"
#include "server/gateway/origin.h"
#include "server/gateway/rate.h"
#include "server/gateway/sessions.h"
#include "server/gateway/sign_in.h"
#include "steelyard/v1/access_service.pb.h"

namespace steelyard::gateway {

// Signing in and out. A wrong token is refused in the same words whatever is
// wrong with it, and only so often. Thread-safe; all it is given must outlive
// the requests in `in_flight`.
class People {
 public:
  struct Parts {
    std::shared_ptr<grpc::Channel> channel;
    Sessions& sessions;
    TryLimit& failures;
    TryLimit& beginnings;  // elsewhere: each is kept until it ends
    InFlight& in_flight;
    Metrics& metrics;
    SignIn* elsewhere;  // null if there is none
  };

  explicit People(Parts parts) : parts_(std::move(parts)), key_(RandomText()) {}

  // GET /sign-in, /sign-in/openid and its return; POST /sign-in, /sign-out.
  static bool Owns(std::string_view path);
  void Handle(const HttpRequest& request, std::shared_ptr<Exchange> exchange, const Origin& origin);

  // The start page, for whom a session says; others are sent to sign in.
  void Home(const HttpRequest& request, std::shared_ptr<Exchange> exchange, const Origin& origin);

 private:
  class Visit;

  using Answered = std::function<void(absl::StatusOr<v1::Token>)>;
  // Asks the service whose secret it is.
  void WhoIs(const std::string& secret, Answered done) const;

  const Parts parts_;
  const std::string key_;  // of the forms
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_PEOPLE_H_
