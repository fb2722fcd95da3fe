#ifndef STEELYARD_SERVER_DISCLOSURE_PARTITION_H_
#define STEELYARD_SERVER_DISCLOSURE_PARTITION_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/safety.h"
#include "storage/model/policy.h"
#include "storage/model/time.h"

namespace steelyard::disclosure {

// Leaf areas, ascending.
using AreaGroup = std::vector<uint16_t>;
// Indices into AreaTree::types(), ascending.
using TypeGroup = std::vector<uint16_t>;

// Whole quarters that are cut up alike. The released atoms of a run are
//   cells        block x month group
//   rows         row x run
//   type groups  type group x run
// and every figure that is shown is a function of whole atoms of one kind.
struct Run {
  model::Period period;
  std::vector<model::Period> month_groups;  // tile `period`, in order
  std::vector<AreaGroup> blocks;            // tile the leaves, by first leaf
  std::vector<AreaGroup> rows;              // each inside one block, by first leaf
  std::vector<TypeGroup> type_groups;       // tile the types; one group: no type view
  friend bool operator==(const Run&, const Run&) = default;
};

// Which figures of one series (product, currency) of one year may be shown.
// Runs are disjoint and in order. A month in no run is not shown (yet).
struct YearPartition {
  int year = 0;
  std::vector<Run> runs;
  bool empty() const { return runs.empty(); }
  const Run* FindRun(model::Month month) const;
  friend bool operator==(const YearPartition&, const YearPartition&) = default;
};

// The partition of a year of which nothing has been released. Contributions
// outside `year` or the register are left out. Deterministic: does not depend
// on the order of `contributions`. Empty if the year as a whole is not safe.
// docs/disclosure.md has the argument.
YearPartition PartitionYear(const AreaTree& tree, int year,
                            std::span<const Contribution> contributions, const Rules& rules);

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_PARTITION_H_
