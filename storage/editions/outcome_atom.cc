#include "storage/editions/outcome_atom.h"

#include <algorithm>
#include <utility>

namespace steelyard::editions {
namespace {

constexpr size_t Number(Facet facet) { return static_cast<size_t>(facet); }

// The smaller of two where -1 stands for none.
int64_t MinSaid(int64_t a, int64_t b) { return a < 0 || (b >= 0 && b < a) ? b : a; }

// Place of a priority among a report's, from 0; kMaxPriorities if it is not.
size_t PlaceOf(const model::OutcomeFact& fact, size_t priority) {
  const auto& named = fact.priorities;
  return static_cast<size_t>(
      std::find(named.begin(), named.end(), static_cast<uint8_t>(priority + 1)) - named.begin());
}

// The values of one list of every atom, ascending. Each list ascends already,
// so neighbours are merged, two at a time.
std::vector<int64_t> MergeValues(std::span<const OutcomeAtom* const> atoms,
                                 std::vector<int64_t> OutcomeAtom::*list) {
  std::vector<int64_t> all;
  std::vector<size_t> ends = {0};
  size_t size = 0;
  for (const OutcomeAtom* atom : atoms) size += (atom->*list).size();
  all.reserve(size);
  for (const OutcomeAtom* atom : atoms) {
    if ((atom->*list).empty()) continue;
    all.insert(all.end(), (atom->*list).begin(), (atom->*list).end());
    ends.push_back(all.size());
  }
  const auto at = [&](size_t i) { return all.begin() + static_cast<ptrdiff_t>(ends[i]); };
  while (ends.size() > 2) {
    std::vector<size_t> merged = {0};
    for (size_t i = 2; i < ends.size(); i += 2) {
      std::inplace_merge(at(i - 2), at(i - 1), at(i));
      merged.push_back(ends[i]);
    }
    if (ends.size() % 2 == 0) merged.push_back(ends.back());
    ends = std::move(merged);
  }
  return all;
}

EventCount& Made(std::optional<EventCount>& count) {
  if (!count) count.emplace();
  return *count;
}

void Merge(std::optional<EventCount>& to, const std::optional<EventCount>& from) {
  if (!from) return;
  Made(to).events += from->events;
  to->of += from->of;
}

void MergeAnswers(OutcomeAtom& to, const OutcomeAtom& from) {
  for (size_t m = 0; m < to.ratings.size(); ++m) {
    if (!from.ratings[m]) continue;
    RatingCounts& sum = to.ratings[m] ? *to.ratings[m] : to.ratings[m].emplace();
    for (size_t l = 0; l < sum.by_level.size(); ++l) {
      sum.by_level[l] += from.ratings[m]->by_level[l];
    }
    sum.councils = std::max(sum.councils, from.ratings[m]->councils);
  }
  Merge(to.endings, from.endings);
  Merge(to.offers, from.offers);
  Merge(to.no_alternative, from.no_alternative);
  if (from.intentions) {
    auto& sum = to.intentions ? *to.intentions : to.intentions.emplace();
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += (*from.intentions)[i];
  }
  for (size_t p = 0; p < to.priorities.size(); ++p) {
    if (!from.priorities[p]) continue;
    PriorityTotals& sum = to.priorities[p] ? *to.priorities[p] : to.priorities[p].emplace();
    sum.reports += from.priorities[p]->reports;
    sum.points += from.priorities[p]->points;
  }
}

// The councils of all atoms, by number, each once.
std::vector<OutcomeCouncilSum> MergeCouncils(std::span<const OutcomeAtom* const> atoms) {
  size_t numbers = 0;  // one past the highest council
  for (const OutcomeAtom* atom : atoms) {
    if (!atom->councils.empty()) {
      numbers = std::max<size_t>(numbers, size_t{atom->councils.back().council.value} + 1);
    }
  }
  std::vector<uint32_t> slot_of(numbers, 0);  // 1-based, in the order of numbers
  for (const OutcomeAtom* atom : atoms) {
    for (const OutcomeCouncilSum& sum : atom->councils) slot_of[sum.council.value] = 1;
  }
  uint32_t slots = 0;
  for (uint32_t& slot : slot_of) slot = slot == 0 ? 0 : ++slots;
  std::vector<OutcomeCouncilSum> merged(slots);
  for (const OutcomeAtom* atom : atoms) {
    for (const OutcomeCouncilSum& sum : atom->councils) {
      OutcomeCouncilSum& total = merged[slot_of[sum.council.value] - 1];
      total.council = sum.council;
      total.Add(sum);
    }
  }
  return merged;
}

}  // namespace

bool Says(const model::OutcomeFact& fact, size_t facet) {
  if (facet < model::kMeasureCount) return fact.ratings[facet] != model::Level::kNone;
  if (facet >= Number(Facet::kPriorities)) return fact.priorities[0] != 0;
  switch (static_cast<Facet>(facet)) {
    case Facet::kEndings:
      return fact.unplanned_endings >= 0;
    case Facet::kOffers:
      return fact.referrals >= 0 && fact.offers >= 0;
    case Facet::kNoAlternative:
      return fact.no_alternative >= 0;
    case Facet::kIntentions:
      return fact.intention != model::Intention::kNone;
    case Facet::kSpend:
      return fact.spend_micros >= 0;
    case Facet::kFees:
      return fact.weekly_fee_micros >= 0;
    case Facet::kExtras:
      return fact.weekly_extras_micros >= 0;
    default:
      return fact.nearest_offer_meters >= 0;
  }
}

void OutcomeCouncilSum::Add(const OutcomeCouncilSum& other) {
  reports += other.reports;
  placements += other.placements;
  spend_micros += other.spend_micros;
  fee_placements += other.fee_placements;
  fee_micros += other.fee_micros;
  min_fee_micros = MinSaid(min_fee_micros, other.min_fee_micros);
  max_fee_micros = std::max(max_fee_micros, other.max_fee_micros);
  min_nearest_meters = MinSaid(min_nearest_meters, other.min_nearest_meters);
  max_nearest_meters = std::max(max_nearest_meters, other.max_nearest_meters);
}

FacetSet OutcomeAtom::facets() const {
  FacetSet set;
  for (size_t m = 0; m < ratings.size(); ++m) set[m] = ratings[m].has_value();
  set[Number(Facet::kEndings)] = endings.has_value();
  set[Number(Facet::kOffers)] = offers.has_value();
  set[Number(Facet::kNoAlternative)] = no_alternative.has_value();
  set[Number(Facet::kIntentions)] = intentions.has_value();
  set[Number(Facet::kSpend)] = spend_shown;
  set[Number(Facet::kFees)] = fees_shown;
  set[Number(Facet::kExtras)] = extras_shown;
  set[Number(Facet::kNearest)] = nearest_shown;
  for (size_t p = 0; p < kPriorityCount; ++p) {
    set[Number(Facet::kPriorities) + p] = priorities[p].has_value();
  }
  return set;
}

size_t OutcomeAtom::weight() const {
  return sizeof(OutcomeAtom) + councils.capacity() * sizeof(OutcomeCouncilSum) +
         (weekly_fees.capacity() + nearest_meters.capacity()) * sizeof(int64_t);
}

OutcomeFigures Combine(std::span<const OutcomeAtom* const> atoms) {
  OutcomeFigures out;
  out.atoms = static_cast<int64_t>(atoms.size());
  for (const OutcomeAtom* atom : atoms) {
    out.reports += atom->reports;
    out.placements += atom->placements;
    out.spend_micros += atom->spend_micros;
    out.extras_placements += atom->extras_placements;
    out.extras_micros += atom->extras_micros;
    out.spend_shown = out.spend_shown || atom->spend_shown;
    out.fees_shown = out.fees_shown || atom->fees_shown;
    out.extras_shown = out.extras_shown || atom->extras_shown;
    out.nearest_shown = out.nearest_shown || atom->nearest_shown;
    MergeAnswers(out, *atom);
  }
  out.weekly_fees = MergeValues(atoms, &OutcomeAtom::weekly_fees);
  out.nearest_meters = MergeValues(atoms, &OutcomeAtom::nearest_meters);
  out.councils = MergeCouncils(atoms);
  return out;
}

void OutcomeAtomBuilder::Add(const model::OutcomeFact& fact, const FacetSet& facets) {
  OutcomeCouncilSum& sum = councils_[fact.council];
  sum.reports += 1;
  sum.placements += fact.placements;
  sum.Add(AddAmounts(fact, facets));
  AddAnswers(fact, facets);
}

void OutcomeAtomBuilder::AddToFacets(const model::OutcomeFact& fact, const FacetSet& facets) {
  const OutcomeCouncilSum amounts = AddAmounts(fact, facets);
  if (amounts != OutcomeCouncilSum{}) councils_[fact.council].Add(amounts);
  AddAnswers(fact, facets);
}

OutcomeCouncilSum OutcomeAtomBuilder::AddAmounts(const model::OutcomeFact& fact,
                                                 const FacetSet& facets) {
  const auto counts = [&](Facet facet) {
    return facets[Number(facet)] && Says(fact, Number(facet));
  };
  OutcomeCouncilSum more;
  if (counts(Facet::kSpend)) {
    atom_.spend_shown = true;
    more.spend_micros = fact.spend_micros;
  }
  if (counts(Facet::kFees)) {
    atom_.fees_shown = true;
    atom_.weekly_fees.push_back(fact.weekly_fee_micros);
    more.fee_placements = fact.placements;
    more.fee_micros = absl::int128(fact.weekly_fee_micros) * fact.placements;
    more.min_fee_micros = more.max_fee_micros = fact.weekly_fee_micros;
  }
  if (counts(Facet::kExtras)) {
    atom_.extras_shown = true;
    atom_.extras_placements += fact.placements;
    atom_.extras_micros += absl::int128(fact.weekly_extras_micros) * fact.placements;
  }
  if (counts(Facet::kNearest)) {
    atom_.nearest_shown = true;
    atom_.nearest_meters.push_back(fact.nearest_offer_meters);
    more.min_nearest_meters = more.max_nearest_meters = fact.nearest_offer_meters;
  }
  return more;
}

void OutcomeAtomBuilder::AddAnswers(const model::OutcomeFact& fact, const FacetSet& facets) {
  const auto counts = [&](size_t facet) { return facets[facet] && Says(fact, facet); };
  for (size_t m = 0; m < model::kMeasureCount; ++m) {
    if (!counts(m)) continue;
    RatingCounts& sum = atom_.ratings[m] ? *atom_.ratings[m] : atom_.ratings[m].emplace();
    sum.by_level[static_cast<size_t>(fact.ratings[m]) - 1] += 1;
    raters_[m].insert(fact.council);
  }
  if (counts(Number(Facet::kEndings))) {
    Made(atom_.endings).events += fact.unplanned_endings;
    atom_.endings->of += fact.placements;
  }
  if (counts(Number(Facet::kOffers))) {
    Made(atom_.offers).events += fact.offers;
    atom_.offers->of += fact.referrals;
  }
  if (counts(Number(Facet::kNoAlternative))) {
    Made(atom_.no_alternative).events += fact.no_alternative;
    atom_.no_alternative->of += 1;
  }
  if (counts(Number(Facet::kIntentions))) {
    auto& sum = atom_.intentions ? *atom_.intentions : atom_.intentions.emplace();
    sum[static_cast<size_t>(fact.intention) - 1] += 1;
  }
  for (size_t p = 0; p < kPriorityCount; ++p) {
    if (!counts(Number(Facet::kPriorities) + p)) continue;
    PriorityTotals& sum =
        atom_.priorities[p] ? *atom_.priorities[p] : atom_.priorities[p].emplace();
    const size_t place = PlaceOf(fact, p);
    if (place == model::kMaxPriorities) continue;
    sum.reports += 1;
    sum.points += static_cast<int64_t>(model::kMaxPriorities - place);
  }
}

OutcomeAtom OutcomeAtomBuilder::Build() {
  OutcomeAtom atom = std::exchange(atom_, {});
  for (size_t m = 0; m < model::kMeasureCount; ++m) {
    if (atom.ratings[m]) atom.ratings[m]->councils = static_cast<int64_t>(raters_[m].size());
    raters_[m].clear();
  }
  std::sort(atom.weekly_fees.begin(), atom.weekly_fees.end());
  std::sort(atom.nearest_meters.begin(), atom.nearest_meters.end());
  atom.councils.reserve(councils_.size());
  for (auto& [council, sum] : std::exchange(councils_, {})) {
    sum.council = council;
    atom.councils.push_back(sum);
    atom.reports += sum.reports;
    atom.placements += sum.placements;
    atom.spend_micros += sum.spend_micros;
  }
  std::sort(
      atom.councils.begin(), atom.councils.end(),
      [](const OutcomeCouncilSum& a, const OutcomeCouncilSum& b) { return a.council < b.council; });
  return atom;
}

}  // namespace steelyard::editions
