#ifndef STEELYARD_STORAGE_LEDGER_AUDIT_H_
#define STEELYARD_STORAGE_LEDGER_AUDIT_H_

// The audit: what was done and what was looked at, in order, each entry with
// the hash of the chain up to it. docs/audit.md says what it proves.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "storage/codec/keys.h"
#include "storage/codec/record_codec.h"
#include "storage/engine/database.h"

namespace steelyard::ledger {

// Hash that the chain begins with.
inline const std::string kChainStart(codec::kChainBytes, '\0');

// Where a walk along the chain has come to.
struct AuditWalk {
  codec::AuditPlace place;  // of the entry looked at last; zeros before the first
  std::string chain_sha256 = kChainStart;
  uint64_t entries = 0;  // looked at
  friend bool operator==(const AuditWalk&, const AuditWalk&) = default;
};

// The first entry that is not what was written, and why it is thought so.
struct AuditFault {
  codec::AuditPlace place;
  std::string words;
  friend bool operator==(const AuditFault&, const AuditFault&) = default;
};

struct AuditProgress {
  AuditWalk walk;
  bool at_end = false;
  std::optional<AuditFault> fault;  // the walk stops before it
};

// Reads the audit. Calls may return DATA_LOSS or UNAVAILABLE from the store.
// Thread-safe.
class AuditReader {
 public:
  using Keep = std::function<bool(const model::AuditEntry&)>;

  explicit AuditReader(const engine::Database& database) : database_(database) {}

  // Entries that `keep` wants (all if it is empty), in order from after
  // `after`, up to `limit`; looks at no more than `most`, and puts where it
  // stopped into `stopped` if that is given and it did not reach the end.
  absl::StatusOr<std::vector<model::AuditEntry>> List(
      codec::AuditPlace after, size_t limit, const Keep& keep = {}, size_t most = SIZE_MAX,
      std::optional<codec::AuditPlace>* stopped = nullptr) const;

  // The newest entry, or nothing.
  absl::StatusOr<std::optional<model::AuditEntry>> Last() const;

  // The hash of the chain up to and with an entry; nothing if there is no such
  // entry, empty if it is from before there was a chain.
  absl::StatusOr<std::optional<std::string>> ChainAt(codec::AuditPlace place) const;

  // Walks on from `from` over up to `limit` entries, and at the end compares
  // with the ledger's head.
  absl::StatusOr<AuditProgress> Verify(const AuditWalk& from, uint64_t limit) const;

 private:
  const engine::Database& database_;
};

// The chain's hash over entries that carry none: for stores from before it.
absl::StatusOr<std::string> ChainOfAll(const engine::Database& database);

// When tokens were last used, by their id, in microseconds.
absl::StatusOr<absl::flat_hash_map<std::string, int64_t>> ReadTokenUses(
    const engine::Database& database);

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_AUDIT_H_
