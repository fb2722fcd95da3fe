#include "server/benchmarks/tiling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::benchmarks {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

model::Month M(int month, int year = 2020) { return *model::Month::FromYm(year, month); }
model::AreaNo A(uint16_t n) { return model::AreaNo{n}; }

// The first half of 2020: January to March split by month over two blocks
// (areas 2 and 3 | 4), with rows 2 | 3 | 4; April to June in one piece, rows
// 2 and 3 | 4. Two kinds of authority in the first run only.
std::shared_ptr<const editions::YearBlock> HalfYear() {
  auto block = std::make_shared<editions::YearBlock>();
  block->year = 2020;
  editions::Run first;
  first.layout.period = {M(1), M(3)};
  first.layout.month_groups = {{M(1), M(1)}, {M(2), M(3)}};
  first.layout.blocks = {{A(2), A(3)}, {A(4)}};
  first.layout.rows = {{A(2)}, {A(3)}, {A(4)}};
  first.layout.type_groups = {{"city"}, {"county", "district"}};
  first.cells.assign(2, std::vector<editions::Atom>(2));
  first.rows.resize(3);
  first.types.resize(2);
  editions::Run second;
  second.layout.period = {M(4), M(6)};
  second.layout.month_groups = {{M(4), M(6)}};
  second.layout.blocks = {{A(2), A(3)}, {A(4)}};
  second.layout.rows = {{A(2), A(3)}, {A(4)}};
  second.cells.assign(2, std::vector<editions::Atom>(1));
  second.rows.resize(2);
  block->runs = {first, second};
  return block;
}

class TilingTest : public ::testing::Test {
 protected:
  std::vector<Tile> Ask(model::Period period, std::vector<model::AreaNo> areas = {},
                        std::string type = "", std::vector<model::Period> segments = {}) {
    Question q;
    q.period = period;
    q.segments = segments.empty() ? std::vector{period} : segments;
    q.everywhere = areas.empty();
    q.areas = std::move(areas);
    q.authority_type = std::move(type);
    return TileQuestion(q, {block_});
  }

  std::shared_ptr<const editions::YearBlock> block_ = HalfYear();
};

TEST_F(TilingTest, WholeRunsAreTiledWithRows) {
  const auto tiles = Ask({M(1), M(6)});
  ASSERT_THAT(tiles, SizeIs(1));
  EXPECT_THAT(tiles[0].atoms, SizeIs(3 + 2));
  EXPECT_FALSE(tiles[0].longer || tiles[0].shorter || tiles[0].wider);
}

TEST_F(TilingTest, OneMonthIsTiledWithCells) {
  const auto tiles = Ask({M(1), M(1)});
  ASSERT_THAT(tiles, SizeIs(1));
  EXPECT_THAT(tiles[0].atoms,
              ElementsAre(&block_->runs[0].cells[0][0], &block_->runs[0].cells[1][0]));
  EXPECT_FALSE(tiles[0].longer);
}

TEST_F(TilingTest, AMonthWithinAGroupGetsTheGroup) {
  const auto tiles = Ask({M(3), M(3)});
  EXPECT_EQ(tiles[0].answered, (model::Period{M(2), M(3)}));
  EXPECT_TRUE(tiles[0].longer);
}

TEST_F(TilingTest, AnAreaThatABlockHidesGetsALongerPeriod) {
  // January for area 2 alone is not shown, but its quarter is.
  const auto tiles = Ask({M(1), M(1)}, {A(2)});
  EXPECT_EQ(tiles[0].answered, (model::Period{M(1), M(3)}));
  EXPECT_TRUE(tiles[0].longer);
  EXPECT_FALSE(tiles[0].wider);
  EXPECT_THAT(tiles[0].atoms, ElementsAre(&block_->runs[0].rows[0]));
}

TEST_F(TilingTest, AnAreaThatNoRowShowsGetsAWiderGroup) {
  const auto tiles = Ask({M(4), M(4)}, {A(2)});
  EXPECT_TRUE(tiles[0].wider);
  EXPECT_THAT(tiles[0].areas, ElementsAre(A(2), A(3)));
}

TEST_F(TilingTest, TheSameAreaIsCoveredInEveryRun) {
  // The first run could show area 2 alone; the second cannot, so neither does.
  const auto tiles = Ask({M(1), M(6)}, {A(2)});
  EXPECT_TRUE(tiles[0].wider);
  EXPECT_THAT(tiles[0].areas, ElementsAre(A(2), A(3)));
  EXPECT_THAT(tiles[0].atoms, SizeIs(2 + 1));
}

TEST_F(TilingTest, KindsOfAuthorityWidenToTheirGroup) {
  const auto city = Ask({M(1), M(3)}, {}, "city");
  EXPECT_FALSE(city[0].wider);
  EXPECT_THAT(city[0].atoms, ElementsAre(&block_->runs[0].types[0]));
  const auto county = Ask({M(1), M(3)}, {}, "county");
  EXPECT_TRUE(county[0].wider);
  EXPECT_THAT(county[0].types, ElementsAre("county", "district"));
  const auto none = Ask({M(4), M(6)}, {}, "city");
  EXPECT_TRUE(none[0].wider);
  EXPECT_THAT(none[0].types, SizeIs(0));
  EXPECT_THAT(none[0].atoms, SizeIs(2));
}

TEST_F(TilingTest, MonthsNotShownLeaveAPart) {
  const auto tiles = Ask({M(5), M(9)});
  EXPECT_TRUE(tiles[0].shorter);
  EXPECT_EQ(tiles[0].answered, (model::Period{M(4), M(6)}));
}

TEST_F(TilingTest, NothingShownHasNoAtoms) {
  const auto tiles = Ask({M(7), M(9)});
  EXPECT_THAT(tiles[0].atoms, SizeIs(0));
  EXPECT_EQ(tiles[0].answered, tiles[0].asked);
}

TEST_F(TilingTest, NeighboursWithOneAnswerBecomeOneCell) {
  const auto tiles =
      Ask({M(1), M(6)}, {}, "",
          {{M(1), M(1)}, {M(2), M(2)}, {M(3), M(3)}, {M(4), M(4)}, {M(5), M(5)}, {M(6), M(6)}});
  ASSERT_THAT(tiles, SizeIs(3));
  EXPECT_EQ(tiles[1].asked, (model::Period{M(2), M(3)}));
  EXPECT_FALSE(tiles[1].longer) << "both of its months were asked for";
  EXPECT_EQ(tiles[2].asked, (model::Period{M(4), M(6)}));
}

}  // namespace
}  // namespace steelyard::benchmarks
