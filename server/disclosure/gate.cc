#include "server/disclosure/gate.h"

#include <algorithm>
#include <set>

#include "server/disclosure/cut_check.h"
#include "server/disclosure/refine.h"
#include "server/disclosure/year_table.h"

namespace steelyard::disclosure {
namespace {

using model::Month;
using model::Period;

bool Includes(const std::vector<uint16_t>& all, const std::vector<uint16_t>& part) {
  return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

bool Includes(const Period& all, const Period& part) {
  return all.first <= part.first && part.last <= all.last;
}

// Looks through the atoms of partitions for what must not be released, and
// gathers the movements behind it.
class Inspector {
 public:
  Inspector(const AreaTree& tree, const YearTable& after, const YearTable& before,
            const YearTable& movements, const Rules& rules)
      : tree_(tree), after_(after), before_(before), movements_(movements), rules_(rules) {}

  // Checks the figures of `run`.
  void InspectFigures(const Run& run) {
    Tally tally(rules_);
    ForEachAtom(run, [&](const Cells& atom) {
      tally.Clear();
      after_.AddTo(tally, atom.areas, atom.months);
      if (!tally.Safe()) Fail({atom});
    });
    InspectCuts(run, after_, CutCheck::Kind::kFigures);
  }

  // Checks what the figures of `run` tell of how those of `shown` moved. Who
  // knows that a part had nothing (a month to come, an area without councils)
  // takes it out, and has the movement of what is left of the atom.
  void InspectMovements(const Run& shown, const Run& run) {
    Tally tally(rules_);
    ForEachAtom(shown, [&](const Cells& whole) {
      std::vector<Cells> had;
      tally.Clear();
      const auto look = [&](const Cells& part) {
        if (!Includes(whole.areas, part.areas) || !Includes(whole.months, part.months)) return;
        if (!Had(part)) return;
        had.push_back(part);
        movements_.AddTo(tally, part.areas, part.months);
      };
      if (whole.is_row) {
        for (const AreaGroup& row : run.rows) look({row, run.period, true});
      } else {
        ForEachCell(run, look);
      }
      if (!tally.empty() && !tally.SafeMovement()) Fail(had);
    });
    InspectCuts(Known(shown, run), movements_, CutCheck::Kind::kMovements);
  }

  bool clean() const { return clean_; }
  std::vector<MonthArea> deferred() const { return {deferred_.begin(), deferred_.end()}; }

 private:
  struct Cells {
    const AreaGroup& areas;
    Period months;
    bool is_row = false;
  };

  template <typename Do>
  static void ForEachCell(const Run& run, Do act) {
    for (const AreaGroup& block : run.blocks) {
      for (const Period& months : run.month_groups) act(Cells{block, months});
    }
  }
  template <typename Do>
  static void ForEachAtom(const Run& run, Do act) {
    ForEachCell(run, act);
    for (const AreaGroup& row : run.rows) act(Cells{row, run.period, true});
  }

  // Whether any of it was in the last release.
  bool Had(const Cells& part) const {
    Tally tally(rules_);
    before_.AddTo(tally, part.areas, part.months);
    return !tally.empty();
  }
  bool HadType(const Period& months, const TypeGroup& types) const {
    Tally tally(rules_);
    for (uint16_t type : types) before_.AddTo(tally, tree_.leaves(), months, type);
    return !tally.empty();
  }

  // The margins whose movements are known: parts that had nothing by
  // themselves, the others of a released atom together.
  Run Known(const Run& shown, const Run& run) const {
    Run known{run.period, {}, {}, {}, {}};
    const auto split = [](const auto& wholes, const auto& parts, auto had, auto& groups) {
      for (const auto& whole : wholes) {
        std::vector<uint16_t> rest;
        for (const auto& part : parts) {
          if (!Includes(whole, part)) continue;
          if (had(part)) {
            rest.insert(rest.end(), part.begin(), part.end());
          } else {
            groups.push_back(part);
          }
        }
        std::sort(rest.begin(), rest.end());
        if (!rest.empty()) groups.push_back(std::move(rest));
      }
    };
    split(
        shown.rows, run.rows,
        [&](const AreaGroup& row) {
          return Had({row, run.period});
        },
        known.rows);
    split(
        shown.type_groups, run.type_groups,
        [&](const TypeGroup& types) { return HadType(run.period, types); }, known.type_groups);
    return known;
  }

  void InspectCuts(const Run& run, const YearTable& table, CutCheck::Kind kind) {
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

  void Fail(const std::vector<Cells>& parts) {
    clean_ = false;
    for (const Cells& part : parts) Defer(part.areas, part.months, -1);
  }

  void Defer(const AreaGroup& areas, const Period& months, int type) {
    for (uint16_t area : areas) {
      for (Month m = months.first; m <= months.last; m = m.Plus(1)) {
        if (movements_.Has(m, area, type)) deferred_.insert({m, area});
      }
    }
  }

  const AreaTree& tree_;
  const YearTable& after_;
  const YearTable& before_;
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
  Inspector inspector(tree, after, before, movements, rules);
  // Runs that are new are safe as they were made. One that was shown stands
  // even if it no longer is, and then its movements must wait.
  for (const Run& run : released.runs) {
    const Run& now = *result.partition.FindRun(run.period.first);
    inspector.InspectFigures(now);
    inspector.InspectMovements(Adopt(tree, run), now);
  }
  result.open = !result.partition.empty() && inspector.clean();
  if (!result.open) result.defer = inspector.deferred();
  return result;
}

}  // namespace steelyard::disclosure
