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
  Add(c.group, Amount{c.spend_micros, c.units, c.lines});
  AddSupplier(c.supplier_group);
}

void Tally::Add(uint32_t group, const Amount& amount) {
  if (amount.zero()) return;
  if (group >= amounts_.size()) amounts_.resize(group + 1);
  if (amounts_[group].zero()) groups_.push_back(group);
  amounts_[group] += amount;
}

void Tally::Add(const Slice& slice) {
  for (const auto& [group, amount] : slice.amounts) Add(group, amount);
  for (uint32_t supplier : slice.suppliers) AddSupplier(supplier);
}

void Tally::AddSupplier(uint32_t supplier_group) {
  if (HasSuppliers()) return;
  if (std::find(suppliers_.begin(), suppliers_.end(), supplier_group) == suppliers_.end()) {
    suppliers_.push_back(supplier_group);
  }
}

void Tally::Clear() {
  for (uint32_t group : groups_) amounts_[group] = Amount{};
  groups_.clear();
  suppliers_.clear();
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

bool Tally::Passes(const Top& top) const {
  return PassesPercent(top.total, top.largest, rules_.p_percent) &&
         absl::int128(top.largest[0]) * 100 <= top.total * rules_.max_share_percent;
}

bool Tally::Safe() const {
  const auto enough = [](size_t have, int32_t want) { return static_cast<int64_t>(have) >= want; };
  if (empty() || !enough(groups_.size(), rules_.min_councils) ||
      !enough(suppliers_.size(), rules_.min_supplier_groups)) {
    return false;
  }
  const Top units = TopOf(&Amount::units);
  return units.total >= rules_.min_units && Passes(units) && Passes(TopOf(&Amount::spend));
}

bool Tally::SafeMovement() const {
  return !empty() && static_cast<int64_t>(groups_.size()) >= rules_.min_councils &&
         Passes(TopOf(&Amount::spend)) && Passes(TopOf(&Amount::units)) &&
         Passes(TopOf(&Amount::lines));
}

bool Tally::Covers(const Amount& largest) const {
  const auto covers = [&](int64_t Amount::*measure) {
    const int64_t target = largest.*measure;
    if (target == 0) return true;
    const Top top = TopOf(measure);
    absl::int128 rest = top.total;
    for (int i = 0; i < kCoalition; ++i) rest -= top.largest[i];
    return rest * 100 > absl::int128(rules_.p_percent) * target;
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
