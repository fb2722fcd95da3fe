#ifndef STEELYARD_STORAGE_LEDGER_COMMITTER_H_
#define STEELYARD_STORAGE_LEDGER_COMMITTER_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/statusor.h"
#include "storage/engine/commit_mark.h"
#include "storage/engine/database.h"
#include "storage/ledger/command.h"
#include "storage/ledger/transaction.h"

namespace steelyard::ledger {

// The one thread that changes the ledger. It takes all commands that wait,
// applies them in order to one batch, writes that with one disk flush, marks
// it, and only then answers. Thread-safe.
class Committer {
 public:
  using Done = std::function<void(absl::StatusOr<Outcome>)>;

  // Does not own `database` and `mark`, which must outlive it.
  Committer(engine::Database& database, engine::CommitMark& mark, LedgerState state);
  // Answers what still waits, then ends the thread.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Applies `command` and waits until it survives a power cut. Refusals are
  // those of Apply; RESOURCE_EXHAUSTED if the disk is nearly full, and nothing
  // was done; UNAVAILABLE if it is not known whether it was done.
  absl::StatusOr<Outcome> Execute(Command command);
  // The same without waiting; `done` runs on the committer's thread and must
  // be quick.
  void Submit(Command command, Done done);

  // The state after the newest commit.
  std::shared_ptr<const LedgerState> state() const;

  // Called on the committer's thread after each commit. Set before the first
  // command.
  void OnCommit(std::function<void(uint64_t sequence)> listener);

 private:
  struct Waiting {
    Command command;
    Done done;
  };

  void Run();
  void CommitGroup(std::deque<Waiting> group);

  engine::Database& database_;
  engine::CommitMark& mark_;
  std::function<void(uint64_t)> listener_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  std::shared_ptr<const LedgerState> state_;
  bool stopping_ = false;
  // The store took a commit that its mark does not show: what is in memory no
  // longer stands for it, so nothing more may be taken.
  bool broken_ = false;
  std::thread thread_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_COMMITTER_H_
