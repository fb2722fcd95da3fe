#ifndef STEELYARD_SERVER_GATEWAY_ORIGIN_H_
#define STEELYARD_SERVER_GATEWAY_ORIGIN_H_

// Where a request was sent, who sent it, and what every answer tells a
// browser. Immutable and pure, thread-safe.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/gateway/http.h"

namespace steelyard::gateway {

// Scheme and authority under which browsers reach the gateway.
struct Origin {
  bool secure = false;    // https: TLS is ended by the proxy in front
  bool proxied = false;   // a configured one: a proxy forwards it
  std::string authority;  // HOST or HOST:PORT, in lower case

  std::string text() const { return (secure ? "https://" : "http://") + authority; }
};

// The origins that are served. Without any configured one: this machine's own
// names, over plain HTTP.
class Origins {
 public:
  // Each `https://HOST[:PORT]`, or `http://` with a loopback host.
  // INVALID_ARGUMENT for anything else.
  static absl::StatusOr<Origins> Parse(const std::vector<std::string>& urls);

  // The origin that the request's one Host header names; nothing for a host
  // that is not ours, as after DNS rebinding.
  std::optional<Origin> Of(const HttpRequest& request) const;

 private:
  std::vector<Origin> configured_;
};

// Whether the browser says that a page of this origin sent it. False if it
// says nothing.
bool FromOwnPage(const HttpRequest& request, const Origin& origin);

// The address to count a caller by, of IPv6 its /64: what the proxy says, if
// there is one.
std::string CallerAddress(const HttpRequest& request, const Origin& origin);

// What stands on every answer. Nothing is to be stored unless `cacheable`.
std::vector<Header> SecurityHeaders(const Origin& origin, bool cacheable = false);

// Names and attributes of a cookie that this host alone set. Over https its
// name begins with `__Host-`, which browsers hold to that.
std::string CookieName(const Origin& origin, std::string_view what);
std::string SetCookie(const Origin& origin, std::string_view what, std::string_view value,
                      std::string_view same_site = "Strict", int max_age_seconds = -1);
std::string ClearCookie(const Origin& origin, std::string_view what);

// `next` if it is a path of ours, else "/": never another site.
std::string LocalPath(const std::string& next);

// Text for HTML, in attributes too.
std::string EscapeHtml(std::string_view text);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_ORIGIN_H_
