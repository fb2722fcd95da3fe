#ifndef STEELYARD_SERVER_OIDC_SETTINGS_H_
#define STEELYARD_SERVER_OIDC_SETTINGS_H_

#include <map>
#include <string>

#include "storage/model/principal.h"

namespace steelyard::oidc {

// How people sign in with the OpenID provider of their council, and what they
// may then do. Set by the operator; docs/operations.md.
struct Settings {
  std::string issuer;  // https://…, exactly as the provider says it
  std::string client_id;
  std::string client_secret;  // empty for a public client
  std::string redirect_uri;   // where the browser comes back to
  std::string scope = "openid profile";
  std::string label = "Sign in with your council account";

  // Claims of the ID token: a text, or a list of texts.
  std::string role_claim = "roles";
  std::string council_claim = "council";
  // What values of the role claim mean. Others mean nothing.
  std::map<std::string, model::Role> roles;
  // The same for councils, to ids of the register. Empty: the value is the id.
  std::map<std::string, std::string> councils;

  bool empty() const { return issuer.empty(); }
};

// Who signed in, and what the claims make of them.
struct Person {
  std::string subject;  // the provider's id of the person
  std::string display_name;
  model::Role role = model::Role::kReader;
  std::string council;  // id; empty unless submitter or reader
  friend bool operator==(const Person&, const Person&) = default;
};

}  // namespace steelyard::oidc

#endif  // STEELYARD_SERVER_OIDC_SETTINGS_H_
