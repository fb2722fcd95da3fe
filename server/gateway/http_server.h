#ifndef STEELYARD_SERVER_GATEWAY_HTTP_SERVER_H_
#define STEELYARD_SERVER_GATEWAY_HTTP_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/gateway/http.h"

namespace steelyard::gateway {

// What a connection may cost. Every wait has an end, however slowly bytes come.
struct HttpLimits {
  int threads = 2;
  size_t max_connections = 512;
  size_t max_connections_per_peer = 256;  // by address at the other end
  size_t max_header_bytes = 16 << 10;
  size_t max_header_count = 64;
  size_t max_body_bytes = 4 << 20;
  // Of all bodies that are being read or answered, together.
  size_t max_body_bytes_held = 48 << 20;
  absl::Duration header_timeout = absl::Seconds(10);  // first byte to last
  absl::Duration body_timeout = absl::Seconds(30);    // first byte to last
  absl::Duration idle_timeout = absl::Seconds(75);    // between two requests
  // For a part of an answer; to it comes a second for each 32 KiB of it.
  absl::Duration write_timeout = absl::Seconds(30);
};

// What happened so far. Numbers that only grow, but for the first.
struct HttpCounts {
  int64_t connections = 0;  // open now
  int64_t accepted = 0;
  int64_t refused_connections = 0;  // too many
  int64_t bad_requests = 0;         // not HTTP, or beyond a limit
  int64_t timeouts = 0;
};

// HTTP/1.1 on one address, with threads of its own. Reads each request whole,
// hands it to the handler and writes what the handler answers, one request at
// a time on a connection. Thread-safe.
class HttpServer {
 public:
  // Listens on HOST:PORT, where HOST is a numeric address or `localhost`; port
  // 0 for any that is free. INVALID_ARGUMENT for another address, UNAVAILABLE
  // if it is taken. `handler` must outlive the server.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& address,
                                                           const HttpLimits& limits,
                                                           Handler& handler);

  // As Stop().
  ~HttpServer();

  // Takes no more connections, breaks off those that are open and ends the
  // threads. Exchanges that outlive it do nothing.
  void Stop();

  // The address it really serves on.
  const std::string& address() const;
  HttpCounts counts() const;

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

// Whether HOST:PORT can be reached from this machine alone: 127.0.0.0/8, ::1 or
// `localhost`, and nothing that merely begins like one of them.
bool IsLoopbackAddress(const std::string& address);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_HTTP_SERVER_H_
