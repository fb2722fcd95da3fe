#include "client/cli/benchmark_view.h"

#include <sstream>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace steelyard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kCell[] = R"pb(
  from_month { year: 2020 month: 4 }
  to_month { year: 2020 month: 6 }
  asked_from_month { year: 2020 month: 4 }
  asked_to_month { year: 2020 month: 4 }
  areas: "areas/england"
  answer: LONGER_PERIOD
  figures {
    councils: 42
    lines: 1200
    units: 3400000
    spend_micros: 153000000000
    mean_unit_price_micros: 45000
    line_quantiles { p25_micros: 30000 p50_micros: 41200 p75_micros: 52000 p90_micros: 90000 }
    council_quantiles { p10_micros: 22000 p50_micros: 41000 }
    delivery {
      on_time_in_full { value: 0.821 lower: 0.799 upper: 0.841 denominator: 1100 }
      fill_rate: 0.97
      lead_time { p50_days: 8 p90_days: 30 }
    }
    rejected { value: 0.012 }
  }
)pb";

constexpr char kMissing[] = R"pb(
  from_month { year: 2020 month: 7 }
  to_month { year: 2020 month: 7 }
  answer: NOT_AVAILABLE
)pb";

v1::PriceBenchmark Benchmark(std::initializer_list<const char*> cells) {
  v1::PriceBenchmark benchmark;
  benchmark.set_product("products/glove-m");
  benchmark.set_currency_code("GBP");
  benchmark.set_base_unit("piece");
  for (const char* cell : cells) {
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(cell, benchmark.add_cells()));
  }
  benchmark.mutable_receipt()->set_edition(12);
  benchmark.mutable_receipt()->set_method_version("price-1");
  benchmark.mutable_receipt()->set_policy_version(1);
  benchmark.mutable_receipt()->set_content_sha256("0123456789abcdef0123456789abcdef");
  return benchmark;
}

const BenchmarkNames& Names() {
  static const auto* const names = new BenchmarkNames{
      "Examination glove, medium", "Kent County Council", {{"areas/england", "England"}}};
  return *names;
}

std::string Printed(const v1::PriceBenchmark& benchmark, decltype(&PrintBenchmark) print) {
  std::ostringstream out;
  print(out, 100, benchmark, Names());
  return out.str();
}

TEST(BenchmarkViewTest, OneCellIsPrintedWithAllItsFigures) {
  EXPECT_EQ(Printed(Benchmark({kCell}), &PrintBenchmark), R"(Examination glove, medium (glove-m)
What councils paid per piece, without VAT and freight

shown for Apr–Jun 2020: the nearest period that is safe to show (England)

  Councils          42
  Purchase lines    1,200
  Bought            3,400,000 pieces for £153,000
  Average price     £0.0450 a piece, all spend over all units

  Below it are             10%      25%     half      75%      90%
  ───────────────────  ───────  ───────  ───────  ───────  ───────
  Price of a line            –  £0.0300  £0.0412  £0.0520  £0.0900
  A council's average  £0.0220        –  £0.0410        –        –
  Order to delivery          –        –   8 days        –  30 days

  On time in full   82.1% of 1,100 lines due (likely 79.9% to 84.1%)
  Delivered         97.0% of the packs ordered
  Rejected          1.2% of the packs looked at

– is not shown, for too few councils lie beyond it.

Receipt: edition 12, method price-1, policy 1, SHA-256 0123456789abcdef…. Ask again with --edition
12 for the same answer.
)");
}

TEST(BenchmarkViewTest, SeveralCellsArePrintedAsRowsWithOneNoteForWhatIsMissing) {
  const std::string text = Printed(Benchmark({kCell, kMissing, kMissing}), &PrintBenchmark);
  EXPECT_THAT(text, HasSubstr("\nEngland\n\nPeriod "));
  EXPECT_THAT(text, HasSubstr("Apr–Jun 2020        42  3,400,000  £0.0450    –  £0.0412  £0.0900"
                              "    82.1%      1.2%\n"));
  EXPECT_THAT(text, HasSubstr("Jul 2020             –          –        –    –        –        –"));
  const std::string note = "not available: there is nothing, or not enough of it";
  EXPECT_THAT(text, HasSubstr(note));
  EXPECT_EQ(text.find(note), text.rfind(note));
}

TEST(BenchmarkViewTest, AnAnswerThatIsMissingAloneSaysWhyAndNothingElse) {
  const std::string text = Printed(Benchmark({kMissing}), &PrintBenchmark);
  EXPECT_THAT(text, HasSubstr("Jul 2020 is not available: there is nothing, or not enough"));
  EXPECT_THAT(text, Not(HasSubstr("Councils ")));
}

TEST(BenchmarkViewTest, AnswersAreSaidInWords) {
  v1::PriceCell cell = Benchmark({kCell}).cells(0);
  cell.set_answer(v1::PriceCell::EXACT);
  EXPECT_EQ(AnswerWords(cell, Names()), "Apr–Jun 2020, England, as asked");
  cell.set_answer(v1::PriceCell::WIDER_GROUP);
  EXPECT_EQ(AnswerWords(cell, Names()),
            "shown for England: the nearest group that is safe to show (Apr–Jun 2020)");
  cell.set_answer(v1::PriceCell::LONGER_PERIOD_AND_WIDER_GROUP);
  EXPECT_EQ(AnswerWords(cell, Names()),
            "shown for England, Apr–Jun 2020: the nearest group and period that are safe to show");
}

TEST(BenchmarkViewTest, LiquidsArePricedByTheLitre) {
  v1::PriceBenchmark benchmark = Benchmark({kCell});
  benchmark.set_base_unit("milliliter");
  const std::string text = Printed(benchmark, &PrintBenchmark);
  EXPECT_THAT(text, HasSubstr("paid per litre"));
  EXPECT_THAT(text, HasSubstr("3,400 litres for £153,000"));
  EXPECT_THAT(text, HasSubstr("£45.00 a litre"));
}

TEST(BenchmarkViewTest, ATrendShowsHowMediansChanged) {
  v1::PriceBenchmark benchmark = Benchmark({kCell, kMissing, kCell});
  benchmark.mutable_cells(2)->mutable_figures()->mutable_line_quantiles()->set_p50_micros(82'400);
  const std::string text = Printed(benchmark, &PrintTrend);
  EXPECT_THAT(text, HasSubstr("Apr–Jun 2020  £0.0412          ████████████ "));
  EXPECT_THAT(text, HasSubstr("£0.0824   +100%  ████████████████████████ "));
}

v1::CouncilPosition Position() {
  v1::CouncilPosition position;
  position.set_council("councils/ken");
  *position.mutable_benchmark() = Benchmark({kCell});
  v1::OwnFigures& own = *position.add_own();
  own.set_lines(7);
  own.set_units(20'000);
  own.set_spend_micros(1'040'000'000);
  own.set_mean_unit_price_micros(52'000);
  own.set_percentile_rank(85);
  own.set_gap_to_median_micros(11'000);
  own.set_saving_to_median_micros(216'000'000);
  own.set_advice("Ask your supplier for the median price.");
  return position;
}

TEST(PositionViewTest, OwnFiguresStandBelowTheBenchmarkWithAdvice) {
  std::ostringstream out;
  PrintPosition(out, 100, Position(), Names());
  EXPECT_THAT(out.str(), HasSubstr("Kent County Council (ken)\n"));
  EXPECT_THAT(out.str(), HasSubstr("20,000 pieces in 7 lines for £1,040\n"));
  EXPECT_THAT(out.str(), HasSubstr("£0.0520 a piece, £0.0110 more than the median council\n"));
  EXPECT_THAT(out.str(), HasSubstr("about 85% of councils pay less\n"));
  EXPECT_THAT(out.str(), HasSubstr("Saving at the median      £216.00\n"));
  EXPECT_THAT(out.str(), HasSubstr("Saving at the best tenth  –\n"));
  EXPECT_THAT(out.str(), HasSubstr("\nAsk your supplier for the median price.\n"));
}

TEST(PositionViewTest, SavingsAreSortedAndAddedUp) {
  v1::CouncilPosition less = Position();
  less.mutable_benchmark()->set_product("products/mask");
  less.mutable_own(0)->set_saving_to_median_micros(84'000'000);
  std::ostringstream out;
  PrintSavings(out, 140, "What ken could have saved, Jan–Dec 2020", {less, Position()},
               {{"products/mask", "A mask"}});
  EXPECT_LT(out.str().find("products/glove-m"), out.str().find("A mask"));
  EXPECT_THAT(out.str(), HasSubstr("In all £300.00 of £2,080 could have been saved"));
  EXPECT_THAT(out.str(), StartsWith("What ken could have saved, Jan–Dec 2020\n\n"));
  EXPECT_THAT(out.str(), HasSubstr("Medians are of edition "));
  v1::CouncilPosition alone = Position();
  alone.mutable_own(0)->clear_saving_to_median_micros();
  PrintSavings(out, 140, "", {less, alone}, {});
  EXPECT_THAT(out.str(), HasSubstr("In all £84.00 of £1,040 could"));
  EXPECT_THAT(out.str(), HasSubstr("Another £1,040 was spent where there is no median"));
}

TEST(BenchmarkGridTest, CsvHasEveryColumnOnceAndRawFigures) {
  std::ostringstream out;
  PositionGrid({Position()}).PrintCsv(out);
  std::istringstream lines(out.str());
  std::string header, row;
  std::getline(lines, header);
  std::getline(lines, row);
  EXPECT_EQ(std::count(header.begin(), header.end(), ','), std::count(row.begin(), row.end(), ','));
  EXPECT_THAT(row, HasSubstr("glove-m,GBP,piece,2020-04,2020-06,2020-04,2020-04,england,,"
                             "LONGER_PERIOD,42,1200,3400000,153000.00,0.045"));
  EXPECT_THAT(row, HasSubstr(",85,0.011,216.00,,Ask your supplier"));
}

}  // namespace
}  // namespace steelyard::cli
