#include "storage/ledger/committer.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "storage/base/log.h"
#include "storage/ledger/apply.h"

namespace steelyard::ledger {
namespace {

// Bounds what one group holds in memory and how long its first waits.
constexpr size_t kMaxGroupBytes = size_t{8} << 20;

// A store that cannot be read spoils the whole group: what was written of the
// command at fault is not known.
bool SpoilsGroup(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsUnavailable(status) || absl::IsInternal(status);
}

bool IsLooks(const Command& command) { return std::holds_alternative<RecordReads>(command); }

}  // namespace

Committer::Committer(engine::Database& database, engine::CommitMark& mark, LedgerState state)
    : database_(database),
      mark_(mark),
      state_(std::make_shared<const LedgerState>(std::move(state))),
      thread_([this] { Run(); }) {}

Committer::~Committer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

absl::StatusOr<Outcome> Committer::Execute(Command command) {
  std::promise<absl::StatusOr<Outcome>> promise;
  std::future<absl::StatusOr<Outcome>> future = promise.get_future();
  Submit(std::move(command),
         [&promise](absl::StatusOr<Outcome> outcome) { promise.set_value(std::move(outcome)); });
  return future.get();
}

void Committer::Submit(Command command, Done done) {
  {
    std::lock_guard lock(mutex_);
    if (!stopping_) {
      queue_.push_back({std::move(command), std::move(done)});
      wake_.notify_one();
      return;
    }
  }
  done(absl::UnavailableError("the server is stopping"));
}

std::shared_ptr<const LedgerState> Committer::state() const {
  std::lock_guard lock(mutex_);
  return state_;
}

void Committer::OnCommit(std::function<void(uint64_t)> listener) {
  std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

void Committer::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::deque<Waiting> group = std::move(queue_);
    queue_.clear();
    lock.unlock();
    CommitGroup(std::move(group));
    lock.lock();
  }
}

void Committer::CommitGroup(std::deque<Waiting> group) {
  while (!group.empty()) {
    Transaction tx(database_, *state());
    std::vector<std::pair<Done, absl::StatusOr<Outcome>>> answers;
    absl::Status spoiled;
    // Looks go by themselves: they may use room that nothing else may.
    const bool looks = IsLooks(group.front().command);
    while (!group.empty() && tx.batch().bytes() < kMaxGroupBytes &&
           IsLooks(group.front().command) == looks) {
      Waiting waiting = std::move(group.front());
      group.pop_front();
      absl::StatusOr<Outcome> outcome = Apply(waiting.command, tx);
      if (!outcome.ok() && SpoilsGroup(outcome.status())) spoiled = outcome.status();
      answers.emplace_back(std::move(waiting.done), std::move(outcome));
      if (!spoiled.ok()) break;
    }
    const uint64_t sequence = tx.state().head.sequence;
    const bool writes = !tx.empty();
    absl::Status committed = spoiled;
    if (broken_) committed = absl::UnavailableError("the store failed; the server must restart");
    if (committed.ok() && writes) {
      committed = looks ? database_.CommitFromReserve(std::move(tx.batch()))
                        : database_.Commit(std::move(tx.batch()));
      if (committed.ok()) {
        committed = mark_.Append(sequence, tx.state().head.running_sha256);
        broken_ = !committed.ok();
      }
    }
    if (committed.ok() && writes) {
      std::function<void(uint64_t)> listener;
      {
        std::lock_guard lock(mutex_);
        state_ = std::make_shared<const LedgerState>(std::move(tx.state()));
        listener = listener_;
      }
      if (listener) listener(sequence);
    }
    if (!committed.ok()) {
      Log(LogLevel::kError, "commit_failed", {{"status", std::string(committed.message())}});
    }
    for (auto& [done, outcome] : answers) {
      // A refusal stands whatever became of the others.
      const bool refused = !outcome.ok() && !SpoilsGroup(outcome.status());
      if (committed.ok() || refused) {
        done(std::move(outcome));
      } else {
        done(committed);
      }
    }
  }
}

}  // namespace steelyard::ledger
