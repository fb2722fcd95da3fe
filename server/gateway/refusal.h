#ifndef STEELYARD_SERVER_GATEWAY_REFUSAL_H_
#define STEELYARD_SERVER_GATEWAY_REFUSAL_H_

// What the gateway itself has to say against a call. Pure functions,
// thread-safe.

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "server/gateway/http.h"
#include "server/gateway/origin.h"

namespace steelyard::gateway {

// With an ErrorInfo like every refusal of the services; its reason is the
// code's name.
grpc::Status ToGrpc(const absl::Status& status);

// What the services say of any token that is no good, in their words.
absl::Status WrongToken();

// A refused Connect call: status, JSON and what must stand beside it.
HttpResponse ConnectRefusal(const grpc::Status& status, const Origin& origin);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_REFUSAL_H_
