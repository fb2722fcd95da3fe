#include "server/auth/authenticator.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/auth/access_table.h"
#include "server/auth/secret.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::auth {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The secret of `Bearer <secret>`; empty if it is something else.
std::string_view SecretIn(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!absl::StartsWithIgnoreCase(Av(authorization), Av(kScheme))) return "";
  return authorization.substr(kScheme.size());
}

// The string at `path` ("purchase.name"); empty where a message on the way is
// not set.
std::string StringAt(const Message& request, std::string_view path) {
  const Message* message = &request;
  while (true) {
    const size_t dot = path.find('.');
    const FieldDescriptor* field =
        message->GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    if (field == nullptr || field->is_repeated()) return "";
    const auto* reflection = message->GetReflection();
    if (dot == std::string_view::npos) {
      const bool is_string = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
      return is_string ? reflection->GetString(*message, field) : "";
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return "";
    if (!reflection->HasField(*message, field)) return "";
    message = &reflection->GetMessage(*message, field);
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

Authenticator::Authenticator(Clock& clock, TokenSource tokens, RegistersSource registers)
    : clock_(clock), tokens_(std::move(tokens)), registers_(std::move(registers)) {}

absl::StatusOr<rpc::Caller> Authenticator::Authenticate(std::string_view authorization) {
  const std::string_view secret = SecretIn(authorization);
  const std::optional<std::string_view> id = TokenIdIn(secret);
  if (!id.has_value()) return rpc::error::Unauthenticated();
  const std::shared_ptr<const TokenMap> tokens = tokens_();
  const auto found = tokens->find(Av(*id));
  // An unknown token costs a hash too.
  const bool right =
      SameHash(HashSecret(secret), found == tokens->end() ? "" : found->second.secret_hash);
  if (!right || !IsLive(found->second)) return rpc::error::Unauthenticated();
  return rpc::Caller{found->second.id, found->second.role, found->second.council};
}

absl::StatusOr<rpc::Caller> Authenticator::Admit(std::string_view method,
                                                 std::string_view authorization) {
  ASSIGN_OR_RETURN(rpc::Caller caller, Authenticate(authorization));
  const Access* access = FindAccess(method);
  if (access == nullptr || !access->roles.Has(caller.role)) return rpc::error::PermissionDenied();
  return caller;
}

absl::Status Authenticator::CheckOwner(const rpc::Caller& caller, std::string_view method,
                                       const Message& request) {
  const Access* access = FindAccess(method);
  if (access == nullptr) return rpc::error::PermissionDenied();
  if (access->owner == Owner::kNone) return absl::OkStatus();
  const std::string name = StringAt(request, access->council_field);
  const bool any = access->owner == Owner::kOwnOrAnySteward && caller.role == model::Role::kSteward;
  if (any && name == rpc::kAllCouncils) return absl::OkStatus();
  const std::optional<std::string_view> council = rpc::CouncilIn(name);
  if (!council.has_value() && name != rpc::kAllCouncils) {
    return rpc::error::InvalidField(
        access->council_field, name.empty() ? "Required, but not given."
                                            : "Must be a name that begins `councils/{council}`.");
  }
  if (any) return absl::OkStatus();
  const std::shared_ptr<const model::Registers> registers = registers_();
  const model::Council* named = council.has_value() ? registers->FindCouncil(*council) : nullptr;
  if (named == nullptr || named->no != caller.council) return rpc::error::NotFound(name);
  return absl::OkStatus();
}

bool Authenticator::StillValid(const rpc::Caller& caller) {
  const std::shared_ptr<const TokenMap> tokens = tokens_();
  const auto found = tokens->find(caller.token_id);
  return found != tokens->end() && IsLive(found->second);
}

bool Authenticator::IsLive(const model::Token& token) {
  return token.revoke_unix_micros == 0 &&
         absl::ToUnixMicros(clock_.Now()) < token.expire_unix_micros;
}

}  // namespace steelyard::auth
