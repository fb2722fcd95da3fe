#include "server/disclosure/year_table.h"

#include <algorithm>

namespace steelyard::disclosure {

YearTable::YearTable(const AreaTree& tree, int year, std::span<const Contribution> contributions,
                     int suppliers)
    : start_{static_cast<int16_t>((year - 2000) * 12)},
      last_(start_.Plus(-1)),
      suppliers_(static_cast<size_t>(std::clamp(suppliers, 0, 255))),
      rows_of_area_(tree.leaves().empty() ? 0 : tree.leaves().back() + 1) {
  constexpr uint32_t kNone = ~uint32_t{0};
  std::vector<uint32_t> row_of(tree.bodies().size(), kNone);
  for (const Contribution& c : contributions) {
    const AreaTree::Body* body = tree.Find(c.council);
    if (body == nullptr || c.month < start_ || c.month > start_.Plus(11)) continue;
    const Amount amount{c.spend_micros, c.units, c.lines};
    if (amount.zero()) continue;
    uint32_t& row = row_of[c.council.value - 1];
    if (row == kNone) {
      row = static_cast<uint32_t>(rows_.size());
      rows_.push_back(Row{body->area, body->type, body->group, {}});
      rows_of_area_[body->area].push_back(row);
      supplier_counts_.resize(rows_.size() * 12);
      supplier_groups_.resize(rows_.size() * 12 * suppliers_);
    }
    const size_t month = static_cast<size_t>(c.month.number - start_.number);
    rows_[row].months[month] += amount;
    AddSupplier(row * 12 + month, c.supplier_group);
    last_ = std::max(last_, c.month);
  }
}

void YearTable::AddSupplier(size_t cell, uint32_t supplier_group) {
  uint8_t& count = supplier_counts_[cell];
  if (count >= suppliers_) return;
  const auto first = supplier_groups_.begin() + static_cast<ptrdiff_t>(cell * suppliers_);
  if (std::find(first, first + count, supplier_group) != first + count) return;
  first[count++] = supplier_group;
}

template <typename AddOne>
void YearTable::ForEach(std::span<const uint16_t> areas, const model::Period& months, int type,
                        AddOne add) const {
  const auto first = static_cast<size_t>(months.first.number - start_.number);
  const auto last = static_cast<size_t>(months.last.number - start_.number);
  for (uint16_t area : areas) {
    if (area >= rows_of_area_.size()) continue;
    for (uint32_t index : rows_of_area_[area]) {
      const Row& row = rows_[index];
      if (type >= 0 && row.type != type) continue;
      Amount amount;
      for (size_t m = first; m <= last; ++m) amount += row.months[m];
      if (!amount.zero()) add(row, amount, index * 12 + first, index * 12 + last);
    }
  }
}

void YearTable::AddTo(Tally& tally, std::span<const uint16_t> areas, const model::Period& months,
                      int type) const {
  ForEach(areas, months, type,
          [&](const Row& row, const Amount& amount, size_t first, size_t last) {
            tally.Add(row.group, amount);
            for (size_t cell = first; cell <= last && !tally.HasSuppliers(); ++cell) {
              for (uint32_t supplier : SuppliersOf(cell)) tally.AddSupplier(supplier);
            }
          });
}

void YearTable::AddTo(std::span<Slice> by_type, std::span<const uint16_t> areas,
                      const model::Period& months) const {
  ForEach(areas, months, -1, [&](const Row& row, const Amount& amount, size_t first, size_t last) {
    Slice& slice = by_type[row.type];
    slice.amounts.emplace_back(row.group, amount);
    for (size_t cell = first; cell <= last; ++cell) {
      for (uint32_t supplier : SuppliersOf(cell)) {
        auto& known = slice.suppliers;
        if (known.size() >= suppliers_) return;
        if (std::find(known.begin(), known.end(), supplier) == known.end()) {
          known.push_back(supplier);
        }
      }
    }
  });
}

bool YearTable::Has(model::Month month, uint16_t area, int type) const {
  if (area >= rows_of_area_.size()) return false;
  const size_t m = static_cast<size_t>(month.number - start_.number);
  const auto& rows = rows_of_area_[area];
  return std::any_of(rows.begin(), rows.end(), [&](uint32_t index) {
    const Row& row = rows_[index];
    return (type < 0 || row.type == type) && !row.months[m].zero();
  });
}

bool YearTable::Has(const model::Period& months) const {
  const auto first = static_cast<size_t>(months.first.number - start_.number);
  const auto last = static_cast<size_t>(months.last.number - start_.number);
  return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
    return std::any_of(row.months.begin() + first, row.months.begin() + last + 1,
                       [](const Amount& a) { return !a.zero(); });
  });
}

}  // namespace steelyard::disclosure
