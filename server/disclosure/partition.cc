#include "server/disclosure/partition.h"

#include "server/disclosure/refine.h"
#include "server/disclosure/year_table.h"

namespace steelyard::disclosure {

const Run* YearPartition::FindRun(model::Month month) const {
  for (const Run& run : runs) {
    if (run.period.Contains(month)) return &run;
  }
  return nullptr;
}

YearPartition PartitionYear(const AreaTree& tree, int year,
                            std::span<const Contribution> contributions, const Rules& rules) {
  const YearTable after(tree, year, contributions);
  const YearTable none(tree, year, {});
  return Refine(tree, year, Evidence{after, none, none}, YearPartition{year, {}}, rules);
}

}  // namespace steelyard::disclosure
