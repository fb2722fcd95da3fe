// The views of a council's own figures.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/benchmark_view.h"
#include "client/cli/price_words.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

std::string GapWords(const v1::OwnFigures& own, const PriceWords& price) {
  if (!own.has_gap_to_median_micros()) return std::string(kNone);
  const int64_t gap = own.gap_to_median_micros();
  if (gap == 0) return "the same as the median council";
  return absl::StrCat(price(gap < 0 ? -gap : gap), gap > 0 ? " more" : " less",
                      " than the median council");
}

std::string RankWords(const v1::OwnFigures& own) {
  if (!own.has_percentile_rank()) return std::string(kNone);
  return absl::StrCat("about ", own.percentile_rank(), "% of councils pay less");
}

std::string SavingWords(bool there, int64_t micros, const PriceWords& price) {
  return there ? price.Total(micros) : std::string(kNone);
}

void PrintAdvice(std::ostream& out, size_t width, const std::string& advice) {
  out << "\n";
  PrintParagraphs(out, width, advice);
}

void PrintOwn(std::ostream& out, size_t width, const v1::OwnFigures& own, const PriceWords& price) {
  if (own.lines() == 0) {
    out << "  You bought none of it in this time.\n";
    return;
  }
  Grid grid({{"You", ""}, {"", "", GridColumn::kWrapped}});
  grid.Add({"Bought",
            absl::StrCat(price.Units(own.units()), " in ", CountOf(own.lines(), "line", "lines"),
                         " for ", price.Total(own.spend_micros()))});
  grid.Add({"Average price", absl::StrCat(price(own.mean_unit_price_micros()), " a ", price.unit(),
                                          ", ", GapWords(own, price))});
  grid.Add({"Rank", RankWords(own)});
  grid.Add({"Saving at the median",
            SavingWords(own.has_saving_to_median_micros(), own.saving_to_median_micros(), price)});
  grid.Add({"Saving at the best tenth",
            SavingWords(own.has_saving_to_p10_micros(), own.saving_to_p10_micros(), price)});
  grid.Print(out, width, 2);
}

void PrintOwnRows(std::ostream& out, size_t width, const v1::CouncilPosition& position,
                  const PriceWords& price) {
  Grid grid({{"Period", ""},
             {"You paid", "", GridColumn::kNumber},
             {"Median council", "", GridColumn::kNumber},
             {"Pay less", "", GridColumn::kNumber},
             {"Saving at median", "", GridColumn::kNumber},
             {"At best tenth", "", GridColumn::kNumber}});
  int most = 0;  // cell with the most to save
  for (int i = 0; i < position.own_size() && i < position.benchmark().cells_size(); ++i) {
    const v1::OwnFigures& own = position.own(i);
    const v1::PriceCell& cell = position.benchmark().cells(i);
    const v1::PriceQuantiles& councils = cell.figures().council_quantiles();
    const std::string none(kNone);
    grid.Add({PeriodWords(cell.from_month(), cell.to_month()),
              own.lines() > 0 ? price(own.mean_unit_price_micros()) : none,
              councils.has_p50_micros() ? price(councils.p50_micros()) : none,
              own.has_percentile_rank() ? absl::StrCat(own.percentile_rank(), "%") : none,
              SavingWords(own.has_saving_to_median_micros(), own.saving_to_median_micros(), price),
              SavingWords(own.has_saving_to_p10_micros(), own.saving_to_p10_micros(), price)});
    if (own.saving_to_median_micros() > position.own(most).saving_to_median_micros()) most = i;
  }
  grid.Print(out, width);
  if (position.own_size() == 0 || position.own(most).saving_to_median_micros() == 0) return;
  const v1::PriceCell& cell = position.benchmark().cells(most);
  PrintAdvice(out, width,
              absl::StrCat("Most to save: ", PeriodWords(cell.from_month(), cell.to_month()), ". ",
                           position.own(most).advice()));
}

std::vector<int64_t> OwnPrices(const v1::CouncilPosition& position) {
  std::vector<int64_t> prices;
  for (const v1::OwnFigures& own : position.own()) prices.push_back(own.mean_unit_price_micros());
  return prices;
}

}  // namespace

void PrintPosition(std::ostream& out, size_t width, const v1::CouncilPosition& position,
                   const BenchmarkNames& names) {
  const PriceWords price(position.benchmark(), OwnPrices(position));
  PrintBenchmark(out, width, position.benchmark(), names);
  out << "\n" << Harmless(names.council) << " (" << LastPart(position.council()) << ")\n\n";
  PrintParagraphs(out, width,
                  "From your own lines as they are now; the receipt is of the others' figures.");
  out << "\n";
  if (position.own_size() != 1) return PrintOwnRows(out, width, position, price);
  PrintOwn(out, width, position.own(0), price);
  if (!position.own(0).advice().empty()) PrintAdvice(out, width, position.own(0).advice());
}

void PrintSavings(std::ostream& out, size_t width, const std::string& title,
                  const std::vector<v1::CouncilPosition>& positions,
                  const std::map<std::string, std::string>& product_names) {
  out << Harmless(title) << "\n\n";
  std::vector<const v1::CouncilPosition*> sorted;
  for (const v1::CouncilPosition& position : positions) sorted.push_back(&position);
  const auto saving = [](const v1::CouncilPosition& p) {
    return p.own(0).saving_to_median_micros();
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto* a, const auto* b) { return saving(*a) > saving(*b); });
  Grid grid({{"Product", "", GridColumn::kWrapped},
             {"Spent", "", GridColumn::kNumber},
             {"You paid", "", GridColumn::kNumber},
             {"Median line", "", GridColumn::kNumber},
             {"Saving at median", "", GridColumn::kNumber},
             {"At best tenth", "", GridColumn::kNumber},
             {"Pay less", "", GridColumn::kNumber}});
  int64_t total = 0;
  int64_t spent = 0;     // on what can be compared
  int64_t no_match = 0;  // on the rest
  for (const v1::CouncilPosition* position : sorted) {
    const v1::OwnFigures& own = position->own(0);
    const PriceWords price(position->benchmark(), {own.mean_unit_price_micros()});
    const v1::PriceQuantiles& lines = position->benchmark().cells(0).figures().line_quantiles();
    const auto name = product_names.find(position->benchmark().product());
    grid.Add({name == product_names.end() ? position->benchmark().product() : name->second,
              price.Total(own.spend_micros()), price(own.mean_unit_price_micros()),
              lines.has_p50_micros() ? price(lines.p50_micros()) : std::string(kNone),
              SavingWords(own.has_saving_to_median_micros(), own.saving_to_median_micros(), price),
              SavingWords(own.has_saving_to_p10_micros(), own.saving_to_p10_micros(), price),
              own.has_percentile_rank() ? absl::StrCat(own.percentile_rank(), "%")
                                        : std::string(kNone)});
    total += own.saving_to_median_micros();
    (own.has_saving_to_median_micros() ? spent : no_match) += own.spend_micros();
  }
  grid.Print(out, width);
  if (positions.empty()) return;
  const PriceWords price(positions[0].benchmark());
  out << "\n";
  PrintParagraphs(
      out, width,
      absl::StrCat("In all ", price.Total(total), " of ", price.Total(spent),
                   " could have been saved had no line cost more than the median line.",
                   no_match == 0 ? ""
                                 : absl::StrCat(" Another ", price.Total(no_match),
                                                " was spent where there is no median to compare "
                                                "with."),
                   " `steelyard benchmark position PRODUCT` says what to do about one product."));
  const v1::Receipt& receipt = positions[0].benchmark().receipt();
  PrintParagraphs(out, width,
                  absl::StrCat("Medians are of edition ", receipt.edition(), ", method ",
                               receipt.method_version(), ", policy ", receipt.policy_version(),
                               "; your own figures are from your lines as they are now."));
}

}  // namespace steelyard::cli
