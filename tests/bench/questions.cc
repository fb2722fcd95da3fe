#include "tests/bench/questions.h"

namespace steelyard::bench {
namespace {

// Coprime to the number of products: popular and rare ones take turns.
constexpr int64_t kStep = 373;
static_assert(World::kGoods % kStep != 0);

v1::GetPriceBenchmarkRequest Ask(const World& world, int64_t good, int from_year, int from_month,
                                 int to_year, int to_month) {
  v1::GetPriceBenchmarkRequest request;
  request.set_product("products/" + world.goods()[static_cast<size_t>(good)].id);
  request.mutable_from_month()->set_year(from_year);
  request.mutable_from_month()->set_month(from_month);
  request.mutable_to_month()->set_year(to_year);
  request.mutable_to_month()->set_month(to_month);
  return request;
}

}  // namespace

v1::GetPriceBenchmarkRequest YearOf(const World& world, int64_t i) {
  return Ask(world, i * kStep % World::kGoods, 2020, 4, 2021, 3);
}

v1::GetPriceBenchmarkRequest YearOfMostBought(const World& world) {
  return Ask(world, 0, 2020, 4, 2021, 3);
}

v1::GetPriceBenchmarkRequest RegionOf(const World& world, int64_t i) {
  v1::GetPriceBenchmarkRequest request = YearOf(world, i);
  request.set_area("areas/north-west");
  request.set_granularity(v1::GRANULARITY_QUARTER);
  return request;
}

v1::GetPriceBenchmarkRequest TrendOf(const World& world, int64_t i) {
  v1::GetPriceBenchmarkRequest request = Ask(world, i * kStep % World::kGoods, 2019, 1, 2021, 12);
  request.set_granularity(v1::GRANULARITY_MONTH);
  return request;
}

}  // namespace steelyard::bench
