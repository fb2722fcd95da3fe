#include "server/spend/ranking.h"

#include <algorithm>

namespace steelyard::spend {

using model::CouncilNo;
using model::Month;
using model::ProviderNo;

model::Day LastDayOf(Month quarter) {
  const Month next = quarter.QuarterStart().Plus(3);
  const auto first = model::Day::FromYmd(next.year(), next.month(), 1);
  return model::Day{first->number - 1};
}

const std::vector<ProviderNo>& Ownership::Chain(ProviderNo provider, Month quarter) {
  const auto [it, first] = chains_.try_emplace({provider, quarter});
  if (first) it->second = registers_.OwnersOf(provider, LastDayOf(quarter));
  return it->second;
}

bool Ownership::Within(ProviderNo provider, ProviderNo asked, Month quarter) {
  const std::vector<ProviderNo>& chain = Chain(provider, quarter);
  return std::find(chain.begin(), chain.end(), asked) != chain.end();
}

ProviderNo Ownership::Last(ProviderNo provider, Month quarter) {
  return Chain(provider, quarter).back();
}

TopSpending RankSpenders(const SpendTable& spend, const model::Registers& registers,
                         ProviderNo provider, const model::Period& period,
                         const CircleSpend& circle) {
  Ownership ownership(registers);
  std::map<CouncilNo, Spender> by_council;
  TopSpending top;
  for (const auto& [key, sum] : spend) {
    if (!period.Contains(key.quarter)) continue;
    if (!ownership.Within(key.provider, provider, key.quarter)) continue;
    const auto [it, first] = by_council.try_emplace(key.council);
    it->second.published += sum.micros;
    top.total += sum.micros;
    top.known_councils += first ? 1 : 0;
  }
  for (const auto& [council, submitted] : circle) {
    for (const SubmittedSpend& s : submitted) {
      if (!period.Contains(s.quarter)) continue;
      if (!ownership.Within(s.provider, provider, s.quarter)) continue;
      auto& sum = by_council[council].submitted;
      sum = sum.value_or(0) + s.micros;
    }
  }
  for (auto& [council, spender] : by_council) {
    spender.council = council;
    if (top.total > 0) {
      // A council that got back more than it paid has no share.
      spender.share_of_known = std::clamp(
          static_cast<double>(spender.published) / static_cast<double>(top.total), 0.0, 1.0);
    }
    top.spenders.push_back(spender);
  }
  std::stable_sort(top.spenders.begin(), top.spenders.end(),
                   [](const Spender& a, const Spender& b) { return a.published > b.published; });
  for (size_t i = 0; i < top.spenders.size(); ++i) {
    const bool tied = i > 0 && top.spenders[i].published == top.spenders[i - 1].published;
    top.spenders[i].rank = tied ? top.spenders[i - 1].rank : static_cast<int32_t>(i + 1);
  }
  return top;
}

}  // namespace steelyard::spend
