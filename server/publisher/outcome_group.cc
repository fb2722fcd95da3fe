#include "server/publisher/outcome_group.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "server/disclosure/gate.h"
#include "server/publisher/outcome_facets.h"
#include "server/publisher/placing.h"

namespace steelyard::publisher {
namespace {

using disclosure::Contribution;
using disclosure::MonthArea;
using editions::FacetSet;
using editions::kFacetCount;
using ledger::Admitted;
using ledger::OutcomeAdmitted;

// A version of a report is known by its council, number and quarter: one that was
// moved to another quarter may be shown in both while one of them waits.
using LineKey = std::tuple<uint16_t, uint32_t, int16_t>;

LineKey KeyOf(const OutcomeEntry& e) {
  return {e.dated->fact.council.value, e.dated->fact.line.value, e.contribution.month.number};
}

MonthArea CellOf(const OutcomeEntry& e) { return {e.contribution.month, e.contribution.area}; }

Admitted::Cell AdmittedCellOf(const OutcomeEntry& e) {
  return {e.contribution.month, {e.contribution.area}};
}

class GroupPublisher {
 public:
  GroupPublisher(const disclosure::AreaTree& tree, const disclosure::Rules& rules,
                 const OutcomeGroupInput& input)
      : tree_(tree), rules_(rules), input_(input), judge_(rules) {
    if (input.admitted != nullptr) before_ = *input.admitted;
  }

  std::optional<OutcomeGroupRelease> Publish(int64_t policy_version, bool always);

 private:
  using Row = std::vector<const OutcomeEntry*>;
  // Which facets of a row are shown as of this release, and which as they were.
  struct RowFacets {
    FacetSet current;
    FacetSet kept;
  };

  bool StandsAfter(const OutcomeEntry& e) const {
    return deferred_.contains(CellOf(e)) ? e.was : e.is;
  }
  bool StoodInFacet(size_t facet, const OutcomeEntry& e) const {
    return e.dated->StoodAt(before_.Of(static_cast<uint8_t>(facet), AdmittedCellOf(e)));
  }

  disclosure::YearPartition ReleasedPartition() const;
  std::vector<Contribution> Movements() const;
  disclosure::GateResult Decide();
  // Moves `after_` to what is shown from now on; whether it moved.
  bool Admit(const disclosure::YearPartition& partition);

  editions::OutcomeRun BuildRun(const disclosure::Run& run);
  std::vector<ReportChange> Changes(const Row& row, size_t facet) const;
  RowFacets Judge(const Row& row, const FacetSet& shown);
  // Remembers how far the kept facets are.
  void Keep(const Row& row, const FacetSet& kept);
  editions::OutcomeAtom BuildAtom(const Row& row, const RowFacets& facets) const;
  std::vector<editions::GroupMember> Members(const disclosure::YearPartition& partition) const;

  const disclosure::AreaTree& tree_;
  const disclosure::Rules& rules_;
  const OutcomeGroupInput& input_;
  FacetJudge judge_;
  OutcomeAdmitted before_;
  OutcomeAdmitted after_;
  absl::btree_set<MonthArea> deferred_;
};

disclosure::YearPartition GroupPublisher::ReleasedPartition() const {
  disclosure::YearPartition partition{input_.year.year, {}};
  if (input_.released == nullptr) return partition;
  disclosure::TypeGroup types;
  for (size_t t = 0; t < tree_.types().size(); ++t) types.push_back(static_cast<uint16_t>(t));
  for (const editions::OutcomeRun& shown : input_.released->runs) {
    disclosure::Run run{shown.period, {shown.period}, {tree_.leaves()}, {}, {types}};
    for (const editions::AreaGroup& group : shown.areas) {
      disclosure::AreaGroup& row = run.rows.emplace_back();
      for (model::AreaNo area : group) row.push_back(area.value);
    }
    partition.runs.push_back(std::move(run));
  }
  return partition;
}

// A change of a report moves by its difference, anything else whole.
std::vector<Contribution> GroupPublisher::Movements() const {
  std::vector<Contribution> movements;
  absl::flat_hash_map<LineKey, const Contribution*> gone;
  for (const OutcomeEntry& e : input_.entries) {
    if (e.was && !StandsAfter(e)) gone[KeyOf(e)] = &e.contribution;
  }
  for (const OutcomeEntry& e : input_.entries) {
    if (e.was || !StandsAfter(e)) continue;
    Contribution moved = e.contribution;
    const auto it = gone.find(KeyOf(e));
    if (it != gone.end() && it->second->month == moved.month && it->second->area == moved.area) {
      moved.units = std::abs(moved.units - it->second->units);
      gone.erase(it);
    }
    movements.push_back(moved);
  }
  for (const auto& [line, contribution] : gone) movements.push_back(*contribution);
  return movements;
}

disclosure::GateResult GroupPublisher::Decide() {
  const disclosure::YearPartition released = ReleasedPartition();
  while (true) {
    std::vector<Contribution> before;
    std::vector<Contribution> after;
    for (const OutcomeEntry& e : input_.entries) {
      if (e.was) before.push_back(e.contribution);
      if (StandsAfter(e)) after.push_back(e.contribution);
    }
    disclosure::GateResult result =
        disclosure::Gate(tree_, released, {input_.year.year, before, after, Movements()}, rules_);
    if (result.open || result.defer.empty()) return result;
    deferred_.insert(result.defer.begin(), result.defer.end());
  }
}

bool GroupPublisher::Admit(const disclosure::YearPartition& partition) {
  after_.sums = before_.sums;
  bool changed = false;
  for (const OutcomeEntry& e : input_.entries) {
    if (e.was == e.is || deferred_.contains(CellOf(e))) continue;
    if (partition.FindRun(e.contribution.month) == nullptr) continue;
    after_.sums.cells[AdmittedCellOf(e)] = input_.sequence;
    changed = true;
  }
  return changed;
}

// What changes in a facet of the row against how it is shown.
std::vector<ReportChange> GroupPublisher::Changes(const Row& row, size_t facet) const {
  std::vector<ReportChange> changes;
  absl::flat_hash_map<LineKey, size_t> at;
  for (const OutcomeEntry* e : row) {
    const bool stood = StoodInFacet(facet, *e);
    const bool stands = StandsAfter(*e);
    if (stood == stands) continue;
    const auto [it, added] = at.try_emplace(KeyOf(*e), changes.size());
    if (added) changes.push_back({nullptr, nullptr, e->contribution.group});
    ReportChange& change = changes[it->second];
    (stood ? change.before : change.after) = &e->dated->fact;
  }
  return changes;
}

GroupPublisher::RowFacets GroupPublisher::Judge(const Row& row, const FacetSet& shown) {
  std::vector<AtomReport> reports;
  for (const OutcomeEntry* e : row) {
    if (StandsAfter(*e)) reports.push_back({&e->dated->fact, e->contribution.group});
  }
  RowFacets facets;
  for (size_t f = 0; f < kFacetCount; ++f) {
    if (!shown[f]) {
      facets.current[f] = judge_.Safe(f, reports);
      continue;
    }
    // A facet that was shown is never taken back, or it could come again with
    // a difference that nobody looked at: it moves on, or stays as it was.
    const std::vector<ReportChange> changes = Changes(row, f);
    const bool moves = FacetJudge::Unmoved(f, changes) ||
                       (judge_.SafeMovement(f, changes) && judge_.Safe(f, reports));
    facets.current[f] = moves;
    facets.kept[f] = !moves;
  }
  return facets;
}

void GroupPublisher::Keep(const Row& row, const FacetSet& kept) {
  for (size_t f = 0; f < kFacetCount; ++f) {
    if (!kept[f]) continue;
    const auto facet = static_cast<uint8_t>(f);
    for (const OutcomeEntry* e : row) {
      const Admitted::Cell cell = AdmittedCellOf(*e);
      const uint64_t stood = before_.Of(facet, cell);
      if (stood != after_.sums.Of(cell.month, cell.area)) after_.facets[facet].cells[cell] = stood;
    }
  }
}

editions::OutcomeAtom GroupPublisher::BuildAtom(const Row& row, const RowFacets& facets) const {
  editions::OutcomeAtomBuilder builder;
  for (const OutcomeEntry* e : row) {
    FacetSet counts;
    for (size_t f = 0; facets.kept.any() && f < kFacetCount; ++f) {
      counts[f] = facets.kept[f] && StoodInFacet(f, *e);
    }
    if (StandsAfter(*e)) {
      builder.Add(e->dated->fact, facets.current | counts);
    } else if (counts.any()) {
      builder.AddToFacets(e->dated->fact, counts);
    }
  }
  return builder.Build();
}

editions::OutcomeRun GroupPublisher::BuildRun(const disclosure::Run& run) {
  editions::OutcomeRun built;
  built.period = run.period;
  const editions::OutcomeRun* shown = nullptr;
  for (size_t i = 0; input_.released != nullptr && i < input_.released->runs.size(); ++i) {
    if (input_.released->runs[i].period == run.period) shown = &input_.released->runs[i];
  }
  std::vector<Row> rows(run.rows.size());
  for (const OutcomeEntry& e : input_.entries) {
    if (!run.period.Contains(e.contribution.month)) continue;
    for (size_t r = 0; r < rows.size(); ++r) {
      const disclosure::AreaGroup& areas = run.rows[r];
      if (std::binary_search(areas.begin(), areas.end(), e.contribution.area)) {
        rows[r].push_back(&e);
      }
    }
  }
  for (size_t r = 0; r < rows.size(); ++r) {
    editions::AreaGroup& areas = built.areas.emplace_back();
    for (uint16_t area : run.rows[r]) areas.push_back(model::AreaNo{area});
    // Rows that were shown are never split, so they keep their places.
    const RowFacets facets =
        Judge(rows[r], shown != nullptr ? shown->atoms[r].facets() : FacetSet());
    Keep(rows[r], facets.kept);
    built.atoms.push_back(BuildAtom(rows[r], facets));
  }
  return built;
}

std::vector<editions::GroupMember> GroupPublisher::Members(
    const disclosure::YearPartition& partition) const {
  absl::btree_set<std::pair<model::ProviderNo, model::Month>> with_reports;
  for (const OutcomeEntry& e : input_.entries) {
    if (!StandsAfter(e) || partition.FindRun(e.contribution.month) == nullptr) continue;
    with_reports.emplace(e.dated->fact.provider, e.contribution.month);
  }
  std::vector<editions::GroupMember> members;
  for (const auto& [provider, quarter] : with_reports) {
    if (!members.empty() && members.back().provider == provider &&
        members.back().quarters.last.Plus(1) == quarter) {
      members.back().quarters.last = quarter.Plus(2);
    } else {
      members.push_back({provider, {quarter, quarter.Plus(2)}});
    }
  }
  return members;
}

std::optional<OutcomeGroupRelease> GroupPublisher::Publish(int64_t policy_version, bool always) {
  // No release can move by fewer councils than the policy asks for.
  absl::btree_set<uint32_t> moved;
  for (const OutcomeEntry& e : input_.entries) {
    if (e.was != e.is) moved.insert(e.contribution.group);
  }
  const bool enough = moved.size() >= static_cast<size_t>(rules_.min_councils);
  const bool renew = always && input_.released != nullptr;
  if (!enough && !renew) return std::nullopt;
  if (!enough) {
    for (const OutcomeEntry& e : input_.entries) deferred_.insert(CellOf(e));
  }
  const disclosure::GateResult decision = Decide();
  if (!decision.open || decision.partition.empty()) return std::nullopt;
  if (!Admit(decision.partition) && !renew) return std::nullopt;
  PlaceAll(tree_, after_.sums);

  OutcomeGroupRelease release;
  editions::OutcomeBlock& block = release.block;
  block.service = input_.year.service;
  block.year = input_.year.year;
  block.number = input_.number;
  block.policy_version = policy_version;
  block.group = input_.group;
  block.members = Members(decision.partition);
  for (const disclosure::Run& run : decision.partition.runs) block.runs.push_back(BuildRun(run));
  release.admitted = std::move(after_);
  return release;
}

}  // namespace

std::optional<OutcomeGroupRelease> PublishOutcomeGroup(const disclosure::AreaTree& tree,
                                                       const disclosure::Rules& rules,
                                                       int64_t policy_version,
                                                       const OutcomeGroupInput& input,
                                                       bool always) {
  return GroupPublisher(tree, rules, input).Publish(policy_version, always);
}

}  // namespace steelyard::publisher
