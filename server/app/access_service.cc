#include "server/app/access_service.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/app/access_checks.h"
#include "server/app/policy_proto.h"
#include "server/auth/secret.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "server/rpc/request_key.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/ledger/policy_rules.h"

#define METHOD(name) "/steelyard.v1.AccessService/" name

namespace steelyard::app {
namespace {

constexpr int64_t kMinuteMicros = int64_t{60} * 1'000'000;
constexpr int64_t kDayMicros = 24 * 60 * kMinuteMicros;

// The ledger's refusals in the contract's words; other statuses as they are.
absl::Status FromLedger(const absl::Status& status, std::string_view name) {
  if (status.message() == ledger::kRequestIdReused) return rpc::error::RequestIdReused();
  if (status.message() == ledger::kEtagMismatch) return rpc::error::EtagMismatch(name);
  if (status.message() == ledger::kLastSteward) return rpc::error::LastSteward(name);
  if (status.message() == ledger::kTokenRevoked) return rpc::error::TokenRevoked(name);
  if (status.message() == ledger::kCertificateTaken) {
    return rpc::error::AlreadyExists("token", "of this certificate");
  }
  return status;
}

// What was asked, for the audit: every rule.
std::string PreviewName(const model::Policy& p, std::string_view product) {
  return absl::StrCat("policy/previews/", ledger::RulesOf(p), product.empty() ? "" : ",",
                      Av(product));
}

// The version that would be in force at `unix_micros` as things are.
const model::Policy& InForceAt(const ledger::LedgerState& state, int64_t unix_micros) {
  for (auto it = state.policies.rbegin(); it != state.policies.rend(); ++it) {
    if (it->first <= state.policy.version) break;
    if (it->second.effective_unix_micros <= unix_micros) return it->second;
  }
  return state.policy;
}

// Whether there is something to change: another set of rules at that time. A
// version that is to come is changed by any other set, also by the one in
// force, which takes its place.
absl::Status CheckChanges(const ledger::LedgerState& state, model::Policy asked, int64_t now) {
  // A version that moved on is a conflict, or a repeat.
  if (asked.version != state.policies.rbegin()->first) return absl::OkStatus();
  const int64_t from = std::max(asked.effective_unix_micros, now);
  const model::Policy& then = InForceAt(state, from);
  asked.version = then.version;
  asked.effective_unix_micros = then.effective_unix_micros;
  const bool replaces_another = state.policies.rbegin()->first != then.version;
  if (asked != then || replaces_another) return absl::OkStatus();
  return rpc::error::NotYet(
      "policy", {{"NOTHING_TO_CHANGE",
                  absl::StrCat("Nothing to change: version ", then.version,
                               ", which is in force at that time, has the same rules.")}});
}

}  // namespace

grpc::ServerUnaryReactor* AccessService::GetCaller(grpc::CallbackServerContext* context,
                                                   const v1::GetCallerRequest* request,
                                                   v1::Token* reply) {
  return unary_.Handle(context, request, reply,
                       {.name = METHOD("GetCaller"), .run = rpc::Method::Run::kInline},
                       std::bind_front(&AccessService::DoGetCaller, this));
}

grpc::ServerUnaryReactor* AccessService::CreateToken(grpc::CallbackServerContext* context,
                                                     const v1::CreateTokenRequest* request,
                                                     v1::CreateTokenResponse* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("CreateToken")},
                       std::bind_front(&AccessService::DoCreateToken, this));
}

grpc::ServerUnaryReactor* AccessService::RotateToken(grpc::CallbackServerContext* context,
                                                     const v1::RotateTokenRequest* request,
                                                     v1::CreateTokenResponse* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("RotateToken")},
                       std::bind_front(&AccessService::DoRotateToken, this));
}

grpc::ServerUnaryReactor* AccessService::ListTokens(grpc::CallbackServerContext* context,
                                                    const v1::ListTokensRequest* request,
                                                    v1::ListTokensResponse* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("ListTokens")},
                       std::bind_front(&AccessService::DoListTokens, this));
}

grpc::ServerUnaryReactor* AccessService::RevokeToken(grpc::CallbackServerContext* context,
                                                     const v1::RevokeTokenRequest* request,
                                                     v1::Token* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("RevokeToken")},
                       std::bind_front(&AccessService::DoRevokeToken, this));
}

grpc::ServerUnaryReactor* AccessService::GetPolicy(grpc::CallbackServerContext* context,
                                                   const v1::GetPolicyRequest* request,
                                                   v1::Policy* reply) {
  return unary_.Handle(context, request, reply,
                       {.name = METHOD("GetPolicy"), .run = rpc::Method::Run::kInline},
                       std::bind_front(&AccessService::DoGetPolicy, this));
}

grpc::ServerUnaryReactor* AccessService::ListPolicies(grpc::CallbackServerContext* context,
                                                      const v1::ListPoliciesRequest* request,
                                                      v1::ListPoliciesResponse* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("ListPolicies")},
                       std::bind_front(&AccessService::DoListPolicies, this));
}

grpc::ServerUnaryReactor* AccessService::PreviewPolicy(grpc::CallbackServerContext* context,
                                                       const v1::PreviewPolicyRequest* request,
                                                       v1::PolicyPreview* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("PreviewPolicy")},
                       std::bind_front(&AccessService::DoPreviewPolicy, this));
}

grpc::ServerUnaryReactor* AccessService::UpdatePolicy(grpc::CallbackServerContext* context,
                                                      const v1::UpdatePolicyRequest* request,
                                                      v1::Policy* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("UpdatePolicy")},
                       std::bind_front(&AccessService::DoUpdatePolicy, this));
}

absl::Status AccessService::DoGetCaller(const rpc::Caller& caller, const v1::GetCallerRequest&,
                                        v1::Token* reply) {
  const auto state = ledger_.state();
  const auto found = state->tokens->find(caller.token_id);
  const auto session = sessions_.Find(caller.token_id);
  if (found == state->tokens->end() && !session) return rpc::error::Unauthenticated();
  ToProto(session ? *session : found->second, *state->registers, reply);
  return absl::OkStatus();
}

absl::Status AccessService::DoCreateToken(const rpc::Caller& caller,
                                          const v1::CreateTokenRequest& request,
                                          v1::CreateTokenResponse* reply) {
  const auto state = ledger_.state();
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const TokenDraft draft, CheckToken(request, *state->registers));
  auth::NewSecret made = auth::MakeSecret();
  ledger::PutToken command;
  command.meta = MetaOf(caller);
  command.request = key.id;
  // Each try has a secret, so a body, of its own: a repeat is refused, since
  // the first secret cannot be shown again.
  command.body_sha256 = Sha256(made.hash);
  command.token.id = made.token_id;
  command.token.certificate_uri = draft.certificate_uri;
  const bool has_secret = draft.certificate_uri.empty();
  if (has_secret) command.token.secret_hash = made.hash;
  command.token.role = draft.role;
  command.token.council = draft.council;
  command.token.display_name = request.token().display_name();
  command.token.create_unix_micros = command.meta.unix_micros;
  command.token.expire_unix_micros = command.meta.unix_micros + draft.lifetime_days * kDayMicros;
  ToProto(command.token, *state->registers, reply->mutable_token());
  const auto done = ledger_.Execute(std::move(command));
  if (!done.ok()) return FromLedger(done.status(), reply->token().name());
  if (has_secret) reply->set_secret(std::move(made.secret));
  return absl::OkStatus();
}

absl::Status AccessService::DoRotateToken(const rpc::Caller& caller,
                                          const v1::RotateTokenRequest& request,
                                          v1::CreateTokenResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const Rotation rotation, CheckRotation(request));
  const auto state = ledger_.state();
  const auto found = state->tokens->find(rotation.token);
  if (found == state->tokens->end()) return rpc::error::NotFound(request.name());
  const model::Token& before = found->second;
  if (!before.certificate_uri.empty()) return rpc::error::TokenWithoutSecret(request.name());
  if (before.revoke_unix_micros != 0) return rpc::error::TokenRevoked(request.name());
  auth::NewSecret made = auth::MakeSecret(before.id);
  ledger::PutToken command;
  command.meta = MetaOf(caller);
  command.request = key.id;
  // As with a new token: the secret cannot be shown again.
  command.body_sha256 = Sha256(made.hash);
  command.expected_secret_hash = before.secret_hash;
  command.token = before;
  command.token.secret_hash = made.hash;
  command.token.prior_secret_hash = before.secret_hash;
  const int64_t now = command.meta.unix_micros;
  command.token.prior_expire_unix_micros =
      std::min(now + rotation.grace_minutes * kMinuteMicros, before.expire_unix_micros);
  const int32_t days =
      rotation.lifetime_days > 0 ? rotation.lifetime_days : DefaultLifetimeDays(before.role);
  command.token.expire_unix_micros = now + days * kDayMicros;
  const model::Token rotated = command.token;
  const auto done = ledger_.Execute(std::move(command));
  if (!done.ok()) return FromLedger(done.status(), request.name());
  ToProto(rotated, *state->registers, reply->mutable_token());
  reply->set_secret(std::move(made.secret));
  return absl::OkStatus();
}

absl::Status AccessService::DoListTokens(const rpc::Caller&, const v1::ListTokensRequest& request,
                                         v1::ListTokensResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, pages_.Open(request));
  const auto state = ledger_.state();
  const std::vector<model::Token> sessions = sessions_.List();
  std::vector<const model::Token*> tokens;
  const auto add = [&](const model::Token& token) {
    if (token.id > page.after) tokens.push_back(&token);
  };
  for (const auto& [id, token] : *state->tokens) add(token);
  for (const model::Token& token : sessions) add(token);
  std::sort(tokens.begin(), tokens.end(), [](auto* a, auto* b) { return a->id < b->id; });
  const size_t shown = std::min<size_t>(tokens.size(), page.size);
  for (size_t i = 0; i < shown; ++i) ToProto(*tokens[i], *state->registers, reply->add_tokens());
  if (shown < tokens.size()) {
    reply->set_next_page_token(pages_.Token(page, tokens[shown - 1]->id));
  }
  return absl::OkStatus();
}

absl::Status AccessService::DoRevokeToken(const rpc::Caller& caller,
                                          const v1::RevokeTokenRequest& request, v1::Token* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseToken(request.name()));
  auto state = ledger_.state();
  if (std::optional<model::Token> session = sessions_.Find(id)) {
    sessions_.End(id);
    session->revoke_unix_micros = absl::ToUnixMicros(clock_.Now());
    ToProto(*session, *state->registers, reply);
    return journal_.Record(caller.token_id, "EndSession", rpc::TokenName(id));
  }
  const auto found = state->tokens->find(id);
  if (found == state->tokens->end()) return rpc::error::NotFound(request.name());
  if (found->second.revoke_unix_micros == 0) {
    ledger::PutToken command;
    command.meta = MetaOf(caller);
    command.request = key.id;
    command.body_sha256 = key.body_sha256;
    command.token = found->second;
    command.token.revoke_unix_micros = command.meta.unix_micros;
    const auto done = ledger_.Execute(std::move(command));
    if (!done.ok()) return FromLedger(done.status(), request.name());
    state = ledger_.state();
  }
  ToProto(state->tokens->at(id), *state->registers, reply);
  return absl::OkStatus();
}

absl::Status AccessService::DoGetPolicy(const rpc::Caller&, const v1::GetPolicyRequest&,
                                        v1::Policy* reply) {
  rpc::ToProto(ledger_.state()->policy, reply);
  return absl::OkStatus();
}

model::Policy AccessService::PolicyOf(const v1::Policy& asked) {
  model::Policy policy = rpc::FromProto(asked);
  const model::Policy in_force = ledger_.state()->policy;
  const auto keep = [](int32_t& value, int32_t now) { value = value == 0 ? now : value; };
  keep(policy.min_outcome_councils, in_force.min_outcome_councils);
  keep(policy.min_placements, in_force.min_placements);
  keep(policy.min_cohort, in_force.min_cohort);
  keep(policy.supplier_delay_months, in_force.supplier_delay_months);
  return policy;
}

absl::Status AccessService::DoListPolicies(const rpc::Caller&,
                                           const v1::ListPoliciesRequest& request,
                                           v1::ListPoliciesResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, pages_.Open(request));
  const auto state = ledger_.state();
  reply->set_version_in_force(state->policy.version);
  int64_t below = std::numeric_limits<int64_t>::max();
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &below)) {
    return absl::InternalError("a page token that is not a version");
  }
  for (auto it = state->policies.rbegin(); it != state->policies.rend(); ++it) {
    if (it->first >= below) continue;
    if (static_cast<size_t>(reply->policies_size()) == static_cast<size_t>(page.size)) {
      const int64_t last = reply->policies(reply->policies_size() - 1).version();
      reply->set_next_page_token(pages_.Token(page, absl::StrCat(last)));
      break;
    }
    rpc::ToProto(it->second, reply->add_policies());
  }
  return absl::OkStatus();
}

absl::Status AccessService::DoPreviewPolicy(const rpc::Caller& caller,
                                            const v1::PreviewPolicyRequest& request,
                                            v1::PolicyPreview* reply) {
  RETURN_IF_ERROR(CheckPolicy(request.policy(), absl::ToUnixMicros(clock_.Now())));
  const auto state = ledger_.state();
  model::ProductNo product;
  if (!request.product().empty()) {
    constexpr std::string_view kPrefix = "products/";
    std::string_view id = request.product();
    if (id.starts_with(kPrefix)) id.remove_prefix(kPrefix.size());
    const model::Product* found = state->registers->FindProduct(id);
    if (found == nullptr) return rpc::error::NotFound(request.product());
    product = found->no;
  }
  const model::Policy proposed = PolicyOf(request.policy());
  RETURN_IF_ERROR(
      journal_.Record(caller.token_id, "PreviewPolicy", PreviewName(proposed, request.product())));
  journal_.Flush();
  ASSIGN_OR_RETURN(const publisher::PolicyPreview preview, preview_(proposed, product));
  app::ToProto(preview, *state->registers, reply);
  return absl::OkStatus();
}

absl::Status AccessService::DoUpdatePolicy(const rpc::Caller& caller,
                                           const v1::UpdatePolicyRequest& request,
                                           v1::Policy* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  RETURN_IF_ERROR(CheckPolicy(request.policy(), absl::ToUnixMicros(clock_.Now())));
  ledger::PutPolicy command;
  command.meta = MetaOf(caller);
  command.request = key.id;
  command.body_sha256 = key.body_sha256;
  command.policy = PolicyOf(request.policy());
  RETURN_IF_ERROR(CheckChanges(*ledger_.state(), command.policy, command.meta.unix_micros));
  const auto done = ledger_.Execute(std::move(command));
  if (!done.ok()) return FromLedger(done.status(), "policy");
  // The policy that this request made, also when it is repeated much later.
  const auto state = ledger_.state();
  rpc::ToProto(state->policies.at(request.policy().version() + 1), reply);
  return absl::OkStatus();
}

void AccessService::ToProto(const model::Token& token, const model::Registers& registers,
                            v1::Token* out) const {
  out->set_name(rpc::TokenName(token.id));
  out->set_role(rpc::ToProto(token.role));
  if (const model::Council* council = registers.FindCouncil(token.council)) {
    out->set_council(rpc::CouncilName(council->id));
  }
  out->set_display_name(token.display_name);
  rpc::MicrosToProto(token.create_unix_micros, out->mutable_create_time());
  rpc::MicrosToProto(token.expire_unix_micros, out->mutable_expire_time());
  if (token.revoke_unix_micros != 0) {
    rpc::MicrosToProto(token.revoke_unix_micros, out->mutable_revoke_time());
  }
  if (const int64_t used = journal_.LastUse(token.id); used != 0) {
    rpc::MicrosToProto(used, out->mutable_last_use_time());
  }
  if (token.prior_expire_unix_micros > absl::ToUnixMicros(clock_.Now())) {
    rpc::MicrosToProto(token.prior_expire_unix_micros, out->mutable_prior_secret_expire_time());
  }
  out->set_certificate_uri(token.certificate_uri);
}

ledger::Meta AccessService::MetaOf(const rpc::Caller& caller) {
  return {absl::ToUnixMicros(clock_.Now()), caller.token_id};
}

}  // namespace steelyard::app
