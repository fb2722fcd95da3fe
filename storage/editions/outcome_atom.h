#ifndef STEELYARD_STORAGE_EDITIONS_OUTCOME_ATOM_H_
#define STEELYARD_STORAGE_EDITIONS_OUTCOME_ATOM_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "storage/model/codes.h"
#include "storage/model/ids.h"
#include "storage/model/outcome.h"

namespace steelyard::editions {

// The parts of an atom that are there only where each is safe by itself.
// Numbers are frozen on disk.
inline constexpr size_t kPriorityCount = 14;  // of model::Priorities()
enum class Facet : uint8_t {
  kRatings = 0,  // to 7: one for each measure
  kEndings = 8,
  kOffers = 9,
  kNoAlternative = 10,
  kIntentions = 11,
  kSpend = 12,
  kFees = 13,
  kExtras = 14,
  kNearest = 15,
  kPriorities = 16,  // to 29: one for each priority
};
inline constexpr size_t kFacetCount = static_cast<size_t>(Facet::kPriorities) + kPriorityCount;
using FacetSet = std::bitset<kFacetCount>;  // by number

// Whether a report says something that counts in the facet.
bool Says(const model::OutcomeFact& fact, size_t facet);

// Counts of reports, placements and events within an atom stay below this.
inline constexpr int64_t kMaxOutcomeCount = int64_t{1} << 62;

// What one council reported within an atom. What belongs to a facet that is not
// shown is as if nobody had said it.
struct OutcomeCouncilSum {
  model::CouncilNo council;
  int64_t reports = 0;  // 0: only facets that are shown as they were hold some
  int64_t placements = 0;
  absl::int128 spend_micros = 0;
  // Of reports with a weekly fee: placements, and fee x placements in micros.
  // The placements are for means and weights alone, not to be shown: less those
  // of all reports they would be those of the few without a fee.
  int64_t fee_placements = 0;
  absl::int128 fee_micros = 0;
  int64_t min_fee_micros = -1;  // of a report; -1: none has a fee
  int64_t max_fee_micros = -1;
  int64_t min_nearest_meters = -1;  // -1: none says
  int64_t max_nearest_meters = -1;

  // Adds another sum of the same council.
  void Add(const OutcomeCouncilSum& other);
  friend bool operator==(const OutcomeCouncilSum&, const OutcomeCouncilSum&) = default;
};

// Ratings in one measure.
struct RatingCounts {
  std::array<int64_t, model::kLevelCount> by_level{};  // kGood first, kOther last
  int64_t councils = 0;                                // that rated
  // Ratings that are a rank, and their sum of scores (model::ScoreOf).
  int64_t ranks() const { return by_level[0] + by_level[1] + by_level[2] + by_level[3]; }
  int64_t score_sum() const { return 3 * by_level[0] + 2 * by_level[1] + by_level[2]; }
  friend bool operator==(const RatingCounts&, const RatingCounts&) = default;
};

// `events` of `of`.
struct EventCount {
  int64_t events = 0;
  int64_t of = 0;
  friend bool operator==(const EventCount&, const EventCount&) = default;
};

struct PriorityTotals {
  int64_t reports = 0;
  int64_t points = 0;  // 5 for a first place, 1 for a fifth
  friend bool operator==(const PriorityTotals&, const PriorityTotals&) = default;
};

// The smallest thing of outcomes that is ever released: some reports, summed.
// Immutable once in a block. `reports`, `placements` and `spend_micros` are the
// sums over `councils`. Each facet is there only if it is safe by itself; one
// that is not there is not in any figure. A facet may be of an earlier state of
// the reports than the sums: where what moved in it since is not safe, it stays
// as it was shown.
struct OutcomeAtom {
  int64_t reports = 0;
  int64_t placements = 0;
  std::vector<OutcomeCouncilSum> councils;  // by council

  bool spend_shown = false;
  absl::int128 spend_micros = 0;  // of reports that say; 0 unless shown
  std::array<std::optional<RatingCounts>, model::kMeasureCount> ratings;
  std::optional<EventCount> endings;         // unplanned, of placements in reports that say
  std::optional<EventCount> offers;          // of referrals
  std::optional<EventCount> no_alternative;  // reports that say so, of those that say
  std::optional<std::array<int64_t, model::kIntentionCount>> intentions;  // reports
  // Each may be there without the others; a report names up to five.
  std::array<std::optional<PriorityTotals>, kPriorityCount> priorities;
  // Whether the fees in `councils` and `weekly_fees` are there.
  bool fees_shown = false;
  std::vector<int64_t> weekly_fees;  // micros, ascending, one a report; empty unless shown
  bool extras_shown = false;
  int64_t extras_placements = 0;   // of reports with extras; 0 unless shown; as fee_placements
  absl::int128 extras_micros = 0;  // extras x placements
  bool nearest_shown = false;
  std::vector<int64_t> nearest_meters;  // ascending, one a report; empty unless shown

  // The facets that are there.
  FacetSet facets() const;
  // Bytes of memory it takes.
  size_t weight() const;
  friend bool operator==(const OutcomeAtom&, const OutcomeAtom&) = default;
};

// Figures of several atoms taken together; exact, not rounded.
struct OutcomeFigures : OutcomeAtom {
  int64_t atoms = 0;
};

// `atoms` must have no report in common. A facet is the sum over the atoms that
// have it; it is not there if none has. `councils` is merged by council. In a
// facet's RatingCounts `councils` is the most of any one atom. Pure.
OutcomeFigures Combine(std::span<const OutcomeAtom* const> atoms);

// Makes an atom of reports, which may come in any order: the same reports make
// the same atom. Not thread-safe.
class OutcomeAtomBuilder {
 public:
  // Counts a report in the sums, and in each of `facets` that it says something
  // in.
  void Add(const model::OutcomeFact& fact, const FacetSet& facets);
  // Counts it in the facets alone: they stay as they were shown.
  void AddToFacets(const model::OutcomeFact& fact, const FacetSet& facets);
  // The atom of all reports so far, with the facets that any report was counted
  // in; leaves the builder empty.
  OutcomeAtom Build();

 private:
  // What it adds to the sum of its council, `reports` and `placements` aside.
  OutcomeCouncilSum AddAmounts(const model::OutcomeFact& fact, const FacetSet& facets);
  void AddAnswers(const model::OutcomeFact& fact, const FacetSet& facets);

  OutcomeAtom atom_;
  absl::flat_hash_map<model::CouncilNo, OutcomeCouncilSum> councils_;
  std::array<absl::flat_hash_set<model::CouncilNo>, model::kMeasureCount> raters_;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_OUTCOME_ATOM_H_
