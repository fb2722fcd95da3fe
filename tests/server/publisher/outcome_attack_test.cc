// What linear programming finds out from all that is published of providers.

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/server/disclosure/linear_attack.h"
#include "tests/server/publisher/outcome_world.h"

namespace steelyard::publisher {
namespace {

using disclosure::testing::AttackTable;
using disclosure::testing::LinearTable;
using disclosure::testing::Sides;
using editions::Facet;
using testing::OutcomeWorld;
using testing::QuarterOf;

// Reports of a council on a provider and a quarter, and an amount of them.
using Key = std::tuple<uint16_t, uint32_t, model::Month>;
using Amounts = std::map<Key, double>;

// A published sum: over councils of some areas, providers and quarters.
struct Figure {
  std::set<uint16_t> areas;
  std::set<std::pair<uint32_t, model::Month>> members;
};

// All sums of one measure in a release, and what they are made of. Later
// releases only add.
struct Snapshot {
  std::vector<Figure> figures;
  Amounts amounts;
  Amounts otherwise{};  // of ratings: those at any other level
};

LinearTable TableOf(const model::Registers& registers, const std::vector<Snapshot>& releases) {
  const auto tree = disclosure::AreaTree::From(registers);
  LinearTable table;
  const size_t councils = tree.bodies().size();
  table.columns_of.resize(councils);
  table.truth.resize(councils);
  table.targets.resize(councils);
  std::set<std::pair<uint32_t, model::Month>> members;
  for (const Snapshot& release : releases) {
    for (const Figure& figure : release.figures) {
      members.insert(figure.members.begin(), figure.members.end());
    }
  }
  for (const auto& body : tree.bodies()) {
    const size_t b = body.council.value - 1u;
    table.groups.push_back(body.group);
    std::set<size_t> everything;
    std::map<uint32_t, std::set<size_t>> of_provider;
    for (const auto& member : members) {
      std::set<size_t> of_member;
      for (size_t stage = 0; stage < releases.size(); ++stage) {
        std::vector<size_t> equations;
        for (size_t k = stage; k < releases.size(); ++k) {
          for (size_t f = 0; f < releases[k].figures.size(); ++f) {
            const Figure& figure = releases[k].figures[f];
            if (!figure.areas.contains(body.area) || !figure.members.contains(member)) continue;
            equations.push_back(table.Equation(std::to_string(k) + "/" + std::to_string(f)));
          }
        }
        if (equations.empty()) continue;
        const size_t column = table.Column(equations);
        const Key key{body.council.value, member.first, member.second};
        const auto at = [&](size_t k) {
          const auto it = releases[k].amounts.find(key);
          return it == releases[k].amounts.end() ? 0.0 : it->second;
        };
        const double amount = at(stage) - (stage == 0 ? 0.0 : at(stage - 1));
        if (amount != 0) table.Add(b, column, amount);
        table.targets[b].insert({column});
        of_member.insert(column);
      }
      if (of_member.empty()) continue;
      table.targets[b].insert(of_member);
      of_provider[member.first].insert(of_member.begin(), of_member.end());
      everything.insert(of_member.begin(), of_member.end());
    }
    for (const auto& [provider, columns] : of_provider) table.targets[b].insert(columns);
    if (!everything.empty()) table.targets[b].insert(everything);
    table.columns_of[b] = std::move(everything);
  }
  return table;
}

// The reports of a block that its run is of.
void AddMembers(const editions::OutcomeBlock& block, const editions::OutcomeRun& run,
                Figure& figure) {
  for (const editions::GroupMember& m : block.members) {
    for (model::Month q = m.quarters.first; q <= m.quarters.last; q = q.Plus(3)) {
      if (run.period.Contains(q)) figure.members.emplace(m.provider.value, q);
    }
  }
}

// What is published now of placements, or of spend where that is shown.
Snapshot Take(const OutcomeWorld& world, bool spend) {
  Snapshot snapshot;
  for (const auto& block : world.input_.released) {
    for (const editions::OutcomeRun& run : block->runs) {
      Figure figure;
      AddMembers(*block, run, figure);
      for (size_t i = 0; i < run.areas.size(); ++i) {
        if (spend && !run.atoms[i].spend_shown) continue;
        figure.areas.clear();
        for (model::AreaNo area : run.areas[i]) figure.areas.insert(area.value);
        snapshot.figures.push_back(figure);
      }
    }
  }
  const auto tree = disclosure::AreaTree::From(*world.registers_);
  for (const ledger::DatedOutcomeFact& dated : world.input_.facts) {
    const model::OutcomeFact& fact = dated.fact;
    const auto member = world.input_.plan.members.find({fact.provider, fact.quarter});
    if (member == world.input_.plan.members.end()) continue;
    const auto admitted = world.input_.admitted.find(member->second);
    if (admitted == world.input_.admitted.end()) continue;
    const ledger::Admitted::Cell cell{fact.quarter, {tree.Find(fact.council)->area}};
    const uint64_t shown = spend ? admitted->second.Of(static_cast<uint8_t>(Facet::kSpend), cell)
                                 : admitted->second.sums.Of(cell.month, cell.area);
    if (!dated.StoodAt(shown)) continue;
    const int64_t amount = spend ? std::max<int64_t>(fact.spend_micros, 0) : fact.placements;
    snapshot.amounts[{fact.council.value, fact.provider.value, fact.quarter}] +=
        static_cast<double>(amount);
  }
  return snapshot;
}

// The ratings in the first measure that are shown now: those at `level`, and the
// others.
Snapshot TakeRatings(const OutcomeWorld& world, model::Level level) {
  constexpr auto kFacet = static_cast<uint8_t>(Facet::kRatings);
  Snapshot snapshot;
  double shown = 0;
  for (const auto& block : world.input_.released) {
    for (const editions::OutcomeRun& run : block->runs) {
      Figure figure;
      AddMembers(*block, run, figure);
      for (size_t i = 0; i < run.areas.size(); ++i) {
        const auto& ratings = run.atoms[i].ratings[0];
        if (!ratings) continue;
        shown += static_cast<double>(ratings->by_level[static_cast<size_t>(level) - 1]);
        figure.areas.clear();
        for (model::AreaNo area : run.areas[i]) figure.areas.insert(area.value);
        snapshot.figures.push_back(figure);
      }
    }
  }
  const auto tree = disclosure::AreaTree::From(*world.registers_);
  double expected = 0;
  for (const ledger::DatedOutcomeFact& dated : world.input_.facts) {
    const model::OutcomeFact& fact = dated.fact;
    const auto member = world.input_.plan.members.find({fact.provider, fact.quarter});
    if (member == world.input_.plan.members.end() || fact.ratings[0] == model::Level::kNone) {
      continue;
    }
    const auto admitted = world.input_.admitted.find(member->second);
    if (admitted == world.input_.admitted.end()) continue;
    const model::AreaNo area{tree.Find(fact.council)->area};
    if (!dated.StoodAt(admitted->second.Of(kFacet, {fact.quarter, area}))) continue;
    const bool at_level = fact.ratings[0] == level;
    (at_level ? snapshot.amounts
              : snapshot.otherwise)[{fact.council.value, fact.provider.value, fact.quarter}] += 1;
    if (!at_level) continue;
    for (const Figure& figure : snapshot.figures) {
      if (figure.areas.contains(area.value) &&
          figure.members.contains({fact.provider.value, fact.quarter})) {
        expected += 1;
      }
    }
  }
  EXPECT_EQ(shown, expected);
  return snapshot;
}

// What is published of ratings, for somebody who knows how many each council
// gave. Protected is how many of them were at the level.
LinearTable RatingTableOf(const model::Registers& registers,
                          const std::vector<Snapshot>& releases) {
  const auto tree = disclosure::AreaTree::From(registers);
  LinearTable table;
  const size_t councils = tree.bodies().size();
  table.columns_of.resize(councils);
  table.truth.resize(councils);
  table.targets.resize(councils);
  std::set<std::pair<uint32_t, model::Month>> members;
  for (const Snapshot& release : releases) {
    for (const Figure& figure : release.figures) {
      members.insert(figure.members.begin(), figure.members.end());
    }
  }
  for (const auto& body : tree.bodies()) {
    const size_t b = body.council.value - 1u;
    table.groups.push_back(body.group);
    std::set<size_t> everything;
    for (const auto& member : members) {
      for (size_t stage = 0; stage < releases.size(); ++stage) {
        std::vector<std::string> sums;
        for (size_t k = stage; k < releases.size(); ++k) {
          for (size_t f = 0; f < releases[k].figures.size(); ++f) {
            const Figure& figure = releases[k].figures[f];
            if (!figure.areas.contains(body.area) || !figure.members.contains(member)) continue;
            sums.push_back("/" + std::to_string(k) + "/" + std::to_string(f));
          }
        }
        if (sums.empty()) continue;
        std::string known = std::to_string(b);
        for (const std::string& sum : sums) known += sum;
        const auto at = [&](const Amounts Snapshot::*amounts, size_t k) {
          const Amounts& of = releases[k].*amounts;
          const auto it = of.find({body.council.value, member.first, member.second});
          return it == of.end() ? 0.0 : it->second;
        };
        for (const auto amounts : {&Snapshot::amounts, &Snapshot::otherwise}) {
          const bool at_level = amounts == &Snapshot::amounts;
          std::vector<size_t> equations{table.Equation("known/" + known)};
          for (const std::string& sum : sums) {
            equations.push_back(table.Equation((at_level ? "level" : "otherwise") + sum));
          }
          const size_t column = table.Column(equations);
          table.columns_of[b].insert(column);
          const double amount = at(amounts, stage) - (stage == 0 ? 0.0 : at(amounts, stage - 1));
          if (amount != 0) table.Add(b, column, amount);
          if (at_level) everything.insert(column);
        }
      }
    }
    for (size_t column : everything) table.targets[b].insert({column});
    if (!everything.empty()) table.targets[b].insert(everything);
  }
  return table;
}

// The sums are what they are taken for: or the attack works on something else.
void ExpectSumsAgree(const OutcomeWorld& world, const Snapshot& placements, const Snapshot& spend) {
  double shown = 0;
  double spent = 0;
  for (const auto& block : world.input_.released) {
    for (const editions::OutcomeRun& run : block->runs) {
      for (const editions::OutcomeAtom& atom : run.atoms) {
        shown += static_cast<double>(atom.placements);
        spent += static_cast<double>(atom.spend_micros);
      }
    }
  }
  double expected = 0;
  for (const auto& [key, amount] : placements.amounts) expected += amount;
  EXPECT_EQ(shown, expected);
  const auto tree = disclosure::AreaTree::From(*world.registers_);
  double expected_spend = 0;
  for (const auto& [key, amount] : spend.amounts) {
    const auto& [council, provider, quarter] = key;
    for (const Figure& figure : spend.figures) {
      if (figure.areas.contains(tree.Find({council})->area) &&
          figure.members.contains({provider, quarter})) {
        expected_spend += amount;
      }
    }
  }
  EXPECT_EQ(spent, expected_spend);
}

// Providers of a few owners, one of which is sold; councils of which some are
// one contributor; reports that come in bit by bit.
struct RandomOutcomes {
  explicit RandomOutcomes(unsigned seed) : random(seed), world(9 + static_cast<int>(seed % 4), 3) {
    const auto sale = *model::Day::FromYmd(2023, 8, 1);
    for (int p = 4; p <= 11; ++p) {
      std::vector<model::ProviderOwnership> owners = {{"p" + std::to_string(1 + p % 2), {}, {}}};
      if (p == 6) owners = {{"p1", {}, model::Day{sale.number - 1}}, {"p2", sale, {}}};
      if (p >= 10) owners.clear();
      world.AddProvider("p" + std::to_string(p), owners);
    }
    for (size_t c = 0; c + 1 < world.registers_->councils.size(); c += 7) {
      model::Council council = world.registers_->councils[c];
      council.related_group = "g" + std::to_string(c % 2);
      world.registers_->Put(council);
    }
    councils = static_cast<int>(world.registers_->councils.size());
  }

  // New reports, each of those that have not come with the given chance.
  void Receive(int chance_percent) {
    std::lognormal_distribution<double> size(2.5, 0.6);
    std::lognormal_distribution<double> price(3.0, 0.4);
    for (int c = 1; c <= councils; ++c) {
      for (uint32_t p = 1; p <= 11; ++p) {
        for (int q = 1; q <= 4; ++q) {
          // Most councils know a provider or two of each size.
          const int chance = chance_percent * (p % 3 == 0 ? 3 : 1);
          if (static_cast<int>(random() % 400) >= chance) continue;
          if (!come.emplace(c, p, q).second) continue;
          model::OutcomeFact f = world.Report(c, p, q);
          f.placements = 5 + static_cast<int64_t>(size(random));
          if (random() % 5 > 0) {
            f.spend_micros =
                static_cast<int64_t>(static_cast<double>(f.placements) * price(random));
          }
          // Half of all ratings are good.
          constexpr model::Level kLevels[] = {model::Level::kGood, model::Level::kGood,
                                              model::Level::kApproachingTarget,
                                              model::Level::kRequiresImprovement};
          if (random() % 6 > 0) f.ratings[0] = kLevels[random() % std::size(kLevels)];
          world.Receive(f);
        }
      }
    }
  }

  std::mt19937 random;
  OutcomeWorld world;
  int councils = 0;
  std::set<std::tuple<int, uint32_t, int>> come;
};

// What was published over four rounds of reports, of placements and of spend.
struct History {
  std::vector<Snapshot> placements;
  std::vector<Snapshot> spend;
};

History PublishRounds(RandomOutcomes& outcomes) {
  History history;
  for (int round = 0; round < 4; ++round) {
    outcomes.Receive(round == 0 ? 90 : 15 + 25 * (round % 2));
    if (!outcomes.world.Publish()) continue;
    history.placements.push_back(Take(outcomes.world, false));
    history.spend.push_back(Take(outcomes.world, true));
    ExpectSumsAgree(outcomes.world, history.placements.back(), history.spend.back());
  }
  return history;
}

constexpr unsigned kSeeds = 12;
constexpr int kPercent = 20;  // of the policy as it comes

TEST(OutcomeAttackTest, NoTwoComeCloserThanThePolicySays) {
  size_t figures = 0;
  size_t with_spend = 0;
  size_t pairs = 0;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    RandomOutcomes outcomes(seed);
    ASSERT_EQ(outcomes.world.policy_.p_percent, kPercent);
    const History history = PublishRounds(outcomes);
    for (const auto* releases : {&history.placements, &history.spend}) {
      const auto attack = [&](size_t first, size_t second) {
        const auto table =
            TableOf(*outcomes.world.registers_, {(*releases)[first], (*releases)[second]});
        const auto found = AttackTable(table, kPercent, 20);
        EXPECT_TRUE(found.empty())
            << "seed " << seed << " releases " << first << ", " << second << ": " << found.front()
            << " and " << found.size() - 1 << " more";
      };
      for (size_t k = 1; k < releases->size(); ++k) attack(k - 1, k);
      if (releases->size() > 2) attack(0, releases->size() - 1);
    }
    pairs += history.placements.size() - 1;
    for (const Snapshot& s : history.placements) figures += s.figures.size();
    for (const Snapshot& s : history.spend) with_spend += s.figures.size();
  }
  // The attack had something to bite on.
  RecordProperty("figures", static_cast<int>(figures));
  RecordProperty("with_spend", static_cast<int>(with_spend));
  RecordProperty("pairs", static_cast<int>(pairs));
  EXPECT_GT(figures, 500u);
  EXPECT_GT(with_spend, 200u);
  EXPECT_GT(pairs, 20u);
}

void TakeGuardOff(model::Policy& policy) {
  policy.p_percent = -10'000;  // at 0 something must still be left besides the coalition
  policy.max_share_percent = 100;
  policy.min_outcome_councils = 1;
  policy.min_placements = 1;
}

// The same countries under a policy that guards nothing: the attack must find
// councils, or finding nobody above means little. Four who say what they spend
// are needed even then, which guards some.
TEST(OutcomeAttackTest, WithoutTheGuardItFindsCouncils) {
  int with_spend = 0;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    RandomOutcomes outcomes(seed);
    TakeGuardOff(outcomes.world.policy_);
    const History history = PublishRounds(outcomes);
    ASSERT_FALSE(history.placements.empty());
    const model::Registers& registers = *outcomes.world.registers_;
    EXPECT_FALSE(AttackTable(TableOf(registers, history.placements), kPercent, 20).empty())
        << "seed " << seed;
    if (!AttackTable(TableOf(registers, history.spend), kPercent, 20).empty()) ++with_spend;
  }
  EXPECT_GT(with_spend, static_cast<int>(kSeeds) / 3);
}

// How councils rated: before and after, and under a policy that guards nothing.
TEST(OutcomeAttackTest, NoTwoLearnHowACouncilRated) {
  constexpr model::Level kLevels[] = {model::Level::kGood, model::Level::kRequiresImprovement};
  size_t figures = 0;
  int broken = 0;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    for (const bool guarded : {true, false}) {
      RandomOutcomes outcomes(seed);
      if (!guarded) TakeGuardOff(outcomes.world.policy_);
      std::map<model::Level, std::vector<Snapshot>> of_level;
      for (int round = 0; round < 3; ++round) {
        outcomes.Receive(round == 0 ? 90 : 40);
        if (!outcomes.world.Publish()) continue;
        for (const model::Level level : kLevels) {
          of_level[level].push_back(TakeRatings(outcomes.world, level));
        }
      }
      for (const auto& [level, releases] : of_level) {
        const auto found = AttackTable(RatingTableOf(*outcomes.world.registers_, releases),
                                       kPercent, 5, Sides::kBelow);
        if (!guarded) {
          broken += found.empty() ? 0 : 1;
          continue;
        }
        figures += releases.back().figures.size();
        EXPECT_TRUE(found.empty())
            << "seed " << seed << " level " << static_cast<int>(level) << ": " << found.front()
            << " and " << found.size() - 1 << " more";
      }
    }
  }
  RecordProperty("figures", static_cast<int>(figures));
  RecordProperty("broken", broken);
  EXPECT_GT(figures, 100u);
  EXPECT_GT(broken, 4) << "of eight without the guard";
}

// The controls: what the rules forbid must be found, or the attack is blind.
class OutcomeAttackControlTest : public ::testing::Test {
 protected:
  // Six councils report on provider 1, and `others` on provider 2.
  Amounts Reports(int others) const {
    Amounts amounts;
    for (uint16_t c = 1; c <= 6; ++c) amounts[{c, 1, QuarterOf(1)}] = 10;
    for (int c = 7; c < 7 + others; ++c) {
      amounts[{static_cast<uint16_t>(c), 2, QuarterOf(1)}] = 10;
    }
    return amounts;
  }
  Figure Sum(const std::set<uint32_t>& providers) const {
    Figure figure{{2, 3}, {}};
    for (uint32_t p : providers) figure.members.emplace(p, QuarterOf(1));
    return figure;
  }
  bool Broken(const std::vector<Snapshot>& releases) const {
    return !AttackTable(TableOf(*world_.registers_, releases), kPercent).empty();
  }
  OutcomeWorld world_;
};

TEST_F(OutcomeAttackControlTest, FindsWhoIsLeftWhenAProviderIsShownBesideItsOwner) {
  EXPECT_TRUE(Broken({{{Sum({1, 2}), Sum({1})}, Reports(1)}}));
  EXPECT_TRUE(Broken({{{Sum({1, 2}), Sum({1})}, Reports(3)}})) << "two of the three know the third";
  EXPECT_FALSE(Broken({{{Sum({1, 2})}, Reports(1)}}));
  EXPECT_FALSE(Broken({{{Sum({1, 2}), Sum({1})}, Reports(6)}}));
}

TEST_F(OutcomeAttackControlTest, FindsWhoReportedBetweenTwoReleases) {
  Amounts later = Reports(6);
  later[{13, 1, QuarterOf(1)}] = 10;
  EXPECT_TRUE(Broken({{{Sum({1})}, Reports(6)}, {{Sum({1})}, later}}));
}

// Each release is safe by itself.
TEST_F(OutcomeAttackControlTest, FindsWhoMovedFromOneGroupToAnother) {
  Amounts amounts = Reports(1);
  for (uint16_t c = 8; c <= 13; ++c) amounts[{c, 3, QuarterOf(1)}] = 10;
  const Snapshot before{{Sum({1, 2}), Sum({3})}, amounts};
  const Snapshot after{{Sum({1}), Sum({2, 3})}, amounts};
  EXPECT_FALSE(Broken({before}));
  EXPECT_FALSE(Broken({after}));
  EXPECT_TRUE(Broken({before, after}));
}

}  // namespace
}  // namespace steelyard::publisher
