#ifndef STEELYARD_SERVER_OIDC_ID_TOKEN_H_
#define STEELYARD_SERVER_OIDC_ID_TOKEN_H_

// What an OpenID provider says of a person, once it is known to be true.
// OpenID Connect Core 1.0, section 3.1.3.7. Pure functions, thread-safe.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/oidc/settings.h"

namespace steelyard::oidc {

// Algorithms that an ID token may be signed by. Never `none`, and none with a
// shared secret.
inline constexpr std::string_view kAlgorithms[] = {"RS256", "PS256", "ES256"};
// Clocks may differ by so much.
inline constexpr absl::Duration kClockSkew = absl::Minutes(1);

// Public keys of the provider (RFC 7517), as it published them.
class KeySet {
 public:
  // INVALID_ARGUMENT if `json` is no key set.
  static absl::StatusOr<KeySet> Parse(std::string_view json);

  // The key with this id as JSON, or, for an empty id, the only key of the
  // kind that `algorithm` wants; null if there is none.
  const std::string* Find(std::string_view id, std::string_view algorithm) const;

 private:
  struct Key {
    std::string id;
    std::string type;  // RSA, EC
    std::string algorithm;
    std::string json;
  };
  std::vector<Key> keys_;
};

// What must be true of an ID token.
struct Expected {
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;
  absl::Time now;
};

// The key id that a token says it is signed by; empty if it says none or is no
// token.
std::string KeyIdOf(std::string_view token);

// The claims of a token as JSON. UNAUTHENTICATED with a reason for the log, if
// the signature, the algorithm, issuer, audience, times or nonce are not as
// expected; NOT_FOUND if the key is not in the set: the provider may have
// changed its keys.
absl::StatusOr<std::string> CheckIdToken(std::string_view token, const KeySet& keys,
                                         const Expected& expected);

// What `claims` make of a person. PERMISSION_DENIED, in words for that person,
// if it is nothing.
absl::StatusOr<Person> PersonOf(std::string_view claims, const Settings& settings);

}  // namespace steelyard::oidc

#endif  // STEELYARD_SERVER_OIDC_ID_TOKEN_H_
