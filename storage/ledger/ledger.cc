#include "storage/ledger/ledger.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"
#include "storage/codec/register_codec.h"
#include "storage/ledger/audit.h"

namespace steelyard::ledger {
namespace {

using engine::Family;

// Puts one kind's entries into the snapshot in the order of their numbers, so
// that Put gives each the number it had.
template <typename Entry, typename Decode>
absl::Status ReadRegister(const engine::Database& database, codec::RegisterKind kind, Decode decode,
                          const std::vector<Entry>& entries, model::Registers& registers) {
  ByteWriter prefix;
  prefix.Fixed8(static_cast<uint8_t>(kind));
  auto it = database.Scan(Family::kRegisters, prefix.str(), codec::PrefixEnd(prefix.str()));
  for (; it->Valid(); it->Next()) {
    ASSIGN_OR_RETURN(Entry entry, decode(it->value()));
    registers.Put(std::move(entry));
    if (codec::RegisterKey(kind, static_cast<uint32_t>(entries.size())) != it->key()) {
      return absl::DataLossError("a register entry is missing");
    }
  }
  return it->status();
}

// The same for establishments, whose list is put as a whole.
absl::Status ReadEstablishments(const engine::Database& database, model::Registers& registers) {
  constexpr auto kKind = codec::RegisterKind::kEstablishment;
  ByteWriter prefix;
  prefix.Fixed8(static_cast<uint8_t>(kKind));
  std::vector<model::Establishment> entries;
  auto it = database.Scan(Family::kRegisters, prefix.str(), codec::PrefixEnd(prefix.str()));
  for (; it->Valid(); it->Next()) {
    ASSIGN_OR_RETURN(model::Establishment entry, codec::DecodeEstablishment(it->value()));
    entries.push_back(std::move(entry));
    if (codec::RegisterKey(kKind, static_cast<uint32_t>(entries.size())) != it->key()) {
      return absl::DataLossError("a register entry is missing");
    }
  }
  registers.Put(std::move(entries));
  return it->status();
}

absl::StatusOr<std::shared_ptr<const model::Registers>> ReadRegisters(
    const engine::Database& database) {
  auto r = std::make_shared<model::Registers>();
  using codec::RegisterKind;
  RETURN_IF_ERROR(ReadRegister(database, RegisterKind::kArea, codec::DecodeArea, r->areas, *r));
  RETURN_IF_ERROR(
      ReadRegister(database, RegisterKind::kCouncil, codec::DecodeCouncil, r->councils, *r));
  RETURN_IF_ERROR(
      ReadRegister(database, RegisterKind::kProduct, codec::DecodeProduct, r->products, *r));
  RETURN_IF_ERROR(
      ReadRegister(database, RegisterKind::kSupplier, codec::DecodeSupplier, r->suppliers, *r));
  RETURN_IF_ERROR(
      ReadRegister(database, RegisterKind::kProvider, codec::DecodeProvider, r->providers, *r));
  RETURN_IF_ERROR(ReadEstablishments(database, *r));
  ASSIGN_OR_RETURN(std::optional<std::string> version,
                   database.Get(Family::kMeta, codec::RegistersVersionKey()));
  if (version) r->version = ByteReader(*version).Fixed64();
  return std::shared_ptr<const model::Registers>(std::move(r));
}

absl::StatusOr<std::shared_ptr<const TokenMap>> ReadTokens(const engine::Database& database) {
  auto tokens = std::make_shared<TokenMap>();
  auto it = database.Scan(Family::kTokens, "", "");
  for (; it->Valid(); it->Next()) {
    ASSIGN_OR_RETURN(model::Token token, codec::DecodeToken(it->value()));
    std::string id = token.id;
    tokens->insert_or_assign(std::move(id), std::move(token));
  }
  RETURN_IF_ERROR(it->status());
  return std::shared_ptr<const TokenMap>(std::move(tokens));
}

absl::StatusOr<absl::btree_map<int64_t, model::Policy>> ReadPolicies(
    const engine::Database& database) {
  absl::btree_map<int64_t, model::Policy> policies;
  auto it =
      database.Scan(Family::kMeta, codec::PolicyPrefix(), codec::PrefixEnd(codec::PolicyPrefix()));
  for (; it->Valid(); it->Next()) {
    ASSIGN_OR_RETURN(model::Policy policy, codec::DecodePolicy(it->value()));
    policies[policy.version] = policy;
  }
  RETURN_IF_ERROR(it->status());
  return policies;
}

std::string FormatBytes() {
  ByteWriter w;
  w.Fixed32(Ledger::kFormat);
  return std::move(w).str();
}

}  // namespace

absl::Status Ledger::Create(engine::Database& database) {
  ASSIGN_OR_RETURN(std::optional<std::string> format,
                   database.Get(Family::kMeta, codec::FormatKey()));
  if (format) return absl::FailedPreconditionError("the store was created before");
  codec::LedgerHead head;
  head.running_sha256 = std::string(32, '\0');
  head.audit_sha256 = kChainStart;
  engine::Batch batch;
  batch.Put(Family::kMeta, codec::FormatKey(), FormatBytes());
  batch.Put(Family::kMeta, codec::LedgerHeadKey(), codec::Encode(head));
  batch.Put(Family::kMeta, codec::PolicyKey(1), codec::Encode(model::Policy()));
  return database.Commit(std::move(batch));
}

absl::StatusOr<LedgerState> ReadState(const engine::Database& database) {
  ASSIGN_OR_RETURN(std::optional<std::string> format,
                   database.Get(Family::kMeta, codec::FormatKey()));
  if (!format) return absl::NotFoundError("the store was never created; run 'steelyardd init'");
  if (*format != FormatBytes()) {
    return absl::FailedPreconditionError("the store was written by another version");
  }
  ASSIGN_OR_RETURN(std::optional<std::string> head,
                   database.Get(Family::kMeta, codec::LedgerHeadKey()));
  if (!head) return absl::DataLossError("the store's head record is missing");
  LedgerState state;
  ASSIGN_OR_RETURN(state.head, codec::DecodeLedgerHead(*head));
  if (state.head.audit_sha256.empty()) {
    ASSIGN_OR_RETURN(state.head.audit_sha256, ChainOfAll(database));
  }
  ASSIGN_OR_RETURN(state.policies, ReadPolicies(database));
  if (state.policies.empty()) return absl::DataLossError("the store's policy is missing");
  state.policy = state.policies.begin()->second;
  state.BringIntoForce(state.head.unix_micros);
  ASSIGN_OR_RETURN(state.registers, ReadRegisters(database));
  ASSIGN_OR_RETURN(state.tokens, ReadTokens(database));
  state.documents_sequence = state.head.sequence;
  return state;
}

absl::Status CheckMark(const codec::LedgerHead& head, const std::optional<engine::Mark>& mark) {
  if (!mark) {
    if (head.sequence == 0) return absl::OkStatus();
    return absl::DataLossError("the commit mark is missing: what was acknowledged is not known");
  }
  if (mark->sequence > head.sequence) {
    return absl::DataLossError(absl::StrCat(
        "the store ends at commit ", head.sequence, ", but commits up to ", mark->sequence,
        " were acknowledged: ", mark->sequence - head.sequence,
        " are missing. Restore a backup, or ask the councils to send again what their receipts "
        "show."));
  }
  if (mark->sequence == head.sequence && mark->running_hash != head.running_sha256) {
    return absl::DataLossError(absl::StrCat("commit ", head.sequence,
                                            " in the store is not the one that was acknowledged"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<codec::RequestRecord>> Ledger::FindRequest(
    std::string_view request, std::string_view body_sha256, model::CouncilNo scope) const {
  return Transaction(database_, *state()).FindRequest(scope, request, body_sha256);
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(engine::Database& database,
                                                     engine::CommitMark& mark) {
  ASSIGN_OR_RETURN(LedgerState state, ReadState(database));
  RETURN_IF_ERROR(CheckMark(state.head, mark.last()));
  return std::unique_ptr<Ledger>(new Ledger(database, mark, std::move(state)));
}

}  // namespace steelyard::ledger
