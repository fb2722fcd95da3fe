#ifndef STEELYARD_SERVER_GATEWAY_PROTOCOL_H_
#define STEELYARD_SERVER_GATEWAY_PROTOCOL_H_

// How Connect (connectrpc.com/docs/protocol) and gRPC-Web (grpc/grpc,
// doc/PROTOCOL-WEB.md) put calls into HTTP/1.1. Pure functions, thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"
#include "server/gateway/http.h"

namespace steelyard::gateway {

struct Protocol {
  enum class Wire { kConnectUnary, kConnectStream, kGrpcWeb, kGrpcWebText };
  enum class Codec { kProto, kJson };
  Wire wire = Wire::kConnectUnary;
  Codec codec = Codec::kProto;

  bool is_grpc_web() const { return wire == Wire::kGrpcWeb || wire == Wire::kGrpcWebText; }
};

// By media type; nothing for one that is none of ours, such as text/plain.
std::optional<Protocol> ProtocolOf(std::string_view media_type);

// The media type of an answer.
std::string MediaTypeOf(const Protocol& protocol);
// "connect-json", as a metric's label.
std::string_view LabelOf(const Protocol& protocol);

// The time the client allows: Connect-Timeout-Ms or grpc-timeout. Nothing if it
// sets none; INVALID_ARGUMENT if it is not written as it should be.
absl::StatusOr<std::optional<absl::Duration>> TimeoutOf(const HttpRequest& request,
                                                        const Protocol& protocol);

// The messages in a body. INVALID_ARGUMENT if their frames are broken or beyond
// `max_messages`; UNIMPLEMENTED for compressed ones, which nobody may send: a
// small body must not become a large message.
absl::StatusOr<std::vector<std::string>> MessagesOf(const HttpRequest& request,
                                                    const Protocol& protocol, size_t max_messages);

// One message of a stream, in its frame.
std::string MessageFrame(const Protocol& protocol, std::string_view message);
// The frame that ends a stream and says how it went.
std::string EndFrame(const Protocol& protocol, const grpc::Status& status);

// {"code", "message", "details"} of a refusal. Details that a caller's program
// knows are shown as JSON beside their bytes.
std::string ConnectError(const grpc::Status& status);
// HTTP status of a refused unary call.
int HttpStatusOf(grpc::StatusCode code);
// "not_found".
std::string_view CodeName(grpc::StatusCode code);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_PROTOCOL_H_
