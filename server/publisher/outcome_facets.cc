#include "server/publisher/outcome_facets.h"

#include <algorithm>
#include <array>
#include <optional>

#include "storage/editions/outcome_atom.h"

namespace steelyard::publisher {
namespace {

using editions::Facet;
using model::OutcomeFact;

using Amounts = std::array<absl::int128, 2>;

bool IsPriority(size_t facet) { return facet >= static_cast<size_t>(Facet::kPriorities); }

// Facets that are answers to a coded question. A priority is both: whether it
// was named, and the points it got.
bool HasAnswers(size_t facet) {
  return facet < model::kMeasureCount || IsPriority(facet) ||
         facet == static_cast<size_t>(Facet::kNoAlternative) ||
         facet == static_cast<size_t>(Facet::kIntentions);
}
bool HasAmounts(size_t facet) { return IsPriority(facet) || !HasAnswers(facet); }

// That a priority was not named may be known.
size_t FirstProtected(size_t facet) { return IsPriority(facet) ? 1 : 0; }

int64_t PointsOf(size_t facet, const OutcomeFact& fact) {
  const auto number = static_cast<uint8_t>(facet - static_cast<size_t>(Facet::kPriorities) + 1);
  const auto at = std::find(fact.priorities.begin(), fact.priorities.end(), number);
  return fact.priorities.end() - at;
}

// `fact` says something in the facet.
size_t AnswerOf(size_t facet, const OutcomeFact& fact) {
  if (facet < model::kMeasureCount) return static_cast<size_t>(fact.ratings[facet]) - 1;
  if (IsPriority(facet)) return PointsOf(facet, fact) > 0 ? 1 : 0;
  if (facet == static_cast<size_t>(Facet::kNoAlternative)) {
    return static_cast<size_t>(fact.no_alternative);
  }
  return static_cast<size_t>(fact.intention) - 1;
}

// `fact` says something in the facet.
Amounts AmountsOf(size_t facet, const OutcomeFact& fact) {
  if (IsPriority(facet)) return {PointsOf(facet, fact), 0};
  const absl::int128 placements = fact.placements;
  switch (static_cast<Facet>(facet)) {
    case Facet::kEndings:
      return {fact.unplanned_endings, placements};
    case Facet::kOffers:
      return {fact.offers, fact.referrals};
    case Facet::kSpend:
      return {fact.spend_micros, 0};
    case Facet::kFees:
      return {placements * fact.weekly_fee_micros, placements};
    case Facet::kExtras:
      return {placements * fact.weekly_extras_micros, placements};
    default:  // kNearest: shown as quantiles, never summed
      return {0, 0};
  }
}

// What a report says in a facet; nothing if it is not there or says nothing.
struct Said {
  std::optional<size_t> answer;
  std::optional<Amounts> amounts;
  int64_t value = -1;  // of kNearest
  // Placements of a report without endings: all placements are shown, and so
  // are those of the reports with, so the difference is known.
  int64_t silent = 0;
  friend bool operator==(const Said&, const Said&) = default;
};

Said SaidBy(size_t facet, const OutcomeFact* fact) {
  Said said;
  if (fact == nullptr) return said;
  if (!editions::Says(*fact, facet)) {
    if (facet == static_cast<size_t>(Facet::kEndings)) said.silent = fact->placements;
    return said;
  }
  if (HasAnswers(facet)) said.answer = AnswerOf(facet, *fact);
  if (HasAmounts(facet)) said.amounts = AmountsOf(facet, *fact);
  if (facet == static_cast<size_t>(Facet::kNearest)) said.value = fact->nearest_offer_meters;
  return said;
}

absl::int128 Distance(absl::int128 a, absl::int128 b) { return a < b ? b - a : a - b; }

}  // namespace

void FacetJudge::Clear() {
  answers_.Clear();
  gone_.Clear();
  amounts_.Clear();
  silent_.Clear();
}

bool FacetJudge::Safe(size_t facet, std::span<const AtomReport> reports) {
  Clear();
  for (const AtomReport& r : reports) {
    const Said said = SaidBy(facet, r.fact);
    if (said.answer) answers_.Add(r.group, *said.answer);
    if (said.amounts) amounts_.Add(r.group, (*said.amounts)[0], (*said.amounts)[1]);
    if (said.silent > 0) silent_.Add(r.group, said.silent, 0);
  }
  return (silent_.empty() || silent_.Safe()) &&
         (!HasAnswers(facet) || answers_.Safe(FirstProtected(facet))) &&
         (!HasAmounts(facet) || amounts_.Safe());
}

bool FacetJudge::Unmoved(size_t facet, std::span<const ReportChange> changes) {
  return std::all_of(changes.begin(), changes.end(), [&](const ReportChange& c) {
    return SaidBy(facet, c.before) == SaidBy(facet, c.after);
  });
}

bool FacetJudge::SafeMovement(size_t facet, std::span<const ReportChange> changes) {
  Clear();
  for (const ReportChange& c : changes) {
    const Said before = SaidBy(facet, c.before);
    const Said after = SaidBy(facet, c.after);
    if (before == after) continue;
    if (before.answer != after.answer) {
      if (before.answer) gone_.Add(c.group, *before.answer);
      if (after.answer) answers_.Add(c.group, *after.answer);
    }
    if (before.amounts || after.amounts) {
      const Amounts a = before.amounts.value_or(Amounts{});
      const Amounts b = after.amounts.value_or(Amounts{});
      amounts_.Add(c.group, Distance(a[0], b[0]), Distance(a[1], b[1]));
    }
    if (before.silent != after.silent) {
      silent_.Add(c.group, Distance(before.silent, after.silent), 0);
    }
  }
  const size_t first = FirstProtected(facet);
  return (answers_.empty() || answers_.Safe(first)) && (gone_.empty() || gone_.Safe(first)) &&
         (amounts_.empty() || amounts_.Safe()) && (silent_.empty() || silent_.Safe());
}

}  // namespace steelyard::publisher
