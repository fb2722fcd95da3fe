#ifndef STEELYARD_SERVER_DISCLOSURE_REFINE_H_
#define STEELYARD_SERVER_DISCLOSURE_REFINE_H_

#include "server/disclosure/area_tree.h"
#include "server/disclosure/partition.h"
#include "server/disclosure/safety.h"
#include "server/disclosure/year_table.h"

namespace steelyard::disclosure {

// What a release would show, and how it came from the last one.
struct Evidence {
  const YearTable& after;
  const YearTable& before;
  const YearTable& movements;
};

// `released` as it reads with the areas and types of `tree`: those registered
// since had nothing in the atoms that they join.
Run Adopt(const AreaTree& tree, const Run& released);

// The finest partition found whose atoms are safe in `after`, and whose atoms
// give nothing away beside those of `released` (empty: nothing released). It
// refines `released`: where no split is allowed the released atoms stand as
// they are, safe or not.
YearPartition Refine(const AreaTree& tree, int year, const Evidence& evidence,
                     const YearPartition& released, const Rules& rules);

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_REFINE_H_
