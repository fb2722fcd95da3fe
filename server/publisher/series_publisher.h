#ifndef STEELYARD_SERVER_PUBLISHER_SERIES_PUBLISHER_H_
#define STEELYARD_SERVER_PUBLISHER_SERIES_PUBLISHER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "server/disclosure/area_tree.h"
#include "server/disclosure/gate.h"
#include "storage/codec/keys.h"
#include "storage/editions/block.h"
#include "storage/ledger/fact_reader.h"
#include "storage/ledger/publication_log.h"
#include "storage/model/policy.h"
#include "storage/model/registers.h"

namespace steelyard::publisher {

// What a series and year looks like before a decision.
struct SeriesInput {
  codec::SeriesYear series;
  std::vector<ledger::DatedFact> facts;                 // as of `sequence`
  uint64_t sequence = 0;                                // ledger sequence of the facts
  ledger::Admitted admitted;                            // what is shown now
  std::shared_ptr<const editions::YearBlock> released;  // null if nothing is
};

// What to show from now on.
struct SeriesRelease {
  editions::YearBlock block;  // edition still to be set
  ledger::Admitted admitted;
};

// Decides what of one series and year may be shown, and builds it. Made for
// one state of registers and policy. Not thread-safe.
class SeriesPublisher {
 public:
  SeriesPublisher(std::shared_ptr<const model::Registers> registers, const model::Policy& policy);

  // The next release, or nothing if what is shown stays as it is. `always`
  // asks for a release also where nothing moved (a new policy).
  std::optional<SeriesRelease> Publish(const SeriesInput& input, bool always);

  const model::Registers& registers() const { return *registers_; }
  const model::Policy& policy() const { return policy_; }

 private:
  // A fact with what the rules need of it.
  struct Entry {
    const ledger::DatedFact* dated = nullptr;
    disclosure::Contribution contribution;
    bool was = false;  // shown now
    bool is = false;   // stands in the ledger now
  };
  using Deferred = absl::btree_set<disclosure::MonthArea>;

  std::vector<Entry> Prepare(const SeriesInput& input, const disclosure::AreaTree& tree);
  uint32_t SupplierGroup(model::SupplierNo supplier, model::Month month);
  disclosure::GateResult Decide(const SeriesInput& input, const disclosure::AreaTree& tree,
                                const std::vector<Entry>& entries, Deferred& deferred) const;
  editions::YearBlock BuildBlock(const SeriesInput& input, const disclosure::AreaTree& tree,
                                 const std::vector<Entry>& entries, const Deferred& deferred,
                                 const disclosure::YearPartition& partition) const;

  std::shared_ptr<const model::Registers> registers_;
  const model::Policy policy_;
  const disclosure::AreaTree tree_;  // as the register says now
  absl::flat_hash_map<std::pair<uint32_t, int16_t>, uint32_t> owners_;
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_SERIES_PUBLISHER_H_
