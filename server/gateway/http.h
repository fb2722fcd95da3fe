#ifndef STEELYARD_SERVER_GATEWAY_HTTP_H_
#define STEELYARD_SERVER_GATEWAY_HTTP_H_

// Requests and responses as plain values, and who answers them. Nothing here
// knows which library reads the bytes.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace steelyard::gateway {

using Header = std::pair<std::string, std::string>;

struct HttpRequest {
  std::string method;
  std::string path;             // of the target, up to `?`, as it was sent
  std::string query;            // what follows the `?`, as it was sent
  std::vector<Header> headers;  // in the order they came, names in lower case
  std::string body;
  std::string peer;  // numeric address at the other end of the connection

  // The value of the one header of that lower-case name; empty if there is
  // none, or more than one.
  std::string_view Get(std::string_view name) const;
  // How many there are of that name.
  size_t Count(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::vector<Header> headers;  // Content-Length, Date and Connection are added
  std::string body;
};

// One request's way back. Exactly one Send, or a Begin, Writes and an End, from
// any thread; what comes after the client has gone is dropped. Thread-safe.
class Exchange {
 public:
  virtual ~Exchange() = default;

  // Answers at once and whole.
  virtual void Send(HttpResponse response) = 0;

  // Begins an answer of unknown length, with `head.body` as its first part.
  virtual void Begin(HttpResponse head) = 0;
  // Sends a part. `done` says whether it is on its way: write no more until
  // then, so that a slow reader holds back whoever produces.
  virtual void Write(std::string part, std::function<void(bool)> done) = 0;
  virtual void End() = 0;

  // Calls `gone`, once, if the client goes away before it has its answer.
  virtual void OnGone(std::function<void()> gone) = 0;
};

// Answers requests. Thread-safe; called on a thread that serves connections, so
// it must not block.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void Handle(HttpRequest request, std::shared_ptr<Exchange> exchange) = 0;
};

// `%41+b` as "A b"; nothing for a bad escape or a NUL.
std::optional<std::string> DecodePercent(std::string_view text, bool plus_is_space);

// The value of `name` in `a=1&b=2`, decoded; empty if there is none, it is bad
// or there are two.
std::string FormValue(std::string_view form, std::string_view name);

// The value of a cookie; empty if there is none, or more than one of the name.
std::string_view CookieValue(const HttpRequest& request, std::string_view name);

// The media type of Content-Type, in lower case and without parameters.
std::string MediaType(const HttpRequest& request);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_HTTP_H_
