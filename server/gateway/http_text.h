#ifndef STEELYARD_SERVER_GATEWAY_HTTP_TEXT_H_
#define STEELYARD_SERVER_GATEWAY_HTTP_TEXT_H_

// What stands on the wire before and around a body. Pure functions but for the
// date, thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/gateway/http.h"

namespace steelyard::gateway {

struct Framing {
  enum class Length { kKnown, kChunked, kUntilClose } length = Length::kKnown;
  size_t body_bytes = 0;  // if known
  bool keep_alive = true;
};

// Status line and headers. A header with a control character in it is left
// out, or it could begin another one.
std::string HeadText(const HttpResponse& response, const Framing& framing);

// One chunk; empty for an empty part, which would end the body.
std::string ChunkText(std::string_view part);

// "Not Found" for 404.
std::string_view ReasonPhrase(int status);

struct HostPort {
  std::string host;  // without brackets
  uint16_t port = 0;
};

// HOST:PORT or [V6]:PORT. Nothing for anything else.
std::optional<HostPort> ParseHostPort(std::string_view address);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_HTTP_TEXT_H_
