#include "server/benchmarks/provider_charts.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/provider_field.h"
#include "server/benchmarks/provider_question.h"
#include "server/benchmarks/shown.h"
#include "server/benchmarks/status_words.h"
#include "server/statistics/control_chart.h"
#include "storage/base/text.h"

namespace steelyard::benchmarks {
namespace {

struct Series {
  std::vector<model::Period> quarters;
  std::vector<double> scores;
};

// The newest cells that follow each other and have a mean score.
Series NewestWithoutGap(const std::vector<QuarterRatings>& cells, size_t measure) {
  Series series;
  for (const QuarterRatings& cell : cells) {
    const auto& counts = cell.ratings[measure];
    const auto score = counts ? ScoreOf(*counts) : std::nullopt;
    const bool follows =
        series.quarters.empty() || series.quarters.back().last.Plus(1) == cell.quarters.first;
    if (!score || !follows) series = {};
    if (!score) continue;
    series.quarters.push_back(cell.quarters);
    series.scores.push_back(score->mean);
  }
  return series;
}

void ToProto(const Series& series, const model::Code& measure, v1::MeasureChart* out) {
  const statistics::XmrChart chart = statistics::DrawXmr(series.scores);
  out->set_measure(absl::StrCat("measures/", Av(measure.id)));
  out->set_score_map(std::string(model::kScoreMap));
  out->set_mean(ThreePlaces(chart.mean));
  out->set_lower_limit(ThreePlaces(chart.limits.low));
  out->set_upper_limit(ThreePlaces(chart.limits.high));
  out->set_trial_limits(chart.trial);
  *out->mutable_status() = ChartWord(chart, series.scores);
  for (size_t i = 0; i < series.scores.size(); ++i) {
    v1::MeasureChart::Point* point = out->add_points();
    QuartersToProto(series.quarters[i], point->mutable_from_quarter(), point->mutable_to_quarter());
    point->set_score(ThreePlaces(series.scores[i]));
    const statistics::ChartPoint& signal = chart.points[i];
    if (signal.outside) point->add_signals("outside-limits");
    if (signal.run) point->add_signals("shift");
    if (signal.trend) point->add_signals("trend");
    if (signal.two_of_three) point->add_signals("two-of-three");
  }
}

}  // namespace

void AddCharts(const std::vector<QuarterRatings>& cells,
               google::protobuf::RepeatedPtrField<v1::MeasureChart>* out) {
  for (size_t m = 0; m < model::kMeasureCount; ++m) {
    const Series series = NewestWithoutGap(cells, m);
    if (series.scores.size() < kLeastChartPoints) continue;
    ToProto(series, model::Measures()[m].code, out->Add());
  }
}

}  // namespace steelyard::benchmarks
