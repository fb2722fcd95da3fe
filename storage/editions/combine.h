#ifndef STEELYARD_STORAGE_EDITIONS_COMBINE_H_
#define STEELYARD_STORAGE_EDITIONS_COMBINE_H_

// The heart of a query: figures of several atoms taken together. Exact, not
// rounded for release, and without a judgement of what may be shown.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/numeric/int128.h"
#include "storage/editions/atom.h"

namespace steelyard::editions {

// The quantiles that figures hold, in basis points.
inline constexpr std::array<int32_t, 5> kQuantiles = {1'000, 2'500, 5'000, 7'500, 9'000};

// A quantile with the number of councils that stand on each side of it.
template <typename T>
struct SidedQuantile {
  T value{};
  int64_t councils_at_or_below = 0;  // with a line (or mean) <= the quantile
  int64_t councils_at_or_above = 0;  // with one >= the quantile
  friend bool operator==(const SidedQuantile&, const SidedQuantile&) = default;
};
using PriceQuantiles = std::array<SidedQuantile<int64_t>, kQuantiles.size()>;  // micros
using DayQuantiles = std::array<SidedQuantile<double>, kQuantiles.size()>;     // days

struct Figures {
  int64_t lines = 0;
  absl::int128 units = 0;
  absl::int128 spend_micros = 0;
  int64_t mean_unit_price = 0;         // spend over units, micros, half to even; 0 if no units
  PriceQuantiles line_prices{};        // meaningless if no lines
  PriceQuantiles council_prices{};     // of `council_means`; meaningless if no lines
  int64_t delivered_lines = 0;         // lines behind `lead_days`
  DayQuantiles lead_days{};            // meaningless if no delivered lines
  std::vector<CouncilSum> councils;    // merged, by council
  std::vector<int64_t> council_means;  // micros, ascending, one a council
};

// Figures of `atoms` together; they must have no line in common. Quantiles
// are of type 7 (storage/base/quantile.h), prices rounded half to even to a
// micro. The side counts of a quantile compare with its exact value. Pure.
Figures Combine(std::span<const Atom* const> atoms);

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_COMBINE_H_
