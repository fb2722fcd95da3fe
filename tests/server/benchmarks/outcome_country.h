#ifndef STEELYARD_TESTS_SERVER_BENCHMARKS_OUTCOME_COUNTRY_H_
#define STEELYARD_TESTS_SERVER_BENCHMARKS_OUTCOME_COUNTRY_H_

// Hand-made outcome blocks over a small country.

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/editions/outcome_block.h"
#include "storage/model/registers.h"
#include "tests/support/small_country.h"

namespace steelyard::benchmarks {

using editions::OutcomeAtom;
using editions::OutcomeAtomBuilder;
using editions::OutcomeBlock;
using editions::ProviderGroup;

inline constexpr model::AreaNo kNorth{2};
inline constexpr model::AreaNo kSouth{3};

inline model::Month Q(int year, int quarter) {
  return *model::Month::FromYm(year, 3 * quarter - 2);
}
// From the first to the last of two quarters.
inline model::Period Quarters(model::Month first, model::Month last) {
  return {first, last.Plus(2)};
}
inline model::Period Quarters(int year, int first, int last) {
  return Quarters(Q(year, first), Q(year, last));
}

// A small country with `councils_each` councils in the north (numbers 1 on) and
// as many in the south, and providers that tests add.
class OutcomeCountry {
 public:
  explicit OutcomeCountry(int councils_each = 10)
      : registers(testing::SmallCountry(councils_each)) {}

  // Owners: id, first day (empty: always), last day (empty: without end).
  struct Owner {
    std::string id;
    std::optional<model::Day> start;
    std::optional<model::Day> end;
  };
  model::ProviderNo AddProvider(const std::string& id, const std::vector<Owner>& owners = {}) {
    model::Provider provider;
    provider.id = id;
    provider.display_name = "Provider " + id;
    for (const Owner& owner : owners) {
      provider.owners.push_back({owner.id, owner.start, owner.end});
    }
    registers->Put(provider);
    ++registers->version;
    return registers->FindProvider(id)->no;
  }

  std::shared_ptr<model::Registers> registers;
};

// A report of council `council` in full: rated `level` in every measure, 10
// placements at `fee` pounds a week.
inline model::OutcomeFact Report(uint16_t council, model::Level level, int64_t fee = 1'000) {
  model::OutcomeFact fact;
  fact.council.value = council;
  fact.placements = 10;
  fact.ratings.fill(level);
  fact.spend_micros = fact.placements * fee * 13 * 1'000'000;
  fact.weekly_fee_micros = fee * 1'000'000;
  return fact;
}

inline OutcomeAtom AtomOf(const std::vector<model::OutcomeFact>& reports) {
  OutcomeAtomBuilder builder;
  editions::FacetSet all;
  all.set();
  for (const model::OutcomeFact& report : reports) builder.Add(report, all);
  return builder.Build();
}

struct MadeRun {
  model::Period period;
  // The areas, and the atom of each.
  std::vector<std::pair<editions::AreaGroup, OutcomeAtom>> atoms;
};

// A block of one group. Each member counts in the quarters given with it.
inline std::shared_ptr<const OutcomeBlock> MakeBlock(int year, uint32_t number, ProviderGroup group,
                                                     std::vector<editions::GroupMember> members,
                                                     const std::vector<MadeRun>& runs,
                                                     uint64_t edition = 1) {
  auto block = std::make_shared<OutcomeBlock>();
  block->year = year;
  block->number = number;
  block->edition = edition;
  block->policy_version = 1;
  block->group = group;
  block->members = std::move(members);
  for (const MadeRun& made : runs) {
    editions::OutcomeRun& run = block->runs.emplace_back();
    run.period = made.period;
    for (const auto& [areas, atom] : made.atoms) {
      run.areas.push_back(areas);
      run.atoms.push_back(atom);
    }
  }
  return block;
}

// A provider by itself in a year, whose reports in each run are of everywhere.
inline std::shared_ptr<const OutcomeBlock> Alone(
    int year, uint32_t number, model::ProviderNo provider,
    const std::vector<std::pair<model::Period, std::vector<model::OutcomeFact>>>& runs) {
  std::vector<MadeRun> made;
  for (const auto& [period, reports] : runs) {
    made.push_back({period, {{{kNorth, kSouth}, AtomOf(reports)}}});
  }
  return MakeBlock(year, number, {ProviderGroup::Kind::kProvider, provider},
                   {{provider, Quarters(year, 1, 4)}}, made);
}

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_TESTS_SERVER_BENCHMARKS_OUTCOME_COUNTRY_H_
