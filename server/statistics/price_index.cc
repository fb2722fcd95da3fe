#include "server/statistics/price_index.h"

#include <algorithm>
#include <cmath>

namespace steelyard::statistics {
namespace {

double Spend(const Basket& basket) {
  double sum = 0;
  for (const PricedItem& bought : basket) sum += bought.price * bought.quantity;
  return sum;
}

// An item at both ends.
struct Match {
  const PricedItem* base;
  const PricedItem* current;
};

std::vector<Match> MatchItems(const Basket& base, const Basket& current) {
  std::vector<Match> matches;
  auto b = base.begin();
  for (const PricedItem& c : current) {
    while (b != base.end() && b->item < c.item) ++b;
    if (b != base.end() && b->item == c.item) matches.push_back({&*b, &c});
  }
  return matches;
}

double LogOf(const PriceComparison& comparison, Superlative formula) {
  return std::log(formula == Superlative::kFisher ? comparison.fisher : comparison.tornqvist);
}

}  // namespace

Basket MakeBasket(std::vector<PricedItem> purchases) {
  std::erase_if(purchases, [](const PricedItem& p) { return p.price <= 0 || p.quantity <= 0; });
  std::stable_sort(purchases.begin(), purchases.end(),
                   [](const PricedItem& a, const PricedItem& b) { return a.item < b.item; });
  Basket basket;
  for (const PricedItem& p : purchases) {
    if (basket.empty() || basket.back().item != p.item) {
      basket.push_back(p);
      continue;
    }
    PricedItem& together = basket.back();
    const double spend = together.price * together.quantity + p.price * p.quantity;
    together.quantity += p.quantity;
    together.price = spend / together.quantity;
  }
  return basket;
}

std::optional<PriceComparison> ComparePrices(const Basket& base, const Basket& current) {
  const std::vector<Match> matches = MatchItems(base, current);
  if (matches.empty()) return std::nullopt;
  double p0q0 = 0;
  double p0q1 = 0;
  double p1q0 = 0;
  double p1q1 = 0;
  for (const auto& [from, to] : matches) {
    p0q0 += from->price * from->quantity;
    p0q1 += from->price * to->quantity;
    p1q0 += to->price * from->quantity;
    p1q1 += to->price * to->quantity;
  }
  double log_tornqvist = 0;
  for (const auto& [from, to] : matches) {
    const double share =
        (from->price * from->quantity / p0q0 + to->price * to->quantity / p1q1) / 2;
    log_tornqvist += share * std::log(to->price / from->price);
  }
  PriceComparison out;
  out.laspeyres = p1q0 / p0q0;
  out.paasche = p1q1 / p0q1;
  out.fisher = std::sqrt(out.laspeyres * out.paasche);
  out.tornqvist = std::exp(log_tornqvist);
  out.items = static_cast<int64_t>(matches.size());
  out.base_share = std::min(1.0, p0q0 / Spend(base));
  out.current_share = std::min(1.0, p1q1 / Spend(current));
  return out;
}

std::optional<std::vector<double>> Geks(std::span<const Basket> baskets, Superlative formula) {
  if (baskets.empty()) return std::nullopt;
  // ln I(k, b) = -ln I(b, k), so that ln level(b) is the difference of two
  // means: of ln I(k, b) and of ln I(k, 0).
  std::vector<double> means(baskets.size());
  const auto count = static_cast<double>(baskets.size());
  for (size_t k = 0; k < baskets.size(); ++k) {
    for (size_t b = k + 1; b < baskets.size(); ++b) {
      const auto comparison = ComparePrices(baskets[k], baskets[b]);
      if (!comparison.has_value()) return std::nullopt;
      const double log = LogOf(*comparison, formula);
      means[b] += log / count;
      means[k] -= log / count;
    }
  }
  std::vector<double> levels;
  for (const double mean : means) levels.push_back(std::exp(mean - means[0]));
  return levels;
}

std::optional<std::vector<double>> RollingGeks(std::span<const Basket> baskets, size_t window,
                                               Superlative formula) {
  if (baskets.size() <= window) return Geks(baskets, formula);
  std::vector<std::vector<double>> windows;
  for (size_t first = 0; first + window <= baskets.size(); ++first) {
    auto levels = Geks(baskets.subspan(first, window), formula);
    if (!levels.has_value()) return std::nullopt;
    windows.push_back(*std::move(levels));
  }
  return MeanSplice(windows);
}

std::vector<double> MeanSplice(std::span<const std::vector<double>> windows) {
  if (windows.empty()) return {};
  std::vector<double> published = windows[0];
  for (size_t first = 1; first < windows.size(); ++first) {
    const std::vector<double>& levels = windows[first];
    const size_t shared = levels.size() - 1;
    double log = 0;
    for (size_t t = 0; t < shared; ++t) {
      log += std::log(published[first + t] * levels[shared] / levels[t]);
    }
    published.push_back(std::exp(log / static_cast<double>(shared)));
  }
  return published;
}

}  // namespace steelyard::statistics
