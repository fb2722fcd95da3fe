#include "storage/base/quantile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "storage/base/checked.h"

namespace steelyard {
namespace {

constexpr int64_t kWhole = 10'000;  // basis points
// So few values are gathered and sorted.
constexpr size_t kGather = 512;
// Values drawn to guess where a rank lies; more where there are more arrays.
constexpr size_t kSample = 256;

struct Spot {
  size_t index = 0;  // of the lower neighbour
  int32_t upper_weight = 0;
};

Spot SpotOf(size_t size, int32_t basis_points) {
  const int64_t h = static_cast<int64_t>(size - 1) * basis_points;
  return {static_cast<size_t>(h / kWhole), static_cast<int32_t>(h % kWhole)};
}

template <typename T>
Bracket<T> BracketAt(std::span<const T> sorted, Spot spot) {
  const T lower = sorted[spot.index];
  return {lower, spot.upper_weight == 0 ? lower : sorted[spot.index + 1], spot.upper_weight};
}

// First place in [begin, end) whose value is not below `value`. Without a
// branch on the data, which would be guessed wrong every other time.
template <typename T>
const T* LowerBound(const T* begin, const T* end, T value) {
  size_t size = static_cast<size_t>(end - begin);
  while (size > 0) {
    const size_t half = (size + 1) / 2;
    begin += static_cast<size_t>(begin[half - 1] < value) * half;
    size -= half;
  }
  return begin;
}

// First place in [begin, end) whose value is above `value`, where none is
// below it: mostly the first or second.
template <typename T>
const T* EndOfTies(const T* begin, const T* end, T value) {
  ptrdiff_t step = 1;
  while (begin != end && *begin == value) {
    const T* probe = end - begin > step ? begin + step : end - 1;
    if (*probe == value) {
      begin = probe + 1;
      step *= 2;
    } else if (probe == begin + 1) {
      return probe;
    } else {
      end = probe;
      step = 1;
    }
  }
  return begin;
}

// Finds values by rank in many sorted arrays: draws a sample, takes two of its
// values that should enclose the rank, keeps what lies strictly between them
// (or on the side where the rank turns out to be), and so on until few remain.
// Since the sample is spread evenly over what remains, each round leaves a
// part of it that does not depend on the values.
template <typename T>
class RankFinder {
 public:
  explicit RankFinder(std::span<const std::span<const T>> arrays) : arrays_(arrays) {
    for (const auto& a : arrays) size_ += a.size();
  }
  size_t size() const { return size_; }

  // The value of `rank` and its successor (itself if it is the last).
  std::pair<T, T> At(size_t rank) {
    windows_.clear();
    for (const auto& a : arrays_) {
      if (!a.empty()) windows_.push_back({a.data(), a.data() + a.size(), a.data() + a.size()});
    }
    remaining_ = size_;
    rank_ = rank;
    while (remaining_ > kGather) {
      const auto [low, high] = Pivots();
      if (Narrow(low) || (low != high && Narrow(high))) return {found_, Successor()};
    }
    return FromFew();
  }

 private:
  struct Window {
    const T* begin;
    const T* end;
    const T* array_end;
    const T* ties_begin = nullptr;  // values equal to the last pivot
    const T* ties_end = nullptr;
  };

  std::pair<T, T> Pivots() {
    const size_t wanted = std::max(kSample, 4 * windows_.size());
    const size_t stride = std::max<size_t>(1, remaining_ / wanted);
    sample_.clear();
    size_t skip = stride / 2;
    for (const Window& w : windows_) {
      const auto size = static_cast<size_t>(w.end - w.begin);
      for (; skip < size; skip += stride) sample_.push_back(w.begin[skip]);
      skip -= size;
    }
    // A window's share of the sample is off by less than one.
    const auto slack = static_cast<size_t>(std::sqrt(static_cast<double>(windows_.size())) / 2) + 1;
    const size_t guess = std::min(rank_ / stride, sample_.size() - 1);
    const size_t low = guess > slack ? guess - slack : 0;
    const size_t high = std::min(guess + slack, sample_.size() - 1);
    const auto at = [&](size_t i) { return sample_.begin() + static_cast<ptrdiff_t>(i); };
    std::nth_element(sample_.begin(), at(high), sample_.end());
    const T high_value = *at(high);
    std::nth_element(sample_.begin(), at(low), at(high));
    return {low == high ? high_value : *at(low), high_value};
  }

  // Keeps the side of `pivot` where the rank is; true if the rank is `pivot`.
  // A pivot that is no longer within a window cuts nothing.
  bool Narrow(T pivot) {
    size_t below = 0;
    size_t ties = 0;
    for (Window& w : windows_) {
      w.ties_begin = LowerBound(w.begin, w.end, pivot);
      w.ties_end = EndOfTies(w.ties_begin, w.end, pivot);
      below += static_cast<size_t>(w.ties_begin - w.begin);
      ties += static_cast<size_t>(w.ties_end - w.ties_begin);
    }
    if (rank_ >= below && rank_ < below + ties) {
      found_ = pivot;
      last_of_ties_ = rank_ + 1 == below + ties;
      return true;
    }
    const bool left = rank_ < below;
    size_t kept = 0;
    for (size_t i = 0; i < windows_.size(); ++i) {
      Window w = windows_[i];
      (left ? w.end : w.begin) = left ? w.ties_begin : w.ties_end;
      // An emptied window stays: its next value may be the successor.
      windows_[i] = w;
      kept += static_cast<size_t>(w.end - w.begin);
    }
    if (!left) rank_ -= below + ties;
    remaining_ = kept;
    return false;
  }

  // What follows `found_`, from the places the last Narrow left behind.
  T Successor() const {
    if (!last_of_ties_) return found_;
    const T* best = nullptr;
    for (const Window& w : windows_) {
      if (w.ties_end != w.array_end && (best == nullptr || *w.ties_end < *best)) best = w.ties_end;
    }
    return best == nullptr ? found_ : *best;
  }

  std::pair<T, T> FromFew() {
    sample_.clear();
    for (const Window& w : windows_) sample_.insert(sample_.end(), w.begin, w.end);
    const auto at = sample_.begin() + static_cast<ptrdiff_t>(rank_);
    std::nth_element(sample_.begin(), at, sample_.end());
    if (at + 1 != sample_.end()) return {*at, *std::min_element(at + 1, sample_.end())};
    const T* best = nullptr;
    for (const Window& w : windows_) {
      if (w.end != w.array_end && (best == nullptr || *w.end < *best)) best = w.end;
    }
    return {*at, best == nullptr ? *at : *best};
  }

  const std::span<const std::span<const T>> arrays_;
  size_t size_ = 0;
  // Of the search under way.
  std::vector<Window> windows_;
  std::vector<T> sample_;
  size_t remaining_ = 0;
  size_t rank_ = 0;  // among what remains
  T found_{};
  bool last_of_ties_ = false;
};

}  // namespace

template <typename T>
int64_t Bracket<T>::Rounded() const {
  if constexpr (std::is_integral_v<T>) {
    const absl::int128 low = lower;
    return Saturate(DivideHalfEven(low * kWhole + (upper - low) * upper_weight, kWhole));
  } else {
    return std::llrint(Real());
  }
}

template <typename T>
double Bracket<T>::Real() const {
  const auto low = static_cast<double>(lower);
  return low + (static_cast<double>(upper) - low) * upper_weight / static_cast<double>(kWhole);
}

template <typename T>
int64_t Bracket<T>::Floor() const {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<int64_t>(lower + (absl::int128(upper) - lower) * upper_weight / kWhole);
  } else {
    return std::llround(std::floor(Real()));
  }
}

template <typename T>
int64_t Bracket<T>::Ceiling() const {
  if constexpr (std::is_integral_v<T>) {
    return Floor() + ((absl::int128(upper) - lower) * upper_weight % kWhole == 0 ? 0 : 1);
  } else {
    return std::llround(std::ceil(Real()));
  }
}

template <typename T>
Bracket<T> SortedQuantile(std::span<const T> sorted, int32_t basis_points) {
  return BracketAt(sorted, SpotOf(sorted.size(), basis_points));
}

template <typename T>
std::vector<Bracket<T>> UnionQuantiles(std::span<const std::span<const T>> arrays,
                                       std::span<const int32_t> basis_points) {
  std::vector<Bracket<T>> out;
  out.reserve(basis_points.size());
  RankFinder<T> finder(arrays);
  if (finder.size() <= kGather) {
    std::array<T, kGather> all;
    auto end = all.begin();
    for (const auto& a : arrays) end = std::copy(a.begin(), a.end(), end);
    std::sort(all.begin(), end);
    const std::span<const T> sorted(all.data(), finder.size());
    for (int32_t bp : basis_points) out.push_back(SortedQuantile(sorted, bp));
    return out;
  }
  for (int32_t bp : basis_points) {
    const Spot spot = SpotOf(finder.size(), bp);
    const auto [lower, upper] = finder.At(spot.index);
    out.push_back({lower, spot.upper_weight == 0 ? lower : upper, spot.upper_weight});
  }
  return out;
}

#define STEELYARD_DEFINE_QUANTILES(T)                                                     \
  template struct Bracket<T>;                                                             \
  template Bracket<T> SortedQuantile<T>(std::span<const T>, int32_t);                     \
  template std::vector<Bracket<T>> UnionQuantiles<T>(std::span<const std::span<const T>>, \
                                                     std::span<const int32_t>)
STEELYARD_DEFINE_QUANTILES(int64_t);
STEELYARD_DEFINE_QUANTILES(int32_t);
STEELYARD_DEFINE_QUANTILES(double);
#undef STEELYARD_DEFINE_QUANTILES

}  // namespace steelyard
