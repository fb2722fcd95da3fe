// Benchmarks as CSV: every figure, raw.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/benchmark_view.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

std::vector<GridColumn> BenchmarkColumns() {
  std::vector<GridColumn> columns;
  for (const char* key : {"product",
                          "currency",
                          "base_unit",
                          "from",
                          "to",
                          "asked_from",
                          "asked_to",
                          "areas",
                          "authority_types",
                          "answer",
                          "councils",
                          "lines",
                          "units",
                          "spend",
                          "mean_unit_price",
                          "line_p10",
                          "line_p25",
                          "line_p50",
                          "line_p75",
                          "line_p90",
                          "council_p10",
                          "council_p25",
                          "council_p50",
                          "council_p75",
                          "council_p90",
                          "on_time_in_full",
                          "on_time_in_full_lower",
                          "on_time_in_full_upper",
                          "on_time_in_full_lines",
                          "fill_rate",
                          "lead_p10_days",
                          "lead_p25_days",
                          "lead_p50_days",
                          "lead_p75_days",
                          "lead_p90_days",
                          "rejected",
                          "edition",
                          "method_version",
                          "policy_version"}) {
    columns.push_back({"", key});
  }
  return columns;
}

class Row {
 public:
  void Text(std::string text) { cells_.emplace_back(std::move(text)); }
  void Count(int64_t count) { cells_.emplace_back(absl::StrCat(count)); }
  void Amount(bool there, int64_t micros) { Text(there ? RawAmount(micros) : ""); }
  void Number(bool there, double value) { Text(there ? RawNumber(value) : ""); }
  void Quantiles(const v1::PriceQuantiles& q) {
    Amount(q.has_p10_micros(), q.p10_micros());
    Amount(q.has_p25_micros(), q.p25_micros());
    Amount(q.has_p50_micros(), q.p50_micros());
    Amount(q.has_p75_micros(), q.p75_micros());
    Amount(q.has_p90_micros(), q.p90_micros());
  }
  void Quantiles(const v1::DayQuantiles& q) {
    Number(q.has_p10_days(), q.p10_days());
    Number(q.has_p25_days(), q.p25_days());
    Number(q.has_p50_days(), q.p50_days());
    Number(q.has_p75_days(), q.p75_days());
    Number(q.has_p90_days(), q.p90_days());
  }
  void Share(const v1::Proportion& share) {
    const bool there = share.denominator() > 0;
    Number(there, share.value());
    Number(there, share.lower());
    Number(there, share.upper());
    Text(there ? absl::StrCat(share.denominator()) : "");
  }
  std::vector<Cell>& cells() { return cells_; }

 private:
  std::vector<Cell> cells_;
};

Row RowOf(const v1::PriceBenchmark& benchmark, const v1::PriceCell& cell) {
  const v1::PriceFigures& figures = cell.figures();
  const auto short_name = [](std::string* out, const std::string& n) { out->append(LastPart(n)); };
  Row row;
  row.Text(LastPart(benchmark.product()));
  row.Text(benchmark.currency_code());
  row.Text(benchmark.base_unit());
  row.Text(RawMonth(cell.from_month()));
  row.Text(RawMonth(cell.to_month()));
  row.Text(RawMonth(cell.asked_from_month()));
  row.Text(RawMonth(cell.asked_to_month()));
  row.Text(absl::StrJoin(cell.areas(), ";", short_name));
  row.Text(absl::StrJoin(cell.authority_types(), ";"));
  row.Text(v1::PriceCell::Answer_Name(cell.answer()));
  const bool there = cell.has_figures();
  for (const int64_t count : {figures.councils(), figures.lines(), figures.units()}) {
    row.Text(there ? absl::StrCat(count) : "");
  }
  row.Amount(there, figures.spend_micros());
  row.Amount(there, figures.mean_unit_price_micros());
  row.Quantiles(figures.line_quantiles());
  row.Quantiles(figures.council_quantiles());
  row.Share(figures.delivery().on_time_in_full());
  row.Number(figures.delivery().has_fill_rate(), figures.delivery().fill_rate());
  row.Quantiles(figures.delivery().lead_time());
  row.Number(figures.has_rejected(), figures.rejected().value());
  row.Count(benchmark.receipt().edition());
  row.Text(benchmark.receipt().method_version());
  row.Count(benchmark.receipt().policy_version());
  return row;
}

}  // namespace

Grid BenchmarkGrid(const v1::PriceBenchmark& benchmark) {
  Grid grid(BenchmarkColumns());
  for (const v1::PriceCell& cell : benchmark.cells()) grid.Add(RowOf(benchmark, cell).cells());
  return grid;
}

Grid ScorecardGrid(const v1::ListSupplierScorecardsResponse& reply) {
  std::vector<GridColumn> columns = {{"", "supplier"}, {"", "supplier_name"}};
  for (GridColumn& column : BenchmarkColumns()) columns.push_back(std::move(column));
  Grid grid(std::move(columns));
  v1::PriceBenchmark benchmark;
  benchmark.set_product(reply.product());
  benchmark.set_currency_code(reply.currency_code());
  benchmark.set_base_unit(reply.base_unit());
  *benchmark.mutable_receipt() = reply.receipt();
  const auto add = [&](const v1::SupplierScorecard& card) {
    v1::PriceCell cell;
    *cell.mutable_from_month() = card.spans(0).from_month();
    *cell.mutable_to_month() = card.spans(card.spans_size() - 1).to_month();
    *cell.mutable_asked_from_month() = cell.from_month();
    *cell.mutable_asked_to_month() = cell.to_month();
    cell.set_answer(v1::PriceCell::EXACT);
    *cell.mutable_figures() = card.figures();
    std::vector<Cell> row = {std::string(LastPart(card.supplier())), card.display_name()};
    Row figures = RowOf(benchmark, cell);
    for (Cell& one : figures.cells()) row.push_back(std::move(one));
    grid.Add(std::move(row));
  };
  for (const v1::SupplierScorecard& card : reply.scorecards()) add(card);
  if (reply.has_others()) add(reply.others());
  return grid;
}

Grid PositionGrid(const std::vector<v1::CouncilPosition>& positions) {
  std::vector<GridColumn> columns = BenchmarkColumns();
  for (const char* key :
       {"own_lines", "own_units", "own_spend", "own_mean_unit_price", "own_percentile_rank",
        "own_gap_to_median", "own_saving_to_median", "own_saving_to_p10", "advice"}) {
    columns.push_back({"", key});
  }
  Grid grid(std::move(columns));
  for (const v1::CouncilPosition& position : positions) {
    for (int i = 0; i < position.own_size() && i < position.benchmark().cells_size(); ++i) {
      const v1::OwnFigures& own = position.own(i);
      Row row = RowOf(position.benchmark(), position.benchmark().cells(i));
      row.Count(own.lines());
      row.Count(own.units());
      row.Amount(true, own.spend_micros());
      row.Amount(own.lines() > 0, own.mean_unit_price_micros());
      row.Text(own.has_percentile_rank() ? absl::StrCat(own.percentile_rank()) : "");
      row.Amount(own.has_gap_to_median_micros(), own.gap_to_median_micros());
      row.Amount(own.has_saving_to_median_micros(), own.saving_to_median_micros());
      row.Amount(own.has_saving_to_p10_micros(), own.saving_to_p10_micros());
      row.Text(own.advice());
      grid.Add(std::move(row.cells()));
    }
  }
  return grid;
}

}  // namespace steelyard::cli
