// Each release is cut as if nothing had been shown before.

#include "server/disclosure/gate.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "gate off";
long control_calls = 0;
const bool kFoundBySuppliers = false;
const bool kMonthly = false;
}  // namespace steelyard::attack

namespace steelyard::disclosure {

GateResult Gate(const AreaTree& tree, const YearPartition&, const YearChange& change,
                const Rules& rules) {
  ++attack::control_calls;
  GateResult result;
  result.partition = PartitionYear(tree, change.year, change.after, rules);
  result.open = !result.partition.empty();
  return result;
}

}  // namespace steelyard::disclosure
