// How a service went, quarter by quarter.

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/negotiations/figure_words.h"
#include "server/negotiations/pack_parts.h"
#include "storage/base/text.h"
#include "storage/model/codes.h"

namespace steelyard::negotiations {
namespace {

std::string MeasureNameOf(const ServicePart& part, const std::string& measure) {
  for (const v1::MeasureFigures& m : part.own.measures()) {
    if (m.measure() == measure) return m.display_name();
  }
  const auto code = model::ParseMeasure(LastPart(measure));
  return code ? std::string(model::Measures()[static_cast<size_t>(*code)].code.display_name)
              : LastPart(measure);
}

// A rule of the chart, the mark of a quarter that breaks it, and its words.
struct Rule {
  std::string_view signal;
  std::string_view mark;
  std::string_view words;
};
constexpr std::array<Rule, 4> kRules = {
    {{"outside-limits", "L", "outside the limits"},
     {"shift", "S", "one of seven or more on one side of the middle line"},
     {"trend", "T", "one of seven or more in one direction"},
     {"two-of-three", "N", "one of two of three near a limit"}}};

PackCell PointCell(const v1::MeasureChart::Point& point) {
  PackCell cell = ScoreCell(point.score());
  if (!point.signals().empty()) {
    cell.text += ' ';
    for (const Rule& rule : kRules) {
      const bool broken = std::find(point.signals().begin(), point.signals().end(),
                                    Av(rule.signal)) != point.signals().end();
      if (broken) cell.text += rule.mark;
    }
    cell.more = {{"signals", absl::StrJoin(point.signals(), ", ")}};
  }
  return cell;
}

std::string Legend() {
  std::string legend = absl::StrCat(
      "Each chart shows the mean score of a measure in each quarter, from 0 (Inadequate) to ",
      model::kMaxScore,
      " (Good), with a middle line and limits for what it usually varies by. A square, and in the "
      "table a letter, marks a quarter that breaks a rule:");
  for (const Rule& rule : kRules) {
    absl::StrAppend(&legend, &rule == &kRules.front() ? " " : ", ", Av(rule.mark), " ",
                    Av(rule.words));
  }
  return legend + ".";
}

// One row for each time that any chart has a point of, one column a chart.
PackTable PointsTable(const ServicePart& part, std::string caption) {
  PackTable table;
  table.caption = std::move(caption);
  table.receipt = part.receipt;
  table.columns = {{"Quarter"}};
  const auto& charts = part.service.benchmark().charts();
  std::map<std::pair<int, int>, std::vector<PackCell>> rows;  // by last and first quarter
  for (int i = 0; i < charts.size(); ++i) {
    table.columns.push_back({MeasureNameOf(part, charts[i].measure()), true});
    for (const v1::MeasureChart::Point& point : charts[i].points()) {
      const auto count = [](const v1::Quarter& q) { return q.year() * 4 + q.quarter(); };
      auto& row = rows[{count(point.to_quarter()), count(point.from_quarter())}];
      if (row.empty()) {
        row.assign(static_cast<size_t>(charts.size()) + 1, NotShownCell());
        row[0] = PeriodWords(point.from_quarter(), point.to_quarter());
      }
      row[static_cast<size_t>(i) + 1] = PointCell(point);
    }
  }
  for (auto& [quarters, row] : rows) table.rows.push_back(std::move(row));
  return table;
}

}  // namespace

void AddTrends(const ServicePart& part, PackDocument& document) {
  const auto& charts = part.service.benchmark().charts();
  if (charts.empty()) return;
  PackSection section = Section(part, "quarter by quarter");
  section.blocks.emplace_back(PackText{Legend()});
  StatusNotes notes;
  PackTable lines;
  lines.caption = absl::StrCat(part.service.display_name(), ": middle lines and limits");
  lines.receipt = part.receipt;
  lines.columns = {{"Measure"}, {"Middle line", true}, {"Lower limit", true}, {"Upper limit", true},
                   {"Limits"},  {"In a word"}};
  for (const v1::MeasureChart& chart : charts) {
    const std::string name = MeasureNameOf(part, chart.measure());
    TrendPlot plot;
    plot.title = name;
    plot.axis_high = model::kMaxScore;
    plot.mean = chart.mean();
    plot.lower_limit = chart.lower_limit();
    plot.upper_limit = chart.upper_limit();
    for (const v1::MeasureChart::Point& point : chart.points()) {
      plot.points.push_back({PeriodWords(point.from_quarter(), point.to_quarter()), point.score(),
                             point.signals_size() > 0});
    }
    lines.rows.push_back({name, ScoreCell(chart.mean()), ScoreCell(chart.lower_limit()),
                          ScoreCell(chart.upper_limit()),
                          chart.trial_limits() ? "trial: under 12 points" : "settled",
                          notes.Add(chart.status())});
    section.blocks.emplace_back(std::move(plot));
  }
  section.blocks.emplace_back(
      PointsTable(part, absl::StrCat(part.service.display_name(), ": mean scores by quarter")));
  section.blocks.emplace_back(std::move(lines));
  notes.AddTo(section);
  document.sections.push_back(std::move(section));
}

}  // namespace steelyard::negotiations
