#include "server/disclosure/sellers.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "storage/base/checked.h"

namespace steelyard::disclosure {
namespace {

// One supplier group is what is asked for.
Rules OfOne(Rules rules) {
  rules.min_supplier_groups = 1;
  return rules;
}

}  // namespace

std::vector<uint32_t> NamedSellers(const SalesBySeller& sales, const Rules& rules) {
  Tally tally(OfOne(rules));
  Tally others(OfOne(rules));
  std::vector<std::pair<int64_t, uint32_t>> named;  // by spend
  for (const auto& [seller, slice] : sales) {
    tally.Clear();
    tally.Add(slice);
    if (seller != 0 && tally.Safe()) {
      named.emplace_back(tally.Total().spend, seller);
    } else {
      others.Add(slice);
    }
  }
  // The smallest goes to hide the others, until they are safe together.
  std::sort(named.begin(), named.end());
  size_t given_up = 0;
  while (!others.empty() && !others.Safe() && given_up < named.size()) {
    others.Add(sales.at(named[given_up++].second));
  }
  std::vector<uint32_t> result;
  for (size_t i = given_up; i < named.size(); ++i) result.push_back(named[i].second);
  std::sort(result.begin(), result.end());
  return result;
}

Renewal Renew(std::span<const Sale> before, std::span<const Sale> after,
              std::span<const Sale> sales, const Rules& rules) {
  using Key = std::pair<uint32_t, uint32_t>;
  std::map<Key, Amount> was;
  std::map<Key, Amount> is;
  for (const Sale& s : before) was[{s.group, s.supplier_group}] += s.amount;
  for (const Sale& s : after) is[{s.group, s.supplier_group}] += s.amount;
  if (was == is) return Renewal::kUnmoved;
  Tally stands(OfOne(rules));
  stands.Add(sales);
  if (!stands.Safe()) return Renewal::kUnsafe;

  Tally moved(OfOne(rules));
  const auto difference = [](int64_t a, int64_t b) { return std::abs(SaturatingAdd(a, -b)); };
  for (const auto& [key, amount] : is) was.try_emplace(key);
  for (const auto& [key, amount] : was) {
    const Amount now = is[key];
    moved.Add(Sale{key.first,
                   key.second,
                   {difference(now.spend, amount.spend), difference(now.units, amount.units),
                    difference(now.lines, amount.lines)}});
  }
  return moved.SafeMovement() ? Renewal::kSafe : Renewal::kUnsafe;
}

}  // namespace steelyard::disclosure
