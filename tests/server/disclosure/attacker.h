#ifndef STEELYARD_TESTS_SERVER_DISCLOSURE_ATTACKER_H_
#define STEELYARD_TESTS_SERVER_DISCLOSURE_ATTACKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/partition.h"
#include "server/disclosure/safety.h"

namespace steelyard::disclosure::testing {

// One release: how it was cut up, and what it was made of.
struct Release {
  YearPartition partition;
  std::vector<Contribution> contributions;
};

// Turns all released atoms into linear equations over what every registered
// council might have bought (>= 0), and bounds each council's value by linear
// programming: as an outsider, as every council, and as `pairs` pairs of them
// (every pair if there are no more). Of two releases it also assumes that nothing was taken back
// between them.
//
// Returns one line for every bound that comes closer than p% to the truth;
// stops at the tenth. `measure` picks spend or units.
std::vector<std::string> Attack(const AreaTree& tree, const std::vector<Release>& releases,
                                int p_percent, int64_t Contribution::*measure,
                                size_t pairs = SIZE_MAX);

// The same by a supplier group, which knows its own sales: bounded is what each
// council bought from the others.
std::vector<std::string> AttackAsSupplier(const AreaTree& tree,
                                          const std::vector<Release>& releases, uint32_t supplier,
                                          int p_percent, int64_t Contribution::*measure);

}  // namespace steelyard::disclosure::testing

#endif  // STEELYARD_TESTS_SERVER_DISCLOSURE_ATTACKER_H_
