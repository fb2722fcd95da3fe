#ifndef STEELYARD_TESTS_SERVER_PUBLISHER_OUTCOME_WORLD_H_
#define STEELYARD_TESTS_SERVER_PUBLISHER_OUTCOME_WORLD_H_

// Outcome reports of one service in the year 2023, published as the publisher
// would.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "server/publisher/outcome_publisher.h"
#include "tests/support/small_country.h"

namespace steelyard::publisher::testing {

inline model::Month QuarterOf(int quarter) {
  return *model::Month::FromYm(2023, 1 + 3 * (quarter - 1));
}

class OutcomeWorld {
 public:
  // A SmallCountry of `councils_each` in either region with `providers`
  // providers, numbered from 1, without owners.
  explicit OutcomeWorld(int councils_each = 8, int providers = 6)
      : registers_(::steelyard::testing::SmallCountry(councils_each)) {
    for (int p = 1; p <= providers; ++p) AddProvider("p" + std::to_string(p));
    input_.year = {model::Service::kFostering, 2023};
    input_.today = *model::Day::FromYmd(2026, 1, 1);
  }

  void AddProvider(const std::string& id, std::vector<model::ProviderOwnership> owners = {}) {
    model::Provider provider;
    provider.id = id;
    provider.owners = std::move(owners);
    registers_->Put(provider);
  }

  // A report with 10 placements and nothing else said.
  static model::OutcomeFact Report(int council, uint32_t provider, int quarter) {
    model::OutcomeFact f;
    f.council.value = static_cast<uint16_t>(council);
    f.provider.value = provider;
    f.service = model::Service::kFostering;
    f.quarter = QuarterOf(quarter);
    f.placements = 10;
    return f;
  }

  // The report reaches the ledger; a second of its key replaces the first.
  void Receive(model::OutcomeFact fact) {
    const auto key = std::tuple(fact.council, fact.provider, fact.quarter);
    auto [line, added] = lines_.try_emplace(key, static_cast<uint32_t>(lines_.size() + 1));
    fact.line.value = line->second;
    fact.sequence = ++input_.sequence;
    if (!added) End(line->second);
    input_.facts.push_back({fact, ledger::DatedOutcomeFact::kStill});
  }
  void Withdraw(const model::OutcomeFact& fact) {
    ++input_.sequence;
    End(lines_.at({fact.council, fact.provider, fact.quarter}));
  }

  // Whether anything new is shown.
  bool Publish(bool always = false) {
    const OutcomePublisher publisher(registers_, policy_);
    OutcomeRelease release = publisher.Publish(input_, always, SIZE_MAX);
    EXPECT_FALSE(release.more);
    input_.plan = std::move(release.plan);
    if (release.groups.empty()) return false;
    ++edition_;
    for (OutcomeGroupRelease& group : release.groups) {
      group.block.edition = edition_;
      EXPECT_EQ(editions::CheckOutcomeBlock(group.block), absl::OkStatus());
      const uint32_t number = group.block.number;
      input_.admitted[number] = std::move(group.admitted);
      auto block = std::make_shared<const editions::OutcomeBlock>(std::move(group.block));
      std::erase_if(input_.released, [&](const auto& b) { return b->number == number; });
      input_.released.push_back(std::move(block));
    }
    return true;
  }

  // The block in which the provider's reports of a quarter are shown, or null.
  const editions::OutcomeBlock* BlockOf(uint32_t provider, int quarter = 1) const {
    for (const auto& block : input_.released) {
      for (const editions::GroupMember& m : block->members) {
        if (m.provider.value == provider && m.quarters.Contains(QuarterOf(quarter))) {
          return block.get();
        }
      }
    }
    return nullptr;
  }

  // All that is shown of the provider's group in a quarter.
  editions::OutcomeFigures Shown(uint32_t provider, int quarter = 1) const {
    std::vector<const editions::OutcomeAtom*> atoms;
    if (const auto* block = BlockOf(provider, quarter)) {
      for (const editions::OutcomeRun& run : block->runs) {
        if (!run.period.Contains(QuarterOf(quarter))) continue;
        for (const editions::OutcomeAtom& atom : run.atoms) atoms.push_back(&atom);
      }
    }
    return editions::Combine(atoms);
  }

  std::shared_ptr<model::Registers> registers_;
  model::Policy policy_;
  OutcomeInput input_;
  uint64_t edition_ = 0;

 private:
  void End(uint32_t line) {
    for (ledger::DatedOutcomeFact& dated : input_.facts) {
      if (dated.fact.line.value == line && dated.end_sequence == ledger::DatedOutcomeFact::kStill &&
          dated.fact.sequence < input_.sequence) {
        dated.end_sequence = input_.sequence;
      }
    }
  }
  std::map<std::tuple<model::CouncilNo, model::ProviderNo, model::Month>, uint32_t> lines_;
};

}  // namespace steelyard::publisher::testing

#endif  // STEELYARD_TESTS_SERVER_PUBLISHER_OUTCOME_WORLD_H_
