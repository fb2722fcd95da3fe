#ifndef STEELYARD_STORAGE_EDITIONS_OUTCOME_ATOM_H_
#define STEELYARD_STORAGE_EDITIONS_OUTCOME_ATOM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/numeric/int128.h"
#include "storage/model/codes.h"
#include "storage/model/ids.h"
#include "storage/model/outcome.h"

namespace steelyard::editions {

// What one council reported within an atom.
struct OutcomeCouncilSum {
  model::CouncilNo council;
  int64_t reports = 0;  // at least 1
  int64_t placements = 0;
  absl::int128 spend_micros = 0;
  // Of reports with a weekly fee: placements, and fee x placements in micros.
  int64_t fee_placements = 0;
  absl::int128 fee_micros = 0;
  int64_t min_fee_micros = -1;  // of a report; -1: none has a fee
  int64_t max_fee_micros = -1;
  int64_t min_nearest_meters = -1;  // -1: none says
  int64_t max_nearest_meters = -1;

  void Add(const model::OutcomeFact& fact);
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
inline constexpr size_t kPriorityCount = 14;  // of model::Priorities()

// The smallest thing of outcomes that is ever released: some reports, summed.
// Immutable once in a block. Each facet below the sums is there only if it is
// safe by itself; one that is not there is not in any figure.
struct OutcomeAtom {
  int64_t reports = 0;
  int64_t placements = 0;
  absl::int128 spend_micros = 0;
  std::vector<OutcomeCouncilSum> councils;  // by council

  std::array<std::optional<RatingCounts>, model::kMeasureCount> ratings;
  std::optional<EventCount> endings;         // unplanned, of placements in reports that say
  std::optional<EventCount> offers;          // of referrals
  std::optional<EventCount> no_alternative;  // reports that say so, of those that say
  std::optional<std::array<int64_t, model::kIntentionCount>> intentions;  // reports
  std::optional<std::array<PriorityTotals, kPriorityCount>> priorities;
  // Whether the fees in `councils` and `weekly_fees` may be shown.
  bool fees_shown = false;
  std::vector<int64_t> weekly_fees;  // micros, ascending, one a report; empty unless shown
  int64_t extras_placements = 0;     // of reports with extras; 0 unless shown
  absl::int128 extras_micros = 0;    // extras x placements
  bool nearest_shown = false;
  std::vector<int64_t> nearest_meters;  // ascending, one a report; empty unless shown

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
OutcomeFigures Combine(const std::vector<const OutcomeAtom*>& atoms);

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_OUTCOME_ATOM_H_
