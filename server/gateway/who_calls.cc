#include "server/gateway/who_calls.h"

#include <string>
#include <utility>

#include "server/gateway/generic_call.h"

namespace steelyard::gateway {
namespace {

constexpr absl::Duration kTime = absl::Seconds(5);

}  // namespace

void AskWhoCalls(const std::shared_ptr<grpc::Channel>& channel, std::vector<Header> metadata,
                 std::function<void(const grpc::Status&, const v1::Token&)> done) {
  auto reply = std::make_shared<std::string>();
  StartCall(channel,
            {"/steelyard.v1.AccessService/GetCaller", {std::string()}, std::move(metadata), kTime},
            {[reply](const std::shared_ptr<GenericCall>& call, std::string message) {
               *reply = std::move(message);
               call->Resume();
             },
             [reply, done = std::move(done)](const grpc::Status& status) {
               v1::Token caller;
               if (status.ok() && !caller.ParseFromString(*reply)) {
                 return done(grpc::Status(grpc::StatusCode::INTERNAL, "The answer is no message."),
                             {});
               }
               done(status, caller);
             }});
}

}  // namespace steelyard::gateway
