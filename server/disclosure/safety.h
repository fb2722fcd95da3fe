#ifndef STEELYARD_SERVER_DISCLOSURE_SAFETY_H_
#define STEELYARD_SERVER_DISCLOSURE_SAFETY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "storage/model/ids.h"
#include "storage/model/policy.h"
#include "storage/model/time.h"

namespace steelyard::disclosure {

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

// Adds up a set of contributions and tells whether it may be shown. Not
// thread-safe.
class Tally {
 public:
  void Add(const Contribution& c) { Add(c.group, c.supplier_group, c.spend_micros, c.units); }
  void Add(uint32_t group, uint32_t supplier_group, int64_t spend_micros, int64_t units);
  void Merge(const Tally& other);

  // No contributions at all: nothing to protect, and nothing to show.
  bool empty() const { return groups_.empty(); }

  // Enough contributor groups and supplier groups, and on spend and on units:
  // p% against a coalition, and no group above the largest share.
  // LEMMA (docs/disclosure.md): a disjoint union of safe sets is safe.
  bool Safe(const model::Policy& policy) const;
  // The same without the rule on suppliers: for movements.
  bool SafeMovement(const model::Policy& policy) const;

 private:
  struct Amount {
    int64_t spend = 0;
    int64_t units = 0;
  };
  absl::flat_hash_map<uint32_t, Amount> groups_;
  std::vector<uint32_t> suppliers_;
};

// Safe() of a whole set.
bool Safe(std::span<const Contribution> set, const model::Policy& policy);

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_SAFETY_H_
