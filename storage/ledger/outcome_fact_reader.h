#ifndef STEELYARD_STORAGE_LEDGER_OUTCOME_FACT_READER_H_
#define STEELYARD_STORAGE_LEDGER_OUTCOME_FACT_READER_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/keys.h"
#include "storage/engine/database.h"
#include "storage/model/outcome.h"

namespace steelyard::ledger {

// An outcome report's fact and the span of ledger sequences in which it stood.
struct DatedOutcomeFact {
  static constexpr uint64_t kStill = std::numeric_limits<uint64_t>::max();
  model::OutcomeFact fact;  // fact.sequence is the first
  uint64_t end_sequence = kStill;

  bool StoodAt(uint64_t sequence) const {
    return fact.sequence <= sequence && sequence < end_sequence;
  }
};

// Reads every council's facts: for the publisher alone. Calls may return
// DATA_LOSS or UNAVAILABLE from the store. Thread-safe.
class OutcomeFactReader {
 public:
  explicit OutcomeFactReader(const engine::Database& database) : database_(database) {}

  // All facts of a service and calendar year, past ones included, as of
  // `snapshot` (null: now), in the order of council, quarter and line within
  // each of the two kinds.
  absl::StatusOr<std::vector<DatedOutcomeFact>> Read(const codec::OutcomeYear& year,
                                                     const engine::Snapshot* snapshot) const;

 private:
  const engine::Database& database_;
};

// Reads the facts of one council, fixed at construction: what an answer to
// that council may see of the ledger. Thread-safe.
class OwnOutcomes {
 public:
  OwnOutcomes(const engine::Database& database, model::CouncilNo council)
      : database_(database), council_(council) {}

  model::CouncilNo council() const { return council_; }
  // The newest facts of a service whose quarter begins in the period.
  absl::StatusOr<std::vector<model::OutcomeFact>> Read(model::Service service,
                                                       const model::Period& period) const;

 private:
  const engine::Database& database_;
  model::CouncilNo council_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_OUTCOME_FACT_READER_H_
