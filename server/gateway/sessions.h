#ifndef STEELYARD_SERVER_GATEWAY_SESSIONS_H_
#define STEELYARD_SERVER_GATEWAY_SESSIONS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "storage/base/clock.h"

namespace steelyard::gateway {

// What the cookie of a session is for (CookieName in origin.h).
inline constexpr std::string_view kSessionCookie = "session";

// Who is signed in, in a browser's cookie: the cookie is 256 random bits and
// means nothing elsewhere; the token behind it stays here, in memory alone, so
// a restart signs everybody out. Thread-safe.
class Sessions {
 public:
  struct Limits {
    absl::Duration idle = absl::Minutes(30);    // without any call
    absl::Duration absolute = absl::Hours(12);  // whatever happens
    size_t most = 10'000;
    size_t most_per_token = 16;  // the longest idle one makes room
  };

  Sessions(Clock& clock, const Limits& limits) : clock_(clock), limits_(limits) {}

  // Begins a session for a token's secret and returns its cookie, 43 characters
  // of base64url. Always a new one: what a browser held before is not taken
  // up. Nothing if there are too many sessions.
  std::optional<std::string> Start(std::string_view secret);

  // The secret behind a cookie, if the session has not ended; counts as use.
  std::optional<std::string> Find(std::string_view cookie);

  void End(std::string_view cookie);

  size_t size() const;

 private:
  struct Session {
    std::string secret;
    absl::Time started;
    absl::Time used;
  };
  // By a hash of the cookie: looking one up tells nothing of others by its time.
  using Map = std::map<std::string, Session>;

  bool Ended(const Session& session, absl::Time now) const;
  void Sweep(absl::Time now);
  void MakeRoom(std::string_view secret);

  Clock& clock_;
  const Limits limits_;
  mutable std::mutex mutex_;
  Map sessions_;
};

// 256 random bits in base64url, 43 characters.
std::string RandomText();

// A keyed hash of `text` in base64url: what a form sends back to show that this
// server made it for the browser that holds the cookie `text`.
std::string KeyedHash(std::string_view key, std::string_view text);

// Whether two texts are equal, in a time that does not tell where they differ.
bool SameText(std::string_view a, std::string_view b);

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_SESSIONS_H_
