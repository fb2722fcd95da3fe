#ifndef STEELYARD_SERVER_GATEWAY_WHO_CALLS_H_
#define STEELYARD_SERVER_GATEWAY_WHO_CALLS_H_

#include <functional>
#include <memory>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "server/gateway/http.h"
#include "steelyard/v1/access_service.pb.h"

namespace steelyard::gateway {

// Asks the service who is behind `metadata` (AccessService/GetCaller) and calls
// `done` once, on a thread of gRPC: with what the service says against it, or
// UNAVAILABLE or DEADLINE_EXCEEDED after five seconds. Thread-safe.
void AskWhoCalls(const std::shared_ptr<grpc::Channel>& channel, std::vector<Header> metadata,
                 std::function<void(const grpc::Status&, const v1::Token&)> done);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_WHO_CALLS_H_
