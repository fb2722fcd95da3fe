#ifndef STEELYARD_SERVER_DISCLOSURE_SAFETY_H_
#define STEELYARD_SERVER_DISCLOSURE_SAFETY_H_

// When a set of contributions may be shown as one figure. docs/disclosure.md
// says why these rules.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "storage/base/checked.h"
#include "storage/model/ids.h"
#include "storage/model/policy.h"
#include "storage/model/time.h"

namespace steelyard::disclosure {

// By which rules a kind of series is cut up and judged: the policy's parameters
// as they stand for it. docs/disclosure.md, "Parameters".
struct Rules {
  // Purchases: months, and councils by type, are cut as well.
  Rules(const model::Policy& policy);  // NOLINT: a policy is its rules for purchases
  // Outcome reports of a group of providers. Each is of a quarter, so there is
  // one view only: areas over runs of quarters.
  static Rules ForOutcomes(const model::Policy& policy);

  int32_t min_councils = 0;
  int32_t min_supplier_groups = 0;
  int64_t min_units = 0;
  int32_t p_percent = 0;
  int32_t max_share_percent = 0;
  bool rows_only = false;
  // Whether a supplier that knows its own sales must not learn of the others'.
  bool against_suppliers = true;
};

// What one council bought of one product from one supplier group in one month,
// or how much of that moved since the last release. All amounts are >= 0.
struct Contribution {
  model::CouncilNo council;
  uint32_t group = 0;  // contributor group, AreaTree::Body::group
  uint16_t area = 0;   // leaf, AreaTree::Body::area
  uint16_t type = 0;   // AreaTree::Body::type
  model::Month month;
  uint32_t supplier_group = 0;  // ultimate owner
  int64_t spend_micros = 0;
  int64_t units = 0;
  int64_t lines = 0;
};

// How many contributors may pool what they know. The rules hold against every
// coalition of this size.
inline constexpr int kCoalition = 2;

// The p% rule against a coalition: the total less the target and the
// `coalition` next largest is more than p% of the target. `largest` is sorted,
// largest first. Exact. A total of 0 passes: there is nothing to protect.
// Source: HandbookSDC 4.2; "more than" where it says "at least".
bool PassesPercent(absl::int128 total, std::span<const int64_t> largest, int p_percent,
                   int coalition = kCoalition);

// What a group adds to a set, or the largest of a set in each measure.
struct Amount {
  int64_t spend = 0;  // micros
  int64_t units = 0;
  int64_t lines = 0;
  bool zero() const { return spend == 0 && units == 0 && lines == 0; }
  // Held at the ends of the range.
  Amount& operator+=(const Amount& other) {
    spend = SaturatingAdd(spend, other.spend);
    units = SaturatingAdd(units, other.units);
    lines = SaturatingAdd(lines, other.lines);
    return *this;
  }
  friend bool operator==(const Amount&, const Amount&) = default;
};

// Sums held at the end of the range.
inline Amount AmountOf(absl::int128 spend, absl::int128 units, int64_t lines) {
  constexpr absl::int128 kMost = std::numeric_limits<int64_t>::max();
  return {static_cast<int64_t>(std::min(spend, kMost)),
          static_cast<int64_t>(std::min(units, kMost)), lines};
}

// What one contributor group bought from one supplier group.
struct Sale {
  uint32_t group = 0;
  uint32_t supplier_group = 0;
  Amount amount;
};

// A set of contributions, for adding to many tallies; not merged.
using Slice = std::vector<Sale>;

// Adds up a set of contributions and tells whether it may be shown. Groups are
// small numbers, of contributors and of suppliers (memory grows with the
// largest). Not thread-safe.
class Tally {
 public:
  explicit Tally(const Rules& rules) : rules_(rules) {}

  void Add(const Contribution& c);
  void Add(const Sale& sale);
  void Add(std::span<const Sale> sales);
  void Clear();

  // No contributions at all: nothing to protect, and nothing to show.
  bool empty() const { return groups_.empty(); }

  // Enough contributor groups, supplier groups and units, and on spend and on
  // units: p% against a coalition and against each supplier group, and no group
  // above the largest share.
  // LEMMA (docs/disclosure.md): a disjoint union of safe sets is safe.
  bool Safe() const;

  // For movements: enough contributor groups, and the same on spend, units and
  // lines, each where any moved. How many suppliers does not matter.
  bool SafeMovement() const;

  // Whether what is left after the two largest groups, and what is left after
  // any supplier group, is more than p% of `largest`, in spend and in units.
  bool Covers(const Amount& largest) const;

  Amount Largest() const;
  Amount Total() const;

 private:
  // The three largest and the total of one measure.
  struct Top {
    absl::int128 total = 0;
    std::array<int64_t, kCoalition + 1> largest{};
  };
  Top TopOf(int64_t Amount::*measure) const;
  bool Passes(int64_t Amount::*measure) const;
  // Each supplier group can take its own sales out: what is left must pass p%
  // against it alone.
  bool PassesSuppliers(int64_t Amount::*measure, const Top& top) const;
  // The largest that a group bought from others than `supplier_group`.
  int64_t LargestWithout(uint32_t supplier_group, int64_t Amount::*measure) const;

  Rules rules_;
  std::vector<Amount> amounts_;       // by group
  std::vector<uint32_t> groups_;      // those with an amount
  std::vector<Amount> sold_;          // by supplier group
  std::vector<uint32_t> suppliers_;   // those with an amount
  Slice sales_;                       // all that was added
  mutable std::vector<int64_t> own_;  // room for one supplier's sales, by group
};

// Safe() of a whole set.
bool Safe(std::span<const Contribution> set, const Rules& rules);

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_SAFETY_H_
