// What moved is looked at in the atoms that were shown, not in the parts of them
// of which everybody knows that the rest was empty.

#include <algorithm>
#include <set>

#include "server/disclosure/gate.h"
#include "server/disclosure/refine.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "parts of atoms not looked at";
long control_calls = 0;
const bool kFoundBySuppliers = false;
const bool kMonthly = true;
}  // namespace steelyard::attack

namespace steelyard::disclosure {

GateResult Gate(const AreaTree& tree, const YearPartition& released, const YearChange& change,
                const Rules& rules) {
  ++attack::control_calls;
  const YearTable after(tree, change.year, change.after);
  const YearTable before(tree, change.year, change.before);
  const YearTable movements(tree, change.year, change.movements);
  GateResult result;
  result.partition = Refine(tree, change.year, {after, before, movements}, released, rules);
  std::set<MonthArea> deferred;
  const auto look = [&](const AreaGroup& areas, const model::Period& months) {
    Tally moved(rules);
    movements.AddTo(moved, areas, months);
    if (moved.empty() || moved.SafeMovement()) return;
    for (const Contribution& c : change.movements) {
      const bool inside = std::binary_search(areas.begin(), areas.end(), c.area);
      if (inside && months.Contains(c.month)) deferred.insert({c.month, c.area});
    }
  };
  for (const Run& run : released.runs) {
    for (const AreaGroup& block : run.blocks) {
      for (const model::Period& months : run.month_groups) look(block, months);
    }
    for (const AreaGroup& row : run.rows) look(row, run.period);
  }
  result.defer.assign(deferred.begin(), deferred.end());
  result.open = !result.partition.empty() && result.defer.empty();
  return result;
}

}  // namespace steelyard::disclosure
