#ifndef STEELYARD_STORAGE_LEDGER_FACT_READER_H_
#define STEELYARD_STORAGE_LEDGER_FACT_READER_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/keys.h"
#include "storage/engine/database.h"
#include "storage/model/purchase.h"

namespace steelyard::ledger {

// A fact and the span of ledger sequences in which it stood.
struct DatedFact {
  static constexpr uint64_t kStill = std::numeric_limits<uint64_t>::max();
  model::PurchaseFact fact;  // fact.sequence is the first
  uint64_t end_sequence = kStill;

  bool StoodAt(uint64_t sequence) const {
    return fact.sequence <= sequence && sequence < end_sequence;
  }
};

// Reads every council's facts: for the publisher alone. Thread-safe.
class FactReader {
 public:
  explicit FactReader(const engine::Database& database) : database_(database) {}

  // All facts of a series and year, past ones included, as of `snapshot`, in
  // the order of council, month and line within each of the two kinds.
  absl::StatusOr<std::vector<DatedFact>> Read(const codec::SeriesYear& series,
                                              const engine::Snapshot* snapshot) const;

 private:
  const engine::Database& database_;
};

// Reads the facts of one council, fixed at construction: what a benchmark may
// see of the ledger. Thread-safe.
class OwnRows {
 public:
  OwnRows(const engine::Database& database, model::CouncilNo council)
      : database_(database), council_(council) {}

  model::CouncilNo council() const { return council_; }
  // The newest facts of a product in a currency over the period.
  absl::StatusOr<std::vector<model::PurchaseFact>> Read(model::ProductNo product,
                                                        model::Currency currency,
                                                        const model::Period& period) const;

 private:
  const engine::Database& database_;
  model::CouncilNo council_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_FACT_READER_H_
