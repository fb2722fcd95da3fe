#include "server/disclosure/safety.h"

#include <algorithm>

namespace steelyard::disclosure {

Rules::Rules(const model::Policy& policy)
    : min_councils(policy.min_councils),
      min_supplier_groups(policy.min_supplier_groups),
      p_percent(policy.p_percent),
      max_share_percent(policy.max_share_percent) {}

Rules Rules::ForOutcomes(const model::Policy& policy) {
  Rules rules(policy);
  rules.min_councils = policy.min_outcome_councils;
  rules.min_supplier_groups = 1;  // the group is one provider, or an owner's
  rules.min_units = policy.min_placements;
  rules.rows_only = true;
  rules.against_suppliers = false;
  return rules;
}

bool PassesPercent(absl::int128 total, std::span<const int64_t> largest, int p_percent,
                   int coalition) {
  if (total == 0 || largest.empty()) return true;
  absl::int128 rest = total;
  for (size_t i = 0; i < largest.size() && i <= static_cast<size_t>(coalition); ++i) {
    rest -= largest[i];
  }
  return rest * 100 > absl::int128(p_percent) * largest[0];
}

void Tally::Add(const Contribution& c) {
  Add(Sale{c.group, c.supplier_group, {c.spend_micros, c.units, c.lines}});
}

void Tally::Add(const Sale& sale) {
  if (sale.amount.zero()) return;
  const auto add = [&](std::vector<Amount>& amounts, std::vector<uint32_t>& known, uint32_t one) {
    if (one >= amounts.size()) amounts.resize(one + 1);
    if (amounts[one].zero()) known.push_back(one);
    amounts[one] += sale.amount;
  };
  add(amounts_, groups_, sale.group);
  add(sold_, suppliers_, sale.supplier_group);
  sales_.push_back(sale);
}

void Tally::Add(std::span<const Sale> sales) {
  for (const Sale& sale : sales) Add(sale);
}

void Tally::Clear() {
  for (uint32_t group : groups_) amounts_[group] = Amount{};
  for (uint32_t supplier : suppliers_) sold_[supplier] = Amount{};
  groups_.clear();
  suppliers_.clear();
  sales_.clear();
}

Tally::Top Tally::TopOf(int64_t Amount::*measure) const {
  Top top;
  auto& largest = top.largest;
  for (uint32_t group : groups_) {
    int64_t value = amounts_[group].*measure;
    top.total += value;
    for (size_t i = 0; i < largest.size(); ++i) {
      if (value > largest[i]) std::swap(value, largest[i]);
    }
  }
  return top;
}

bool Tally::Passes(int64_t Amount::*measure) const {
  const Top top = TopOf(measure);
  return PassesPercent(top.total, top.largest, rules_.p_percent) &&
         absl::int128(top.largest[0]) * 100 <= top.total * rules_.max_share_percent &&
         PassesSuppliers(measure, top);
}

int64_t Tally::LargestWithout(uint32_t supplier_group, int64_t Amount::*measure) const {
  own_.resize(amounts_.size());
  for (const Sale& sale : sales_) {
    if (sale.supplier_group == supplier_group) own_[sale.group] += sale.amount.*measure;
  }
  int64_t largest = 0;
  for (uint32_t group : groups_) {
    largest = std::max(largest, amounts_[group].*measure - own_[group]);
    own_[group] = 0;
  }
  return largest;
}

bool Tally::PassesSuppliers(int64_t Amount::*measure, const Top& top) const {
  if (!rules_.against_suppliers) return true;
  for (uint32_t supplier : suppliers_) {
    const absl::int128 rest = top.total - sold_[supplier].*measure;
    // Nobody can have bought more from the others than it bought.
    if (PassesPercent(rest, std::span(top.largest).first(1), rules_.p_percent, 0)) continue;
    const int64_t largest = LargestWithout(supplier, measure);
    if (!PassesPercent(rest, {&largest, 1}, rules_.p_percent, 0)) return false;
  }
  return true;
}

bool Tally::Safe() const {
  const auto enough = [](size_t have, int32_t want) { return static_cast<int64_t>(have) >= want; };
  if (empty() || !enough(groups_.size(), rules_.min_councils) ||
      !enough(suppliers_.size(), rules_.min_supplier_groups)) {
    return false;
  }
  return Total().units >= rules_.min_units && Passes(&Amount::units) && Passes(&Amount::spend);
}

bool Tally::SafeMovement() const {
  return !empty() && static_cast<int64_t>(groups_.size()) >= rules_.min_councils &&
         Passes(&Amount::spend) && Passes(&Amount::units) && Passes(&Amount::lines);
}

bool Tally::Covers(const Amount& largest) const {
  const auto covers = [&](int64_t Amount::*measure) {
    const int64_t target = largest.*measure;
    if (target == 0) return true;
    const Top top = TopOf(measure);
    const auto enough = [&](absl::int128 rest) {
      return rest * 100 > absl::int128(rules_.p_percent) * target;
    };
    absl::int128 rest = top.total;
    for (int i = 0; i < kCoalition; ++i) rest -= top.largest[i];
    if (!rules_.against_suppliers) return enough(rest);
    return enough(rest) && std::all_of(suppliers_.begin(), suppliers_.end(), [&](uint32_t one) {
             return enough(top.total - sold_[one].*measure);
           });
  };
  return covers(&Amount::spend) && covers(&Amount::units);
}

Amount Tally::Largest() const {
  Amount largest;
  for (uint32_t group : groups_) {
    largest.spend = std::max(largest.spend, amounts_[group].spend);
    largest.units = std::max(largest.units, amounts_[group].units);
    largest.lines = std::max(largest.lines, amounts_[group].lines);
  }
  return largest;
}

Amount Tally::Total() const {
  Amount total;
  for (uint32_t group : groups_) total += amounts_[group];
  return total;
}

bool Safe(std::span<const Contribution> set, const Rules& rules) {
  Tally tally(rules);
  for (const Contribution& c : set) tally.Add(c);
  return tally.Safe();
}

}  // namespace steelyard::disclosure
