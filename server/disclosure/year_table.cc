#include "server/disclosure/year_table.h"

#include <algorithm>
#include <tuple>

namespace steelyard::disclosure {

YearTable::YearTable(const AreaTree& tree, int year, std::span<const Contribution> contributions)
    : start_{static_cast<int16_t>((year - 2000) * 12)},
      last_(start_.Plus(-1)),
      rows_of_area_(tree.leaves().empty() ? 0 : tree.leaves().back() + 1) {
  std::vector<const Contribution*> sorted;
  sorted.reserve(contributions.size());
  for (const Contribution& c : contributions) {
    if (tree.Find(c.council) == nullptr || c.area >= rows_of_area_.size()) continue;
    if (c.month < start_ || c.month > start_.Plus(11)) continue;
    if (Amount{c.spend_micros, c.units, c.lines}.zero()) continue;
    sorted.push_back(&c);
    last_ = std::max(last_, c.month);
  }
  const auto row = [](const Contribution* c) { return std::tuple(c->council, c->area, c->type); };
  std::sort(sorted.begin(), sorted.end(), [&](const Contribution* a, const Contribution* b) {
    return std::tuple(row(a), a->month, a->supplier_group) <
           std::tuple(row(b), b->month, b->supplier_group);
  });
  for (size_t i = 0; i < sorted.size();) {
    const Contribution& first = *sorted[i];
    Row& added = rows_.emplace_back(Row{first.area, first.type, {}});
    rows_of_area_[first.area].push_back(static_cast<uint32_t>(rows_.size() - 1));
    for (int m = 0; m < 12; ++m) {
      added.months[static_cast<size_t>(m)] = static_cast<uint32_t>(sales_.size());
      const size_t month_begins = sales_.size();
      for (;
           i < sorted.size() && row(sorted[i]) == row(&first) && sorted[i]->month == start_.Plus(m);
           ++i) {
        const Contribution& c = *sorted[i];
        if (sales_.size() == month_begins || sales_.back().supplier_group != c.supplier_group) {
          sales_.push_back({c.group, c.supplier_group, {}});
        }
        sales_.back().amount += Amount{c.spend_micros, c.units, c.lines};
      }
    }
    added.months[12] = static_cast<uint32_t>(sales_.size());
  }
}

std::span<const Sale> YearTable::SalesOf(const Row& row, const model::Period& months) const {
  const uint32_t first = row.months[static_cast<size_t>(months.first.number - start_.number)];
  const uint32_t end = row.months[static_cast<size_t>(months.last.number - start_.number) + 1];
  return std::span(sales_).subspan(first, end - first);
}

template <typename AddOne>
void YearTable::ForEach(std::span<const uint16_t> areas, const model::Period& months, int type,
                        AddOne add) const {
  for (uint16_t area : areas) {
    if (area >= rows_of_area_.size()) continue;
    for (uint32_t index : rows_of_area_[area]) {
      const Row& row = rows_[index];
      if (type >= 0 && row.type != type) continue;
      add(row, SalesOf(row, months));
    }
  }
}

void YearTable::AddTo(Tally& tally, std::span<const uint16_t> areas, const model::Period& months,
                      int type) const {
  ForEach(areas, months, type, [&](const Row&, std::span<const Sale> sales) { tally.Add(sales); });
}

void YearTable::AddTo(std::span<Slice> by_type, std::span<const uint16_t> areas,
                      const model::Period& months) const {
  ForEach(areas, months, -1, [&](const Row& row, std::span<const Sale> sales) {
    by_type[row.type].insert(by_type[row.type].end(), sales.begin(), sales.end());
  });
}

bool YearTable::Has(model::Month month, uint16_t area, int type) const {
  if (area >= rows_of_area_.size()) return false;
  const auto& rows = rows_of_area_[area];
  return std::any_of(rows.begin(), rows.end(), [&](uint32_t index) {
    const Row& row = rows_[index];
    return (type < 0 || row.type == type) && !SalesOf(row, {month, month}).empty();
  });
}

bool YearTable::Has(const model::Period& months) const {
  return std::any_of(rows_.begin(), rows_.end(),
                     [&](const Row& row) { return !SalesOf(row, months).empty(); });
}

}  // namespace steelyard::disclosure
