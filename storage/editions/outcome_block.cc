#include "storage/editions/outcome_block.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::editions {
namespace {

absl::Status Wrong(std::string_view what) { return absl::InvalidArgumentError(Av(what)); }

constexpr size_t Number(Facet facet) { return static_cast<size_t>(facet); }

template <typename T, typename Before>
bool Ascends(const std::vector<T>& list, Before before) {
  return std::adjacent_find(list.begin(), list.end(),
                            [&](const T& a, const T& b) { return !before(a, b); }) == list.end();
}

bool IsCount(int64_t v) { return 0 <= v && v < kMaxOutcomeCount; }
bool IsSum(absl::int128 v) { return 0 <= v && v < kMaxAtomSum; }
bool AreExtremes(int64_t lowest, int64_t highest) {
  return -1 <= lowest && lowest <= highest && (lowest >= 0 || highest == -1);
}
bool IsSound(const std::optional<EventCount>& c) {
  return !c || (IsCount(c->events) && IsCount(c->of));
}
template <typename List>
bool AllCounts(const List& list) {
  return std::all_of(list.begin(), list.end(), IsCount);
}

bool IsSound(const OutcomeCouncilSum& c, const FacetSet& facets) {
  if (c.council.value == 0 || !IsCount(c.reports) || !IsCount(c.placements)) return false;
  if (!IsSum(c.spend_micros) || !IsCount(c.fee_placements) || !IsSum(c.fee_micros)) return false;
  if (!AreExtremes(c.min_fee_micros, c.max_fee_micros)) return false;
  if (!AreExtremes(c.min_nearest_meters, c.max_nearest_meters)) return false;
  const bool has_fees = c.fee_placements != 0 || c.fee_micros != 0 || c.min_fee_micros >= 0;
  return (facets[Number(Facet::kSpend)] || c.spend_micros == 0) &&
         (facets[Number(Facet::kFees)] || !has_fees) &&
         (facets[Number(Facet::kNearest)] || c.min_nearest_meters < 0);
}

bool AreValues(const std::vector<int64_t>& values, bool shown) {
  if (values.empty()) return true;
  return shown && values.front() >= 0 && Ascends(values, std::less_equal<>());
}

absl::Status CheckAtom(const OutcomeAtom& atom) {
  const FacetSet facets = atom.facets();
  if (!Ascends(atom.councils, [](const auto& a, const auto& b) { return a.council < b.council; })) {
    return Wrong("councils do not ascend");
  }
  OutcomeCouncilSum all;
  for (const OutcomeCouncilSum& c : atom.councils) {
    if (!IsSound(c, facets)) return Wrong("a council's sums do not fit the atom");
    all.reports += c.reports;
    all.placements += c.placements;
    all.spend_micros += c.spend_micros;
    if (!IsCount(all.reports) || !IsCount(all.placements)) return Wrong("a sum is too large");
  }
  if (all.reports != atom.reports || all.placements != atom.placements ||
      all.spend_micros != atom.spend_micros) {
    return Wrong("the atom is not the sum of its councils");
  }
  for (const auto& r : atom.ratings) {
    if (r && !(AllCounts(r->by_level) && IsCount(r->councils))) return Wrong("a rating below zero");
  }
  if (!IsSound(atom.endings) || !IsSound(atom.offers) || !IsSound(atom.no_alternative) ||
      (atom.intentions && !AllCounts(*atom.intentions))) {
    return Wrong("a count below zero");
  }
  for (const auto& p : atom.priorities) {
    if (p && !(IsCount(p->reports) && IsCount(p->points))) return Wrong("a priority below zero");
  }
  if (!AreValues(atom.weekly_fees, atom.fees_shown) ||
      !AreValues(atom.nearest_meters, atom.nearest_shown)) {
    return Wrong("values do not ascend");
  }
  if (!IsCount(atom.extras_placements) || !IsSum(atom.extras_micros) ||
      (!atom.extras_shown && (atom.extras_placements != 0 || atom.extras_micros != 0))) {
    return Wrong("extras are wrong");
  }
  return absl::OkStatus();
}

bool AreQuarters(const model::Period& p) {
  return p.first == p.first.QuarterStart() && p.first < p.last && p.months() % 3 == 0;
}

absl::Status CheckRuns(const OutcomeBlock& block, const model::Period& year) {
  for (const OutcomeRun& run : block.runs) {
    if (!AreQuarters(run.period) || !year.Contains(run.period)) return Wrong("runs are wrong");
    for (const AreaGroup& group : run.areas) {
      if (group.empty() || !Ascends(group, std::less<>())) return Wrong("a group does not ascend");
    }
    if (!Ascends(run.areas, std::less<>())) return Wrong("a group does not ascend");
    if (run.atoms.size() != run.areas.size()) return Wrong("atoms do not fit the areas");
    for (const OutcomeAtom& atom : run.atoms) RETURN_IF_ERROR(CheckAtom(atom));
  }
  if (!Ascends(block.runs,
               [](const auto& a, const auto& b) { return a.period.last < b.period.first; })) {
    return Wrong("runs are wrong");
  }
  return absl::OkStatus();
}

bool IsGroup(const ProviderGroup& group) {
  switch (group.kind) {
    case ProviderGroup::Kind::kProvider:
    case ProviderGroup::Kind::kRestOfOwner:
      return group.provider.value != 0;
    case ProviderGroup::Kind::kRest:
      return group.provider.value == 0;
  }
  return false;
}

}  // namespace

absl::Status CheckOutcomeBlock(const OutcomeBlock& block) {
  const auto january = model::Month::FromYm(block.year, 1);
  if (!january || block.edition == 0) return Wrong("no such year or edition");
  if (block.number == 0 || !IsGroup(block.group)) return Wrong("no such group");
  const model::Period year{*january, january->Plus(11)};
  for (const GroupMember& m : block.members) {
    if (m.provider.value == 0 || !AreQuarters(m.quarters) || !year.Contains(m.quarters)) {
      return Wrong("a member is wrong");
    }
  }
  if (!Ascends(block.members, [](const GroupMember& a, const GroupMember& b) {
        return a.provider < b.provider ||
               (a.provider == b.provider && a.quarters.last < b.quarters.first);
      })) {
    return Wrong("members do not ascend");
  }
  return CheckRuns(block, year);
}

size_t OutcomeBlock::weight() const {
  size_t sum = sizeof(OutcomeBlock) + members.capacity() * sizeof(GroupMember);
  for (const OutcomeRun& run : runs) {
    sum += sizeof(OutcomeRun);
    for (const AreaGroup& g : run.areas) sum += sizeof(g) + g.capacity() * sizeof(model::AreaNo);
    for (const OutcomeAtom& atom : run.atoms) sum += atom.weight();
  }
  return sum;
}

}  // namespace steelyard::editions
