#include "server/gateway/http_text.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/gateway/http_server.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x20 ? c != '\t' : c == 0x7F; });
}

std::string HttpDate() {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone());
}

}  // namespace

std::string HeadText(const HttpResponse& response, const Framing& framing) {
  std::string text = absl::StrCat("HTTP/1.1 ", response.status, " ",
                                  Av(ReasonPhrase(response.status)), "\r\nDate: ", HttpDate());
  for (const auto& [name, value] : response.headers) {
    if (HasControl(name) || HasControl(value)) continue;
    absl::StrAppend(&text, "\r\n", name, ": ", value);
  }
  const bool bodiless = response.status == 204 || response.status == 304;
  if (framing.length == Framing::Length::kChunked) {
    absl::StrAppend(&text, "\r\nTransfer-Encoding: chunked");
  } else if (framing.length == Framing::Length::kKnown && !bodiless) {
    absl::StrAppend(&text, "\r\nContent-Length: ", framing.body_bytes);
  }
  absl::StrAppend(&text, "\r\nConnection: ", framing.keep_alive ? "keep-alive" : "close",
                  "\r\n\r\n");
  return text;
}

std::string ChunkText(std::string_view part) {
  if (part.empty()) return "";
  return absl::StrCat(absl::Hex(part.size()), "\r\n", Av(part), "\r\n");
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

std::optional<HostPort> ParseHostPort(std::string_view address) {
  HostPort parsed;
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = address.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!bracketed && host.find(':') != std::string_view::npos)) return std::nullopt;
  const std::string_view digits = address.substr(colon + 1);
  const bool all_digits =
      !digits.empty() && digits.size() <= 5 &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  uint32_t port = 0;
  if (!all_digits || !absl::SimpleAtoi(Av(digits), &port) || port > 65'535) return std::nullopt;
  parsed.host = std::string(host);
  parsed.port = static_cast<uint16_t>(port);
  return parsed;
}

bool IsLoopbackAddress(const std::string& address) {
  const std::optional<HostPort> parsed = ParseHostPort(address);
  if (!parsed.has_value()) return false;
  if (parsed->host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, parsed->host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, parsed->host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace steelyard::gateway
