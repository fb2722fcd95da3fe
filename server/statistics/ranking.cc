#include "server/statistics/ranking.h"

#include <algorithm>
#include <cmath>

#include "server/statistics/normal_draws.h"
#include "server/statistics/quantile.h"

namespace steelyard::statistics {
namespace {

struct Drawn {
  double value = 0;
  uint32_t bits = 0;  // breaks ties
  uint16_t unit = 0;
  bool operator<(const Drawn& other) const {
    return value != other.value ? value < other.value : bits < other.bits;
  }
};

// Sorts draws by the bucket that their value falls into and then within each
// bucket, which is some four times as fast as sorting them at once; where they
// all fall into one bucket it is as fast.
class Sorter {
 public:
  explicit Sorter(std::span<const Estimate> units) : ends_(2 * units.size() + 2) {
    double high = units[0].value;
    low_ = high;
    for (const auto& [value, error] : units) {
      low_ = std::min(low_, value - 3 * error);
      high = std::max(high, value + 3 * error);
    }
    top_ = static_cast<double>(ends_.size() - 2);
    scale_ = high > low_ ? top_ / (high - low_) : 0;
  }

  // `sorted` has the size of `drawn`.
  void Sort(const std::vector<Drawn>& drawn, std::vector<Drawn>& sorted) {
    std::fill(ends_.begin(), ends_.end(), 0);
    for (const Drawn& d : drawn) ++ends_[Bucket(d) + 1];
    for (size_t b = 1; b < ends_.size(); ++b) ends_[b] += ends_[b - 1];
    // ends_[b] is where bucket b begins, and after this loop where it ends.
    for (const Drawn& d : drawn) sorted[ends_[Bucket(d)]++] = d;
    size_t begin = 0;
    for (const size_t end : ends_) {
      if (end - begin > 1) {
        std::sort(sorted.begin() + static_cast<ptrdiff_t>(begin),
                  sorted.begin() + static_cast<ptrdiff_t>(end));
      }
      begin = end;
    }
  }

 private:
  size_t Bucket(const Drawn& d) const {
    return static_cast<size_t>(std::clamp((d.value - low_) * scale_, 0.0, top_));
  }

  std::vector<size_t> ends_;
  double low_ = 0;
  double top_ = 0;  // the last bucket
  double scale_ = 0;
};

// ranks[unit * draws + draw], from 1 for the best.
std::vector<uint16_t> DrawRanks(std::span<const Estimate> units, const RankingOptions& options) {
  const auto draws = static_cast<size_t>(options.draws);
  std::vector<uint16_t> ranks(units.size() * draws);
  if (units.empty()) return ranks;
  std::vector<Drawn> drawn(units.size());
  std::vector<Drawn> sorted(units.size());
  Sorter sorter(units);
  SplitMix64 random(options.seed);
  for (size_t draw = 0; draw < draws; ++draw) {
    uint64_t pair = 0;
    for (size_t i = 0; i < units.size(); ++i) {
      pair = i % 2 == 0 ? random.Next() : pair >> 32;
      const auto bits = static_cast<uint32_t>(pair);
      drawn[i] = {units[i].value + units[i].standard_error * NormalFromBits(bits), bits,
                  static_cast<uint16_t>(i)};
    }
    sorter.Sort(drawn, sorted);
    for (size_t i = 0; i < sorted.size(); ++i) {
      const size_t rank = options.higher_is_better ? sorted.size() - i : i + 1;
      ranks[sorted[i].unit * draws + draw] = static_cast<uint16_t>(rank);
    }
  }
  return ranks;
}

}  // namespace

std::vector<RankChance> RankChances(std::span<const Estimate> units,
                                    const RankingOptions& options) {
  const auto draws = static_cast<size_t>(options.draws);
  const size_t quarter = std::max<size_t>(1, units.size() / 4);
  const std::vector<uint16_t> ranks = DrawRanks(units, options);
  std::vector<RankChance> out(units.size());
  std::vector<int32_t> sorted(draws);
  std::vector<int32_t> counts(units.size() + 1);
  for (size_t i = 0; i < units.size(); ++i) {
    // Sorted by counting: there are few ranks.
    std::fill(counts.begin(), counts.end(), 0);
    for (size_t d = 0; d < draws; ++d) ++counts[ranks[i * draws + d]];
    auto end = sorted.begin();
    int32_t best = 0;
    int32_t worst = 0;
    for (size_t rank = 1; rank <= units.size(); ++rank) {
      end = std::fill_n(end, counts[rank], static_cast<int32_t>(rank));
      best += rank <= quarter ? counts[rank] : 0;
      worst += rank > units.size() - quarter ? counts[rank] : 0;
    }
    out[i].best_quarter = best / static_cast<double>(draws);
    out[i].worst_quarter = worst / static_cast<double>(draws);
    out[i].median_rank = Quantile(sorted, 5'000);
    out[i].low_rank = static_cast<int32_t>(std::floor(Quantile(sorted, 250)));
    out[i].high_rank = static_cast<int32_t>(std::ceil(Quantile(sorted, 9'750)));
  }
  return out;
}

}  // namespace steelyard::statistics
