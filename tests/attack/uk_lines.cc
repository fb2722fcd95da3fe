#include "tests/attack/uk_lines.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "client/demo/random.h"

namespace steelyard::attack {
namespace {

using demo::Random;

// Median population in thousands and log-normal spread of each kind of council,
// after the mid-2020 estimates of the Office for National Statistics. Districts
// have no social care: they need a third as much a head.
struct Kind {
  std::string_view type;
  double thousands;
  double spread;
};
constexpr Kind kKinds[] = {
    {"county", 750, 0.35},      {"district", 115 / 3.0, 0.35}, {"unitary", 220, 0.5},
    {"metropolitan", 290, 0.4}, {"london-borough", 275, 0.25}, {"scottish", 125, 0.75},
    {"welsh", 135, 0.4},        {"northern-irish", 155, 0.3},
};
// Who needs twice as much orders more often, and more at once.
constexpr double kOrdersByNeed = 0.7;
constexpr int kSellersOfProduct = 8;

double NeedOf(const UkCouncil& council, uint64_t seed) {
  Random random = Random::For(seed, "need", council.id);
  for (const Kind& kind : kKinds) {
    if (kind.type == council.type) return kind.thousands * random.Around(kind.spread);
  }
  return 100;
}

void SumUp(std::vector<double>& weights) {
  std::partial_sum(weights.begin(), weights.end(), weights.begin());
}

int Draw(Random& random, const std::vector<double>& summed) {
  const auto it = std::upper_bound(summed.begin(), summed.end(), random.Share() * summed.back());
  return static_cast<int>(
      std::min<ptrdiff_t>(it - summed.begin(), static_cast<ptrdiff_t>(summed.size()) - 1));
}

// Councils stay with one or two of a product's sellers, but at times buy
// anywhere.
int SellerOf(Random& random, int council, int product, int suppliers) {
  Random habit(static_cast<uint64_t>(council) * 1000 + static_cast<uint64_t>(product));
  const int usual = habit.Below(kSellersOfProduct);
  const int second = habit.Below(kSellersOfProduct);
  const int rank = random.Chance(0.2)    ? random.Below(kSellersOfProduct)
                   : random.Chance(0.75) ? usual
                                         : second;
  return (product * 7 + rank) % suppliers;
}

}  // namespace

std::vector<UkLine> MakeUkLines(const std::vector<UkCouncil>& register_, const UkShape& shape,
                                uint64_t seed) {
  Random chance = Random::For(seed, "uk");
  std::vector<int> taking_part(register_.size());
  std::iota(taking_part.begin(), taking_part.end(), 0);
  while (static_cast<int>(taking_part.size()) > shape.councils) {
    taking_part.erase(taking_part.begin() + chance.Below(static_cast<int>(taking_part.size())));
  }
  std::vector<double> orders, popularity;
  std::vector<double> need;
  for (int council : taking_part) {
    need.push_back(NeedOf(register_[static_cast<size_t>(council)], seed));
    orders.push_back(std::pow(need.back(), kOrdersByNeed));
  }
  for (int product = 0; product < shape.products; ++product) {
    popularity.push_back(1.0 / (product + 1));
  }
  SumUp(orders);
  SumUp(popularity);
  std::vector<UkLine> lines(static_cast<size_t>(shape.lines));
  for (UkLine& line : lines) {
    const auto buyer = static_cast<size_t>(Draw(chance, orders));
    line.council = taking_part[buyer];
    line.product = Draw(chance, popularity);
    line.supplier = SellerOf(chance, line.council, line.product, shape.suppliers);
    line.month = chance.Below(shape.months);
    line.day = chance.Between(1, 28);
    const double packs = 3 * std::pow(need[buyer], 1 - kOrdersByNeed) * chance.Around(0.8);
    line.packs = std::max<int64_t>(1, std::llround(packs));
    Random price = Random::For(seed, "price", absl::StrCat(line.product));
    line.pack_pence =
        std::max<int64_t>(1, std::llround(600 * price.Around(0.3) * chance.Around(0.15)));
  }
  std::sort(lines.begin(), lines.end(), [](const UkLine& a, const UkLine& b) {
    return std::tie(a.month, a.day, a.council) < std::tie(b.month, b.day, b.council);
  });
  return lines;
}

}  // namespace steelyard::attack
