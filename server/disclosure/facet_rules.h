#ifndef STEELYARD_SERVER_DISCLOSURE_FACET_RULES_H_
#define STEELYARD_SERVER_DISCLOSURE_FACET_RULES_H_

// When one facet of an atom of outcomes may be shown beside the others, and
// when what moved in it since it was shown may be. docs/disclosure.md,
// "Figures of providers", says why these rules.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "server/disclosure/safety.h"

namespace steelyard::disclosure {

// Contributors that a facet needs whatever the policy says: the target, the
// coalition, and one more to hide the target from it.
inline constexpr int kMinSayers = kCoalition + 2;

// Answers to a coded question in a set of reports. Not thread-safe.
class AnswerTally {
 public:
  static constexpr size_t kMaxCodes = 5;

  explicit AnswerTally(const Rules& rules) : rules_(rules) {}

  // A contributor gave the answer `code` (below kMaxCodes) in one report.
  void Add(uint32_t group, size_t code);
  void Clear() { sayers_.clear(); }
  bool empty() const { return sayers_.empty(); }

  // Enough contributors; and for every answer and everyone who gave it: what
  // others answered otherwise, less that of the two who did so most, is more
  // than p% of how often he gave it. So no two who pool what they know can show
  // that he gave it more often than p% below the truth, and who answered once
  // may have answered otherwise. Answers below `first_protected` may be known.
  // LEMMA: a disjoint union of safe sets is safe.
  bool Safe(size_t first_protected = 0) const;

 private:
  using Counts = std::array<int64_t, kMaxCodes>;
  bool SafeAnswer(size_t code) const;

  Rules rules_;
  absl::flat_hash_map<uint32_t, Counts> sayers_;  // by group
};

// Two amounts >= 0 that are shown as their sums, such as events and what they
// are of, in a set of reports. Not thread-safe.
class AmountTally {
 public:
  explicit AmountTally(const Rules& rules) : rules_(rules) {}

  // A report of a contributor; amounts of 0 still say something.
  void Add(uint32_t group, absl::int128 first, absl::int128 second);
  void Clear() { sayers_.clear(); }
  bool empty() const { return sayers_.empty(); }

  // Enough contributors, and p% against the coalition on both sums. A sum of 0
  // passes: there is nothing to protect.
  bool Safe() const;

 private:
  using Amounts = std::array<absl::int128, 2>;
  bool Passes(size_t which) const;

  Rules rules_;
  absl::flat_hash_map<uint32_t, Amounts> sayers_;  // by group
};

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_FACET_RULES_H_
