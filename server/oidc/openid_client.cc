#include "server/oidc/openid_client.h"

#include <sodium.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/oidc/fetch.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"

namespace steelyard::oidc {
namespace {

using Json = nlohmann::json;

// What a provider says of itself is asked for again after so long.
constexpr absl::Duration kFoundFor = absl::Hours(12);
constexpr absl::Duration kKeysFor = absl::Hours(1);
// An unknown key makes us ask again, but not more often than this: anybody can
// send a token with a made-up key.
constexpr absl::Duration kKeysPause = absl::Seconds(10);

std::string Text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

std::string ChallengeOf(const std::string& verifier) {
  std::string challenge = absl::WebSafeBase64Escape(Sha256(verifier));
  while (!challenge.empty() && challenge.back() == '=') challenge.pop_back();
  return challenge;
}

std::string RandomValue() {
  std::string bytes(32, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  std::string text = absl::WebSafeBase64Escape(bytes);
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

absl::StatusOr<std::unique_ptr<OpenIdClient>> OpenIdClient::Make(Settings settings, Clock& clock) {
  if (settings.issuer.empty() || settings.client_id.empty() || settings.redirect_uri.empty() ||
      settings.roles.empty()) {
    return absl::InvalidArgumentError(
        "signing in with OpenID needs issuer, client_id, redirect_uri and at least one role");
  }
  return std::unique_ptr<OpenIdClient>(new OpenIdClient(std::move(settings), clock));
}

absl::StatusOr<OpenIdClient::Provider> OpenIdClient::Find() {
  const absl::Time now = clock_.Now();
  {
    std::lock_guard lock(mutex_);
    if (provider_ && now - provider_->found < kFoundFor) return *provider_;
  }
  const std::string base(absl::StripSuffix(settings_.issuer, "/"));
  ASSIGN_OR_RETURN(const std::string body,
                   Fetch({.url = base + "/.well-known/openid-configuration"}));
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object())
    return absl::UnavailableError("the OpenID provider says nothing of itself");
  if (Text(json, "issuer") != settings_.issuer) {
    return absl::UnavailableError("the OpenID provider calls itself by another name");
  }
  Provider provider{Text(json, "authorization_endpoint"), Text(json, "token_endpoint"),
                    Text(json, "jwks_uri"), now};
  if (provider.authorization_endpoint.empty() || provider.token_endpoint.empty() ||
      provider.jwks_uri.empty()) {
    return absl::UnavailableError("the OpenID provider does not say where to go");
  }
  std::lock_guard lock(mutex_);
  provider_ = provider;
  return provider;
}

absl::StatusOr<std::shared_ptr<const KeySet>> OpenIdClient::Keys(const std::string& uri,
                                                                 bool anew) {
  const absl::Time now = clock_.Now();
  {
    std::lock_guard lock(mutex_);
    const absl::Duration age = now - keys_read_;
    if (keys_ != nullptr && age < (anew ? kKeysPause : kKeysFor)) return keys_;
  }
  ASSIGN_OR_RETURN(const std::string body, Fetch({.url = uri}));
  ASSIGN_OR_RETURN(KeySet parsed, KeySet::Parse(body));
  std::lock_guard lock(mutex_);
  keys_ = std::make_shared<const KeySet>(std::move(parsed));
  keys_read_ = now;
  return keys_;
}

absl::StatusOr<std::string> OpenIdClient::BuildAuthorizeUrl(const std::string& state,
                                                            const std::string& nonce,
                                                            const std::string& challenge) {
  ASSIGN_OR_RETURN(const Provider provider, Find());
  const bool has_query = provider.authorization_endpoint.find('?') != std::string::npos;
  return absl::StrCat(provider.authorization_endpoint, has_query ? "&" : "?",
                      "response_type=code&client_id=", UrlEncoded(settings_.client_id),
                      "&redirect_uri=", UrlEncoded(settings_.redirect_uri),
                      "&scope=", UrlEncoded(settings_.scope), "&state=", UrlEncoded(state),
                      "&nonce=", UrlEncoded(nonce), "&code_challenge=", UrlEncoded(challenge),
                      "&code_challenge_method=S256");
}

absl::StatusOr<std::string> OpenIdClient::Claims(const Provider& provider, const std::string& token,
                                                 const std::string& nonce) {
  const Expected expected{settings_.issuer, settings_.client_id, nonce, clock_.Now()};
  ASSIGN_OR_RETURN(std::shared_ptr<const KeySet> keys, Keys(provider.jwks_uri, false));
  absl::StatusOr<std::string> claims = CheckIdToken(token, *keys, expected);
  if (!absl::IsNotFound(claims.status())) return claims;
  ASSIGN_OR_RETURN(keys, Keys(provider.jwks_uri, true));
  claims = CheckIdToken(token, *keys, expected);
  if (absl::IsNotFound(claims.status())) {
    return absl::UnauthenticatedError("the ID token's key is not one of the provider's");
  }
  return claims;
}

absl::StatusOr<Person> OpenIdClient::Exchange(const std::string& code, const std::string& verifier,
                                              const std::string& nonce) {
  ASSIGN_OR_RETURN(const Provider provider, Find());
  FetchRequest request;
  request.url = provider.token_endpoint;
  request.form = {{"grant_type", "authorization_code"},
                  {"code", code},
                  {"redirect_uri", settings_.redirect_uri},
                  {"code_verifier", verifier}};
  if (settings_.client_secret.empty()) {
    request.form.emplace_back("client_id", settings_.client_id);
  } else {
    request.user = settings_.client_id;
    request.password = settings_.client_secret;
  }
  ASSIGN_OR_RETURN(const std::string body, Fetch(request));
  const Json reply = Json::parse(body, nullptr, false);
  const std::string token = reply.is_object() ? Text(reply, "id_token") : "";
  if (token.empty()) return absl::UnauthenticatedError("the OpenID provider gave no ID token");
  ASSIGN_OR_RETURN(const std::string claims, Claims(provider, token, nonce));
  return PersonOf(claims, settings_);
}

}  // namespace steelyard::oidc
