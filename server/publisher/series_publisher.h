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
  model::Day today;                                     // of the newest commit
};

// What to show from now on.
struct SeriesRelease {
  editions::YearBlock block;  // edition still to be set
  ledger::Admitted admitted;
};

// One figure of a price series, by what it covers.
struct FigurePlace {
  codec::SeriesYear series;
  model::Period months;
  editions::AreaGroup areas;   // empty: all
  editions::TypeGroup types;   // empty: all
  model::SupplierNo supplier;  // 0: all
  friend auto operator<=>(const FigurePlace&, const FigurePlace&) = default;
};

// Decides what of one series and year may be shown, and builds it. Made for
// one state of registers and policy. Not thread-safe.
class SeriesPublisher {
 public:
  SeriesPublisher(std::shared_ptr<const model::Registers> registers, const model::Policy& policy);

  // The next release, or nothing if what is shown stays as it is. `always`
  // asks for a release also where nothing moved (a new policy).
  std::optional<SeriesRelease> Publish(const SeriesInput& input, bool always);

  // How many figures are shown and are not safe by this policy as they stand, so
  // that they stay as they are.
  int64_t NoLongerSafe(const SeriesInput& input);

  const model::Registers& registers() const { return *registers_; }
  const model::Policy& policy() const { return policy_; }

 private:
  // A fact with what the rules need of it.
  struct Entry {
    const ledger::DatedFact* dated = nullptr;
    disclosure::Contribution contribution;
    bool was = false;     // shown now
    bool is = false;      // stands in the ledger now
    bool stands = false;  // shown from now on
  };
  using Deferred = absl::btree_set<disclosure::MonthArea>;

  std::vector<Entry> Prepare(const SeriesInput& input, const disclosure::AreaTree& tree);
  uint32_t SupplierGroup(model::SupplierNo supplier, model::Month month);
  // The next release but for its late views, or nothing. Sets which entries stand.
  std::optional<SeriesRelease> PublishCells(const SeriesInput& input,
                                            const disclosure::AreaTree& tree,
                                            std::vector<Entry>& entries, bool always) const;
  // Whether the sellers of a run may be shown by name as of `today`.
  bool SellersDue(const model::Period& run, model::Day today) const;
  // Sets the sellers and the deliveries of each run of `block`, which come later
  // than the rest; whether any differ from those shown.
  bool RenewLateViews(const SeriesInput& input, const disclosure::AreaTree& tree,
                      const std::vector<Entry>& entries, editions::YearBlock& block) const;
  disclosure::GateResult Decide(const SeriesInput& input, const disclosure::AreaTree& tree,
                                const std::vector<Entry>& entries, Deferred& deferred) const;
  editions::YearBlock BuildBlock(const SeriesInput& input, const disclosure::AreaTree& tree,
                                 const std::vector<Entry>& entries,
                                 const disclosure::YearPartition& partition) const;

  std::shared_ptr<const model::Registers> registers_;
  const model::Policy policy_;
  const disclosure::AreaTree tree_;  // as the register says now
  absl::flat_hash_map<std::pair<uint32_t, int16_t>, uint32_t> owners_;
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_SERIES_PUBLISHER_H_
