#include "server/auth/certificate_name.h"

#include <utility>

namespace steelyard::auth {
namespace {

constexpr std::pair<model::Role, std::string_view> kWords[] = {
    {model::Role::kSubmitter, "submitter"}, {model::Role::kReader, "reader"},
    {model::Role::kAnalyst, "analyst"},     {model::Role::kSteward, "steward"},
    {model::Role::kAuditor, "auditor"},
};

bool IsOfCouncil(model::Role role) {
  return role == model::Role::kSubmitter || role == model::Role::kReader;
}

bool Eat(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool IsId(std::string_view id) {
  if (id.empty()) return false;
  for (const char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

}  // namespace

std::string_view RoleWord(model::Role role) {
  for (const auto& [known, word] : kWords) {
    if (known == role) return word;
  }
  return "";
}

std::optional<model::Role> RoleOfWord(std::string_view word) {
  for (const auto& [role, known] : kWords) {
    if (known == word) return role;
  }
  return std::nullopt;
}

std::optional<CertificateName> ParseCertificateUri(std::string_view uri) {
  if (!Eat(uri, kCertificateScheme)) return std::nullopt;
  CertificateName name;
  if (Eat(uri, "councils/")) {
    const size_t slash = uri.find('/');
    name.council = std::string(uri.substr(0, slash));
    if (!IsId(name.council)) return std::nullopt;
    if (slash == std::string_view::npos) return name;
    uri.remove_prefix(slash + 1);
  }
  if (!Eat(uri, "roles/")) return std::nullopt;
  name.role = RoleOfWord(uri);
  if (!name.role || IsOfCouncil(*name.role) == name.council.empty()) return std::nullopt;
  return name;
}

}  // namespace steelyard::auth
