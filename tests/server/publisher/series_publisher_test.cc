#include "server/publisher/series_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/small_country.h"
#include "tests/support/status_matchers.h"

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

  SeriesInput input_{{model::ProductNo{1}, model::Currency::Gbp(), 2020}, {}, 0, {}, nullptr, {}};
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

// Nothing of council 1 (north) is shown when it moves south: its line waits
// there as well.
TEST_F(SeriesPublisherTest, ALineThatWaitsStaysUnshownWhenItsCouncilMoves) {
  BuyEverywhere(1, 3);
  std::erase_if(input_.facts, [](const auto& dated) { return dated.fact.council.value == 1; });
  ASSERT_TRUE(Publish());
  Buy(1, 2);
  for (int c = 13; c <= 24; ++c) Buy(c, 2);
  ASSERT_TRUE(Publish());  // the south alone
  const int64_t before = ShownLines();
  auto moved = std::make_shared<model::Registers>(*testing::SmallCountry(12));
  model::Council council = moved->councils[0];
  council.area = model::AreaNo{3};
  moved->Put(council);
  const auto renewed = SeriesPublisher(moved, model::Policy()).Publish(input_, true);
  ASSERT_TRUE(renewed);
  int64_t lines = 0;
  for (const editions::Atom& row : renewed->block.runs[0].rows) lines += row.lines;
  EXPECT_EQ(lines, before);
}

// A line of March that was moved to April is shown in both while March waits.
// When it is corrected again, March's version moves as well, and waits on.
TEST_F(SeriesPublisherTest, ALineCorrectedTwiceLeavesItsFirstMonthOnlyWithOthers) {
  BuyEverywhere(1, 6);
  ASSERT_TRUE(Publish());
  const auto lines_of = [&](size_t run) {
    int64_t lines = 0;
    for (const editions::Atom& row : input_.released->runs[run].rows) lines += row.lines;
    return lines;
  };
  const int64_t march = lines_of(0);
  auto& first = *std::find_if(input_.facts.begin(), input_.facts.end(), [](const auto& dated) {
    return dated.fact.council.value == 1 && dated.fact.month.month() == 3;
  });
  const auto correct = [&](ledger::DatedFact& from, int month) {
    ledger::DatedFact next = from;
    next.fact.month = *model::Month::FromYm(2020, month);
    next.fact.spend_micros += 1'000'000;
    next.fact.sequence = ++input_.sequence;
    from.end_sequence = input_.sequence;
    input_.facts.push_back(next);
  };
  correct(first, 4);
  for (int c = 2; c <= 12; ++c) Buy(c, 4);
  ASSERT_TRUE(Publish());
  EXPECT_EQ(lines_of(0), march);
  correct(input_.facts[input_.facts.size() - 12], 5);
  for (int c = 2; c <= 12; ++c) {
    Buy(c, 4);
    Buy(c, 5);
  }
  ASSERT_TRUE(Publish());
  EXPECT_EQ(lines_of(0), march) << "one council's line left the first quarter";
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

// Suppliers 1 to 5 sell to all councils in turn.
class SellersPublishedTest : public SeriesPublisherTest {
 protected:
  void Today(int year, int month) { input_.today = *model::Day::FromYmd(year, month, 1); }
  const editions::Run& Run(size_t r = 0) const { return input_.released->runs[r]; }
  int64_t SellersLines() const {
    int64_t lines = 0;
    for (const editions::Atom& atom : Run().sellers) lines += atom.lines;
    return lines;
  }
};

TEST_F(SellersPublishedTest, SuppliersAreNamedWhenTheirQuarterIsOldEnough) {
  BuyEverywhere(1, 3);
  Today(2020, 6);
  ASSERT_TRUE(Publish());
  EXPECT_TRUE(Run().sellers.empty());
  EXPECT_FALSE(Publish());
  Today(2020, 7);  // April, May and June have passed
  ASSERT_TRUE(Publish()) << "nothing moved, but the quarter has come of age";
  ASSERT_EQ(Run().sellers.size(), 5u);
  for (const editions::SellerGroup& group : Run().layout.sellers) EXPECT_TRUE(group.named);
  EXPECT_EQ(SellersLines(), 72);
  EXPECT_OK(editions::CheckBlock(*input_.released));
  EXPECT_FALSE(Publish());
}

TEST_F(SellersPublishedTest, FiguresByNameWaitWhereTheOthersMoveOn) {
  BuyEverywhere(1, 3);
  Today(2020, 12);
  ASSERT_TRUE(Publish());
  ASSERT_EQ(SellersLines(), 72);
  const auto before = Run().sellers;
  // Ten councils buy, of every supplier two: safe for places, not by name.
  for (int c = 1; c <= 10; ++c) Buy(c, 2);
  ASSERT_TRUE(Publish());
  EXPECT_EQ(ShownLines(), 82);
  EXPECT_EQ(Run().sellers, before);
  // With twenty more of all councils it is safe by name, too, at once.
  for (int round = 0; round < 2; ++round) {
    for (int c = 1; c <= 24; ++c) Buy(c, 2);
  }
  ASSERT_TRUE(Publish());
  EXPECT_EQ(SellersLines(), 130);
}

TEST_F(SellersPublishedTest, ASupplierThatIsSoldStaysInItsGroup) {
  BuyEverywhere(1, 3);
  Today(2020, 12);
  ASSERT_TRUE(Publish());
  auto sold = std::make_shared<model::Registers>(*testing::SmallCountry(12));
  model::Supplier supplier = sold->suppliers[0];
  supplier.owners = {{"s2", {}, {}}};
  sold->Put(supplier);
  SeriesPublisher after(sold, model::Policy());
  for (int round = 0; round < 2; ++round) {
    for (int c = 1; c <= 24; ++c) Buy(c, 2);
  }
  const auto release = after.Publish(input_, false);
  ASSERT_TRUE(release);
  EXPECT_EQ(release->block.runs[0].layout.sellers, Run().layout.sellers);
  EXPECT_NE(release->block.runs[0].sellers, Run().sellers);
}

TEST_F(SellersPublishedTest, OwnersCountAsOneWhenFirstShown) {
  auto owned = std::make_shared<model::Registers>(*testing::SmallCountry(12));
  model::Supplier supplier = owned->suppliers[0];
  supplier.owners = {{"s2", {}, {}}};
  owned->Put(supplier);
  BuyEverywhere(1, 3);
  Today(2020, 12);
  const auto release = SeriesPublisher(owned, model::Policy()).Publish(input_, false);
  ASSERT_TRUE(release);
  const auto& sellers = release->block.runs[0].layout.sellers;
  ASSERT_EQ(sellers.size(), 4u);
  EXPECT_EQ(sellers[0].owner, model::SupplierNo{2});
  EXPECT_EQ(sellers[0].members, (std::vector<model::SupplierNo>{{1}, {2}}));
}

}  // namespace
}  // namespace steelyard::publisher
