#ifndef STEELYARD_SERVER_PUBLISHER_OUTCOME_WORK_H_
#define STEELYARD_SERVER_PUBLISHER_OUTCOME_WORK_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/publisher/outcome_publisher.h"
#include "storage/codec/keys.h"
#include "storage/editions/outcome_store.h"
#include "storage/engine/database.h"
#include "storage/ledger/outcome_fact_reader.h"
#include "storage/ledger/outcome_plan.h"

namespace steelyard::publisher {

// The services and years whose reports are still to be looked at, and the work
// on one of them. Used by the publishing thread alone.
class OutcomeWork {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  // A service and year is worked on when no commit has touched it for `settle`,
  // or when it has waited twenty times as long. Everything given must outlive
  // the object.
  OutcomeWork(engine::Database& database, editions::OutcomeStore& store, Duration settle);

  // Reads what waits for its window, if that is not known. DATA_LOSS or
  // UNAVAILABLE from the store.
  absl::Status Load();
  // Forgets everything: it will be found in the store again.
  void Clear();

  // The commit `sequence` touched it.
  void Touch(const codec::OutcomeYear& year, uint64_t sequence, Time now);
  // Whatever was ever looked at has to be published anew (a new policy). DATA_LOSS
  // or UNAVAILABLE from the store.
  absl::Status TouchAll(uint64_t sequence);
  // Windows that ended by `today` make work.
  void TouchDue(model::Day today, uint64_t sequence);

  bool empty() const { return dirty_.empty(); }
  // Whether one can be worked on now; `all`: none has to settle.
  bool Ready(Time now, bool all) const;
  // When the next one can be; nothing if none waits.
  std::optional<Time> NextReady() const;
  // The oldest commit that has not been looked at.
  std::optional<uint64_t> FirstSequence() const;

  // As of which commit work is done.
  struct State {
    uint64_t sequence = 0;
    model::Day today;
    const engine::Snapshot* snapshot = nullptr;
    uint64_t edition = 0;  // that is being made
  };
  struct Written {
    editions::OutcomeStore::Blocks blocks;  // for OutcomeStore::Publish
    bool more = false;                      // the same is to be worked on in the next edition
  };
  // Works on the first that is ready and adds what is new to `batch`. Errors
  // from the store.
  absl::StatusOr<Written> PublishOne(const OutcomePublisher& rules, const State& state, Time now,
                                     bool all, size_t max_bytes, engine::Batch& batch);

 private:
  struct Dirty {
    uint64_t first_sequence = 0;  // of the oldest commit not looked at
    bool always = false;
    Time first_touched;
    Time last_touched;
  };
  Time ReadyAt(const Dirty& dirty) const;
  void SetWaiting(const codec::OutcomeYear& year, const ledger::OutcomePlan& plan);

  engine::Database& database_;
  editions::OutcomeStore& store_;
  const ledger::OutcomeFactReader facts_;
  const ledger::OutcomeLog log_;
  const Duration settle_;
  bool loaded_ = false;
  absl::btree_map<codec::OutcomeYear, Dirty> dirty_;
  absl::btree_map<codec::OutcomeYear, model::Day> waiting_;  // first day of the next quarter
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_OUTCOME_WORK_H_
