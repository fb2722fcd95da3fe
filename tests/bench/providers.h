#ifndef STEELYARD_TESTS_BENCH_PROVIDERS_H_
#define STEELYARD_TESTS_BENCH_PROVIDERS_H_

#include <cstdint>
#include <string>

#include "steelyard/v1/outcome_service.pb.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "tests/bench/world.h"

namespace steelyard::bench {

// How many providers serve how many bodies for how long.
struct Care {
  int providers = 300;
  int bodies = 150;
  int quarters = 12;  // from 2020-Q1

  int64_t reports() const { return int64_t{providers} * bodies * quarters; }
};

// The register of the made-up providers, one of five owned by one of twelve
// groups.
std::string ProvidersCsv(const Care& care);

// Report `i` of care.reports(), body by body: every body reports of every
// provider in every quarter, with ratings that differ as providers and bodies
// do. The same on every machine.
void ToOutcomeLine(const World& world, const Care& care, int64_t i, v1::OutcomeLine* out);

// Questions of one provider over the whole time, round all of them; then over
// all but the first quarter, and so on: care.providers * 8 differ.
v1::GetProviderBenchmarkRequest ProviderOf(const Care& care, int64_t i);

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_PROVIDERS_H_
