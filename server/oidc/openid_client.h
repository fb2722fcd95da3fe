#ifndef STEELYARD_SERVER_OIDC_OPENID_CLIENT_H_
#define STEELYARD_SERVER_OIDC_OPENID_CLIENT_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/oidc/id_token.h"
#include "server/oidc/settings.h"
#include "storage/base/clock.h"

namespace steelyard::oidc {

// Asks an OpenID provider who somebody is: authorization code with PKCE (RFC
// 7636, S256). Finds the provider's addresses and keys by itself, and its new
// keys when it changed them. Calls may take as long as kFetchTime each;
// UNAVAILABLE while the provider cannot be reached. Thread-safe.
class OpenIdClient {
 public:
  // INVALID_ARGUMENT if settings are missing. Does not ask the provider yet.
  static absl::StatusOr<std::unique_ptr<OpenIdClient>> Make(Settings settings, Clock& clock);

  // Where to send the browser. `challenge` is ChallengeOf a verifier.
  absl::StatusOr<std::string> BuildAuthorizeUrl(const std::string& state, const std::string& nonce,
                                                const std::string& challenge);

  // Who came back with `code`. UNAUTHENTICATED, with a reason for the log, if
  // what the provider says is not to be believed; PERMISSION_DENIED, in words
  // for the person, if they may do nothing here.
  absl::StatusOr<Person> Exchange(const std::string& code, const std::string& verifier,
                                  const std::string& nonce);

  const Settings& settings() const { return settings_; }

 private:
  struct Provider {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    absl::Time found;
  };

  OpenIdClient(Settings settings, Clock& clock) : settings_(std::move(settings)), clock_(clock) {}

  absl::StatusOr<Provider> Find();
  // The keys, asked for again if `anew` and that was not done just now.
  absl::StatusOr<std::shared_ptr<const KeySet>> Keys(const std::string& uri, bool anew);
  absl::StatusOr<std::string> Claims(const Provider& provider, const std::string& token,
                                     const std::string& nonce);

  const Settings settings_;
  Clock& clock_;

  std::mutex mutex_;  // guards what follows
  std::optional<Provider> provider_;
  std::shared_ptr<const KeySet> keys_;
  absl::Time keys_read_ = absl::InfinitePast();
};

// The S256 challenge of a PKCE verifier.
std::string ChallengeOf(const std::string& verifier);

// 256 random bits in base64url, 43 characters: a state, a nonce or a verifier.
std::string RandomValue();

}  // namespace steelyard::oidc

#endif  // STEELYARD_SERVER_OIDC_OPENID_CLIENT_H_
