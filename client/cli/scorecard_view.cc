// Suppliers of a product beside one another.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/benchmark_view.h"
#include "client/cli/figure_lines.h"
#include "client/cli/price_words.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using Spans = google::protobuf::RepeatedPtrField<v1::MonthSpan>;

// Neighbours that follow on each other are one stretch of months.
std::string SpanWords(const Spans& spans) {
  std::vector<std::string> stretches;
  for (int i = 0; i < spans.size();) {
    int last = i;
    const auto number = [](const v1::Month& m) { return m.year() * 12 + m.month(); };
    while (last + 1 < spans.size() &&
           number(spans[last + 1].from_month()) == number(spans[last].to_month()) + 1) {
      ++last;
    }
    stretches.push_back(PeriodWords(spans[i].from_month(), spans[last].to_month()));
    i = last + 1;
  }
  std::string words;
  for (size_t i = 0; i < stretches.size(); ++i) {
    absl::StrAppend(&words, i == 0 ? "" : ", ", stretches[i]);
  }
  return words;
}

// The price words want all prices that will be shown.
v1::PriceBenchmark AsBenchmark(const v1::ListSupplierScorecardsResponse& reply) {
  v1::PriceBenchmark benchmark;
  benchmark.set_currency_code(reply.currency_code());
  benchmark.set_base_unit(reply.base_unit());
  for (const v1::SupplierScorecard& card : reply.scorecards()) {
    *benchmark.add_cells()->mutable_figures() = card.figures();
  }
  if (reply.has_others()) *benchmark.add_cells()->mutable_figures() = reply.others().figures();
  return benchmark;
}

}  // namespace

void PrintScorecards(std::ostream& out, size_t width,
                     const v1::ListSupplierScorecardsResponse& reply,
                     const std::string& product_name) {
  const PriceWords price(AsBenchmark(reply));
  out << Harmless(product_name) << " (" << LastPart(reply.product()) << ")\n"
      << "What councils paid each supplier per " << price.unit() << ", without VAT and freight\n\n";
  const std::string delay = absl::StrCat("Suppliers are shown by name once ", reply.delay_months(),
                                         reply.delay_months() == 1 ? " month has" : " months have",
                                         " passed since the quarter.");
  if (reply.spans().empty()) {
    PrintParagraphs(out, width,
                    absl::StrCat("Nothing can be shown by supplier for this time (yet). ", delay));
    out << "\n";
    PrintReceipt(out, width, reply.receipt());
    return;
  }
  out << SpanWords(reply.spans()) << "\n\n";
  constexpr auto kNumber = GridColumn::kNumber;
  Grid grid({{"Supplier", "", GridColumn::kWrapped, 36},
             {"Councils", "", kNumber},
             {price.unit() + "s", "", kNumber},
             {"Average", "", kNumber},
             {"Median", "", kNumber},
             {"On time", "", kNumber},
             {"Rejected", "", kNumber},
             {"Named in", "", GridColumn::kWrapped}});
  const auto add = [&](const v1::SupplierScorecard& card, std::string name) {
    const v1::PriceFigures& f = card.figures();
    const bool everywhere = card.spans_size() == reply.spans_size();
    grid.Add({std::move(name), CountWords(f.councils()), CountWords(price.WholeUnits(f.units())),
              price(f.mean_unit_price_micros()),
              f.line_quantiles().has_p50_micros() ? price(f.line_quantiles().p50_micros())
                                                  : std::string(kNone),
              ShortShare(f.delivery().on_time_in_full()),
              ShareOrNone(f.has_rejected(), f.rejected().value()),
              everywhere ? std::string() : SpanWords(card.spans())});
  };
  for (const v1::SupplierScorecard& card : reply.scorecards()) {
    std::string name = card.display_name();
    if (!card.members().empty()) absl::StrAppend(&name, " and its companies");
    add(card, std::move(name));
  }
  if (reply.has_others()) add(reply.others(), "All others together");
  grid.Print(out, width);
  out << "\n";
  PrintParagraphs(
      out, width,
      absl::StrCat("A supplier is named where enough councils bought from it and the others "
                   "together hide one another. ",
                   delay));
  out << "\n";
  PrintReceipt(out, width, reply.receipt());
}

}  // namespace steelyard::cli
