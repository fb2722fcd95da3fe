#include "server/publisher/series_publisher.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "server/disclosure/year_table.h"
#include "server/publisher/delivery_renewal.h"
#include "server/publisher/placing.h"
#include "server/publisher/seller_view.h"

namespace steelyard::publisher {
namespace {

using disclosure::Contribution;
using disclosure::MonthArea;

// A version of a line is known by its council, number and month: a line that was
// moved to another month may be shown in both while one of them waits.
using LineKey = std::tuple<uint16_t, uint32_t, int16_t>;

LineKey KeyOf(const model::PurchaseFact& fact) {
  return {fact.council.value, fact.line.value, fact.month.number};
}

MonthArea CellOf(const Contribution& c) { return {c.month, c.area}; }

// A change within the same month and supplier group moves by its difference.
bool MovesByDifference(const Contribution& a, const Contribution& b) {
  return a.month == b.month && a.supplier_group == b.supplier_group;
}

Contribution Difference(const Contribution& before, const Contribution& after) {
  Contribution moved = after;
  moved.spend_micros = std::abs(after.spend_micros - before.spend_micros);
  moved.units = std::abs(after.units - before.units);
  return moved;
}

// Index of the group that holds `member`, or -1.
template <typename Group, typename Member>
int FindGroup(const std::vector<Group>& groups, const Member& member) {
  for (size_t i = 0; i < groups.size(); ++i) {
    if (std::binary_search(groups[i].begin(), groups[i].end(), member)) return static_cast<int>(i);
  }
  return -1;
}

editions::AreaGroup AreasOf(const disclosure::AreaGroup& group) {
  editions::AreaGroup areas;
  for (uint16_t area : group) areas.push_back(model::AreaNo{area});
  return areas;
}

disclosure::AreaGroup LeavesOf(const editions::AreaGroup& group) {
  disclosure::AreaGroup leaves;
  for (model::AreaNo area : group) leaves.push_back(area.value);
  return leaves;
}

disclosure::YearPartition ReleasedPartition(const editions::YearBlock& block,
                                            const disclosure::AreaTree& tree) {
  disclosure::YearPartition partition;
  partition.year = block.year;
  for (const editions::Run& shown : block.runs) {
    disclosure::Run run;
    run.period = shown.layout.period;
    run.month_groups = shown.layout.month_groups;
    for (const auto& group : shown.layout.blocks) run.blocks.push_back(LeavesOf(group));
    for (const auto& group : shown.layout.rows) run.rows.push_back(LeavesOf(group));
    disclosure::TypeGroup all;
    for (size_t t = 0; t < tree.types().size(); ++t) all.push_back(static_cast<uint16_t>(t));
    for (const auto& names : shown.layout.type_groups) {
      disclosure::TypeGroup group;
      for (uint16_t t : all) {
        if (std::binary_search(names.begin(), names.end(), tree.types()[t])) group.push_back(t);
      }
      if (!group.empty()) run.type_groups.push_back(std::move(group));
    }
    if (run.type_groups.empty()) run.type_groups.push_back(std::move(all));
    partition.runs.push_back(std::move(run));
  }
  return partition;
}

// Builders of one run's atoms, and where a line belongs among them.
class RunBuilder {
 public:
  RunBuilder(const disclosure::Run& run, const std::vector<std::string>& types)
      : run_(run),
        cells_(run.blocks.size(), std::vector<editions::AtomBuilder>(run.month_groups.size())),
        rows_(run.rows.size()),
        types_(run.type_groups.size() > 1 ? run.type_groups.size() : 0) {
    layout_.period = run.period;
    layout_.month_groups = run.month_groups;
    for (const auto& block : run.blocks) layout_.blocks.push_back(AreasOf(block));
    for (const auto& row : run.rows) layout_.rows.push_back(AreasOf(row));
    if (types_.empty()) return;
    for (const auto& group : run.type_groups) {
      editions::TypeGroup names;
      for (uint16_t type : group) names.push_back(types[type]);
      std::sort(names.begin(), names.end());
      layout_.type_groups.push_back(std::move(names));
    }
  }

  void Add(const Contribution& c, const model::PurchaseFact& fact) {
    const int block = FindGroup(run_.blocks, c.area);
    const int row = FindGroup(run_.rows, c.area);
    if (block < 0 || row < 0) return;
    for (size_t g = 0; g < run_.month_groups.size(); ++g) {
      if (run_.month_groups[g].Contains(c.month)) cells_[static_cast<size_t>(block)][g].Add(fact);
    }
    rows_[static_cast<size_t>(row)].Add(fact);
    if (types_.empty()) return;
    const int type = FindGroup(run_.type_groups, c.type);
    if (type >= 0) types_[static_cast<size_t>(type)].Add(fact);
  }

  editions::Run Build() {
    editions::Run run;
    run.layout = std::move(layout_);
    for (auto& block : cells_) {
      auto& cells = run.cells.emplace_back();
      for (auto& builder : block) cells.push_back(builder.Build());
    }
    for (auto& builder : rows_) run.rows.push_back(builder.Build());
    for (auto& builder : types_) run.types.push_back(builder.Build());
    return run;
  }

 private:
  const disclosure::Run& run_;
  editions::RunLayout layout_;
  std::vector<std::vector<editions::AtomBuilder>> cells_;
  std::vector<editions::AtomBuilder> rows_;
  std::vector<editions::AtomBuilder> types_;
};

}  // namespace

SeriesPublisher::SeriesPublisher(std::shared_ptr<const model::Registers> registers,
                                 const model::Policy& policy)
    : registers_(std::move(registers)),
      policy_(policy),
      tree_(disclosure::AreaTree::From(*registers_)) {}

uint32_t SeriesPublisher::SupplierGroup(model::SupplierNo supplier, model::Month month) {
  auto [it, added] = owners_.try_emplace({supplier.value, month.number});
  if (added) {
    const auto first = model::Day::FromYmd(month.year(), month.month(), 1);
    it->second = registers_->UltimateOwner(supplier, *first).value;
  }
  return it->second;
}

std::vector<SeriesPublisher::Entry> SeriesPublisher::Prepare(const SeriesInput& input,
                                                             const disclosure::AreaTree& tree) {
  std::vector<Entry> entries;
  entries.reserve(input.facts.size());
  for (const ledger::DatedFact& dated : input.facts) {
    const model::PurchaseFact& fact = dated.fact;
    const disclosure::AreaTree::Body* body = tree.Find(fact.council);
    if (body == nullptr) continue;
    Entry e;
    e.dated = &dated;
    e.contribution = {fact.council,      body->group, body->area,
                      body->type,        fact.month,  SupplierGroup(fact.supplier, fact.month),
                      fact.spend_micros, fact.units,  1};
    e.was = dated.StoodAt(input.admitted.Of(fact.month, model::AreaNo{body->area}));
    e.is = dated.StoodAt(input.sequence);
    if (e.was || e.is) entries.push_back(e);
  }
  return entries;
}

disclosure::GateResult SeriesPublisher::Decide(const SeriesInput& input,
                                               const disclosure::AreaTree& tree,
                                               const std::vector<Entry>& entries,
                                               Deferred& deferred) const {
  const disclosure::YearPartition released = input.released
                                                 ? ReleasedPartition(*input.released, tree)
                                                 : disclosure::YearPartition{input.series.year, {}};
  while (true) {
    std::vector<Contribution> before;
    std::vector<Contribution> after;
    std::vector<Contribution> movements;
    absl::flat_hash_map<LineKey, const Contribution*> gone;
    for (const Entry& e : entries) {
      const bool is = deferred.contains(CellOf(e.contribution)) ? e.was : e.is;
      if (e.was) before.push_back(e.contribution);
      if (is) after.push_back(e.contribution);
      if (e.was && !is) gone[KeyOf(e.dated->fact)] = &e.contribution;
    }
    for (const Entry& e : entries) {
      const bool is = deferred.contains(CellOf(e.contribution)) ? e.was : e.is;
      if (!is || e.was) continue;
      auto it = gone.find(KeyOf(e.dated->fact));
      if (it != gone.end() && MovesByDifference(*it->second, e.contribution)) {
        movements.push_back(Difference(*it->second, e.contribution));
        gone.erase(it);
      } else {
        movements.push_back(e.contribution);
      }
    }
    for (const auto& [line, contribution] : gone) movements.push_back(*contribution);
    disclosure::GateResult result =
        disclosure::Gate(tree, released, {input.series.year, before, after, movements}, policy_);
    if (result.open || result.defer.empty()) return result;
    deferred.insert(result.defer.begin(), result.defer.end());
  }
}

editions::YearBlock SeriesPublisher::BuildBlock(const SeriesInput& input,
                                                const disclosure::AreaTree& tree,
                                                const std::vector<Entry>& entries,
                                                const disclosure::YearPartition& partition) const {
  std::vector<RunBuilder> builders;
  builders.reserve(partition.runs.size());
  for (const disclosure::Run& run : partition.runs) builders.emplace_back(run, tree.types());
  for (const Entry& e : entries) {
    if (!e.stands) continue;
    for (size_t r = 0; r < partition.runs.size(); ++r) {
      if (partition.runs[r].period.Contains(e.contribution.month)) {
        builders[r].Add(e.contribution, e.dated->fact);
      }
    }
  }
  editions::YearBlock block;
  block.series = {input.series.product, input.series.currency};
  block.year = input.series.year;
  block.policy_version = policy_.version;
  for (RunBuilder& builder : builders) block.runs.push_back(builder.Build());
  return block;
}

std::optional<SeriesRelease> SeriesPublisher::PublishCells(const SeriesInput& input,
                                                           const disclosure::AreaTree& tree,
                                                           std::vector<Entry>& entries,
                                                           bool always) const {
  // No release can move by fewer councils than the policy asks for.
  absl::btree_set<uint32_t> moved;
  for (Entry& e : entries) {
    e.stands = e.was;
    if (e.was != e.is) moved.insert(e.contribution.group);
  }
  const bool enough = moved.size() >= static_cast<size_t>(policy_.min_councils);
  const bool renew = always && input.released != nullptr;
  if (!enough && !renew) return std::nullopt;

  Deferred deferred;
  if (!enough) {
    for (const Entry& e : entries) deferred.insert(CellOf(e.contribution));
  }
  const disclosure::GateResult decision = Decide(input, tree, entries, deferred);
  if (!decision.open || decision.partition.empty()) return std::nullopt;

  SeriesRelease release;
  release.admitted = input.admitted;
  bool changed = false;
  std::vector<Entry> standing = entries;
  for (Entry& e : standing) {
    if (e.was == e.is || deferred.contains(CellOf(e.contribution))) continue;
    e.stands = e.is;
    if (decision.partition.FindRun(e.contribution.month) == nullptr) continue;
    release.admitted.cells[{e.contribution.month, model::AreaNo{e.contribution.area}}] =
        input.sequence;
    changed = true;
  }
  if (!changed && !renew) return std::nullopt;
  PlaceAll(tree, release.admitted);
  entries = std::move(standing);
  release.block = BuildBlock(input, tree, entries, decision.partition);
  return release;
}

bool SeriesPublisher::SellersDue(const model::Period& run, model::Day today) const {
  return run.last.Plus(policy_.supplier_delay_months) < model::Month::Of(today);
}

bool SeriesPublisher::RenewLateViews(const SeriesInput& input, const disclosure::AreaTree& tree,
                                     const std::vector<Entry>& entries,
                                     editions::YearBlock& block) const {
  const SellerView sellers(*registers_, tree, policy_);
  const DeliveryRenewal deliveries(*registers_, tree, policy_);
  bool moved = false;
  for (editions::Run& run : block.runs) {
    const editions::Run* shown = nullptr;
    for (size_t i = 0; input.released != nullptr && i < input.released->runs.size(); ++i) {
      const editions::Run& known = input.released->runs[i];
      if (known.layout.period == run.layout.period) shown = &known;
    }
    const bool was_shown = shown != nullptr && !shown->layout.sellers.empty();
    if (!was_shown && !SellersDue(run.layout.period, input.today)) continue;
    std::vector<const model::PurchaseFact*> lines;
    for (const Entry& e : entries) {
      if (e.stands && run.layout.period.Contains(e.contribution.month)) {
        lines.push_back(&e.dated->fact);
      }
    }
    moved = sellers.Renew(lines, shown, run) || moved;
    moved = deliveries.Renew(lines, shown, run) || moved;
  }
  return moved;
}

std::optional<SeriesRelease> SeriesPublisher::Publish(const SeriesInput& input, bool always) {
  const std::optional<disclosure::AreaTree> placed = TreeAsPlaced(*registers_, input.admitted);
  const disclosure::AreaTree& tree = placed ? *placed : tree_;
  std::vector<Entry> entries = Prepare(input, tree);
  std::optional<SeriesRelease> release = PublishCells(input, tree, entries, always);
  const bool moved = release.has_value();
  if (!moved) {
    // Sellers may have come of age.
    if (input.released == nullptr) return std::nullopt;
    // A year that stays under a former policy gets no new figures under it.
    if (input.released->policy_version != policy_.version) return std::nullopt;
    const auto& runs = input.released->runs;
    if (std::none_of(runs.begin(), runs.end(), [&](const editions::Run& run) {
          return run.layout.sellers.empty() && SellersDue(run.layout.period, input.today);
        })) {
      return std::nullopt;
    }
    release = SeriesRelease{*input.released, input.admitted};
  }
  const bool late_moved = RenewLateViews(input, tree, entries, release->block);
  if (!moved && !late_moved) return std::nullopt;
  return release;
}

int64_t SeriesPublisher::NoLongerSafe(const SeriesInput& input) {
  if (input.released == nullptr) return 0;
  const std::optional<disclosure::AreaTree> placed = TreeAsPlaced(*registers_, input.admitted);
  const disclosure::AreaTree& tree = placed ? *placed : tree_;
  std::vector<Contribution> shown;
  for (const Entry& e : Prepare(input, tree)) {
    if (e.was) shown.push_back(e.contribution);
  }
  const disclosure::YearTable table(tree, input.series.year, shown);
  int64_t unsafe = 0;
  const auto check = [&](disclosure::Tally& tally) {
    if (!tally.empty() && !tally.Safe()) ++unsafe;
    tally.Clear();
  };
  disclosure::Tally tally{policy_};
  for (const disclosure::Run& run : ReleasedPartition(*input.released, tree).runs) {
    for (const disclosure::AreaGroup& block : run.blocks) {
      for (const model::Period& months : run.month_groups) {
        table.AddTo(tally, block, months);
        check(tally);
      }
    }
    for (const disclosure::AreaGroup& row : run.rows) {
      table.AddTo(tally, row, run.period);
      check(tally);
    }
    if (run.type_groups.size() < 2) continue;
    for (const disclosure::TypeGroup& group : run.type_groups) {
      for (uint16_t type : group) table.AddTo(tally, tree.leaves(), run.period, type);
      check(tally);
    }
  }
  disclosure::Rules of_one(policy_);
  of_one.min_supplier_groups = 1;
  disclosure::Tally named(of_one);
  disclosure::Tally others(of_one);
  for (const editions::Run& run : input.released->runs) {
    for (size_t i = 0; i < run.sellers.size(); ++i) {
      const editions::SellerGroup& group = run.layout.sellers[i];
      disclosure::Tally& seller = group.named ? named : others;
      for (const editions::CouncilSum& sum : run.sellers[i].councils) {
        const disclosure::AreaTree::Body* body = tree.Find(sum.council);
        if (body == nullptr) continue;
        seller.Add(disclosure::Sale{body->group, group.owner.value,
                                    disclosure::AmountOf(sum.spend_micros, sum.units, sum.lines)});
      }
      check(named);
    }
    check(others);
  }
  return unsafe;
}

}  // namespace steelyard::publisher
