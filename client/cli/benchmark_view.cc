#include "client/cli/benchmark_view.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/figure_lines.h"
#include "client/cli/price_words.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

constexpr char kTooFew[] =
    "not available: there is nothing, or not enough of it to show a figure safely.";
constexpr char kNoQuantile[] = "– is not shown, for too few councils lie beyond it.";

std::string PlaceWords(const v1::PriceCell& cell, const BenchmarkNames& names) {
  std::vector<std::string> words;
  for (const std::string& area : cell.areas()) {
    const auto found = names.areas.find(area);
    words.push_back(found == names.areas.end() ? LastPart(area) : found->second);
  }
  for (const std::string& type : cell.authority_types()) words.push_back(type);
  return absl::StrJoin(words, ", ");
}

std::string PriceOr(bool there, int64_t micros, const PriceWords& price) {
  return there ? price(micros) : std::string(kNone);
}

void AddQuantiles(Grid& grid, const std::string& label, const v1::PriceQuantiles& q,
                  const PriceWords& price) {
  grid.Add({label, PriceOr(q.has_p10_micros(), q.p10_micros(), price),
            PriceOr(q.has_p25_micros(), q.p25_micros(), price),
            PriceOr(q.has_p50_micros(), q.p50_micros(), price),
            PriceOr(q.has_p75_micros(), q.p75_micros(), price),
            PriceOr(q.has_p90_micros(), q.p90_micros(), price)});
}

void AddDays(Grid& grid, const std::string& label, const v1::DayQuantiles& q) {
  const auto words = [](bool there, double days) {
    return there ? absl::StrFormat("%.0f days", days) : std::string(kNone);
  };
  grid.Add({label, words(q.has_p10_days(), q.p10_days()), words(q.has_p25_days(), q.p25_days()),
            words(q.has_p50_days(), q.p50_days()), words(q.has_p75_days(), q.p75_days()),
            words(q.has_p90_days(), q.p90_days())});
}

void PrintFigures(std::ostream& out, size_t width, const v1::PriceFigures& figures,
                  const PriceWords& price) {
  PrintLine(out, "Councils", CountWords(figures.councils()));
  PrintLine(out, "Purchase lines", CountWords(figures.lines()));
  PrintLine(
      out, "Bought",
      absl::StrCat(price.Units(figures.units()), " for ", price.Total(figures.spend_micros())));
  PrintLine(out, "Average price",
            absl::StrCat(price(figures.mean_unit_price_micros()), " a ", price.unit(),
                         ", all spend over all units"));
  out << "\n";
  Grid grid({{"Below it are", ""},
             {"10%", "", GridColumn::kNumber},
             {"25%", "", GridColumn::kNumber},
             {"half", "", GridColumn::kNumber},
             {"75%", "", GridColumn::kNumber},
             {"90%", "", GridColumn::kNumber}});
  AddQuantiles(grid, "Price of a line", figures.line_quantiles(), price);
  AddQuantiles(grid, "A council's average", figures.council_quantiles(), price);
  AddDays(grid, "Order to delivery", figures.delivery().lead_time());
  grid.Print(out, width, 2);
  out << "\n";
  const v1::DeliveryFigures& delivery = figures.delivery();
  PrintLine(out, "On time in full", ShareWords(delivery.on_time_in_full(), "lines due"));
  PrintLine(out, "Delivered",
            delivery.has_fill_rate()
                ? absl::StrCat(PercentWords(delivery.fill_rate()), " of the packs ordered")
                : std::string(kNone));
  PrintLine(out, "Rejected",
            figures.has_rejected()
                ? absl::StrCat(PercentWords(figures.rejected().value()), " of the packs looked at")
                : std::string(kNone));
}

// The place that all answers are for; empty if they differ.
std::string CommonPlace(const v1::PriceBenchmark& benchmark, const BenchmarkNames& names) {
  std::set<std::string> places;
  for (const v1::PriceCell& cell : benchmark.cells()) {
    if (cell.has_figures()) places.insert(PlaceWords(cell, names));
  }
  return places.size() == 1 ? *places.begin() : std::string();
}

// Columns that only fit a wide terminal are left out of a narrow one.
constexpr size_t kWide = 100;

void PrintCells(std::ostream& out, size_t width, const v1::PriceBenchmark& benchmark,
                const BenchmarkNames& names, const PriceWords& price) {
  const std::string place = CommonPlace(benchmark, names);
  const bool wide = width >= kWide;
  constexpr auto kNumber = GridColumn::kNumber;
  std::vector<GridColumn> columns = {{"Period", ""}, {"Councils", "", kNumber}};
  if (wide) columns.push_back({price.unit() + "s", "", kNumber});
  columns.push_back({"Average", "", kNumber});
  if (wide) columns.push_back({"10%", "", kNumber});
  columns.push_back({"Median", "", kNumber});
  if (wide) columns.push_back({"90%", "", kNumber});
  columns.push_back({"On time", "", kNumber});
  columns.push_back({"Rejected", "", kNumber});
  if (place.empty()) columns.push_back({"Shown for", "", GridColumn::kWrapped});
  Grid grid(columns);
  for (const v1::PriceCell& cell : benchmark.cells()) {
    const v1::PriceFigures& f = cell.figures();
    const v1::PriceQuantiles& q = f.line_quantiles();
    const bool there = cell.has_figures();
    const auto or_none = [there](std::string words) {
      return Cell(there ? std::move(words) : std::string(kNone));
    };
    std::vector<Cell> row = {PeriodWords(cell.from_month(), cell.to_month()),
                             or_none(CountWords(f.councils()))};
    if (wide) row.push_back(or_none(CountWords(price.WholeUnits(f.units()))));
    row.push_back(or_none(price(f.mean_unit_price_micros())));
    if (wide) row.push_back(PriceOr(q.has_p10_micros(), q.p10_micros(), price));
    row.push_back(PriceOr(q.has_p50_micros(), q.p50_micros(), price));
    if (wide) row.push_back(PriceOr(q.has_p90_micros(), q.p90_micros(), price));
    row.push_back(ShortShare(f.delivery().on_time_in_full()));
    row.push_back(ShareOrNone(f.has_rejected(), f.rejected().value()));
    if (place.empty()) row.push_back(PlaceWords(cell, names));
    grid.Add(std::move(row));
  }
  if (!place.empty()) out << Harmless(place) << "\n\n";
  grid.Print(out, width);
}

// A bar as long against 24 characters as `value` is against `most`.
std::string Bar(int64_t value, int64_t most) {
  const double share = static_cast<double>(value) / static_cast<double>(most);
  std::string bar;
  for (int i = 0; i < std::max(1, static_cast<int>(share * 24 + 0.5)); ++i) bar += "█";
  return bar;
}

// What stands below a table that has gaps or wider answers.
void PrintNotes(std::ostream& out, size_t width, const v1::PriceBenchmark& benchmark) {
  bool missing = false, nearest = false, no_quantile = false;
  for (const v1::PriceCell& cell : benchmark.cells()) {
    missing |= cell.answer() == v1::PriceCell::NOT_AVAILABLE;
    nearest |= cell.answer() != v1::PriceCell::EXACT && cell.has_figures();
    const v1::PriceQuantiles& q = cell.figures().line_quantiles();
    no_quantile |= cell.has_figures() && !(q.has_p10_micros() && q.has_p90_micros());
  }
  std::vector<std::string> notes;
  const bool several = benchmark.cells_size() > 1;  // one says it in its heading
  if (nearest && several) {
    notes.push_back(
        "Periods and groups wider than you asked for are the nearest that are safe to show.");
  }
  if (missing && several) {
    notes.push_back(absl::StrCat("A row of – is ", kTooFew));
  } else if (no_quantile) {
    notes.push_back(kNoQuantile);
  }
  if (!notes.empty()) out << "\n";
  for (const std::string& note : notes) PrintParagraphs(out, width, note);
}

void PrintHead(std::ostream& out, const v1::PriceBenchmark& benchmark,
               const BenchmarkNames& names) {
  out << Harmless(names.product) << " (" << LastPart(benchmark.product()) << ")\n"
      << "What councils paid per " << PriceWords(benchmark).unit()
      << ", without VAT and freight\n\n";
}

}  // namespace

std::string AnswerWords(const v1::PriceCell& cell, const BenchmarkNames& names) {
  const std::string period = PeriodWords(cell.from_month(), cell.to_month());
  const std::string place = PlaceWords(cell, names);
  switch (cell.answer()) {
    case v1::PriceCell::EXACT:
      return absl::StrCat(period, ", ", place, ", as asked");
    case v1::PriceCell::LONGER_PERIOD:
      return absl::StrCat("shown for ", period, ": the nearest period that is safe to show (",
                          place, ")");
    case v1::PriceCell::WIDER_GROUP:
      return absl::StrCat("shown for ", place, ": the nearest group that is safe to show (", period,
                          ")");
    case v1::PriceCell::LONGER_PERIOD_AND_WIDER_GROUP:
      return absl::StrCat("shown for ", place, ", ", period,
                          ": the nearest group and period that are safe to show");
    default:
      return absl::StrCat(period, " is ", kTooFew);
  }
}

void PrintBenchmark(std::ostream& out, size_t width, const v1::PriceBenchmark& benchmark,
                    const BenchmarkNames& names) {
  PrintHead(out, benchmark, names);
  const PriceWords price(benchmark);
  if (benchmark.cells_size() == 1) {
    const v1::PriceCell& cell = benchmark.cells(0);
    PrintParagraphs(out, width, AnswerWords(cell, names));
    if (cell.has_figures()) {
      out << "\n";
      PrintFigures(out, width, cell.figures(), price);
    }
  } else {
    PrintCells(out, width, benchmark, names, price);
  }
  PrintNotes(out, width, benchmark);
  out << "\n";
  PrintReceipt(out, width, benchmark.receipt());
}

void PrintTrend(std::ostream& out, size_t width, const v1::PriceBenchmark& benchmark,
                const BenchmarkNames& names) {
  PrintHead(out, benchmark, names);
  const PriceWords price(benchmark);
  const std::string place = CommonPlace(benchmark, names);
  if (!place.empty()) out << Harmless(place) << "\n\n";
  int64_t most = 1;
  for (const v1::PriceCell& cell : benchmark.cells()) {
    most = std::max(most, cell.figures().line_quantiles().p50_micros());
  }
  std::vector<GridColumn> columns = {{"Period", ""},
                                     {"Median", "", GridColumn::kNumber},
                                     {"Change", "", GridColumn::kNumber},
                                     {"", ""},
                                     {"Councils", "", GridColumn::kNumber}};
  if (place.empty()) columns.push_back({"Shown for", "", GridColumn::kWrapped});
  Grid grid(columns);
  std::optional<int64_t> before;
  for (const v1::PriceCell& cell : benchmark.cells()) {
    const std::string period = PeriodWords(cell.from_month(), cell.to_month());
    const v1::PriceQuantiles& q = cell.figures().line_quantiles();
    std::vector<Cell> row = {period, std::string(kNone), "", "", std::string(kNone)};
    if (q.has_p50_micros()) {
      const int64_t median = q.p50_micros();
      row[1] = price(median);
      if (before.value_or(0) > 0) {
        const double change = static_cast<double>(median) / static_cast<double>(*before) - 1;
        row[2] = absl::StrFormat("%+.0f%%", change * 100);
      }
      row[3] = Bar(median, most);
      row[4] = CountWords(cell.figures().councils());
      before = median;
    }
    if (place.empty()) row.push_back(PlaceWords(cell, names));
    grid.Add(std::move(row));
  }
  grid.Print(out, width);
  PrintNotes(out, width, benchmark);
  out << "\n";
  PrintReceipt(out, width, benchmark.receipt());
}

}  // namespace steelyard::cli
