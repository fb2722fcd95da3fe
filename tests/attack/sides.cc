#include "tests/attack/sides.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace steelyard::attack {
namespace {

// Of the policy.
constexpr size_t kMinCouncils = 5;
constexpr size_t kMinSupplierGroups = 3;
// Quantiles lie between two values and are rounded.
constexpr double kRounding = 0.002;

// What one contributor pays a unit.
struct Prices {
  double spend = 0;
  double units = 0;
  double lowest = 0;
  double highest = 0;
  double mean() const { return spend * 1e6 / units; }
};

struct Behind {
  std::map<std::string, Prices> contributors;
  std::set<size_t> suppliers;
};

Behind WhatIsBehind(const Country& country, const Scope& scope, const Shown& shown) {
  Behind behind;
  for (size_t b = 0; b < country.buyers().size(); ++b) {
    if ((scope.buyers >> b & 1) == 0) continue;
    const Buyer& buyer = country.buyers()[b];
    for (int month = scope.first; month <= scope.last; ++month) {
      for (size_t s = 0; s < shown.suppliers.size(); ++s) {
        const Shown::Amount& amount = shown.amounts[shown.Index(b, month, s)];
        if (amount.lines == 0 || (scope.suppliers >> s & 1) == 0) continue;
        behind.suppliers.insert(s);
        Prices& prices = behind.contributors[buyer.group.empty() ? buyer.id : buyer.group];
        const auto low = static_cast<double>(amount.lowest_micros);
        prices.lowest = prices.units == 0 ? low : std::min(prices.lowest, low);
        prices.highest = std::max(prices.highest, static_cast<double>(amount.highest_micros));
        prices.spend += amount.spend;
        prices.units += amount.units;
      }
    }
  }
  return behind;
}

// Whether enough lie at or below the value by their lowest price, and at or
// above it by their highest.
bool HasSides(const Behind& behind, double value, double (*lowest)(const Prices&),
              double (*highest)(const Prices&)) {
  size_t below = 0, above = 0;
  for (const auto& [name, prices] : behind.contributors) {
    if (lowest(prices) <= value * (1 + kRounding)) ++below;
    if (highest(prices) >= value * (1 - kRounding)) ++above;
  }
  return below >= kMinCouncils && above >= kMinCouncils;
}

std::vector<int64_t> ValuesOf(const v1::PriceQuantiles& q) {
  std::vector<int64_t> values;
  if (q.has_p10_micros()) values.push_back(q.p10_micros());
  if (q.has_p25_micros()) values.push_back(q.p25_micros());
  if (q.has_p50_micros()) values.push_back(q.p50_micros());
  if (q.has_p75_micros()) values.push_back(q.p75_micros());
  if (q.has_p90_micros()) values.push_back(q.p90_micros());
  return values;
}

}  // namespace

SideCounts& SideCounts::operator+=(const SideCounts& o) {
  checked += o.checked;
  exposed += o.exposed;
  return *this;
}

SideCounts CheckSides(const Country& country, const Facts& facts, const std::vector<Shown>& shown) {
  SideCounts counts;
  for (const auto& [scope, figures] : facts.figures()) {
    const Behind behind = WhatIsBehind(country, scope, shown[static_cast<size_t>(scope.product)]);
    const size_t suppliers = scope.suppliers == kAllSuppliers ? kMinSupplierGroups : 1;
    const auto check = [&](bool good) {
      ++counts.checked;
      if (!good) ++counts.exposed;
    };
    check(behind.contributors.size() >= kMinCouncils && behind.suppliers.size() >= suppliers);
    const auto mean = [](const Prices& p) { return p.mean(); };
    const auto lowest = [](const Prices& p) { return p.lowest; };
    const auto highest = [](const Prices& p) { return p.highest; };
    for (int64_t value : ValuesOf(figures.council_quantiles())) {
      check(HasSides(behind, static_cast<double>(value), mean, mean));
    }
    for (int64_t value : ValuesOf(figures.line_quantiles())) {
      check(HasSides(behind, static_cast<double>(value), lowest, highest));
    }
  }
  return counts;
}

}  // namespace steelyard::attack
