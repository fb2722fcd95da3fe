#ifndef STEELYARD_SERVER_PUBLISHER_OUTCOME_PUBLISHER_H_
#define STEELYARD_SERVER_PUBLISHER_OUTCOME_PUBLISHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/btree_map.h"
#include "server/disclosure/area_tree.h"
#include "server/disclosure/safety.h"
#include "server/publisher/outcome_group.h"
#include "storage/codec/keys.h"
#include "storage/editions/outcome_store.h"
#include "storage/ledger/outcome_fact_reader.h"
#include "storage/ledger/outcome_plan.h"
#include "storage/model/policy.h"
#include "storage/model/registers.h"

namespace steelyard::publisher {

// Days after a quarter's end until its reports are first put into groups and
// shown. What is grouped stays grouped, so most reports should be there.
inline constexpr int kOutcomeWindowDays = 42;

// The first day on which reports of the quarter may be shown.
model::Day FirstShownOn(model::Month quarter);

// What a service and year looks like before a decision.
struct OutcomeInput {
  codec::OutcomeYear year;
  std::vector<ledger::DatedOutcomeFact> facts;  // as of `sequence`
  uint64_t sequence = 0;                        // ledger sequence of the facts
  model::Day today;                             // of the newest commit
  // What is shown now.
  ledger::OutcomePlan plan;
  absl::btree_map<uint32_t, ledger::OutcomeAdmitted> admitted;  // by group
  editions::OutcomeStore::Blocks released;                      // by group
};

// What to show from now on.
struct OutcomeRelease {
  ledger::OutcomePlan plan;
  std::vector<OutcomeGroupRelease> groups;  // those with a new block
  // Whether groups that might move were left for another time.
  bool more = false;
};

// Decides what of one service and year may be shown, and builds it. Made for
// one state of registers and policy. Not thread-safe.
class OutcomePublisher {
 public:
  OutcomePublisher(std::shared_ptr<const model::Registers> registers, const model::Policy& policy);

  // The next release; it has no groups if what is shown stays as it is.
  // `always` asks for a block of each group also where nothing moved (a new
  // policy). Stops when the new blocks weigh more than `max_bytes`.
  OutcomeRelease Publish(const OutcomeInput& input, bool always, size_t max_bytes) const;

 private:
  // The plan with groups for all reports whose time has come.
  ledger::OutcomePlan Plan(const OutcomeInput& input) const;
  // Trees of the groups whose councils have moved since, by number.
  using Trees = absl::btree_map<uint32_t, disclosure::AreaTree>;
  const disclosure::AreaTree& TreeOf(uint32_t group, const Trees& trees) const;
  // The reports of each group, by its number less 1.
  std::vector<std::vector<OutcomeEntry>> Prepare(const OutcomeInput& input,
                                                 const ledger::OutcomePlan& plan,
                                                 const Trees& trees) const;

  const std::shared_ptr<const model::Registers> registers_;
  const int64_t policy_version_;
  const disclosure::Rules rules_;
  const disclosure::AreaTree tree_;  // as the register says now
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_OUTCOME_PUBLISHER_H_
