#ifndef STEELYARD_SERVER_GATEWAY_GENERIC_CALL_H_
#define STEELYARD_SERVER_GATEWAY_GENERIC_CALL_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "server/gateway/http.h"

namespace steelyard::gateway {

// What to call: any method, by its path, with messages as bytes.
struct CallSpec {
  std::string path;
  std::vector<std::string> messages;  // sent one after the other
  std::vector<Header> metadata;
  absl::Duration timeout = absl::Seconds(30);
};

// One RPC under way. Thread-safe.
class GenericCall {
 public:
  struct Events {
    // A message came. The next one is read once Resume() is called, and the
    // call does not end before it is; do so after Cancel() too.
    std::function<void(std::shared_ptr<GenericCall>, std::string)> on_message;
    // It is over; nothing comes after.
    std::function<void(grpc::Status)> on_done;
  };

  virtual ~GenericCall() = default;
  virtual void Resume() = 0;
  virtual void Cancel() = 0;
};

// Starts a call over a channel. It lives until on_done has returned, whoever
// holds it; events come on gRPC's threads.
std::shared_ptr<GenericCall> StartCall(const std::shared_ptr<grpc::Channel>& channel, CallSpec spec,
                                       GenericCall::Events events);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_GENERIC_CALL_H_
