#include "server/disclosure/gate.h"

#include <set>

#include "server/disclosure/cut_check.h"
#include "server/disclosure/refine.h"
#include "server/disclosure/year_table.h"

namespace steelyard::disclosure {
namespace {

using model::Month;
using model::Period;

// Looks through the atoms of partitions for what must not be released, and
// gathers the movements behind it.
class Inspector {
 public:
  Inspector(const AreaTree& tree, const YearTable& movements, const Rules& rules)
      : tree_(tree), movements_(movements), rules_(rules) {}

  // Checks every atom of `run` in `table`: figures or movements.
  void Inspect(const Run& run, const YearTable& table, CutCheck::Kind kind) {
    for (const AreaGroup& block : run.blocks) {
      for (const Period& months : run.month_groups) InspectAtom(block, months, table, kind);
    }
    for (const AreaGroup& row : run.rows) InspectAtom(row, run.period, table, kind);
    if (run.type_groups.size() < 2) return;
    CutCheck check(tree_, table, run.period, run.rows, rules_, kind);
    const auto failure = check.FirstFailure(run.type_groups);
    if (!failure) return;
    clean_ = false;
    for (size_t row : failure->rows) {
      for (size_t g = 0; g < run.type_groups.size(); ++g) {
        if ((failure->bad >> g & 1) == 0) continue;
        for (uint16_t type : run.type_groups[g]) Defer(run.rows[row], run.period, type);
      }
    }
  }

  bool clean() const { return clean_; }
  std::vector<MonthArea> deferred() const { return {deferred_.begin(), deferred_.end()}; }

 private:
  void InspectAtom(const AreaGroup& areas, const Period& months, const YearTable& table,
                   CutCheck::Kind kind) {
    Tally tally(rules_);
    table.AddTo(tally, areas, months);
    const bool good =
        kind == CutCheck::Kind::kMovements ? tally.empty() || tally.SafeMovement() : tally.Safe();
    if (good) return;
    clean_ = false;
    Defer(areas, months, -1);
  }

  void Defer(const AreaGroup& areas, const Period& months, int type) {
    for (uint16_t area : areas) {
      for (Month m = months.first; m <= months.last; m = m.Plus(1)) {
        if (movements_.Has(m, area, type)) deferred_.insert({m, area});
      }
    }
  }

  const AreaTree& tree_;
  const YearTable& movements_;
  const Rules rules_;
  bool clean_ = true;
  std::set<MonthArea> deferred_;
};

}  // namespace

GateResult Gate(const AreaTree& tree, const YearPartition& released, const YearChange& change,
                const Rules& rules) {
  const YearTable after(tree, change.year, change.after);
  const YearTable before(tree, change.year, change.before);
  const YearTable movements(tree, change.year, change.movements);
  GateResult result;
  result.partition = Refine(tree, change.year, Evidence{after, before, movements}, released, rules);
  Inspector inspector(tree, movements, rules);
  // Runs that are new are safe as they were made. One that was shown stands
  // even if it no longer is, and then its movements must wait.
  for (const Run& run : released.runs) {
    inspector.Inspect(*result.partition.FindRun(run.period.first), after, CutCheck::Kind::kFigures);
    inspector.Inspect(run, movements, CutCheck::Kind::kMovements);
  }
  result.open = !result.partition.empty() && inspector.clean();
  if (!result.open) result.defer = inspector.deferred();
  return result;
}

}  // namespace steelyard::disclosure
