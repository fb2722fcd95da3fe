#ifndef STEELYARD_TESTS_STORAGE_EDITIONS_SAMPLES_H_
#define STEELYARD_TESTS_STORAGE_EDITIONS_SAMPLES_H_

// Lines, atoms and blocks for the tests and the bench of editions, the same
// for the same seed.

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "storage/editions/atom.h"
#include "storage/editions/block.h"

namespace steelyard::editions::testing {

using Random = std::mt19937_64;

inline int64_t Below(Random& random, int64_t limit) {
  return static_cast<int64_t>(random() % static_cast<uint64_t>(limit));
}

// A line of one of `councils`, with a log-normal price about 0.10 a unit.
inline model::PurchaseFact Line(Random& random, int councils) {
  double z = -6;  // close to normal
  for (int i = 0; i < 12; ++i) z += static_cast<double>(random() % 10'000) / 10'000;
  model::PurchaseFact fact;
  fact.council.value = static_cast<uint16_t>(1 + Below(random, councils));
  fact.packs = 1 + Below(random, 500);
  fact.units = fact.packs * 100;
  fact.unit_price_micros = static_cast<int64_t>(100'000 * std::exp(0.4 * z));
  fact.spend_micros = fact.unit_price_micros * fact.units + Below(random, 100) - 50;
  if (Below(random, 10) < 8) {
    fact.has_delivery_data = true;
    fact.lead_days = static_cast<int32_t>(Below(random, 60));
    fact.delivered_packs = fact.packs - Below(random, 2);
    fact.due = Below(random, 4) > 0;
    fact.on_time_in_full = fact.due && fact.lead_days < 30;
    fact.looked_at_packs = fact.delivered_packs;
    fact.rejected_packs = Below(random, 20) == 0 ? std::min<int64_t>(1, fact.packs) : 0;
  }
  return fact;
}

inline std::vector<model::PurchaseFact> Lines(Random& random, int lines, int councils) {
  std::vector<model::PurchaseFact> out;
  for (int i = 0; i < lines; ++i) out.push_back(Line(random, councils));
  return out;
}

inline Atom AtomOf(const std::vector<model::PurchaseFact>& lines) {
  AtomBuilder builder;
  for (const auto& line : lines) builder.Add(line);
  return builder.Build();
}

inline Atom RandomAtom(Random& random, int lines, int councils) {
  return AtomOf(Lines(random, lines, councils));
}

// A year in two runs: by three area blocks and quarters, by rows and by types;
// atoms of up to `lines` lines, some of none.
inline YearBlock RandomBlock(Random& random, int lines, uint64_t edition = 1) {
  YearBlock block;
  block.series = {{static_cast<uint32_t>(1 + Below(random, 1'000))}, model::Currency::Gbp()};
  block.year = 2024;
  block.edition = edition;
  block.policy_version = 3;
  const model::Month january = *model::Month::FromYm(block.year, 1);
  for (int half : {0, 6}) {
    Run& run = block.runs.emplace_back();
    const model::Month first = january.Plus(half);
    run.layout.period = {first, first.Plus(5)};
    run.layout.month_groups = {{first, first.Plus(2)}, {first.Plus(3), first.Plus(5)}};
    run.layout.blocks = {{{2}, {5}}, {{3}}, {{4}, {300}}};
    run.layout.rows = {{{2}}, {{3}, {4}, {5}}};
    run.layout.type_groups = {{"county", "unitary-authority"}, {"london-borough"}};
    const auto atom = [&] {
      return RandomAtom(random, static_cast<int>(Below(random, lines + 1)), 30);
    };
    run.cells.resize(3);
    for (auto& cells : run.cells) cells = {atom(), atom()};
    run.rows = {atom(), atom()};
    run.types = {atom(), atom()};
    run.layout.sellers = {{{3}, {{3}}, true}, {{9}, {{1}, {9}, {400}}, half == 0}};
    run.sellers = {atom(), atom()};
    if (half == 0) continue;
    const auto totals = [&] {
      DeliveryTotals t;
      for (const auto& line : Lines(random, 3, 30)) t.Add(line);
      return t;
    };
    run.delivery.areas = run.layout.rows;
    run.delivery.rows = {totals(), {}};
    run.delivery.sellers = {{{3}, totals()}, {{70'000}, totals()}};
    for (uint16_t council : {1, 2, 900}) {
      for (uint32_t supplier : {3u, 9u, 70'000u}) {
        run.delivery.said.push_back({{council}, {supplier}, totals()});
      }
    }
  }
  return block;
}

}  // namespace steelyard::editions::testing

#endif  // STEELYARD_TESTS_STORAGE_EDITIONS_SAMPLES_H_
