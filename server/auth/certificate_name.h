#ifndef STEELYARD_SERVER_AUTH_CERTIFICATE_NAME_H_
#define STEELYARD_SERVER_AUTH_CERTIFICATE_NAME_H_

#include <optional>
#include <string>
#include <string_view>

#include "storage/model/principal.h"

namespace steelyard::auth {

// What a machine's certificate says it is, in a URI among its subject
// alternative names:
//
//   steelyard://councils/{council}/roles/{submitter|reader}
//   steelyard://councils/{council}           of that council, with any token of it
//   steelyard://roles/{analyst|steward|auditor}
struct CertificateName {
  std::string council;              // resource id; empty if of none
  std::optional<model::Role> role;  // none: it only says which council
  friend bool operator==(const CertificateName&, const CertificateName&) = default;
};

inline constexpr std::string_view kCertificateScheme = "steelyard://";

// Nothing for any other URI.
std::optional<CertificateName> ParseCertificateUri(std::string_view uri);

// The role's word in such a URI, and back.
std::string_view RoleWord(model::Role role);
std::optional<model::Role> RoleOfWord(std::string_view word);

}  // namespace steelyard::auth

#endif  // STEELYARD_SERVER_AUTH_CERTIFICATE_NAME_H_
