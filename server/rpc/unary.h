#ifndef STEELYARD_SERVER_RPC_UNARY_H_
#define STEELYARD_SERVER_RPC_UNARY_H_

#include <functional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/executor.h"
#include "server/rpc/field_rules.h"
#include "storage/base/clock.h"

namespace steelyard::rpc {

// Longest that any unary call may wait and run, whatever the caller allows.
inline constexpr absl::Duration kMaxUnaryTime = absl::Seconds(30);

// What the call brings to say who makes it: its header and its certificate.
Credentials AuthorizationOf(const grpc::CallbackServerContext& context);

// The client's deadline, at most `cap` from `now`.
absl::Time DeadlineOf(const grpc::CallbackServerContext& context, absl::Time now,
                      absl::Duration cap);

// A unary method.
struct Method {
  enum class Run {
    kQueued,  // on the executor: may wait for a disk
    kInline   // on gRPC's own thread: never blocks, a few microseconds
  };
  std::string_view name;  // "/steelyard.v1.PurchaseService/GetPurchase"
  Fields fields = Fields::kAll;
  Run run = Run::kQueued;
};

// Runs unary methods in one order: authenticate, authorize, validate, act, and
// put on record what is shown.
// Refuses at once with RESOURCE_EXHAUSTED when the executor is full, and drops
// work that nobody waits for any more. Thread-safe; everything given to it
// must outlive the server.
//
//   grpc::ServerUnaryReactor* GetPurchase(grpc::CallbackServerContext* context,
//                                         const v1::GetPurchaseRequest* request,
//                                         v1::Purchase* reply) override {
//     return unary_.Handle(context, request, reply, {kService "/GetPurchase"},
//                          std::bind_front(&PurchaseServiceImpl::DoGet, this));
//   }
//   absl::Status DoGet(const rpc::Caller&, const v1::GetPurchaseRequest&, v1::Purchase* reply);
class Unary {
 public:
  Unary(Authorizer& authorizer, Executor& executor, Clock& clock)
      : authorizer_(authorizer), executor_(executor), clock_(clock) {}

  // `act` is (const Caller&, const Request&, Reply*) -> absl::Status. It gets
  // the request with its OUTPUT_ONLY fields cleared.
  template <typename Request, typename Reply, typename Act>
  grpc::ServerUnaryReactor* Handle(grpc::CallbackServerContext* context, const Request* request,
                                   Reply* reply, Method method, Act act) {
    return Start(context, *request, method,
                 [this, request, reply, act = std::move(act)](const Caller& caller) {
                   if (!rules_.HasOutputOnly(*request)) return act(caller, *request, reply);
                   Request cleared = *request;
                   rules_.ClearOutputOnly(cleared);
                   return act(caller, cleared, reply);
                 });
  }

  FieldRules& rules() { return rules_; }

 private:
  using Action = std::function<absl::Status(const Caller&)>;

  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context,
                                  const google::protobuf::Message& request, Method method,
                                  Action action);
  absl::StatusOr<Caller> Admit(const grpc::CallbackServerContext& context,
                               const google::protobuf::Message& request, const Method& method);
  absl::Status Act(const Caller& caller, const google::protobuf::Message& request,
                   const Method& method, const Action& action);

  Authorizer& authorizer_;
  Executor& executor_;
  Clock& clock_;
  FieldRules rules_;
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_UNARY_H_
