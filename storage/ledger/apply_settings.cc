#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/codec/register_codec.h"
#include "storage/ledger/apply.h"
#include "storage/ledger/policy_rules.h"

namespace steelyard::ledger {
namespace {

using codec::RegisterKind;
using engine::Family;

constexpr model::CouncilNo kNoCouncil{0};

Outcome Replay(const Transaction& tx, codec::RequestRecord record) {
  Outcome outcome;
  outcome.sequence = tx.state().head.sequence;
  outcome.replayed = true;
  outcome.request = std::move(record);
  return outcome;
}

void Remember(Transaction& tx, std::string_view request, std::string_view body_sha256,
              std::string result, Outcome& outcome) {
  outcome.request.body_sha256 = std::string(body_sha256);
  outcome.request.result = std::move(result);
  if (request.empty()) return;
  tx.Put(Family::kRequests, codec::RequestKey(kNoCouncil, request), codec::Encode(outcome.request));
}

// Puts entries into the snapshot and the store; `find` gets each back with
// its number.
template <typename Entry, typename Encode>
void PutEntries(Transaction& tx, RegisterKind kind, const std::vector<Entry>& entries,
                Encode encode, const std::function<const Entry*(std::string_view)>& find,
                model::Registers& registers) {
  for (const Entry& entry : entries) {
    registers.Put(entry);
    const Entry* put = find(entry.id);
    tx.PutBlind(Family::kRegisters, codec::RegisterKey(kind, put->no.value), encode(*put));
  }
}

// The same for all establishments at once: their list is copied as a whole.
void PutEstablishments(Transaction& tx, const std::vector<model::Establishment>& entries,
                       model::Registers& registers) {
  registers.Put(entries);
  for (const model::Establishment& entry : entries) {
    const model::Establishment* put = registers.FindEstablishment(entry.id);
    tx.PutBlind(Family::kRegisters, codec::RegisterKey(RegisterKind::kEstablishment, put->no.value),
                codec::EncodeEstablishment(*put));
  }
}

// How many entries of which register.
std::string Counted(const PutRegisters& c) {
  return absl::StrCat(c.areas.size(), " areas, ", c.councils.size(), " councils, ",
                      c.products.size(), " products, ", c.suppliers.size(), " suppliers, ",
                      c.providers.size(), " providers, ", c.establishments.size(),
                      " establishments");
}

std::string VersionBytes(uint64_t version) {
  ByteWriter w;
  w.Fixed64(version);
  return std::move(w).str();
}

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

// A steward until `until` at least.
bool IsSteward(const model::Token& token, int64_t until) {
  return token.role == model::Role::kSteward && token.revoke_unix_micros == 0 &&
         token.expire_unix_micros > until;
}

// One that can be relied on to make tokens: by a secret, since a certificate
// may be lost or end without our knowing, and for a day, so that somebody can
// act on it.
bool IsLastingSteward(const model::Token& token, int64_t now) {
  return IsSteward(token, now + kDayMicros - 1) && !token.secret_hash.empty();
}

// Whether the change would end a steward and leave none to rely on.
bool LeavesNoSteward(const TokenMap& tokens, const PutToken& c) {
  const int64_t now = c.meta.unix_micros;
  const auto prior = tokens.find(c.token.id);
  if (prior == tokens.end() || !IsSteward(prior->second, now) || IsSteward(c.token, now)) {
    return false;
  }
  for (const auto& [id, token] : tokens) {
    if (id != c.token.id && IsLastingSteward(token, now)) return false;
  }
  return true;
}

// Two principals with one certificate could not be told apart.
absl::Status CheckNew(const TokenMap& tokens, const PutToken& c) {
  if (c.token.certificate_uri.empty()) return absl::OkStatus();
  for (const auto& [id, token] : tokens) {
    if (token.certificate_uri == c.token.certificate_uri && token.revoke_unix_micros == 0) {
      return absl::AlreadyExistsError(kCertificateTaken);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckChange(const model::Token& prior, const PutToken& c) {
  if (prior.revoke_unix_micros != 0 && c.token.revoke_unix_micros == 0) {
    return absl::FailedPreconditionError(kTokenRevoked);
  }
  if (c.expected_secret_hash && prior.secret_hash != *c.expected_secret_hash) {
    return absl::AbortedError(kEtagMismatch);
  }
  return absl::OkStatus();
}

}  // namespace

std::string RulesOf(const model::Policy& p) {
  return absl::StrCat(
      "councils=", p.min_councils, ",suppliers=", p.min_supplier_groups, ",p=", p.p_percent,
      ",share=", p.max_share_percent, ",totals=", p.total_rounding_basis_points,
      ",prices=", p.price_rounding_basis_points, ",outcome-councils=", p.min_outcome_councils,
      ",placements=", p.min_placements, ",cohort=", p.min_cohort,
      ",delay=", p.supplier_delay_months);
}

absl::StatusOr<Outcome> Apply(const PutRegisters& c, Transaction& tx) {
  if (!c.request.empty()) {
    ASSIGN_OR_RETURN(auto earlier, tx.FindRequest(kNoCouncil, c.request, c.body_sha256));
    if (earlier) return Replay(tx, *std::move(earlier));
  }
  if (c.expected_version && *c.expected_version != tx.state().registers->version) {
    return absl::AbortedError(kRegistersChanged);
  }
  tx.Begin(c.meta);
  auto next = std::make_shared<model::Registers>(*tx.state().registers);
  next->version = tx.sequence();
  model::Registers& r = *next;
  PutEntries<model::Area>(
      tx, RegisterKind::kArea, c.areas, codec::EncodeArea,
      [&](std::string_view id) { return r.FindArea(id); }, r);
  PutEntries<model::Council>(
      tx, RegisterKind::kCouncil, c.councils, codec::EncodeCouncil,
      [&](std::string_view id) { return r.FindCouncil(id); }, r);
  PutEntries<model::Product>(
      tx, RegisterKind::kProduct, c.products, codec::EncodeProduct,
      [&](std::string_view id) { return r.FindProduct(id); }, r);
  PutEntries<model::Supplier>(
      tx, RegisterKind::kSupplier, c.suppliers, codec::EncodeSupplier,
      [&](std::string_view id) { return r.FindSupplier(id); }, r);
  PutEntries<model::Provider>(
      tx, RegisterKind::kProvider, c.providers, codec::EncodeProvider,
      [&](std::string_view id) { return r.FindProvider(id); }, r);
  PutEstablishments(tx, c.establishments, r);
  tx.state().registers = std::move(next);
  tx.PutBlind(Family::kMeta, codec::RegistersVersionKey(), VersionBytes(tx.sequence()));
  Outcome outcome;
  outcome.sequence = tx.sequence();
  Remember(tx, c.request, c.body_sha256, c.result, outcome);
  tx.End("PutRegisters", "registers", Counted(c), c.body_sha256);
  return outcome;
}

absl::StatusOr<Outcome> Apply(const PutToken& c, Transaction& tx) {
  ASSIGN_OR_RETURN(auto earlier, tx.FindRequest(kNoCouncil, c.request, c.body_sha256));
  if (earlier) return Replay(tx, *std::move(earlier));
  if (LeavesNoSteward(*tx.state().tokens, c)) return absl::FailedPreconditionError(kLastSteward);
  const auto prior = tx.state().tokens->find(c.token.id);
  const bool is_new = prior == tx.state().tokens->end();
  RETURN_IF_ERROR(is_new ? CheckNew(*tx.state().tokens, c) : CheckChange(prior->second, c));
  tx.Begin(c.meta);
  auto next = std::make_shared<TokenMap>(*tx.state().tokens);
  (*next)[c.token.id] = c.token;
  tx.state().tokens = std::move(next);
  tx.Put(Family::kTokens, codec::TokenKey(c.token.id), codec::Encode(c.token));
  Outcome outcome;
  outcome.sequence = tx.sequence();
  Remember(tx, c.request, c.body_sha256, c.token.id, outcome);
  tx.End(c.token.revoke_unix_micros != 0 ? "RevokeToken"
         : is_new                        ? "CreateToken"
                                         : "RotateToken",
         "tokens/" + c.token.id, c.detail, c.body_sha256);
  return outcome;
}

absl::StatusOr<Outcome> Apply(const PutPolicy& c, Transaction& tx) {
  ASSIGN_OR_RETURN(auto earlier, tx.FindRequest(kNoCouncil, c.request, c.body_sha256));
  if (earlier) return Replay(tx, *std::move(earlier));
  const int64_t newest = tx.state().policies.rbegin()->first;
  if (c.policy.version != newest) return absl::AbortedError(kEtagMismatch);
  tx.Begin(c.meta);
  model::Policy policy = c.policy;
  policy.version = newest + 1;
  const int64_t now = tx.state().head.unix_micros;
  policy.effective_unix_micros = std::max(policy.effective_unix_micros, now);
  tx.state().policies[policy.version] = policy;
  tx.state().BringIntoForce(now);
  tx.Put(Family::kMeta, codec::PolicyKey(policy.version), codec::Encode(policy));
  Outcome outcome;
  outcome.sequence = tx.sequence();
  Remember(tx, c.request, c.body_sha256, "", outcome);
  tx.End("PutPolicy", "policy",
         absl::StrCat("version ", policy.version, " from ",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                                       absl::FromUnixMicros(policy.effective_unix_micros),
                                       absl::UTCTimeZone()),
                      ": ", RulesOf(policy)),
         c.body_sha256);
  return outcome;
}

absl::StatusOr<Outcome> Apply(const Command& command, Transaction& tx) {
  return std::visit([&](const auto& c) { return Apply(c, tx); }, command);
}

}  // namespace steelyard::ledger
