#ifndef STEELYARD_SERVER_PUBLISHER_OUTCOME_GROUP_H_
#define STEELYARD_SERVER_PUBLISHER_OUTCOME_GROUP_H_

#include <cstdint>
#include <optional>
#include <span>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/safety.h"
#include "storage/codec/keys.h"
#include "storage/editions/outcome_block.h"
#include "storage/ledger/outcome_fact_reader.h"
#include "storage/ledger/outcome_plan.h"

namespace steelyard::publisher {

// A report of a group's providers, with what the rules need of it.
struct OutcomeEntry {
  const ledger::DatedOutcomeFact* dated = nullptr;
  disclosure::Contribution contribution;
  bool was = false;  // shown now
  bool is = false;   // stands in the ledger now
};

// What a group looks like before a decision.
struct OutcomeGroupInput {
  codec::OutcomeYear year;
  uint32_t number = 0;
  editions::ProviderGroup group;
  std::span<const OutcomeEntry> entries;  // past ones included: facets may stand at them
  uint64_t sequence = 0;                  // ledger sequence of the entries
  // What is shown now; null if nothing is.
  const ledger::OutcomeAdmitted* admitted = nullptr;
  const editions::OutcomeBlock* released = nullptr;
};

// What to show of it from now on.
struct OutcomeGroupRelease {
  editions::OutcomeBlock block;  // edition still to be set
  ledger::OutcomeAdmitted admitted;
};

// The next release of a group's series, or nothing if what is shown stays as it
// is. `always` asks for a block also where nothing moved. Pure.
std::optional<OutcomeGroupRelease> PublishOutcomeGroup(const disclosure::AreaTree& tree,
                                                       const disclosure::Rules& rules,
                                                       int64_t policy_version,
                                                       const OutcomeGroupInput& input, bool always);

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_OUTCOME_GROUP_H_
