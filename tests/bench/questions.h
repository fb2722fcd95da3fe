#ifndef STEELYARD_TESTS_BENCH_QUESTIONS_H_
#define STEELYARD_TESTS_BENCH_QUESTIONS_H_

#include <cstdint>

#include "steelyard/v1/benchmark_service.pb.h"
#include "tests/bench/world.h"

namespace steelyard::bench {

// The `i`th question of each kind; they go round all products, so that no
// answer is asked for twice in a row.

// A financial year, April 2020 to March 2021, in one cell: it lies across two
// calendar years, as councils' budgets do.
v1::GetPriceBenchmarkRequest YearOf(const World& world, int64_t i);
// The same of the most bought product.
v1::GetPriceBenchmarkRequest YearOfMostBought(const World& world);
// One region over that year, by quarter.
v1::GetPriceBenchmarkRequest RegionOf(const World& world, int64_t i);
// All 36 months, one cell each.
v1::GetPriceBenchmarkRequest TrendOf(const World& world, int64_t i);

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_QUESTIONS_H_
