#ifndef STEELYARD_SERVER_DISCLOSURE_PROVIDER_GROUPS_H_
#define STEELYARD_SERVER_DISCLOSURE_PROVIDER_GROUPS_H_

// Which providers' reports of a service and year are released together. Groups
// are disjoint, and each is a series of its own. docs/disclosure.md, "Figures
// of providers".

#include <compare>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "server/disclosure/safety.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::disclosure {

// Numbers are frozen on disk.
enum class GroupKind : uint8_t {
  kProvider = 1,     // one provider by itself
  kRestOfOwner = 2,  // what an owner owns beside those by themselves
  kRest = 3,         // everybody else
};

struct ProviderSet {
  GroupKind kind = GroupKind::kRest;
  model::ProviderNo provider;  // the provider or the owner; 0 for kRest
  friend auto operator<=>(const ProviderSet&, const ProviderSet&) = default;
};

// The group of a provider's reports of a quarter (its first month). An entry
// never changes: what was shown in one group is never shown in another.
using Assignments = absl::btree_map<std::pair<model::ProviderNo, model::Month>, ProviderSet>;

// All reports of a provider and a quarter.
struct ProviderReports {
  model::ProviderNo provider;
  model::Month quarter;     // first month
  model::ProviderNo owner;  // in the end, on the quarter's last day; itself if it has none
  std::vector<Contribution> contributions;
};

// `known` with every entry of `reports` added. Top down: an owner whose reports
// are safe together leaves the rest, and a provider whose reports are safe
// leaves its owner, if what stays there is safe or nothing; if it is not, the
// smallest that would leave stay until it is. Whoever has a group of its own in
// the year keeps it; what cannot stand goes to a group that is there, or waits
// in one until it is safe. Pure; the order of `reports` does not matter.
Assignments AssignGroups(const Assignments& known, std::span<const ProviderReports> reports,
                         const Rules& rules);

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_PROVIDER_GROUPS_H_
