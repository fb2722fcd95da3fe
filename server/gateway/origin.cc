#include "server/gateway/origin.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/gateway/http_server.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

constexpr char kContentPolicy[] =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'";

bool IsAuthority(std::string_view text) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == ':' ||
           c == '[' || c == ']';
  };
  return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), allowed);
}

bool IsLoopbackAuthority(const std::string& authority) {
  return IsLoopbackAddress(authority) || IsLoopbackAddress(authority + ":80");
}

// What an address is counted as; nothing for what is none. Whoever has one
// address of IPv6 has all of its /64.
std::optional<std::string> CountedAddress(const std::string& text) {
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return text;
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
  char name[INET6_ADDRSTRLEN];
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    return inet_ntop(AF_INET, &v6.s6_addr[12], name, sizeof(name));
  }
  std::fill(v6.s6_addr + 8, v6.s6_addr + 16, uint8_t{0});
  return absl::StrCat(inet_ntop(AF_INET6, &v6, name, sizeof(name)), "/64");
}

}  // namespace

absl::StatusOr<Origins> Origins::Parse(const std::vector<std::string>& urls) {
  Origins origins;
  for (const std::string& url : urls) {
    Origin origin;
    origin.proxied = true;
    absl::string_view rest = url;
    origin.secure = absl::ConsumePrefix(&rest, "https://");
    const bool plain = !origin.secure && absl::ConsumePrefix(&rest, "http://");
    absl::ConsumeSuffix(&rest, "/");
    origin.authority = absl::AsciiStrToLower(rest);
    const bool fit = IsAuthority(origin.authority) &&
                     (origin.secure || (plain && IsLoopbackAuthority(origin.authority)));
    if (!fit) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", url, "' is no https://HOST[:PORT]; people sign in, so it takes TLS"));
    }
    origins.configured_.push_back(std::move(origin));
  }
  return origins;
}

std::optional<Origin> Origins::Of(const HttpRequest& request) const {
  const std::string host = absl::AsciiStrToLower(Av(request.Get("host")));
  if (!IsAuthority(host)) return std::nullopt;
  for (const Origin& origin : configured_) {
    if (origin.authority == host) return origin;
  }
  if (!configured_.empty() || !IsLoopbackAuthority(host)) return std::nullopt;
  return Origin{false, false, host};
}

bool FromOwnPage(const HttpRequest& request, const Origin& origin) {
  const size_t origins = request.Count("origin");
  const size_t sites = request.Count("sec-fetch-site");
  if (origins + sites == 0) return false;
  if (origins > 0 && request.Get("origin") != origin.text()) return false;
  return sites == 0 || request.Get("sec-fetch-site") == "same-origin";
}

std::string CallerAddress(const HttpRequest& request, const Origin& origin) {
  const auto said = CountedAddress(std::string(request.Get("x-real-ip")));
  if (origin.proxied && said.has_value()) return *said;
  return CountedAddress(request.peer).value_or(request.peer);
}

std::vector<Header> SecurityHeaders(const Origin& origin, bool cacheable) {
  std::vector<Header> headers = {
      {"Content-Security-Policy", kContentPolicy},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      // Not `no-referrer`: a form's Origin would then be `null`.
      {"Referrer-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
      {"Cache-Control", cacheable ? "no-cache" : "no-store"},
  };
  if (origin.secure) {
    headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  }
  return headers;
}

std::string CookieName(const Origin& origin, std::string_view what) {
  return absl::StrCat(origin.secure ? "__Host-" : "", "steelyard-", Av(what));
}

std::string SetCookie(const Origin& origin, std::string_view what, std::string_view value,
                      std::string_view same_site, int max_age_seconds) {
  std::string cookie =
      absl::StrCat(CookieName(origin, what), "=", Av(value),
                   "; Path=/; HttpOnly; SameSite=", Av(same_site), origin.secure ? "; Secure" : "");
  if (max_age_seconds >= 0) absl::StrAppend(&cookie, "; Max-Age=", max_age_seconds);
  return cookie;
}

std::string ClearCookie(const Origin& origin, std::string_view what) {
  return SetCookie(origin, what, "", "Strict", 0);
}

std::string LocalPath(const std::string& next) {
  const auto harmless = [](char c) { return c > 0x20 && c != '\\' && c != 0x7F; };
  const bool local = next.size() < 1024 && absl::StartsWith(next, "/") &&
                     !absl::StartsWith(next, "//") &&
                     std::all_of(next.begin(), next.end(), harmless);
  return local ? next : "/";
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

}  // namespace steelyard::gateway
