#include "server/rpc/unary.h"

#include <algorithm>
#include <vector>

#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"
#include "server/rpc/errors.h"
#include "server/rpc/to_grpc.h"
#include "storage/base/status_macros.h"

namespace steelyard::rpc {
namespace {

// Not a credential of any kind.
constexpr std::string_view kSeveral = "more than one";

}  // namespace

Credentials AuthorizationOf(const grpc::CallbackServerContext& context) {
  Credentials credentials;
  const auto [first, last] = context.client_metadata().equal_range("authorization");
  if (first != last && std::next(first) == last) {
    credentials.authorization = {first->second.data(), first->second.size()};
  } else if (first != last) {
    credentials.authorization = kSeveral;
  }
  const auto peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return credentials;
  credentials.certified = true;
  for (const grpc::string_ref& uri : peer->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME)) {
    credentials.certificate_uris.emplace_back(uri.data(), uri.size());
  }
  return credentials;
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& context, absl::Time now,
                      absl::Duration cap) {
  return std::min(absl::FromChrono(context.deadline()), now + cap);
}

grpc::ServerUnaryReactor* Unary::Start(grpc::CallbackServerContext* context,
                                       const google::protobuf::Message& request, Method method,
                                       Action action) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  absl::StatusOr<Caller> caller = Admit(*context, request, method);
  if (!caller.ok()) {
    reactor->Finish(ToGrpc(caller.status()));
    return reactor;
  }
  if (method.run == Method::Run::kInline) {
    reactor->Finish(ToGrpc(Act(*caller, request, method, action)));
    return reactor;
  }
  const absl::Time deadline = DeadlineOf(*context, clock_.Now(), kMaxUnaryTime);
  const bool taken = executor_.Submit(
      deadline, [this, context, reactor, &request, method, caller = *std::move(caller),
                 action = std::move(action)](Executor::Turn turn) {
        absl::Status status = turn == Executor::Turn::kStopping ? error::ShuttingDown()
                              : turn == Executor::Turn::kExpired || context->IsCancelled()
                                  ? error::DeadlineExceeded()
                                  : Act(caller, request, method, action);
        reactor->Finish(ToGrpc(status));
      });
  if (!taken) reactor->Finish(ToGrpc(error::Overloaded()));
  return reactor;
}

absl::StatusOr<Caller> Unary::Admit(const grpc::CallbackServerContext& context,
                                    const google::protobuf::Message& request,
                                    const Method& method) {
  ASSIGN_OR_RETURN(Caller caller, authorizer_.Admit(method.name, AuthorizationOf(context)));
  const absl::Status owner = authorizer_.CheckOwner(caller, method.name, request);
  if (absl::IsInvalidArgument(owner)) {
    // It names no council at all: then say of every field that is missing.
    const std::vector<FieldViolation> missing = rules_.Missing(request, method.fields);
    if (!missing.empty()) return error::InvalidFields(missing);
  }
  RETURN_IF_ERROR(owner);
  return caller;
}

absl::Status Unary::Act(const Caller& caller, const google::protobuf::Message& request,
                        const Method& method, const Action& action) {
  const std::vector<FieldViolation> missing = rules_.Missing(request, method.fields);
  if (!missing.empty()) return error::InvalidFields(missing);
  RETURN_IF_ERROR(action(caller));
  return authorizer_.Looked(caller, method.name, request);
}

}  // namespace steelyard::rpc
