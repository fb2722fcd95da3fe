#include "server/publisher/series_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/small_country.h"

namespace steelyard::publisher {
namespace {

// Builds the facts of the year 2020, and publishes as the publisher would.
class SeriesPublisherTest : public ::testing::Test {
 protected:
  // Council number `c` (1-based; 1 to 12 north, 13 to 24 south) buys.
  void Buy(int c, int month, int64_t units = 1000, int64_t price = 20'000) {
    ledger::DatedFact dated;
    model::PurchaseFact& f = dated.fact;
    f.council.value = static_cast<uint16_t>(c);
    f.line.value = ++lines_;
    f.month = *model::Month::FromYm(2020, month);
    f.supplier.value = 1 + lines_ % 5;
    f.units = units;
    f.packs = units;
    f.unit_price_micros = price;
    f.spend_micros = units * price;
    f.sequence = ++input_.sequence;
    input_.facts.push_back(dated);
  }

  // Every council of both regions buys in each of the months.
  void BuyEverywhere(int first_month, int last_month) {
    for (int month = first_month; month <= last_month; ++month) {
      for (int c = 1; c <= 24; ++c) Buy(c, month);
    }
  }

  bool Publish(bool always = false) {
    auto release = publisher_.Publish(input_, always);
    if (!release) return false;
    release->block.edition = ++edition_;
    input_.admitted = release->admitted;
    input_.released = std::make_shared<const editions::YearBlock>(release->block);
    return true;
  }

  int64_t ShownLines() const {
    int64_t lines = 0;
    if (!input_.released) return 0;
    for (const editions::Run& run : input_.released->runs) {
      for (const editions::Atom& row : run.rows) lines += row.lines;
    }
    return lines;
  }

  // Each view of a run holds the same lines.
  void ExpectViewsAgree() const {
    for (const editions::Run& run : input_.released->runs) {
      int64_t rows = 0;
      int64_t cells = 0;
      for (const editions::Atom& a : run.rows) rows += a.lines;
      for (const auto& block : run.cells) {
        for (const editions::Atom& a : block) cells += a.lines;
      }
      EXPECT_EQ(rows, cells);
    }
  }

  SeriesInput input_{{model::ProductNo{1}, model::Currency::Gbp(), 2020}, {}, 0, {}, nullptr};
  SeriesPublisher publisher_{testing::SmallCountry(12), model::Policy()};
  uint32_t lines_ = 0;
  uint64_t edition_ = 0;
};

TEST_F(SeriesPublisherTest, FourCouncilsShowNothing) {
  for (int c = 1; c <= 4; ++c) Buy(c, 4);
  EXPECT_FALSE(Publish());
}

TEST_F(SeriesPublisherTest, BroadBuyingIsShownWholeAndSplit) {
  BuyEverywhere(1, 12);
  ASSERT_TRUE(Publish());
  EXPECT_EQ(ShownLines(), 24 * 12);
  ExpectViewsAgree();
  ASSERT_EQ(input_.released->runs.size(), 4u);  // quarters
  EXPECT_EQ(input_.released->runs[0].layout.month_groups.size(), 3u);
  EXPECT_EQ(input_.released->runs[0].layout.blocks.size(), 2u);  // north and south
  EXPECT_FALSE(Publish()) << "nothing moved";
}

TEST_F(SeriesPublisherTest, OneCouncilsUploadWaitsUntilFiveMoved) {
  BuyEverywhere(1, 3);
  ASSERT_TRUE(Publish());
  const int64_t before = ShownLines();
  for (int c = 1; c <= 4; ++c) Buy(c, 2);
  EXPECT_FALSE(Publish());
  EXPECT_EQ(ShownLines(), before);
  // Five counties and five cities: the view by type has to be safe as well.
  for (int c = 5; c <= 10; ++c) Buy(c, 2);
  ASSERT_TRUE(Publish());
  EXPECT_EQ(ShownLines(), before + 10);
  ExpectViewsAgree();
}

TEST_F(SeriesPublisherTest, TrivialLinesCannotCarryALargeOneOut) {
  BuyEverywhere(1, 3);
  ASSERT_TRUE(Publish());
  const int64_t before = ShownLines();
  Buy(1, 2, 1'000'000);
  for (int c = 2; c <= 6; ++c) Buy(c, 2, 1);
  EXPECT_FALSE(Publish());
  EXPECT_EQ(ShownLines(), before);
}

TEST_F(SeriesPublisherTest, OneRegionMovesWhileTheOtherWaits) {
  BuyEverywhere(1, 3);
  ASSERT_TRUE(Publish());
  const int64_t before = ShownLines();
  for (int c = 1; c <= 12; ++c) Buy(c, 2);
  Buy(13, 2);  // alone in the south
  ASSERT_TRUE(Publish());
  EXPECT_EQ(ShownLines(), before + 12);
  const model::Month february = *model::Month::FromYm(2020, 2);
  EXPECT_EQ(input_.admitted.Of(february, model::AreaNo{2}), input_.sequence);
  EXPECT_LT(input_.admitted.Of(february, model::AreaNo{3}), input_.sequence);
}

TEST_F(SeriesPublisherTest, ACorrectionMovesByItsDifference) {
  BuyEverywhere(1, 3);
  ASSERT_TRUE(Publish());
  const absl::int128 spend = input_.released->runs[0].rows[0].spend_micros;
  // The northern councils correct their February line to a slightly higher price.
  for (int c = 1; c <= 12; ++c) {
    for (ledger::DatedFact& dated : input_.facts) {
      if (dated.fact.council.value != c || dated.fact.month.month() != 2) continue;
      ledger::DatedFact corrected = dated;
      dated.end_sequence = corrected.fact.sequence = ++input_.sequence;
      corrected.fact.spend_micros += 1'000'000;
      input_.facts.push_back(corrected);
      break;
    }
  }
  ASSERT_TRUE(Publish());
  EXPECT_EQ(ShownLines(), 24 * 3);
  EXPECT_EQ(input_.released->runs[0].rows[0].spend_micros, spend + 12'000'000);
}

TEST_F(SeriesPublisherTest, ANewPolicyIsPublishedWithoutMovement) {
  BuyEverywhere(1, 3);
  ASSERT_TRUE(Publish());
  EXPECT_TRUE(Publish(true));
  EXPECT_EQ(ShownLines(), 24 * 3);
}

// A register that has council 1 (north) in the south as a city, with six others
// of that kind.
TEST_F(SeriesPublisherTest, ACouncilThatMovesCountsWhereItWasShown) {
  BuyEverywhere(1, 3);
  ASSERT_TRUE(Publish());
  const std::vector<editions::Run> before = input_.released->runs;

  auto moved = std::make_shared<model::Registers>(*testing::SmallCountry(12));
  moved->version = 2;
  model::Council council = moved->councils[0];
  council.area = model::AreaNo{3};
  council.authority_type = "borough";
  moved->Put(council);
  SeriesPublisher after(moved, model::Policy());
  // The move alone shows nothing, and asked for a release it shows the same.
  EXPECT_FALSE(after.Publish(input_, false));
  const auto same = after.Publish(input_, true);
  ASSERT_TRUE(same);
  ASSERT_EQ(same->block.runs.size(), 1u);
  EXPECT_EQ(same->block.runs[0].cells, before[0].cells);
  EXPECT_EQ(same->block.runs[0].rows, before[0].rows);
  EXPECT_EQ(same->block.runs[0].types, before[0].types);

  // New lines of the quarter move by no more than they hold.
  for (int c = 1; c <= 24; ++c) Buy(c, 2);
  const auto more = after.Publish(input_, false);
  ASSERT_TRUE(more);
  ASSERT_EQ(more->block.runs[0].rows.size(), 2u);
  for (size_t r = 0; r < 2; ++r) {
    EXPECT_EQ(more->block.runs[0].rows[r].lines, before[0].rows[r].lines + 12);
  }
  EXPECT_EQ(more->admitted.places.at({1}).area, model::AreaNo{2});
  EXPECT_EQ(more->admitted.places.at({1}).authority_type, "county");
}

// Of a year of which nothing is shown yet the register decides.
TEST_F(SeriesPublisherTest, ACouncilThatMovesCountsWhereItIsFromTheNextYearOn) {
  auto moved = std::make_shared<model::Registers>(*testing::SmallCountry(12));
  model::Council council = moved->councils[0];
  council.area = model::AreaNo{3};
  moved->Put(council);
  BuyEverywhere(1, 3);
  const auto release = SeriesPublisher(moved, model::Policy()).Publish(input_, false);
  ASSERT_TRUE(release);
  ASSERT_EQ(release->block.runs[0].rows.size(), 2u);
  EXPECT_EQ(release->block.runs[0].rows[0].lines, 33);
  EXPECT_EQ(release->block.runs[0].rows[1].lines, 39);
  EXPECT_EQ(release->admitted.places.at({1}).area, model::AreaNo{3});
}

// Who took a council over has its records, so both are one contributor.
TEST_F(SeriesPublisherTest, ACouncilAndItsSuccessorsAreOneContributor) {
  for (int c = 1; c <= 5; ++c) Buy(c, 4);
  auto merged = std::make_shared<model::Registers>(*testing::SmallCountry(12));
  EXPECT_TRUE(SeriesPublisher(merged, model::Policy()).Publish(input_, false));
  for (int c = 0; c < 2; ++c) {
    model::Council council = merged->councils[static_cast<size_t>(c)];
    council.successors = {merged->councils[20].id};
    merged->Put(council);
  }
  EXPECT_FALSE(SeriesPublisher(merged, model::Policy()).Publish(input_, false));
}

}  // namespace
}  // namespace steelyard::publisher
