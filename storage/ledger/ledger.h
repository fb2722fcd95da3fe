#ifndef STEELYARD_STORAGE_LEDGER_LEDGER_H_
#define STEELYARD_STORAGE_LEDGER_LEDGER_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "storage/engine/commit_mark.h"
#include "storage/engine/database.h"
#include "storage/ledger/committer.h"

namespace steelyard::ledger {

// Keeps everything that was submitted, with every version, and the registers,
// tokens and policy beside it. Only the committer changes it; PurchaseReader,
// FactReader and AuditReader read it. Thread-safe.
class Ledger {
 public:
  // Version of the format on disk that this program reads and writes.
  static constexpr uint32_t kFormat = 1;

  // Writes the first records of a new store. FAILED_PRECONDITION if there are
  // some already.
  static absl::Status Create(engine::Database& database);

  // Opens a store. Does not own `database` and `mark`, which must outlive it.
  // NOT_FOUND if the store was never created; FAILED_PRECONDITION for a format
  // of another version; DATA_LOSS if a record is damaged, or if the store is
  // behind what `mark` says was acknowledged.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(engine::Database& database,
                                                      engine::CommitMark& mark);

  Committer& committer() { return committer_; }
  const engine::Database& database() const { return database_; }

  // The state after the newest commit.
  std::shared_ptr<const LedgerState> state() const { return committer_.state(); }

  // What a request did, if it was done before; ABORTED (kRequestIdReused) if its
  // id was used for another. `scope` is its council, or 0 for one of no one
  // council (registers, tokens, policy). May tell of it a moment before state()
  // shows it.
  absl::StatusOr<std::optional<codec::RequestRecord>> FindRequest(
      std::string_view request, std::string_view body_sha256, model::CouncilNo scope = {}) const;

  absl::StatusOr<Outcome> Execute(Command command) {
    return committer_.Execute(std::move(command));
  }

 private:
  Ledger(engine::Database& database, engine::CommitMark& mark, LedgerState state)
      : database_(database), committer_(database, mark, std::move(state)) {}

  engine::Database& database_;
  Committer committer_;
};

// Reads the state of a store without opening it for commands.
absl::StatusOr<LedgerState> ReadState(const engine::Database& database);

// OK if the store holds all that the mark says was acknowledged, else
// DATA_LOSS that says what is missing.
absl::Status CheckMark(const codec::LedgerHead& head, const std::optional<engine::Mark>& mark);

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_LEDGER_H_
