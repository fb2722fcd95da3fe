#ifndef STEELYARD_SERVER_RPC_TO_GRPC_H_
#define STEELYARD_SERVER_RPC_TO_GRPC_H_

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace steelyard::rpc {

// The wire form of `status`, its payloads in a google.rpc.Status. What nobody
// meant for a caller does not get out:
// - INTERNAL, DATA_LOSS and UNKNOWN become "Internal error, incident <16 hex
//   digits>."; the text is logged under that id.
// - UNAVAILABLE and RESOURCE_EXHAUSTED without an ErrorInfo come from the
//   store: they become OutcomeUnknown and StoreReadOnly, and are logged.
// - Any other code without an ErrorInfo gets one whose reason is the code's
//   name, and keeps its text.
// Thread-safe.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_TO_GRPC_H_
