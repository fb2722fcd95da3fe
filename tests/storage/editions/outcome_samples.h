#ifndef STEELYARD_TESTS_STORAGE_EDITIONS_OUTCOME_SAMPLES_H_
#define STEELYARD_TESTS_STORAGE_EDITIONS_OUTCOME_SAMPLES_H_

// Outcome reports, atoms and blocks for tests, the same for the same seed.

#include <algorithm>
#include <vector>

#include "storage/editions/outcome_atom.h"
#include "storage/editions/outcome_block.h"
#include "tests/storage/editions/samples.h"

namespace steelyard::editions::testing {

// A report of one of `councils` that says most things.
inline model::OutcomeFact Report(Random& random, int councils) {
  const auto says = [&] { return Below(random, 5) > 0; };
  model::OutcomeFact f;
  f.council.value = static_cast<uint16_t>(1 + Below(random, councils));
  f.placements = 5 + Below(random, 30);
  for (model::Level& level : f.ratings) level = static_cast<model::Level>(Below(random, 6));
  if (says()) f.spend_micros = f.placements * 40'000'000'000;
  if (says()) f.weekly_fee_micros = 3'000'000'000 + Below(random, 1'000'000'000);
  if (says()) f.weekly_extras_micros = Below(random, 200'000'000);
  if (says()) f.unplanned_endings = Below(random, 4);
  if (says()) {
    f.referrals = 1 + Below(random, 20);
    f.offers = Below(random, f.referrals + 1);
  }
  if (says()) f.nearest_offer_meters = Below(random, 90'000);
  if (says()) f.no_alternative = static_cast<int8_t>(Below(random, 2));
  f.intention = static_cast<model::Intention>(Below(random, 6));
  if (says()) f.priorities = {static_cast<uint8_t>(1 + Below(random, 7)), 8, 9, 0, 0};
  return f;
}

inline OutcomeAtom RandomOutcomeAtom(Random& random, int reports, int councils = 20) {
  OutcomeAtomBuilder builder;
  FacetSet facets;
  for (size_t f = 0; f < kFacetCount; ++f) facets[f] = Below(random, 4) > 0;
  for (int i = 0; i < reports; ++i) builder.Add(Report(random, councils), facets);
  return builder.Build();
}

// A year in two runs of two areas; atoms of up to `reports` reports.
inline OutcomeBlock RandomOutcomeBlock(Random& random, int reports, uint32_t number = 1,
                                       uint64_t edition = 1) {
  OutcomeBlock block;
  block.service = model::Service::kFostering;
  block.year = 2024;
  block.number = number;
  block.edition = edition;
  block.policy_version = 3;
  block.group = {ProviderGroup::Kind::kRestOfOwner, {7 + number}};
  const model::Month january = *model::Month::FromYm(block.year, 1);
  block.members = {{{3}, {january, january.Plus(2)}},
                   {{3}, {january.Plus(6), january.Plus(11)}},
                   {{70'000}, {january, january.Plus(11)}}};
  for (int half : {0, 6}) {
    OutcomeRun& run = block.runs.emplace_back();
    run.period = {january.Plus(half), january.Plus(half + 5)};
    run.areas = {{{2}, {5}}, {{3}, {300}}};
    for (int i = 0; i < 2; ++i) {
      run.atoms.push_back(RandomOutcomeAtom(random, static_cast<int>(Below(random, reports + 1))));
    }
  }
  return block;
}

}  // namespace steelyard::editions::testing

#endif  // STEELYARD_TESTS_STORAGE_EDITIONS_OUTCOME_SAMPLES_H_
