#ifndef STEELYARD_STORAGE_LEDGER_TRANSACTION_H_
#define STEELYARD_STORAGE_LEDGER_TRANSACTION_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "storage/codec/record_codec.h"
#include "storage/engine/database.h"
#include "storage/ledger/command.h"

namespace steelyard::ledger {

using TokenMap = absl::flat_hash_map<std::string, model::Token>;

// What the ledger keeps in memory beside the store: small, and read by every
// request. Each part is immutable and replaced whole.
struct LedgerState {
  codec::LedgerHead head;
  std::shared_ptr<const model::Registers> registers;
  std::shared_ptr<const TokenMap> tokens;
  // In force: the newest version whose time has come with the newest commit.
  model::Policy policy;
  // Every policy there was or will be, by version: figures of old editions need
  // theirs.
  absl::btree_map<int64_t, model::Policy> policies;
  // Brings a version into force whose time has come by `unix_micros`.
  void BringIntoForce(int64_t unix_micros);
  // Sequence of the newest change of a document; of the newest commit after a
  // start. Whoever keeps something made of documents looks here.
  uint64_t documents_sequence = 0;
};

// A group of commands on their way into one synced write. Later commands see
// what earlier ones of the group wrote. A command must do all its checks
// before its first write: what it wrote stays in the group. Not thread-safe;
// belongs to the committer's thread.
class Transaction {
 public:
  Transaction(const engine::Database& database, const LedgerState& state)
      : database_(database), state_(state) {}

  // Begins the writes of one command: gives it its sequence number.
  void Begin(const Meta& meta);
  // Ends them: chains the ledger's hash over `digest`, notes what was touched
  // and writes the audit entry.
  void End(std::string_view action, std::string resource, std::string detail,
           std::string_view digest);
  // The same with entries of their own time and principal, at least one;
  // sequence, index and chain are set here.
  void End(std::vector<model::AuditEntry> entries, std::string_view digest);

  // Sequence of the command being applied.
  uint64_t sequence() const { return state_.head.sequence; }
  LedgerState& state() { return state_; }
  const LedgerState& state() const { return state_; }

  absl::StatusOr<std::optional<std::string>> Get(engine::Family family, std::string_view key) const;
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      engine::Family family, const std::vector<std::string_view>& keys) const;
  void Put(engine::Family family, std::string_view key, std::string_view value);
  // For keys that no command of a group reads back: cheaper.
  void PutBlind(engine::Family family, std::string_view key, std::string_view value);
  void Delete(engine::Family family, std::string_view key);
  void DeleteBlind(engine::Family family, std::string_view key);
  void Touch(const codec::SeriesYear& series) { touched_.insert(series); }
  void Touch(const codec::OutcomeYear& year) { touched_outcomes_.insert(year); }

  // The record of an earlier use of this request id, if there is one.
  // ABORTED (kRequestIdReused) if it was used for something else.
  absl::StatusOr<std::optional<codec::RequestRecord>> FindRequest(
      model::CouncilNo scope, std::string_view request, std::string_view body_sha256) const;

  absl::StatusOr<codec::CouncilHead> Head(model::CouncilNo council);
  void PutHead(model::CouncilNo council, const codec::CouncilHead& head);

  bool empty() const { return batch_.empty(); }
  engine::Batch& batch() { return batch_; }

 private:
  static std::string PendingKey(engine::Family family, std::string_view key);

  const engine::Database& database_;
  LedgerState state_;
  engine::Batch batch_;
  // Writes of the group; nothing for a delete.
  absl::flat_hash_map<std::string, std::optional<std::string>> pending_;
  absl::flat_hash_set<codec::SeriesYear> touched_;
  absl::flat_hash_set<codec::OutcomeYear> touched_outcomes_;
  Meta meta_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_TRANSACTION_H_
