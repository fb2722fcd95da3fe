#include "storage/editions/combine.h"

#include <algorithm>

#include "storage/base/checked.h"
#include "storage/base/quantile.h"

namespace steelyard::editions {
namespace {

// The councils of all atoms, by number, each once.
std::vector<CouncilSum> MergeCouncils(std::span<const Atom* const> atoms) {
  size_t numbers = 0;  // one past the highest council
  for (const Atom* atom : atoms) {
    if (!atom->councils.empty()) {
      numbers = std::max<size_t>(numbers, size_t{atom->councils.back().council.value} + 1);
    }
  }
  // Numbers are small and dense, so a table beats a heap of 200 lists.
  std::vector<uint32_t> slot_of(numbers, 0);  // 1-based
  std::vector<CouncilSum> merged;
  merged.reserve(std::min<size_t>(numbers, 512));
  for (const Atom* atom : atoms) {
    for (const CouncilSum& sum : atom->councils) {
      uint32_t& slot = slot_of[sum.council.value];
      if (slot == 0) {
        merged.push_back(sum);
        slot = static_cast<uint32_t>(merged.size());
      } else {
        merged[slot - 1].Add(sum);
      }
    }
  }
  std::sort(merged.begin(), merged.end(),
            [](const CouncilSum& a, const CouncilSum& b) { return a.council < b.council; });
  return merged;
}

void SetLinePrices(std::span<const Atom* const> atoms, Figures& out) {
  std::vector<std::span<const int64_t>> prices;
  prices.reserve(atoms.size());
  for (const Atom* atom : atoms) prices.emplace_back(atom->unit_prices);
  const auto quantiles = UnionQuantiles<int64_t>(prices, kQuantiles);
  for (size_t i = 0; i < quantiles.size(); ++i) {
    SidedQuantile<int64_t>& q = out.line_prices[i];
    q.value = quantiles[i].Rounded();
    const int64_t floor = quantiles[i].Floor();
    const int64_t ceiling = quantiles[i].Ceiling();
    for (const CouncilSum& c : out.councils) {
      q.councils_at_or_below += c.min_unit_price <= floor ? 1 : 0;
      q.councils_at_or_above += c.max_unit_price >= ceiling ? 1 : 0;
    }
  }
}

void SetLeadDays(std::span<const Atom* const> atoms, Figures& out) {
  std::vector<std::span<const int32_t>> days;
  days.reserve(atoms.size());
  for (const Atom* atom : atoms) {
    days.emplace_back(atom->lead_days);
    out.delivered_lines += static_cast<int64_t>(atom->lead_days.size());
  }
  if (out.delivered_lines == 0) return;
  const auto quantiles = UnionQuantiles<int32_t>(days, kQuantiles);
  for (size_t i = 0; i < quantiles.size(); ++i) {
    SidedQuantile<double>& q = out.lead_days[i];
    q.value = quantiles[i].Real();
    const int64_t floor = quantiles[i].Floor();
    const int64_t ceiling = quantiles[i].Ceiling();
    for (const CouncilSum& c : out.councils) {
      if (c.min_lead_days < 0) continue;
      q.councils_at_or_below += c.min_lead_days <= floor ? 1 : 0;
      q.councils_at_or_above += c.max_lead_days >= ceiling ? 1 : 0;
    }
  }
}

void SetCouncilPrices(Figures& out) {
  std::vector<int64_t>& means = out.council_means;
  means.reserve(out.councils.size());
  for (const CouncilSum& c : out.councils) means.push_back(c.mean_unit_price());
  std::sort(means.begin(), means.end());
  for (size_t i = 0; i < kQuantiles.size(); ++i) {
    const auto quantile = SortedQuantile<int64_t>(means, kQuantiles[i]);
    out.council_prices[i] = {
        quantile.Rounded(),
        std::upper_bound(means.begin(), means.end(), quantile.Floor()) - means.begin(),
        means.end() - std::lower_bound(means.begin(), means.end(), quantile.Ceiling())};
  }
}

}  // namespace

Figures Combine(std::span<const Atom* const> atoms) {
  Figures out;
  for (const Atom* atom : atoms) {
    out.lines += atom->lines;
    out.units += atom->units;
    out.spend_micros += atom->spend_micros;
  }
  if (out.lines == 0) return out;
  if (out.units > 0) out.mean_unit_price = Saturate(DivideHalfEven(out.spend_micros, out.units));
  out.councils = MergeCouncils(atoms);
  SetLinePrices(atoms, out);
  SetCouncilPrices(out);
  SetLeadDays(atoms, out);
  return out;
}

}  // namespace steelyard::editions
