#ifndef STEELYARD_TESTS_BENCH_QUESTIONS_H_
#define STEELYARD_TESTS_BENCH_QUESTIONS_H_

#include <cstdint>

#include "steelyard/v1/benchmark_service.pb.h"
#include "tests/bench/world.h"

namespace steelyard::bench {

// The server keeps answers until new editions change them, so no question is
// asked twice where the cost of finding an answer is measured. All go round the
// products.

// Months in which a span of 12 begins within the 36.
inline constexpr int kWindows = World::kMonths - 12 + 1;
// Questions of a year, all different: below this YearOf does not repeat itself.
inline constexpr int64_t kYears = int64_t{kWindows} * World::kGoods;

// Twelve months in one cell over the whole country: product after product, then
// all again over another twelve.
v1::GetPriceBenchmarkRequest YearOf(const World& world, int64_t i);
// The same of the most bought product, over the `i`th of kWindows.
v1::GetPriceBenchmarkRequest YearOfMostBought(const World& world, int64_t i);
// As YearOf, for one region by quarter.
v1::GetPriceBenchmarkRequest RegionOf(const World& world, int64_t i);
// All 36 months, one cell each; repeats after World::kGoods.
v1::GetPriceBenchmarkRequest TrendOf(const World& world, int64_t i);

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_QUESTIONS_H_
