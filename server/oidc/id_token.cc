#include "server/oidc/id_token.h"

#include <cjose/cjose.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::oidc {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxToken = 32 << 10;
constexpr size_t kMaxSubject = 255;  // OpenID Connect Core, section 2
constexpr size_t kMaxName = 100;

struct Free {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
using Jws = std::unique_ptr<cjose_jws_t, Free>;

absl::Status Refused(std::string_view why) {
  return absl::UnauthenticatedError(absl::StrCat("the ID token ", Av(why)));
}

Jws Import(std::string_view token) {
  if (token.empty() || token.size() > kMaxToken) return nullptr;
  cjose_err error;
  return Jws(cjose_jws_import(token.data(), token.size(), &error));
}

std::string Header(const Jws& jws, const char* name) {
  cjose_err error;
  const char* value = cjose_header_get(cjose_jws_get_protected(jws.get()), name, &error);
  return value == nullptr ? "" : value;
}

std::string Text(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The values of a claim that is a text or a list of texts.
std::vector<std::string> Texts(const Json& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end()) return texts;
  if (found->is_string()) texts.push_back(found->get<std::string>());
  if (found->is_array()) {
    for (const Json& item : *found) {
      if (item.is_string()) texts.push_back(item.get<std::string>());
    }
  }
  return texts;
}

std::optional<absl::Time> Time(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(found->get<double>());
}

absl::Status CheckClaims(const Json& claims, const Expected& expected) {
  if (!claims.is_object()) return Refused("holds no claims");
  if (Text(claims, "iss") != expected.issuer) return Refused("is of another issuer");
  const std::vector<std::string> audience = Texts(claims, "aud");
  if (std::find(audience.begin(), audience.end(), expected.client_id) == audience.end()) {
    return Refused("is for another audience");
  }
  const std::string party = Text(claims, "azp");
  if (audience.size() > 1 ? party != expected.client_id
                          : !party.empty() && party != expected.client_id) {
    return Refused("was issued to another party");
  }
  const std::optional<absl::Time> expires = Time(claims, "exp");
  if (!expires || *expires + kClockSkew <= expected.now) return Refused("has expired");
  const std::optional<absl::Time> issued = Time(claims, "iat");
  if (!issued || *issued - kClockSkew > expected.now) return Refused("is from the future");
  const std::optional<absl::Time> begins = Time(claims, "nbf");
  if (begins && *begins - kClockSkew > expected.now) return Refused("is not good yet");
  if (expected.nonce.empty() || Text(claims, "nonce") != expected.nonce) {
    return Refused("is of another sign-in");
  }
  const std::string subject = Text(claims, "sub");
  if (subject.empty() || subject.size() > kMaxSubject) return Refused("does not say of whom it is");
  return absl::OkStatus();
}

bool IsOfCouncil(model::Role role) {
  return role == model::Role::kSubmitter || role == model::Role::kReader;
}

absl::Status Denied(std::string_view words) { return absl::PermissionDeniedError(Av(words)); }

absl::StatusOr<model::Role> RoleOf(const Json& claims, const Settings& settings) {
  std::set<model::Role> roles;
  for (const std::string& value : Texts(claims, settings.role_claim)) {
    const auto found = settings.roles.find(value);
    if (found != settings.roles.end()) roles.insert(found->second);
  }
  if (roles.empty()) {
    return Denied("Your account has no role in this service. Ask whoever runs it for access.");
  }
  if (roles.size() > 1) {
    return Denied("Your account has more than one role in this service. Ask whoever runs it.");
  }
  return *roles.begin();
}

absl::StatusOr<std::string> CouncilOf(const Json& claims, const Settings& settings) {
  const std::vector<std::string> values = Texts(claims, settings.council_claim);
  if (values.size() == 1) {
    const auto found = settings.councils.find(values[0]);
    if (found != settings.councils.end()) return found->second;
    if (settings.councils.empty()) return values[0];
  }
  return Denied(
      "Your account does not say which council you are of. Ask whoever runs the service.");
}

}  // namespace

absl::StatusOr<KeySet> KeySet::Parse(std::string_view json) {
  const Json set = Json::parse(json, nullptr, false);
  const auto keys = set.is_object() ? set.find("keys") : set.end();
  if (!set.is_object() || keys == set.end() || !keys->is_array()) {
    return absl::InvalidArgumentError("this is no set of keys");
  }
  KeySet parsed;
  for (const Json& key : *keys) {
    if (!key.is_object()) continue;
    const std::string use = Text(key, "use");
    if (!use.empty() && use != "sig") continue;
    parsed.keys_.push_back({Text(key, "kid"), Text(key, "kty"), Text(key, "alg"), key.dump()});
  }
  return parsed;
}

const std::string* KeySet::Find(std::string_view id, std::string_view algorithm) const {
  const std::string_view type = algorithm == "ES256" ? "EC" : "RSA";
  const Key* found = nullptr;
  for (const Key& key : keys_) {
    if (key.type != type || (!key.algorithm.empty() && key.algorithm != algorithm)) continue;
    if (!id.empty() && key.id != id) continue;
    if (found != nullptr) return nullptr;  // which of them, nobody says
    found = &key;
  }
  return found == nullptr ? nullptr : &found->json;
}

std::string KeyIdOf(std::string_view token) {
  const Jws jws = Import(token);
  return jws == nullptr ? "" : Header(jws, CJOSE_HDR_KID);
}

absl::StatusOr<std::string> CheckIdToken(std::string_view token, const KeySet& keys,
                                         const Expected& expected) {
  const Jws jws = Import(token);
  if (jws == nullptr) return Refused("is none");
  const std::string algorithm = Header(jws, CJOSE_HDR_ALG);
  if (std::find(std::begin(kAlgorithms), std::end(kAlgorithms), algorithm) ==
      std::end(kAlgorithms)) {
    return Refused("is signed by an algorithm that is not taken");
  }
  const std::string* key_json = keys.Find(Header(jws, CJOSE_HDR_KID), algorithm);
  if (key_json == nullptr) return absl::NotFoundError("the ID token's key is not known");
  cjose_err error;
  const std::unique_ptr<cjose_jwk_t, Free> key(
      cjose_jwk_import(key_json->data(), key_json->size(), &error));
  if (key == nullptr || !cjose_jws_verify(jws.get(), key.get(), &error)) {
    return Refused("has a signature that is not good");
  }
  uint8_t* bytes = nullptr;
  size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &bytes, &size, &error)) return Refused("is empty");
  std::string claims(reinterpret_cast<const char*>(bytes), size);
  RETURN_IF_ERROR(CheckClaims(Json::parse(claims, nullptr, false), expected));
  return claims;
}

absl::StatusOr<Person> PersonOf(std::string_view claims_text, const Settings& settings) {
  const Json claims = Json::parse(claims_text, nullptr, false);
  if (!claims.is_object()) return Refused("holds no claims");
  Person person;
  person.subject = Text(claims, "sub");
  person.display_name = Printable(Text(claims, "name"), kMaxName);
  if (person.display_name.empty()) person.display_name = Printable(person.subject, kMaxName);
  ASSIGN_OR_RETURN(person.role, RoleOf(claims, settings));
  if (IsOfCouncil(person.role)) {
    ASSIGN_OR_RETURN(person.council, CouncilOf(claims, settings));
  }
  return person;
}

}  // namespace steelyard::oidc
