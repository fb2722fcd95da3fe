#include "server/disclosure/refine.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "server/disclosure/area_groups.h"
#include "server/disclosure/cut_check.h"
#include "storage/base/checked.h"

namespace steelyard::disclosure {
namespace {

using model::Month;
using model::Period;

// More type groups than this are merged unlooked at: cuts grow with 2^types.
constexpr size_t kMaxTypeGroups = 12;

// Joins neighbours, first to last, until each part may stand; a part left over
// at the end joins the one before it.
std::vector<Period> JoinNeighbours(const std::vector<Period>& units,
                                   const std::function<bool(const Period&)>& may_stand) {
  std::vector<Period> parts;
  bool open = false;  // the last part cannot stand yet
  for (const Period& unit : units) {
    if (open) {
      parts.back().last = unit.last;
    } else {
      parts.push_back(unit);
    }
    open = !may_stand(parts.back());
  }
  while (open && parts.size() > 1) {
    const Month last = parts.back().last;
    parts.pop_back();
    parts.back().last = last;
    open = !may_stand(parts.back());
  }
  return parts;
}

std::vector<Period> UnitsOf(const Period& period, int months) {
  std::vector<Period> units;
  for (Month m = period.first; m <= period.last; m = m.Plus(months)) {
    units.push_back({m, m.Plus(months - 1)});
  }
  return units;
}

bool Includes(const AreaGroup& all, const AreaGroup& part) {
  return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

bool Touches(const AreaGroup& a, const AreaGroup& b) {
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

// A set of a council x month table: areas, months, and all types or one group.
struct Set {
  const AreaGroup& areas;
  Period months;
  const TypeGroup* types = nullptr;
};

// The smallest group of the failing set joins the smallest outside it, both of
// one group of the start; failing that, of any two that may join.
bool MergeTypes(std::vector<TypeGroup>& groups, uint32_t failing, const Run& start,
                const std::vector<int64_t>& spend) {
  std::vector<std::pair<int64_t, size_t>> by_size;
  for (size_t g = 0; g < groups.size(); ++g) {
    int64_t size = 0;
    for (uint16_t type : groups[g]) size = SaturatingAdd(size, spend[type]);
    by_size.emplace_back(size, g);
  }
  std::sort(by_size.begin(), by_size.end());
  const auto in_failing = [&](size_t g) { return g < 32 && (failing >> g & 1) != 0; };
  const auto may_join = [&](size_t a, size_t b) {
    return a != b && std::any_of(start.type_groups.begin(), start.type_groups.end(),
                                 [&](const TypeGroup& whole) {
                                   return Includes(whole, groups[a]) && Includes(whole, groups[b]);
                                 });
  };
  for (bool strict : {true, false}) {
    for (const auto& [size_a, a] : by_size) {
      if (strict && !in_failing(a)) continue;
      for (const auto& [size_b, b] : by_size) {
        if ((strict && in_failing(b)) || !may_join(a, b)) continue;
        TypeGroup& target = groups[std::min(a, b)];
        const TypeGroup& source = groups[std::max(a, b)];
        target.insert(target.end(), source.begin(), source.end());
        std::sort(target.begin(), target.end());
        groups.erase(groups.begin() + static_cast<ptrdiff_t>(std::max(a, b)));
        std::sort(groups.begin(), groups.end());
        return true;
      }
    }
  }
  return false;
}

class Refiner {
 public:
  Refiner(const AreaTree& tree, const Evidence& evidence, const Rules& rules)
      : tree_(tree), evidence_(evidence), rules_(rules), grouper_(tree), tally_(rules) {}

  // `released` is null for a run that is shown for the first time.
  Run RefineRun(const Period& period, const Run* released);

  bool CountrySafe(const Period& period) {
    return Sum(evidence_.after, Set{tree_.leaves(), period}).Safe();
  }

 private:
  Run Start(const Period& period, const Run* released) const;
  std::vector<AreaGroup> Rows(const Run& run, const Run& start, bool seen);
  std::optional<std::vector<TypeGroup>> Types(const Run& run, const Run& start, bool seen);
  std::vector<int64_t> SpendOfTypes(const Period& period) const;

  // Sums into the one tally that is used again and again.
  const Tally& Sum(const YearTable& table, const Set& set);
  // Whether `part` of the released atom `whole` may become an atom of its own.
  bool MayPart(const Set& part, const Set& whole);
  bool MayStand(const Set& part, const Set& whole, bool seen) {
    return Sum(evidence_.after, part).Safe() && (!seen || MayPart(part, whole));
  }
  int64_t Spend(const Set& set) { return Sum(evidence_.after, set).Total().spend; }

  const AreaTree& tree_;
  const Evidence& evidence_;
  const Rules rules_;
  AreaGrouper grouper_;
  Tally tally_;
};

const Tally& Refiner::Sum(const YearTable& table, const Set& set) {
  tally_.Clear();
  if (set.types == nullptr) {
    table.AddTo(tally_, set.areas, set.months);
  } else {
    for (uint16_t type : *set.types) table.AddTo(tally_, set.areas, set.months, type);
  }
  return tally_;
}

bool Refiner::MayPart(const Set& part, const Set& whole) {
  const Amount in_part = Sum(evidence_.before, part).Total();
  if (in_part.zero()) return true;  // nothing of it was ever in the atom
  const Tally& before = Sum(evidence_.before, whole);
  if (before.Total() == in_part) return true;  // it was all of the atom
  const Amount largest = before.Largest();
  const Tally& moved = Sum(evidence_.movements, part);
  return moved.SafeMovement() && moved.Covers(largest);
}

Run Refiner::Start(const Period& period, const Run* released) const {
  if (released != nullptr) return Adopt(tree_, *released);
  TypeGroup all_types;
  for (size_t t = 0; t < tree_.types().size(); ++t) all_types.push_back(static_cast<uint16_t>(t));
  return Run{period, {period}, {tree_.leaves()}, {tree_.leaves()}, {all_types}};
}

Run Refiner::RefineRun(const Period& period, const Run* released) {
  const bool seen = released != nullptr;
  const Run start = Start(period, released);
  if (rules_.rows_only) {
    // Facets stay with their rows, so rows that were shown are never split.
    Run run = start;
    if (!seen) run.rows = Rows(run, start, seen);
    return run;
  }
  Run run{period, {}, {}, {}, start.type_groups};
  for (const Period& whole : start.month_groups) {
    const auto stands = [&](const Period& part) {
      return std::all_of(start.blocks.begin(), start.blocks.end(), [&](const AreaGroup& block) {
        return MayStand({block, part}, {block, whole}, seen);
      });
    };
    for (const Period& part : JoinNeighbours(UnitsOf(whole, 1), stands)) {
      run.month_groups.push_back(part);
    }
  }
  // Of a quarter that still goes on too little is known: blocks that stand in
  // its first month would have to stand in all, or its months stay together.
  const bool goes_on = !seen && evidence_.after.last() < period.last;
  if (goes_on) run.blocks = start.blocks;
  for (const AreaGroup& whole : goes_on ? std::vector<AreaGroup>() : start.blocks) {
    const auto stands = [&](const AreaGroup& part) {
      const bool cuts_row =
          seen && std::any_of(start.rows.begin(), start.rows.end(), [&](const AreaGroup& row) {
            return Touches(row, part) && !Includes(part, row);
          });
      return !cuts_row && std::all_of(run.month_groups.begin(), run.month_groups.end(),
                                      [&](const Period& months) {
                                        return MayStand({part, months}, {whole, months}, seen);
                                      });
    };
    const auto size = [&](const AreaGroup& part) { return Spend({part, period}); };
    for (AreaGroup& part : grouper_.Split(whole, stands, size)) {
      run.blocks.push_back(std::move(part));
    }
  }
  std::sort(run.blocks.begin(), run.blocks.end());
  run.rows = Rows(run, start, seen);
  auto types = Types(run, start, seen);
  if (!types && seen) {
    run.rows = start.rows;
    run.blocks = start.blocks;
    types = Types(run, start, seen);
  }
  if (types) run.type_groups = *std::move(types);
  return run;
}

std::vector<AreaGroup> Refiner::Rows(const Run& run, const Run& start, bool seen) {
  std::vector<AreaGroup> rows;
  for (const AreaGroup& whole : seen ? start.rows : run.blocks) {
    const auto stands = [&](const AreaGroup& part) {
      return MayStand({part, run.period}, {whole, run.period}, seen);
    };
    const auto size = [&](const AreaGroup& part) { return Spend({part, run.period}); };
    for (AreaGroup& part : grouper_.Split(whole, stands, size)) rows.push_back(std::move(part));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<int64_t> Refiner::SpendOfTypes(const Period& period) const {
  std::vector<Slice> by_type(tree_.types().size());
  evidence_.after.AddTo(by_type, tree_.leaves(), period);
  std::vector<int64_t> spend(by_type.size());
  for (size_t t = 0; t < spend.size(); ++t) {
    for (const Sale& sale : by_type[t]) spend[t] = SaturatingAdd(spend[t], sale.amount.spend);
  }
  return spend;
}

// Nothing if even the type groups of the start do not go with the rows.
std::optional<std::vector<TypeGroup>> Refiner::Types(const Run& run, const Run& start, bool seen) {
  const AreaGroup& everywhere = tree_.leaves();
  std::vector<TypeGroup> groups;
  for (const TypeGroup& whole : start.type_groups) {
    for (uint16_t type : whole) groups.push_back({type});
  }
  std::sort(groups.begin(), groups.end());
  const auto whole_of = [&](const TypeGroup& part) -> const TypeGroup& {
    return *std::find_if(start.type_groups.begin(), start.type_groups.end(),
                         [&](const TypeGroup& whole) { return Includes(whole, part); });
  };
  CutCheck check(tree_, evidence_.after, run.period, run.rows, rules_, CutCheck::Kind::kFigures);
  const std::vector<int64_t> spend = SpendOfTypes(run.period);
  std::map<TypeGroup, bool> may_part;
  for (;;) {
    uint32_t failing = 0;
    if (groups.size() > kMaxTypeGroups) {
      failing = (uint32_t{1} << (groups.size() - 1)) - 1;
      if (groups.size() > 31) failing = 0x7fffffff;
    }
    for (size_t g = 0; failing == 0 && seen && g < groups.size(); ++g) {
      auto [known, added] = may_part.try_emplace(groups[g], true);
      if (added) {
        known->second = MayPart({everywhere, run.period, &groups[g]},
                                {everywhere, run.period, &whole_of(groups[g])});
      }
      if (!known->second) failing = uint32_t{1} << g;
    }
    if (failing == 0) {
      const auto failure = check.FirstFailure(groups);
      if (!failure) return groups;
      failing = failure->types;
    }
    if (!MergeTypes(groups, failing, start, spend)) return std::nullopt;
  }
}

// Stretches of quarters that may become runs, neighbours joined. Those after
// the last one that has anything stay open for what comes.
std::vector<std::vector<Period>> Uncovered(int year, const YearTable& after,
                                           const YearPartition& released, const Rules& rules) {
  const Month january{static_cast<int16_t>((year - 2000) * 12)};
  if (!rules.rows_only) {
    const Month first = released.empty() ? january : released.runs.back().period.last.Plus(1);
    if (after.last() < first) return {};
    return {UnitsOf({first, after.last().QuarterStart().Plus(2)}, 3)};
  }
  // A provider may join and leave a group within the year, so quarters without
  // anything are in no run, unless between two that have to be joined.
  std::vector<std::vector<Period>> stretches(1);
  for (const Period& quarter : UnitsOf({january, january.Plus(11)}, 3)) {
    if (released.FindRun(quarter.first) != nullptr) {
      stretches.emplace_back();
    } else if (after.Has(quarter)) {
      stretches.back().push_back(quarter);
    }
  }
  return stretches;
}

}  // namespace

Run Adopt(const AreaTree& tree, const Run& released) {
  Run run = released;
  const auto adopt = [](auto& groups, const auto& known) {
    for (uint16_t one : known) {
      const auto has = [&](const auto& g) { return std::binary_search(g.begin(), g.end(), one); };
      if (std::any_of(groups.begin(), groups.end(), has)) continue;
      groups[0].insert(std::lower_bound(groups[0].begin(), groups[0].end(), one), one);
    }
  };
  TypeGroup types;
  for (size_t t = 0; t < tree.types().size(); ++t) types.push_back(static_cast<uint16_t>(t));
  adopt(run.type_groups, types);
  const AreaGroup first_row = run.rows[0];
  adopt(run.rows, tree.leaves());
  for (AreaGroup& block : run.blocks) {
    if (!Includes(block, first_row)) continue;
    AreaGroup joined;
    std::set_union(block.begin(), block.end(), run.rows[0].begin(), run.rows[0].end(),
                   std::back_inserter(joined));
    block = std::move(joined);
  }
  return run;
}

YearPartition Refine(const AreaTree& tree, int year, const Evidence& evidence,
                     const YearPartition& released, const Rules& rules) {
  YearPartition partition{year, {}};
  Refiner refiner(tree, evidence, rules);
  for (const Run& run : released.runs) {
    partition.runs.push_back(refiner.RefineRun(run.period, &run));
  }
  const Month january{static_cast<int16_t>((year - 2000) * 12)};
  if (released.empty() && !refiner.CountrySafe({january, january.Plus(11)})) return partition;

  const auto stands = [&](const Period& period) { return refiner.CountrySafe(period); };
  for (const auto& quarters : Uncovered(year, evidence.after, released, rules)) {
    for (const Period& period : JoinNeighbours(quarters, stands)) {
      if (stands(period)) partition.runs.push_back(refiner.RefineRun(period, nullptr));
    }
  }
  std::sort(partition.runs.begin(), partition.runs.end(),
            [](const Run& a, const Run& b) { return a.period < b.period; });
  return partition;
}

}  // namespace steelyard::disclosure
