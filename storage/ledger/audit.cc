#include "storage/ledger/audit.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/ledger/apply.h"

namespace steelyard::ledger {
namespace {

using codec::AuditPlace;
using engine::Family;

std::string Words(const AuditPlace& place) {
  return place.index == 0 ? absl::StrCat("entry ", place.sequence)
                          : absl::StrCat("entry ", place.sequence, ".", place.index);
}

// The least key after that of `place`, also one that nobody wrote; that of the
// first entry for zeros.
std::string KeyAfter(const AuditPlace& place) {
  if (place.sequence == 0) return "";
  return codec::AuditKey(place.sequence, place.index) + std::string(1, '\0');
}

// Whether `next` may follow `before`: the next of its commit, or the first of
// the next commit.
bool Follows(const AuditPlace& before, const AuditPlace& next) {
  return next == AuditPlace{before.sequence + 1, 0} ||
         (before.sequence > 0 && next == AuditPlace{before.sequence, before.index + 1});
}

// What is wrong with the entry at `key`, if it comes after `walk`; else takes
// the step.
std::optional<AuditFault> Step(std::string_view key, std::string_view value, AuditWalk& walk) {
  const AuditPlace expected{walk.place.sequence + 1, 0};
  const std::optional<AuditPlace> place = codec::DecodeAuditKey(key);
  if (!place)
    return AuditFault{expected, "an entry with a key that was never written is before it"};
  if (!Follows(walk.place, *place)) {
    if (place->sequence <= walk.place.sequence) {
      return AuditFault{*place,
                        absl::StrCat(Words(*place), " was put in, or one before it removed")};
    }
    return AuditFault{expected, absl::StrCat(Words(expected), " is missing: what follows ",
                                             walk.entries == 0 ? "the start" : Words(walk.place),
                                             " is ", Words(*place))};
  }
  absl::StatusOr<model::AuditEntry> entry = codec::DecodeAudit(key, value);
  if (!entry.ok()) return AuditFault{*place, absl::StrCat(Words(*place), " is damaged")};
  const std::string chain = codec::ChainAudit(walk.chain_sha256, *entry);
  if (!entry->chain_sha256.empty() && entry->chain_sha256 != chain) {
    return AuditFault{*place, absl::StrCat(Words(*place),
                                           " does not follow from those before it: it was altered, "
                                           "put in, or the one before it was removed")};
  }
  walk.place = *place;
  walk.chain_sha256 = chain;
  ++walk.entries;
  return std::nullopt;
}

// Whether the whole of the audit is as the ledger's head says.
std::optional<AuditFault> CompareWithHead(const AuditWalk& walk, const codec::LedgerHead& head) {
  if (walk.place.sequence < head.sequence) {
    const AuditPlace missing{walk.place.sequence + 1, 0};
    return AuditFault{missing, absl::StrCat(Words(missing), " to ", head.sequence,
                                            " are missing: the audit ends before the ledger")};
  }
  if (walk.place.sequence > head.sequence) {
    return AuditFault{walk.place, absl::StrCat(Words(walk.place),
                                               " was put in: the ledger ends at ", head.sequence)};
  }
  if (!head.audit_sha256.empty() && head.audit_sha256 != walk.chain_sha256) {
    return AuditFault{walk.place,
                      absl::StrCat("the newest, ", Words(walk.place),
                                   ", is not the one that was written last: entries after it were "
                                   "removed, or the whole chain was made anew")};
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<model::AuditEntry>> AuditReader::List(
    AuditPlace after, size_t limit, const Keep& keep, size_t most,
    std::optional<AuditPlace>* stopped) const {
  std::vector<model::AuditEntry> entries;
  auto it = database_.Scan(Family::kAudit, KeyAfter(after), "");
  AuditPlace last = after;
  for (size_t seen = 0; it->Valid() && entries.size() < limit; it->Next(), ++seen) {
    if (seen == most) {
      if (stopped != nullptr) *stopped = last;
      return entries;
    }
    ASSIGN_OR_RETURN(model::AuditEntry entry, codec::DecodeAudit(it->key(), it->value()));
    last = {entry.sequence, entry.index};
    if (!keep || keep(entry)) entries.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(it->status());
  if (it->Valid() && stopped != nullptr) *stopped = last;
  return entries;
}

absl::StatusOr<std::optional<model::AuditEntry>> AuditReader::Last() const {
  auto it = database_.ScanBack(Family::kAudit, "", "");
  RETURN_IF_ERROR(it->status());
  if (!it->Valid()) return std::optional<model::AuditEntry>();
  ASSIGN_OR_RETURN(model::AuditEntry entry, codec::DecodeAudit(it->key(), it->value()));
  return std::optional(std::move(entry));
}

absl::StatusOr<std::optional<std::string>> AuditReader::ChainAt(AuditPlace place) const {
  const std::string key = codec::AuditKey(place.sequence, place.index);
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, database_.Get(Family::kAudit, key));
  if (!bytes) return std::optional<std::string>();
  ASSIGN_OR_RETURN(model::AuditEntry entry, codec::DecodeAudit(key, *bytes));
  return std::optional(std::move(entry.chain_sha256));
}

absl::StatusOr<AuditProgress> AuditReader::Verify(const AuditWalk& from, uint64_t limit) const {
  const auto snapshot = database_.TakeSnapshot();
  AuditProgress progress;
  progress.walk = from;
  auto it = database_.Scan(Family::kAudit, KeyAfter(from.place), "", snapshot.get());
  for (uint64_t seen = 0; it->Valid() && seen < limit; it->Next(), ++seen) {
    progress.fault = Step(it->key(), it->value(), progress.walk);
    if (progress.fault) return progress;
  }
  RETURN_IF_ERROR(it->status());
  progress.at_end = !it->Valid();
  if (!progress.at_end) return progress;
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kMeta, codec::LedgerHeadKey(), snapshot.get()));
  if (!bytes) return absl::DataLossError("the store's head record is missing");
  ASSIGN_OR_RETURN(const codec::LedgerHead head, codec::DecodeLedgerHead(*bytes));
  progress.fault = CompareWithHead(progress.walk, head);
  return progress;
}

absl::StatusOr<std::string> ChainOfAll(const engine::Database& database) {
  std::string chain = kChainStart;
  auto it = database.Scan(Family::kAudit, "", "");
  for (; it->Valid(); it->Next()) {
    ASSIGN_OR_RETURN(const model::AuditEntry entry, codec::DecodeAudit(it->key(), it->value()));
    chain = codec::ChainAudit(chain, entry);
  }
  RETURN_IF_ERROR(it->status());
  return chain;
}

absl::StatusOr<absl::flat_hash_map<std::string, int64_t>> ReadTokenUses(
    const engine::Database& database) {
  absl::flat_hash_map<std::string, int64_t> uses;
  const std::string prefix = codec::TokenUsePrefix();
  auto it = database.Scan(Family::kMeta, prefix, codec::PrefixEnd(prefix));
  for (; it->Valid(); it->Next()) {
    ByteReader value(it->value());
    uses[std::string(it->key().substr(prefix.size()))] = static_cast<int64_t>(value.Fixed64());
    if (!value.Finished()) return absl::DataLossError("damaged record of a token's use");
  }
  RETURN_IF_ERROR(it->status());
  return uses;
}

absl::StatusOr<Outcome> Apply(const RecordReads& c, Transaction& tx) {
  Outcome outcome;
  outcome.sequence = tx.sequence();
  if (c.reads.empty() && c.uses.empty()) return outcome;
  tx.Begin(c.meta);
  ByteWriter digest;
  for (const RecordReads::Use& use : c.uses) {
    ByteWriter time;
    time.Fixed64(static_cast<uint64_t>(use.unix_micros));
    tx.PutBlind(Family::kMeta, codec::TokenUseKey(use.token), time.str());
    digest.Text(use.token).Signed(use.unix_micros);
  }
  std::vector<model::AuditEntry> entries = c.reads;
  if (entries.empty()) {
    model::AuditEntry& entry = entries.emplace_back();
    entry.unix_micros = c.meta.unix_micros;
    entry.principal = c.meta.principal;
    entry.action = "RecordUse";
    entry.resource = "tokens";
    entry.detail = absl::StrCat("last use of ", c.uses.size());
  }
  for (const model::AuditEntry& entry : entries) digest.Text(codec::AuditBytes(entry));
  outcome.sequence = tx.sequence();
  tx.End(std::move(entries), Sha256(digest.str()));
  return outcome;
}

}  // namespace steelyard::ledger
