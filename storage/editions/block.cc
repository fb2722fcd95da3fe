#include "storage/editions/block.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>

#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::editions {
namespace {

size_t WeightOf(const std::vector<Atom>& atoms) {
  size_t sum = sizeof(atoms);
  for (const Atom& atom : atoms) sum += atom.weight();
  return sum;
}

size_t WeightOf(const RunLayout& layout) {
  size_t sum = layout.month_groups.capacity() * sizeof(model::Period);
  for (const auto* groups : {&layout.blocks, &layout.rows}) {
    for (const AreaGroup& g : *groups) sum += sizeof(g) + g.capacity() * sizeof(model::AreaNo);
  }
  for (const TypeGroup& g : layout.type_groups) {
    sum += sizeof(g);
    for (const std::string& type : g) sum += sizeof(type) + type.capacity();
  }
  for (const SellerGroup& g : layout.sellers) {
    sum += sizeof(g) + g.members.capacity() * sizeof(model::SupplierNo);
  }
  return sum;
}

absl::Status Wrong(std::string_view what) { return absl::InvalidArgumentError(Av(what)); }

template <typename T, typename Before>
bool Ascends(const std::vector<T>& list, Before before) {
  return std::adjacent_find(list.begin(), list.end(),
                            [&](const T& a, const T& b) { return !before(a, b); }) == list.end();
}

// A list of months or of runs that is in order, disjoint and within `whole`.
bool SplitsPeriod(const std::vector<model::Period>& parts, const model::Period& whole) {
  for (const model::Period& p : parts) {
    if (p.last < p.first || !whole.Contains(p)) return false;
  }
  return Ascends(parts, [](const auto& a, const auto& b) { return a.last < b.first; });
}

template <typename T>
bool AllAscend(const std::vector<std::vector<T>>& groups) {
  return std::all_of(groups.begin(), groups.end(),
                     [](const auto& group) { return Ascends(group, std::less<T>()); });
}

template <typename T>
bool Holds(const std::vector<T>& ascending, T value) {
  return std::binary_search(ascending.begin(), ascending.end(), value);
}

bool IsSound(const CouncilSum& c, const Atom& atom) {
  if (c.council.value == 0 || c.lines < 1 || c.lines > atom.lines) return false;
  if (c.units < 0 || c.units >= kMaxAtomSum) return false;
  if (c.spend_micros < 0 || c.spend_micros >= kMaxAtomSum) return false;
  if (c.min_unit_price > c.max_unit_price || c.min_lead_days > c.max_lead_days) return false;
  if (c.lines == 1 && c.min_unit_price != c.max_unit_price) return false;
  if (c.lines == 1 && c.min_lead_days != c.max_lead_days) return false;
  if (!Holds(atom.unit_prices, c.min_unit_price)) return false;
  if (!Holds(atom.unit_prices, c.max_unit_price)) return false;
  if (c.min_lead_days < 0) return c.min_lead_days == -1 && c.max_lead_days == -1;
  return Holds(atom.lead_days, c.min_lead_days) && Holds(atom.lead_days, c.max_lead_days);
}

bool IsSound(const DeliveryTotals& d) {
  return std::min({d.due_lines, d.on_time_lines, d.ordered_packs, d.delivered_packs,
                   d.looked_at_packs, d.rejected_packs}) >= 0;
}

absl::Status CheckAtom(const Atom& atom) {
  const auto by_value = std::less_equal<>();
  if (!Ascends(atom.unit_prices, by_value) || !Ascends(atom.lead_days, by_value)) {
    return Wrong("values do not ascend");
  }
  if (atom.lines != static_cast<int64_t>(atom.unit_prices.size())) {
    return Wrong("not one price a line");
  }
  if (atom.lead_days.size() > atom.unit_prices.size()) return Wrong("more lead times than lines");
  if (atom.lines > 0 && atom.unit_prices.front() < 0) return Wrong("a price below zero");
  if (!atom.lead_days.empty() && atom.lead_days.front() < 0) return Wrong("a lead time below zero");
  if (!Ascends(atom.councils, [](const auto& a, const auto& b) { return a.council < b.council; })) {
    return Wrong("councils do not ascend");
  }
  CouncilSum all;
  for (const CouncilSum& c : atom.councils) {
    if (!IsSound(c, atom)) return Wrong("a council's sums do not fit the atom");
    all.lines += c.lines;
    all.units += c.units;
    all.spend_micros += c.spend_micros;
  }
  if (all.lines != atom.lines || all.units != atom.units || all.spend_micros != atom.spend_micros) {
    return Wrong("the atom is not the sum of its councils");
  }
  return absl::OkStatus();
}

absl::Status CheckAtoms(const std::vector<Atom>& atoms, size_t wanted) {
  if (atoms.size() != wanted) return Wrong("a view does not fit its layout");
  for (const Atom& atom : atoms) RETURN_IF_ERROR(CheckAtom(atom));
  return absl::OkStatus();
}

absl::Status CheckSellers(const std::vector<SellerGroup>& sellers) {
  if (!Ascends(sellers, [](const auto& a, const auto& b) { return a.owner < b.owner; })) {
    return Wrong("sellers do not ascend");
  }
  std::vector<model::SupplierNo> all;
  for (const SellerGroup& g : sellers) {
    if (g.members.empty() || !Ascends(g.members, std::less<model::SupplierNo>())) {
      return Wrong("a seller's members do not ascend");
    }
    all.insert(all.end(), g.members.begin(), g.members.end());
  }
  std::sort(all.begin(), all.end());
  return Ascends(all, std::less<model::SupplierNo>()) ? absl::OkStatus()
                                                      : Wrong("a supplier is in two groups");
}

absl::Status CheckDelivery(const DeliveryView& view) {
  if (!AllAscend(view.areas)) return Wrong("a group does not ascend");
  if (view.rows.size() != view.areas.size()) return Wrong("a view does not fit its layout");
  if (view.areas.empty() && (!view.sellers.empty() || !view.said.empty())) {
    return Wrong("deliveries of no area");
  }
  if (!Ascends(view.sellers, [](const auto& a, const auto& b) { return a.owner < b.owner; }) ||
      !Ascends(view.said, [](const auto& a, const auto& b) {
        return std::tie(a.council, a.supplier) < std::tie(b.council, b.supplier);
      })) {
    return Wrong("deliveries do not ascend");
  }
  const auto sound = [](const auto& entry) { return IsSound(entry.totals); };
  if (!std::all_of(view.rows.begin(), view.rows.end(),
                   [](const DeliveryTotals& row) { return IsSound(row); }) ||
      !std::all_of(view.sellers.begin(), view.sellers.end(), sound) ||
      !std::all_of(view.said.begin(), view.said.end(), sound)) {
    return Wrong("a delivery total below zero");
  }
  return absl::OkStatus();
}

absl::Status CheckRun(const Run& run) {
  const RunLayout& layout = run.layout;
  if (!SplitsPeriod(layout.month_groups, layout.period)) return Wrong("month groups are wrong");
  if (!AllAscend(layout.blocks) || !AllAscend(layout.rows) || !AllAscend(layout.type_groups)) {
    return Wrong("a group does not ascend");
  }
  if (run.cells.size() != layout.blocks.size()) return Wrong("a view does not fit its layout");
  for (const auto& cells : run.cells) {
    RETURN_IF_ERROR(CheckAtoms(cells, layout.month_groups.size()));
  }
  RETURN_IF_ERROR(CheckAtoms(run.rows, layout.rows.size()));
  RETURN_IF_ERROR(CheckAtoms(run.types, layout.type_groups.size()));
  RETURN_IF_ERROR(CheckSellers(layout.sellers));
  RETURN_IF_ERROR(CheckAtoms(run.sellers, layout.sellers.size()));
  return CheckDelivery(run.delivery);
}

}  // namespace

absl::Status CheckBlock(const YearBlock& block) {
  const auto january = model::Month::FromYm(block.year, 1);
  if (!january || block.edition == 0) return Wrong("no such year or edition");
  std::vector<model::Period> periods;
  for (const Run& run : block.runs) periods.push_back(run.layout.period);
  if (!SplitsPeriod(periods, {*january, january->Plus(11)})) return Wrong("runs are wrong");
  for (const Run& run : block.runs) RETURN_IF_ERROR(CheckRun(run));
  return absl::OkStatus();
}

size_t YearBlock::weight() const {
  size_t sum = sizeof(YearBlock);
  for (const Run& run : runs) {
    sum += sizeof(Run) + WeightOf(run.layout) + WeightOf(run.rows) + WeightOf(run.types) +
           WeightOf(run.sellers) + run.delivery.weight();
    for (const auto& row : run.cells) sum += WeightOf(row);
  }
  return sum;
}

}  // namespace steelyard::editions
