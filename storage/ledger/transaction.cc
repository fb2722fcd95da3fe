#include "storage/ledger/transaction.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::ledger {

using engine::Family;

std::string Transaction::PendingKey(Family family, std::string_view key) {
  std::string out;
  out.reserve(key.size() + 1);
  out.push_back(static_cast<char>(family));
  out.append(key);
  return out;
}

void LedgerState::BringIntoForce(int64_t unix_micros) {
  for (auto it = policies.rbegin(); it != policies.rend() && it->first > policy.version; ++it) {
    if (it->second.effective_unix_micros > unix_micros) continue;
    policy = it->second;
    return;
  }
}

void Transaction::Begin(const Meta& meta) {
  meta_ = meta;
  ++state_.head.sequence;
  // Commands queue up in another order than they were stamped in, and clocks are
  // set back; the ledger's time is not, or a policy would be in force no more.
  state_.head.unix_micros = std::max(state_.head.unix_micros, meta.unix_micros);
  state_.BringIntoForce(state_.head.unix_micros);
}

void Transaction::End(std::string_view action, std::string resource, std::string detail,
                      std::string_view digest) {
  std::vector<model::AuditEntry> entries(1);
  entries[0].unix_micros = meta_.unix_micros;
  entries[0].principal = meta_.principal;
  entries[0].action = std::string(action);
  entries[0].resource = std::move(resource);
  entries[0].detail = std::move(detail);
  End(std::move(entries), digest);
}

void Transaction::End(std::vector<model::AuditEntry> entries, std::string_view digest) {
  ByteWriter chained;
  chained.Raw(state_.head.running_sha256).Fixed64(sequence()).Raw(digest);
  state_.head.running_sha256 = Sha256(chained.str());
  if (!touched_.empty() || !touched_outcomes_.empty()) {
    codec::Touched touched;
    touched.series.assign(touched_.begin(), touched_.end());
    touched.outcomes.assign(touched_outcomes_.begin(), touched_outcomes_.end());
    std::sort(touched.series.begin(), touched.series.end());
    std::sort(touched.outcomes.begin(), touched.outcomes.end());
    PutBlind(Family::kPublisher, codec::TouchedKey(sequence()), codec::Encode(touched));
    touched_.clear();
    touched_outcomes_.clear();
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    model::AuditEntry& entry = entries[i];
    entry.sequence = sequence();
    entry.index = static_cast<uint32_t>(i);
    entry.chain_sha256 = codec::ChainAudit(state_.head.audit_sha256, entry);
    state_.head.audit_sha256 = entry.chain_sha256;
    PutBlind(Family::kAudit, codec::AuditKey(entry.sequence, entry.index), codec::Encode(entry));
  }
  PutBlind(Family::kMeta, codec::LedgerHeadKey(), codec::Encode(state_.head));
}

absl::StatusOr<std::optional<std::string>> Transaction::Get(Family family,
                                                            std::string_view key) const {
  auto it = pending_.find(PendingKey(family, key));
  if (it != pending_.end()) return it->second;
  return database_.Get(family, key);
}

absl::StatusOr<std::vector<std::optional<std::string>>> Transaction::MultiGet(
    Family family, const std::vector<std::string_view>& keys) const {
  ASSIGN_OR_RETURN(std::vector<std::optional<std::string>> values,
                   database_.MultiGet(family, keys));
  if (pending_.empty()) return values;
  for (size_t i = 0; i < keys.size(); ++i) {
    auto it = pending_.find(PendingKey(family, keys[i]));
    if (it != pending_.end()) values[i] = it->second;
  }
  return values;
}

void Transaction::Put(Family family, std::string_view key, std::string_view value) {
  batch_.Put(family, key, value);
  pending_.insert_or_assign(PendingKey(family, key), std::string(value));
}

void Transaction::PutBlind(Family family, std::string_view key, std::string_view value) {
  batch_.Put(family, key, value);
}

void Transaction::Delete(Family family, std::string_view key) {
  batch_.Delete(family, key);
  pending_.insert_or_assign(PendingKey(family, key), std::nullopt);
}

void Transaction::DeleteBlind(Family family, std::string_view key) { batch_.Delete(family, key); }

absl::StatusOr<std::optional<codec::RequestRecord>> Transaction::FindRequest(
    model::CouncilNo scope, std::string_view request, std::string_view body_sha256) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   Get(Family::kRequests, codec::RequestKey(scope, request)));
  if (!bytes) return std::optional<codec::RequestRecord>();
  ASSIGN_OR_RETURN(codec::RequestRecord record, codec::DecodeRequest(*bytes));
  if (record.body_sha256 != body_sha256) return absl::AbortedError(kRequestIdReused);
  return std::optional(std::move(record));
}

absl::StatusOr<codec::CouncilHead> Transaction::Head(model::CouncilNo council) {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   Get(Family::kMeta, codec::CouncilHeadKey(council)));
  if (!bytes) return codec::CouncilHead();
  return codec::DecodeCouncilHead(*bytes);
}

void Transaction::PutHead(model::CouncilNo council, const codec::CouncilHead& head) {
  Put(Family::kMeta, codec::CouncilHeadKey(council), codec::Encode(head));
}

}  // namespace steelyard::ledger
