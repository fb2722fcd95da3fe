// The heart of a query, without a server around it: figures of many atoms, and
// their quantiles alone. Arguments: atoms, lines and councils of each.
//
//   cmake --build --preset release --target combine_bench && .../combine_bench

#include <vector>

#include "benchmark/benchmark.h"
#include "storage/base/quantile.h"
#include "storage/editions/block_codec.h"
#include "storage/editions/combine.h"
#include "tests/storage/editions/samples.h"

namespace steelyard::editions {
namespace {

std::vector<Atom> AtomsOf(const benchmark::State& state) {
  testing::Random random(1);
  std::vector<Atom> atoms;
  for (int64_t i = 0; i < state.range(0); ++i) {
    atoms.push_back(testing::RandomAtom(random, static_cast<int>(state.range(1)),
                                        static_cast<int>(state.range(2))));
  }
  return atoms;
}

void Shapes(benchmark::internal::Benchmark* bench) {
  bench->Args({52, 6, 6})->Args({52, 846, 50})->Args({52, 1'000, 50})->Args({160, 300, 20});
  bench->Unit(benchmark::kMicrosecond);
}

void BM_Combine(benchmark::State& state) {
  const std::vector<Atom> atoms = AtomsOf(state);
  std::vector<const Atom*> pointers;
  for (const Atom& atom : atoms) pointers.push_back(&atom);
  for (auto _ : state) benchmark::DoNotOptimize(Combine(pointers));
}
BENCHMARK(BM_Combine)->Apply(Shapes);

template <typename T>
void BM_Quantiles(benchmark::State& state, std::vector<T> Atom::*values, size_t points) {
  const std::vector<Atom> atoms = AtomsOf(state);
  std::vector<std::span<const T>> spans;
  for (const Atom& atom : atoms) spans.emplace_back(atom.*values);
  const auto wanted = std::span(kQuantiles).first(points);
  for (auto _ : state) benchmark::DoNotOptimize(UnionQuantiles<T>(spans, wanted));
}
BENCHMARK_CAPTURE(BM_Quantiles, one_price, &Atom::unit_prices, 1)->Apply(Shapes);
BENCHMARK_CAPTURE(BM_Quantiles, five_prices, &Atom::unit_prices, 5)->Apply(Shapes);
BENCHMARK_CAPTURE(BM_Quantiles, five_lead_times, &Atom::lead_days, 5)->Apply(Shapes);

// One view of a block whose cells are all atoms: bytes a line and time to read.
void BM_DecodeBlock(benchmark::State& state) {
  YearBlock block;
  block.year = 2024;
  block.edition = 1;
  Run& run = block.runs.emplace_back();
  const model::Month january = *model::Month::FromYm(block.year, 1);
  run.layout.period = {january, january.Plus(11)};
  run.layout.month_groups = {run.layout.period};
  for (Atom& atom : AtomsOf(state)) {
    run.layout.blocks.push_back({{static_cast<uint16_t>(run.cells.size() + 1)}});
    run.cells.emplace_back().push_back(std::move(atom));
  }
  const std::string bytes = *EncodeBlock(block);
  for (auto _ : state) benchmark::DoNotOptimize(DecodeBlock(bytes));
  state.counters["bytes_a_line"] =
      static_cast<double>(bytes.size()) / static_cast<double>(state.range(0) * state.range(1));
}
BENCHMARK(BM_DecodeBlock)->Apply(Shapes);

}  // namespace
}  // namespace steelyard::editions

BENCHMARK_MAIN();
