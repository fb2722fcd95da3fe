#ifndef STEELYARD_SERVER_DISCLOSURE_GATE_H_
#define STEELYARD_SERVER_DISCLOSURE_GATE_H_

// The release gate: what may be shown next, given what has been shown.
//
//   for (;;) {
//     GateResult result = Gate(tree, released, {year, before, after, movements}, rules);
//     if (result.open) return Publish(result.partition);
//     if (result.defer.empty()) return KeepWhatIsReleased();
//     // put those months and areas back to what is released, compute `after`
//     // and `movements` anew
//   }

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/partition.h"
#include "server/disclosure/safety.h"

namespace steelyard::disclosure {

// All lines of one leaf area in one month.
struct MonthArea {
  model::Month month;
  uint16_t area = 0;
  friend auto operator<=>(const MonthArea&, const MonthArea&) = default;
};

struct GateResult {
  // `partition` may be released with the values of `after`.
  bool open = false;
  YearPartition partition;
  // If not open: what must wait, sorted. Each has a movement in it, so asking
  // again without them ends. Empty: nothing can be released now.
  std::vector<MonthArea> defer;
};

// One year of a series.
struct YearChange {
  int year = 0;
  // What the last release was made of; empty if nothing was.
  std::span<const Contribution> before;
  // What this release would be made of.
  std::span<const Contribution> after;
  // Per contributor and so on: sum over lines of |new - old|, so that +10 and
  // -10 do not cancel; a line that is new, withdrawn or moved to another month,
  // product or supplier moves whole on either side. `lines` counts lines moved.
  std::span<const Contribution> movements;
};

// Decides whether `change` may be released. `released` is the partition of the
// last release (empty: none). The result's partition only ever refines it: runs
// stay, month groups, blocks, rows and type groups may split where docs/
// disclosure.md allows it, and later quarters are added.
GateResult Gate(const AreaTree& tree, const YearPartition& released, const YearChange& change,
                const Rules& rules);

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_GATE_H_
