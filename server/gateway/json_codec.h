#ifndef STEELYARD_SERVER_GATEWAY_JSON_CODEC_H_
#define STEELYARD_SERVER_GATEWAY_JSON_CODEC_H_

// The contract by reflection: which methods there are, and messages as proto3
// JSON. Functions are thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace steelyard::gateway {

// A method of the public contract.
struct Method {
  std::string path;  // "/steelyard.v1.PurchaseService/GetPurchase"
  std::string input_url;
  std::string output_url;  // for the two functions below
  bool client_streaming = false;
  bool server_streaming = false;
};

// The method at a path; nothing unless the contract has it.
std::optional<Method> FindMethod(std::string_view path);

// Most structural characters (`{`, `[` and `,`) that a request's JSON may have:
// beyond it, a few bytes each would become objects of hundreds.
inline constexpr size_t kMaxJsonParts = 200'000;

// How many there are, counting those inside of texts, too.
size_t CountJsonParts(std::string_view json);

// INVALID_ARGUMENT, with the parser's words, for text that is no such message:
// unknown fields, wrong types, too deep.
absl::StatusOr<std::string> JsonToProto(const std::string& type_url, std::string_view json);

// INVALID_ARGUMENT for bytes that are no such message, NOT_FOUND for a type
// that this program does not know.
absl::StatusOr<std::string> ProtoToJson(const std::string& type_url, std::string_view bytes);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_JSON_CODEC_H_
