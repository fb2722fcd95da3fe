#include "server/benchmarks/provider_tiling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/benchmarks/outcome_country.h"

namespace steelyard::benchmarks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Kind = ProviderGroup::Kind;

// An empty atom for each of `areas`: nobody looks at what is in it.
MadeRun Over(const model::Period& period,
             const std::vector<editions::AreaGroup>& areas = {{kNorth, kSouth}}) {
  MadeRun run{period, {}};
  for (const auto& group : areas) run.atoms.push_back({group, {}});
  return run;
}

// `oak` owns `acorn` and, until June 2024, `birch`; then `pine` owns it.
// `cedar` stands alone.
class ProviderTilingTest : public ::testing::Test {
 protected:
  ProviderTilingTest() {
    country_.AddProvider("oak");
    country_.AddProvider("pine");
    acorn_ = country_.AddProvider("acorn", {{"oak", {}, {}}});
    birch_ = country_.AddProvider("birch", {{"oak", {}, *model::Day::FromYmd(2024, 6, 30)},
                                            {"pine", *model::Day::FromYmd(2024, 7, 1), {}}});
    cedar_ = country_.AddProvider("cedar");
  }

  model::ProviderNo No(const std::string& id) { return country_.registers->FindProvider(id)->no; }

  void Add(ProviderGroup group, const std::vector<editions::GroupMember>& members,
           const std::vector<MadeRun>& runs) {
    blocks_.push_back(
        MakeBlock(2024, static_cast<uint32_t>(blocks_.size() + 1), group, members, runs));
  }
  void AddAlone(model::ProviderNo provider, const std::vector<MadeRun>& runs) {
    Add({Kind::kProvider, provider}, {{provider, Quarters(2024, 1, 4)}}, runs);
  }

  ProviderTile Ask(const std::string& provider, const model::Period& period, AreaScope areas = {}) {
    index_ = std::make_unique<OutcomeIndex>(blocks_, *country_.registers);
    return ProviderTiler(*index_, *country_.registers,
                         provider.empty() ? model::ProviderNo{} : No(provider), std::move(areas))
        .Tile(period);
  }
  const OutcomeAtom* Atom(size_t block, size_t run, size_t area = 0) {
    return &blocks_[block]->runs[run].atoms[area];
  }

  OutcomeCountry country_;
  model::ProviderNo acorn_, birch_, cedar_;
  editions::OutcomeStore::Blocks blocks_;
  std::unique_ptr<OutcomeIndex> index_;
};

TEST_F(ProviderTilingTest, AProviderByItselfIsAnsweredExactly) {
  AddAlone(acorn_, {Over(Quarters(2024, 1, 1)), Over(Quarters(2024, 2, 4))});
  AddAlone(cedar_, {Over(Quarters(2024, 1, 4))});
  const ProviderTile tile = Ask("acorn", Quarters(2024, 1, 4));
  EXPECT_FALSE(tile.nearest);
  EXPECT_THAT(tile.atoms, ElementsAre(Atom(0, 0), Atom(0, 1)));
  EXPECT_THAT(tile.areas, IsEmpty());
}

TEST_F(ProviderTilingTest, AnOwnerIsTheSumOfWhatItOwned) {
  AddAlone(acorn_, {Over(Quarters(2024, 1, 2)), Over(Quarters(2024, 3, 4))});
  AddAlone(birch_, {Over(Quarters(2024, 1, 2)), Over(Quarters(2024, 3, 4))});
  AddAlone(cedar_, {Over(Quarters(2024, 1, 2)), Over(Quarters(2024, 3, 4))});
  // Birch was sold in between: its second half is the new owner's.
  const ProviderTile oak = Ask("oak", Quarters(2024, 1, 4));
  EXPECT_FALSE(oak.nearest);
  EXPECT_THAT(oak.atoms, UnorderedElementsAre(Atom(0, 0), Atom(0, 1), Atom(1, 0)));
  const ProviderTile pine = Ask("pine", Quarters(2024, 3, 4));
  EXPECT_FALSE(pine.nearest);
  EXPECT_THAT(pine.atoms, ElementsAre(Atom(1, 1)));
  const ProviderTile all = Ask("", Quarters(2024, 1, 4));
  EXPECT_FALSE(all.nearest);
  EXPECT_THAT(all.atoms, SizeIs(6));
}

TEST_F(ProviderTilingTest, ARunAcrossASaleIsNeitherOwners) {
  AddAlone(birch_, {Over(Quarters(2024, 1, 4))});
  EXPECT_THAT(Ask("oak", Quarters(2024, 1, 4)).atoms, IsEmpty());
  EXPECT_THAT(Ask("pine", Quarters(2024, 3, 4)).atoms, IsEmpty());
  EXPECT_FALSE(Ask("birch", Quarters(2024, 1, 4)).nearest);
}

TEST_F(ProviderTilingTest, AGroupThatIsOnlyPartlyAskedForIsLeftOutAndSaidSo) {
  AddAlone(acorn_, {Over(Quarters(2024, 1, 2))});
  Add({Kind::kRest, {}}, {{birch_, Quarters(2024, 1, 1)}, {cedar_, Quarters(2024, 1, 2)}},
      {Over(Quarters(2024, 1, 2))});
  const ProviderTile tile = Ask("oak", Quarters(2024, 1, 2));
  EXPECT_TRUE(tile.nearest);
  EXPECT_THAT(tile.atoms, ElementsAre(Atom(0, 0)));
  // In a quarter in which the rest has nobody of it, nothing is missing.
  blocks_.pop_back();
  Add({Kind::kRest, {}}, {{birch_, Quarters(2024, 1, 1)}, {cedar_, Quarters(2024, 1, 2)}},
      {Over(Quarters(2024, 1, 1)), Over(Quarters(2024, 2, 2))});
  blocks_[0] = MakeBlock(2024, 1, {Kind::kProvider, acorn_}, {{acorn_, Quarters(2024, 1, 2)}},
                         {Over(Quarters(2024, 1, 1)), Over(Quarters(2024, 2, 2))});
  EXPECT_TRUE(Ask("oak", Quarters(2024, 1, 1)).nearest);
  EXPECT_FALSE(Ask("oak", Quarters(2024, 2, 2)).nearest);
}

TEST_F(ProviderTilingTest, TheRestOfAnOwnerIsTheOwners) {
  Add({Kind::kRestOfOwner, No("oak")},
      {{acorn_, Quarters(2024, 1, 2)}, {birch_, Quarters(2024, 1, 2)}},
      {Over(Quarters(2024, 1, 2))});
  EXPECT_FALSE(Ask("oak", Quarters(2024, 1, 2)).nearest);
  EXPECT_THAT(Ask("acorn", Quarters(2024, 1, 2)).atoms, IsEmpty());
}

TEST_F(ProviderTilingTest, AllGroupsCoverTheSameTime) {
  AddAlone(acorn_,
           {Over(Quarters(2024, 1, 1)), Over(Quarters(2024, 2, 2)), Over(Quarters(2024, 3, 4))});
  AddAlone(birch_, {Over(Quarters(2024, 1, 2)), Over(Quarters(2024, 3, 3))});
  const ProviderTile oak = Ask("oak", Quarters(2024, 1, 1));
  EXPECT_TRUE(oak.nearest);
  EXPECT_EQ(oak.answered, Quarters(2024, 1, 2));
  EXPECT_THAT(oak.atoms, UnorderedElementsAre(Atom(0, 0), Atom(0, 1), Atom(1, 0)));
  const ProviderTile acorn = Ask("acorn", Quarters(2024, 1, 1));
  EXPECT_FALSE(acorn.nearest);
}

TEST_F(ProviderTilingTest, QuartersThatAreNotShownYetMakeItAPart) {
  AddAlone(acorn_, {Over(Quarters(2024, 1, 1)), Over(Quarters(2024, 2, 2))});
  const ProviderTile tile = Ask("acorn", Quarters(2024, 1, 4));
  EXPECT_TRUE(tile.nearest);
  EXPECT_EQ(tile.answered, Quarters(2024, 1, 2));
  // One of two groups is behind in the second quarter.
  AddAlone(birch_, {Over(Quarters(2024, 1, 1))});
  EXPECT_FALSE(Ask("oak", Quarters(2024, 1, 1)).nearest);
  EXPECT_TRUE(Ask("oak", Quarters(2024, 1, 2)).nearest);
}

TEST_F(ProviderTilingTest, NothingShownHasNoAtoms) {
  const ProviderTile none = Ask("oak", Quarters(2023, 1, 4));
  EXPECT_THAT(none.atoms, IsEmpty());
  EXPECT_EQ(none.answered, none.asked);
  AddAlone(acorn_, {Over(Quarters(2024, 1, 1))});
  EXPECT_THAT(Ask("oak", Quarters(2024, 2, 4)).atoms, IsEmpty());
  EXPECT_THAT(Ask("cedar", Quarters(2024, 1, 4)).atoms, IsEmpty());
}

TEST_F(ProviderTilingTest, AnAreaIsWidenedUntilEveryRunCanTellItApart) {
  const AreaScope north{{kNorth}, false};
  AddAlone(acorn_, {Over(Quarters(2024, 1, 1), {{kNorth}, {kSouth}}), Over(Quarters(2024, 2, 2))});
  const ProviderTile one = Ask("acorn", Quarters(2024, 1, 1), north);
  EXPECT_FALSE(one.nearest);
  EXPECT_THAT(one.atoms, ElementsAre(Atom(0, 0, 0)));
  EXPECT_THAT(one.areas, ElementsAre(kNorth));
  const ProviderTile two = Ask("acorn", Quarters(2024, 1, 2), north);
  EXPECT_TRUE(two.nearest);
  EXPECT_THAT(two.areas, IsEmpty()) << "all of them";
  EXPECT_THAT(two.atoms, ElementsAre(Atom(0, 0, 0), Atom(0, 0, 1), Atom(0, 1)));
}

TEST_F(ProviderTilingTest, QuartersWithOneAnswerShareACell) {
  AddAlone(acorn_, {Over(Quarters(2024, 1, 1)), Over(Quarters(2024, 2, 3))});
  index_ = std::make_unique<OutcomeIndex>(blocks_, *country_.registers);
  const ProviderTiler tiler(*index_, *country_.registers, acorn_, {});
  const auto tiles = tiler.TileQuarters(Quarters(2024, 1, 4));
  ASSERT_THAT(tiles, SizeIs(3));
  EXPECT_EQ(tiles[0].asked, Quarters(2024, 1, 1));
  EXPECT_FALSE(tiles[0].nearest);
  EXPECT_EQ(tiles[1].asked, Quarters(2024, 2, 3));
  EXPECT_FALSE(tiles[1].nearest) << "both of its quarters were asked for";
  EXPECT_EQ(tiles[2].asked, Quarters(2024, 4, 4));
  EXPECT_THAT(tiles[2].atoms, IsEmpty());
  EXPECT_TRUE(tiler.TileQuarters(Quarters(2024, 3, 3))[0].nearest);
}

}  // namespace
}  // namespace steelyard::benchmarks
