#ifndef STEELYARD_CLIENT_CPP_ERRORS_H_
#define STEELYARD_CLIENT_CPP_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace steelyard::client {

// The same code, with a message in plain words for a person: what is wrong,
// one line for each field at fault, and when to try again. The google.rpc
// details stay with it as payloads, by their type URLs.
absl::Status ToStatus(const grpc::Status& status);

// The stable reason in the status's google.rpc.ErrorInfo, for example
// `ETAG_MISMATCH`; empty if it has none.
std::string ErrorReason(const absl::Status& status);

// The resource that the error is about, `councils/ken`; empty if it names none.
std::string ErrorResource(const absl::Status& status);

}  // namespace steelyard::client

#endif  // STEELYARD_CLIENT_CPP_ERRORS_H_
