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
#include "storage/base/log.h"
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

Authenticator::Authenticator(Clock& clock, TokenSource tokens, RegistersSource registers,
                             Hooks hooks)
    : clock_(clock),
      tokens_(std::move(tokens)),
      registers_(std::move(registers)),
      hooks_(std::move(hooks)) {}

std::optional<model::Token> Authenticator::Find(std::string_view id, const TokenMap& tokens) {
  const auto found = tokens.find(Av(id));
  if (found != tokens.end()) return found->second;
  return hooks_.session ? hooks_.session(id) : std::nullopt;
}

std::optional<model::Token> Authenticator::ByHeader(std::string_view authorization,
                                                    const TokenMap& tokens) {
  const std::string_view secret = SecretIn(authorization);
  const std::optional<std::string_view> id = TokenIdIn(secret);
  if (!id.has_value()) return std::nullopt;
  std::optional<model::Token> token = Find(*id, tokens);
  // An unknown token costs a hash too.
  const std::string hash = HashSecret(secret);
  const bool newest = SameHash(hash, token ? token->secret_hash : "");
  const bool prior = SameHash(hash, token ? token->prior_secret_hash : "");
  const bool in_grace = prior && absl::ToUnixMicros(clock_.Now()) < token->prior_expire_unix_micros;
  return (newest || in_grace) && IsLive(*token) ? std::move(token) : std::nullopt;
}

std::shared_ptr<const Authenticator::UriMap> Authenticator::UrisOf(
    const std::shared_ptr<const TokenMap>& tokens) {
  std::lock_guard lock(mutex_);
  if (indexed_ == tokens) return uris_;
  auto uris = std::make_shared<UriMap>();
  for (const auto& [id, token] : *tokens) {
    if (!token.certificate_uri.empty() && token.revoke_unix_micros == 0) {
      uris->insert_or_assign(token.certificate_uri, id);
    }
  }
  indexed_ = tokens;
  uris_ = std::move(uris);
  return uris_;
}

std::optional<model::Token> Authenticator::ByCertificate(
    std::string_view uri, const std::shared_ptr<const TokenMap>& tokens) {
  const std::shared_ptr<const UriMap> uris = UrisOf(tokens);
  const auto id = uris->find(Av(uri));
  if (id == uris->end()) return std::nullopt;
  const auto found = tokens->find(id->second);
  if (found == tokens->end() || !IsLive(found->second)) return std::nullopt;
  return found->second;
}

bool Authenticator::Agrees(const CertificateName& name, const model::Token& token) {
  if (name.role && *name.role != token.role) return false;
  if (name.council.empty()) return true;
  const std::shared_ptr<const model::Registers> registers = registers_();
  const model::Council* council = registers->FindCouncil(name.council);
  return council != nullptr && council->no == token.council;
}

absl::StatusOr<rpc::Caller> Authenticator::Authenticate(const rpc::Credentials& credentials) {
  std::string_view uri;
  std::optional<CertificateName> name;
  for (const std::string_view given : credentials.certificate_uris) {
    if (!given.starts_with(kCertificateScheme)) continue;
    // Which of two names is meant, nobody can say.
    if (name.has_value()) return rpc::error::Unauthenticated();
    name = ParseCertificateUri(given);
    if (!name.has_value()) return rpc::error::Unauthenticated();
    uri = given;
  }
  const std::shared_ptr<const TokenMap> tokens = tokens_();
  const bool by_certificate = credentials.authorization.empty() && name.has_value();
  const std::optional<model::Token> token =
      by_certificate ? ByCertificate(uri, tokens) : ByHeader(credentials.authorization, *tokens);
  if (!token) return rpc::error::Unauthenticated();
  if (name.has_value() && !Agrees(*name, *token)) {
    Log(LogLevel::kWarning, "certificate_contradicted",
        {{"token", token->id}, {"certificate", std::string(uri)}});
    return rpc::error::Unauthenticated();
  }
  return rpc::Caller{token->id, token->role, token->council};
}

absl::StatusOr<rpc::Caller> Authenticator::Admit(std::string_view method,
                                                 const rpc::Credentials& credentials) {
  ASSIGN_OR_RETURN(rpc::Caller caller, Authenticate(credentials));
  const Access* access = FindAccess(method);
  // Whoever tries what it may not do pays as well.
  const bool counts = access == nullptr || !access->uncounted;
  if (counts && hooks_.charge) RETURN_IF_ERROR(hooks_.charge(caller));
  if (access == nullptr) return rpc::error::PermissionDenied();
  if (!access->roles.Has(caller.role)) {
    return rpc::error::PermissionDenied(RefusalWords(access->roles, caller.role));
  }
  if (hooks_.used) hooks_.used(caller);
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
  if (named == nullptr || named->no != caller.council) {
    Log(LogLevel::kWarning, "foreign_council_refused",
        {{"token", caller.token_id}, {"method", std::string(method)}});
    return rpc::error::NotFound(name);
  }
  return absl::OkStatus();
}

bool Authenticator::StillValid(const rpc::Caller& caller) {
  const std::optional<model::Token> token = Find(caller.token_id, *tokens_());
  return token && IsLive(*token) && token->role == caller.role && token->council == caller.council;
}

absl::StatusOr<absl::Duration> Authenticator::Pace(const rpc::Caller& caller) {
  return hooks_.pace ? hooks_.pace(caller) : absl::ZeroDuration();
}

absl::Status Authenticator::Looked(const rpc::Caller& caller, std::string_view method,
                                   const Message& request) {
  const Access* access = FindAccess(method);
  if (access == nullptr || access->looked_at.empty() || !hooks_.looked) return absl::OkStatus();
  std::string resource = StringAt(request, access->looked_at);
  if (resource.empty()) {
    const auto registers = registers_();
    const model::Council* own = registers->FindCouncil(caller.council);
    resource = own == nullptr ? std::string(rpc::kAllCouncils) : rpc::CouncilName(own->id);
  }
  return hooks_.looked(caller, method, Printable(resource));
}

bool Authenticator::IsLive(const model::Token& token) {
  return token.revoke_unix_micros == 0 &&
         absl::ToUnixMicros(clock_.Now()) < token.expire_unix_micros;
}

}  // namespace steelyard::auth
