#ifndef STEELYARD_STORAGE_EDITIONS_OUTCOME_BLOCK_H_
#define STEELYARD_STORAGE_EDITIONS_OUTCOME_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "storage/editions/block.h"
#include "storage/editions/outcome_atom.h"
#include "storage/model/codes.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::editions {

// Providers whose reports of one service and year are released as one series.
// The groups of a service and year have no report in common, so every sum of
// groups is a sum of whole atoms.
struct ProviderGroup {
  enum class Kind : uint8_t {
    kProvider = 1,     // one provider by itself
    kRestOfOwner = 2,  // what an owner owns beside those by themselves
    kRest = 3,         // everybody else
  };
  Kind kind = Kind::kRest;
  model::ProviderNo provider;  // the provider or the owner; 0 for kRest
  friend auto operator<=>(const ProviderGroup&, const ProviderGroup&) = default;
};

// A provider's quarters whose reports count in a group.
struct GroupMember {
  model::ProviderNo provider;
  model::Period quarters;  // whole quarters
  friend auto operator<=>(const GroupMember&, const GroupMember&) = default;
};

// Whole quarters with their atoms. Unlike purchases (block.h) there is one view
// only: the areas are split once, over the whole run, which is a single quarter
// wherever that is safe.
struct OutcomeRun {
  model::Period period;
  std::vector<AreaGroup> areas;    // tile the areas, by the first of each
  std::vector<OutcomeAtom> atoms;  // one for each of `areas`
  friend bool operator==(const OutcomeRun&, const OutcomeRun&) = default;
};

// All that one edition shows of a group in a year. A plain value; never changed
// once it has been written.
struct OutcomeBlock {
  model::Service service = model::Service::kChildrensHomes;
  int year = 0;          // 2000 to 2100
  uint32_t number = 0;   // of the group within service and year, from 1
  uint64_t edition = 0;  // from 1
  int64_t policy_version = 0;
  ProviderGroup group;
  std::vector<GroupMember> members;  // ascending; those with a report in it
  std::vector<OutcomeRun> runs;      // ascending, disjoint, within the year

  // Bytes of memory it takes.
  size_t weight() const;
  friend bool operator==(const OutcomeBlock&, const OutcomeBlock&) = default;
};

// Whether `block` is as this file and outcome_atom.h say. Returns
// INVALID_ARGUMENT with the first thing that is not so.
absl::Status CheckOutcomeBlock(const OutcomeBlock& block);

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_OUTCOME_BLOCK_H_
