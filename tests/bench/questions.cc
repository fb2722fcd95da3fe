#include "tests/bench/questions.h"

namespace steelyard::bench {
namespace {

// Coprime to the number of products, and of windows: popular and rare ones,
// early and late ones take turns.
constexpr int64_t kProductStep = 373;
constexpr int64_t kWindowStep = 7;

v1::GetPriceBenchmarkRequest Ask(const World& world, int64_t good, int first_month, int months) {
  v1::GetPriceBenchmarkRequest request;
  request.set_product("products/" + world.goods()[static_cast<size_t>(good)].id);
  const int last_month = first_month + months - 1;
  request.mutable_from_month()->set_year(2019 + first_month / 12);
  request.mutable_from_month()->set_month(first_month % 12 + 1);
  request.mutable_to_month()->set_year(2019 + last_month / 12);
  request.mutable_to_month()->set_month(last_month % 12 + 1);
  return request;
}

int FirstMonth(int64_t window) { return static_cast<int>(window * kWindowStep % kWindows); }

}  // namespace

v1::GetPriceBenchmarkRequest YearOf(const World& world, int64_t i) {
  return Ask(world, i * kProductStep % World::kGoods, FirstMonth(i / World::kGoods % kWindows), 12);
}

v1::GetPriceBenchmarkRequest YearOfMostBought(const World& world, int64_t i) {
  return Ask(world, 0, FirstMonth(i % kWindows), 12);
}

v1::GetPriceBenchmarkRequest RegionOf(const World& world, int64_t i) {
  v1::GetPriceBenchmarkRequest request = YearOf(world, i);
  request.set_area("areas/north-west");
  request.set_granularity(v1::GRANULARITY_QUARTER);
  return request;
}

v1::GetPriceBenchmarkRequest TrendOf(const World& world, int64_t i) {
  v1::GetPriceBenchmarkRequest request =
      Ask(world, i * kProductStep % World::kGoods, 0, World::kMonths);
  request.set_granularity(v1::GRANULARITY_MONTH);
  return request;
}

}  // namespace steelyard::bench
