#ifndef STEELYARD_SERVER_STATISTICS_PRICE_INDEX_H_
#define STEELYARD_SERVER_STATISTICS_PRICE_INDEX_H_

// How prices moved, like compared with like: between two periods, over many,
// or between councils. An index is a ratio, so prices and quantities are real
// numbers here; amounts of money stay whole elsewhere. Pure, thread-safe.
// Source: ILO and others, Producer Price Index Manual (2004), chapters 15 to 17
// and 19; for many periods Ivancic, Diewert and Fox, Journal of Econometrics
// 161 (2011).

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace steelyard::statistics {

struct PricedItem {
  int64_t item = 0;     // what is the same thing at both ends
  double price = 0;     // of one unit
  double quantity = 0;  // in units
};

// What was bought in one period or by one council: items ascend, each occurs
// once, prices and quantities are above 0.
using Basket = std::vector<PricedItem>;

// Brings purchases into a basket. One item's are put together with their unit
// value, sum p q / sum q; what has no price or no quantity above 0 is left out.
Basket MakeBasket(std::vector<PricedItem> purchases);

// From `base` (0) to `current` (1), over the items that are in both.
struct PriceComparison {
  double laspeyres = 1;  // sum p1 q0 / sum p0 q0
  double paasche = 1;    // sum p1 q1 / sum p0 q1
  double fisher = 1;     // sqrt(L P)
  // exp sum (s0 + s1)/2 ln(p1/p0), s the share of the matched spend
  double tornqvist = 1;
  int64_t items = 0;  // in both
  // Their share of the spend of each end, above 0 to 1. Where it is low, the
  // index speaks for little of what was bought.
  double base_share = 0;
  double current_share = 0;
};

// Nothing if no item is in both.
std::optional<PriceComparison> ComparePrices(const Basket& base, const Basket& current);

// Formulas that give the inverse when base and current change places.
enum class Superlative : uint8_t { kFisher, kTornqvist };

// GEKS: with I(a, b) the index between two of the K baskets, the level of b is
//   product over all k of (I(0, k) I(k, b))^(1/K),
// relative to the first basket, whose level is 1. No way through the baskets
// gives another answer, so it holds for councils as for months. With Tornqvist
// it is also called CCDI. Nothing if two baskets share no item, or for none.
std::optional<std::vector<double>> Geks(std::span<const Basket> baskets, Superlative formula);

// GEKS for baskets in the order of time over a moving window of `window` >= 2
// of them (ONS uses 25 months), joined by MeanSplice: what was published is
// never revised. With no more baskets than the window it is Geks.
std::optional<std::vector<double>> RollingGeks(std::span<const Basket> baskets, size_t window,
                                               Superlative formula);

// Joins indices over windows that each begin one period later and are equally
// long (>= 2), on the published series: the new period's level is the geometric
// mean, over the periods t that a window shares with what is published, of
//   published(t) x window(last) / window(t).
// Source: ONS, Introducing multilateral index methods into consumer price
// statistics; Chessa (2019).
std::vector<double> MeanSplice(std::span<const std::vector<double>> windows);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_PRICE_INDEX_H_
