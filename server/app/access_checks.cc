#include "server/app/access_checks.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/auth/certificate_name.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/text.h"

namespace steelyard::app {
namespace {

constexpr int kMaxNameCharacters = 100;
constexpr int64_t kMaxPolicyDelayMicros = int64_t{400} * 24 * 3600 * 1'000'000;

using Violations = std::vector<rpc::FieldViolation>;

void CheckRange(std::string_view field, int32_t value, int32_t low, int32_t high,
                Violations& violations) {
  if (value >= low && value <= high) return;
  violations.push_back({absl::StrCat("policy.", Av(field)),
                        absl::StrCat("Must be ", low, " to ", high, ", and is ", value, ".")});
}

// 1 to 100 characters (not bytes), none of them a control character.
bool IsDisplayName(std::string_view name) {
  const auto starts_character = [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; };
  const auto is_control = [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; };
  const auto characters = std::count_if(name.begin(), name.end(), starts_character);
  return characters >= 1 && characters <= kMaxNameCharacters &&
         std::none_of(name.begin(), name.end(), is_control);
}

// The id of the council the token is for; empty if it is for none.
std::string CheckCouncil(const v1::Token& token, std::optional<model::Role> role,
                         Violations& violations) {
  if (!role.has_value()) return "";
  const bool of_council = *role == model::Role::kSubmitter || *role == model::Role::kReader;
  if (!of_council) {
    if (!token.council().empty()) {
      violations.push_back({"token.council", "Only for submitters and readers."});
    }
    return "";
  }
  const absl::StatusOr<std::string> council = rpc::ParseCouncil(token.council());
  if (council.ok()) return *council;
  violations.push_back(
      {"token.council",
       "A submitter or reader needs the council it acts for, `councils/{council}`."});
  return "";
}

// The URI must say what the token says, or the two would contradict each other.
void CheckCertificate(const v1::Token& token, std::optional<model::Role> role,
                      std::string_view council_id, Violations& violations) {
  if (token.certificate_uri().empty() || !role.has_value()) return;
  const std::optional<auth::CertificateName> name =
      auth::ParseCertificateUri(token.certificate_uri());
  if (name.has_value() && name->council == council_id && (!name->role || name->role == role)) {
    return;
  }
  violations.push_back(
      {"token.certificate_uri",
       "Must be `steelyard://councils/{council}/roles/{role}` or `steelyard://roles/{role}`, with "
       "the role and the council of the token."});
}

void CheckLifetime(int32_t days, Violations& violations) {
  if (days >= 0 && days <= kMaxLifetimeDays) return;
  violations.push_back({"lifetime_days", "Must be 1 to 400, or left out for that of the role."});
}

}  // namespace

absl::StatusOr<TokenDraft> CheckToken(const v1::CreateTokenRequest& request,
                                      const model::Registers& registers) {
  Violations violations;
  TokenDraft draft;
  const std::optional<model::Role> role = rpc::FromProto(request.token().role());
  if (!role.has_value()) violations.push_back({"token.role", "Must be one of the roles."});
  draft.role = role.value_or(draft.role);
  const std::string council_id = CheckCouncil(request.token(), role, violations);
  if (!IsDisplayName(request.token().display_name())) {
    violations.push_back(
        {"token.display_name", "Must be 1 to 100 characters without control characters."});
  }
  CheckCertificate(request.token(), role, council_id, violations);
  CheckLifetime(request.lifetime_days(), violations);
  if (!violations.empty()) return rpc::error::InvalidFields(violations);
  draft.lifetime_days =
      request.lifetime_days() > 0 ? request.lifetime_days() : DefaultLifetimeDays(draft.role);
  draft.certificate_uri = request.token().certificate_uri();
  if (!council_id.empty()) {
    const model::Council* council = registers.FindCouncil(council_id);
    if (council == nullptr) return rpc::error::NotFound(request.token().council());
    draft.council = council->no;
  }
  return draft;
}

absl::StatusOr<Rotation> CheckRotation(const v1::RotateTokenRequest& request) {
  Violations violations;
  Rotation rotation;
  absl::StatusOr<std::string> token = rpc::ParseToken(request.name());
  if (!token.ok()) violations.push_back({"name", "Must be `tokens/{token}`."});
  if (request.has_grace_minutes()) rotation.grace_minutes = request.grace_minutes();
  if (rotation.grace_minutes < 0 || rotation.grace_minutes > kMaxGraceMinutes) {
    violations.push_back({"grace_minutes", "Must be 0 to 10,080, or left out for 1,440."});
  }
  CheckLifetime(request.lifetime_days(), violations);
  if (!violations.empty()) return rpc::error::InvalidFields(violations);
  rotation.token = *std::move(token);
  rotation.lifetime_days = request.lifetime_days();
  return rotation;
}

absl::Status CheckPolicy(const v1::Policy& policy, int64_t now_unix_micros) {
  Violations violations;
  CheckRange("min_councils", policy.min_councils(), 3, 1000, violations);
  CheckRange("min_supplier_groups", policy.min_supplier_groups(), 1, 1000, violations);
  CheckRange("p_percent", policy.p_percent(), 10, 100, violations);
  CheckRange("max_share_percent", policy.max_share_percent(), 1, 85, violations);
  CheckRange("total_rounding_basis_points", policy.total_rounding_basis_points(), 0, 1000,
             violations);
  CheckRange("price_rounding_basis_points", policy.price_rounding_basis_points(), 0, 1000,
             violations);
  const auto check_if_set = [&](std::string_view field, int32_t value, int32_t low) {
    if (value != 0) CheckRange(field, value, low, 1000, violations);
  };
  check_if_set("min_outcome_councils", policy.min_outcome_councils(), 3);
  check_if_set("min_placements", policy.min_placements(), 3);
  check_if_set("min_cohort", policy.min_cohort(), 2);
  check_if_set("supplier_delay_months", policy.supplier_delay_months(), 1);
  const std::optional<int64_t> effective = rpc::MicrosFromProto(policy.effective_time());
  if (policy.has_effective_time() &&
      (!effective || *effective - now_unix_micros > kMaxPolicyDelayMicros)) {
    violations.push_back({"policy.effective_time", "Must be a time within 400 days from now."});
  }
  return violations.empty() ? absl::OkStatus() : rpc::error::InvalidFields(violations);
}

}  // namespace steelyard::app
