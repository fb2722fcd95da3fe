#ifndef STEELYARD_SERVER_RPC_SERVER_OPTIONS_H_
#define STEELYARD_SERVER_RPC_SERVER_OPTIONS_H_

#include "absl/time/time.h"

namespace grpc {
class ServerBuilder;
}

namespace steelyard::rpc {

// Limits of the server; RELIABILITY section 1 says why each.
inline constexpr int kMaxReceiveBytes = 4 << 20;
inline constexpr int kMaxConcurrentStreams = 100;  // a connection
inline constexpr int kMaxMetadataBytes = 8 << 10;
inline constexpr size_t kMaxBufferBytes = 256 << 20;
inline constexpr int kMaxThreads = 32;
inline constexpr absl::Duration kHandshakeTimeout = absl::Seconds(5);
inline constexpr absl::Duration kMinPingInterval = absl::Minutes(5);
inline constexpr int kMaxPingStrikes = 2;
inline constexpr absl::Duration kMaxConnectionIdle = absl::Minutes(5);
inline constexpr absl::Duration kMaxConnectionAge = absl::Minutes(30);
// A stream is ended when nothing came for so long.
inline constexpr absl::Duration kStreamIdleTimeout = absl::Seconds(10);

struct ServerOptions {
  // Answers grpc.reflection. Off in production: it tells an attacker what
  // there is.
  bool reflection = false;
};

// Sets every limit on `builder`, turns the standard health service on and lets
// reflection in only if asked. Call it once, before services are added.
void ApplyServerOptions(grpc::ServerBuilder& builder, const ServerOptions& options);

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_SERVER_OPTIONS_H_
