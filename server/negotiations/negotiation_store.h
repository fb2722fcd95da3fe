#ifndef STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_STORE_H_
#define STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/ledger/documents.h"
#include "storage/ledger/ledger.h"
#include "storage/model/negotiation.h"

namespace steelyard::negotiations {

// One version of a negotiation.
struct Stored {
  model::Negotiation negotiation;
  uint32_t revision = 0;
  // Of what it holds: a version that repeats the one before has its etag.
  std::string etag;
};

// Reads negotiations from the ledger's documents. Thread-safe. DATA_LOSS and
// UNAVAILABLE from the store.
class NegotiationStore {
 public:
  explicit NegotiationStore(const ledger::Ledger& ledger) : reader_(ledger.database()) {}

  // The newest version, or nothing.
  absl::StatusOr<std::optional<Stored>> Get(std::string_view id) const;
  // One version; DATA_LOSS if it is not there.
  absl::StatusOr<Stored> GetRevision(std::string_view id, uint32_t revision) const;
  // The newest version of each, by id.
  absl::StatusOr<std::vector<Stored>> List() const;

  // Councils whose submitted spend with `provider` in the quarters of `period`
  // `council` sees in a negotiation: its members, if it is one, the talks go on
  // and are with this provider about these quarters; else none.
  absl::StatusOr<std::vector<model::CouncilNo>> CircleMembers(std::string_view id,
                                                              model::CouncilNo council,
                                                              model::ProviderNo provider,
                                                              const model::Period& period) const;

 private:
  const ledger::DocumentReader reader_;
};

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_STORE_H_
