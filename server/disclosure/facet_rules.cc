#include "server/disclosure/facet_rules.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace steelyard::disclosure {
namespace {

bool Enough(size_t sayers, const Rules& rules) {
  return static_cast<int64_t>(sayers) >= std::max(rules.min_councils, kMinSayers);
}

// The largest of some values, largest first.
template <size_t N>
class Largest {
 public:
  void Add(absl::int128 value) {
    total_ += value;
    for (absl::int128& top : top_) {
      if (value > top) std::swap(value, top);
    }
  }
  absl::int128 total() const { return total_; }
  const std::array<absl::int128, N>& top() const { return top_; }

 private:
  absl::int128 total_ = 0;
  std::array<absl::int128, N> top_{};
};

}  // namespace

void AnswerTally::Add(uint32_t group, size_t code) { ++sayers_[group][code]; }

bool AnswerTally::Safe(size_t first_protected) const {
  if (!Enough(sayers_.size(), rules_)) return false;
  for (size_t code = first_protected; code < kMaxCodes; ++code) {
    if (!SafeAnswer(code)) return false;
  }
  return true;
}

bool AnswerTally::SafeAnswer(size_t code) const {
  const auto otherwise = [&](const Counts& said) {
    return std::accumulate(said.begin(), said.end(), int64_t{0}) - said[code];
  };
  Largest<kCoalition + 1> others;
  for (const auto& [group, said] : sayers_) others.Add(otherwise(said));
  return std::all_of(sayers_.begin(), sayers_.end(), [&](const auto& sayer) {
    const Counts& said = sayer.second;
    if (said[code] == 0) return true;
    // The coalition that knows most is the two others who said most otherwise.
    const absl::int128 own = otherwise(said);
    absl::int128 rest = others.total() - own;
    bool skipped = false;
    int taken = 0;
    for (const absl::int128 top : others.top()) {
      if (!skipped && top == own) {
        skipped = true;
      } else if (taken < kCoalition) {
        rest -= top;
        ++taken;
      }
    }
    return rest * 100 > absl::int128(rules_.p_percent) * said[code];
  });
}

void AmountTally::Add(uint32_t group, absl::int128 first, absl::int128 second) {
  Amounts& sum = sayers_[group];
  sum[0] += first;
  sum[1] += second;
}

bool AmountTally::Safe() const { return Enough(sayers_.size(), rules_) && Passes(0) && Passes(1); }

bool AmountTally::Passes(size_t which) const {
  Largest<kCoalition + 1> largest;
  for (const auto& [group, amounts] : sayers_) largest.Add(amounts[which]);
  if (largest.total() == 0) return true;
  absl::int128 rest = largest.total();
  for (const absl::int128 top : largest.top()) rest -= top;
  return rest * 100 > absl::int128(rules_.p_percent) * largest.top()[0];
}

}  // namespace steelyard::disclosure
