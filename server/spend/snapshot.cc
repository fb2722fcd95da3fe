#include "server/spend/snapshot.h"

#include <algorithm>
#include <utility>

namespace steelyard::spend {

using directory::PaymentMatch;

Whose FindOwner(const directory::PaymentNames& names, const Decisions& decisions,
                std::string_view name, std::string_view company_number) {
  const PaymentMatch match = names.Find(name, company_number);
  if (match.kind == PaymentMatch::Kind::kNumber) return {Found::kNumber, match.provider};
  const auto decided = decisions.find(names.Key(name));
  if (decided != decisions.end()) {
    if (decided->second.provider.empty()) return {Found::kNobody, {}};
    const model::Provider* provider =
        names.resolver().registers().FindProvider(decided->second.provider);
    if (provider != nullptr) return {Found::kDecided, provider->no};
  }
  if (match.kind == PaymentMatch::Kind::kName) return {Found::kName, match.provider};
  return {};
}

Snapshot::Snapshot(std::shared_ptr<const directory::PaymentNames> names, Decisions decisions,
                   Sources sources)
    : names_(std::move(names)), decisions_(std::move(decisions)), sources_(std::move(sources)) {
  std::map<std::pair<std::string_view, std::string_view>, Whose> known;
  std::map<std::string, OpenName> open;
  for (const auto& source : sources_) {
    for (const model::PaidName& paid : source->names) {
      const auto [it, first] = known.try_emplace({paid.name, paid.company_number});
      if (first) it->second = FindOwner(*names_, decisions_, paid.name, paid.company_number);
      const Whose& whose = it->second;
      if (whose.provider.value != 0) {
        for (const model::QuarterPayments& q : paid.quarters) {
          spend_[{source->council, whose.provider, q.quarter}].Add(q);
        }
      } else if (whose.found == Found::kUnknown) {
        std::string key = names_->Key(paid.name);
        OpenName& name = open[key];
        if (name.key.empty()) {
          name.key = std::move(key);
          name.name = paid.name;
        }
        for (const model::QuarterPayments& q : paid.quarters) name.sum.Add(q);
      }
    }
  }
  open_.reserve(open.size());
  for (auto& [key, name] : open) open_.push_back(std::move(name));
}

const std::vector<Proposal>& Snapshot::proposals() const {
  std::call_once(proposed_, [this] {
    for (const OpenName& name : open_) {
      auto candidates = names_->Propose(name.name);
      if (!candidates.empty()) proposals_.push_back({&name, std::move(candidates)});
    }
    std::stable_sort(proposals_.begin(), proposals_.end(), [](const auto& a, const auto& b) {
      return a.name->sum.micros > b.name->sum.micros;
    });
  });
  return proposals_;
}

}  // namespace steelyard::spend
