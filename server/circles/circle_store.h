#ifndef STEELYARD_SERVER_CIRCLES_CIRCLE_STORE_H_
#define STEELYARD_SERVER_CIRCLES_CIRCLE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/ledger/documents.h"
#include "storage/ledger/ledger.h"
#include "storage/model/circle.h"

namespace steelyard::circles {

// One version of a circle.
struct Stored {
  model::Circle circle;
  uint32_t revision = 0;
  // Of what it holds: a version that repeats the one before has its etag.
  std::string etag;
};

// Reads circles from the ledger's documents. Thread-safe. DATA_LOSS and
// UNAVAILABLE from the store.
class CircleStore {
 public:
  explicit CircleStore(const ledger::Ledger& ledger) : reader_(ledger.database()) {}

  // The newest version, or nothing.
  absl::StatusOr<std::optional<Stored>> Get(std::string_view id) const;
  // One version; DATA_LOSS if it is not there.
  absl::StatusOr<Stored> GetRevision(std::string_view id, uint32_t revision) const;
  // The newest version of each, by id.
  absl::StatusOr<std::vector<Stored>> List() const;

 private:
  const ledger::DocumentReader reader_;
};

}  // namespace steelyard::circles

#endif  // STEELYARD_SERVER_CIRCLES_CIRCLE_STORE_H_
