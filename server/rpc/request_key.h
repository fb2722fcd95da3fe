#ifndef STEELYARD_SERVER_RPC_REQUEST_KEY_H_
#define STEELYARD_SERVER_RPC_REQUEST_KEY_H_

// What makes a request the same as an earlier one. Pure functions,
// thread-safe.

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace steelyard::rpc {

// Names a mutation, so that a repeat changes nothing.
struct RequestKey {
  std::string id;           // 16 bytes of the caller's UUID
  std::string body_sha256;  // 32 bytes: what was asked
};

// Reads `request_id` of a mutation; all its other fields are the body.
// INVALID_ARGUMENT on `request_id` unless it is a UUID of version 4.
absl::StatusOr<RequestKey> ReadRequestKey(const google::protobuf::Message& request);

// The 16 bytes of a UUID of version 4. INVALID_ARGUMENT on `field`.
absl::StatusOr<std::string> ParseUuid4(std::string_view uuid, std::string_view field);

// SHA-256 (32 bytes) of the message's type and its fields but those named,
// which it must have. Equal messages have equal fingerprints, whatever the
// order of their maps.
std::string Fingerprint(const google::protobuf::Message& message,
                        std::initializer_list<const char*> without);

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_REQUEST_KEY_H_
