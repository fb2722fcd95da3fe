// What a pack says of one kind of service.

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/negotiations/figure_words.h"
#include "server/negotiations/pack_parts.h"
#include "storage/base/text.h"
#include "storage/model/codes.h"

namespace steelyard::negotiations {
namespace {

using v1::MeasureFigures;
using v1::ProviderFigures;

std::string AnswerWords(const v1::Pack& pack, const v1::ProviderBenchmark& benchmark) {
  const v1::ProviderCell& whole = benchmark.whole();
  if (!whole.has_figures()) {
    return "Nothing can be shown: too few councils reported, or a figure would give one of them "
           "away.";
  }
  const std::string period = PeriodWords(whole.from_quarter(), whole.to_quarter());
  const std::string behind =
      absl::StrCat(CountOf(whole.figures().councils(), "council", "councils"), " and ",
                   CountOf(whole.figures().reports(), "report", "reports"), " stand behind it.");
  if (whole.answer() == v1::ANSWER_NEAREST) {
    return absl::StrCat(
        "Exactly ", PeriodWords(pack.negotiation().from_quarter(), pack.negotiation().to_quarter()),
        " cannot be shown without giving somebody away. The nearest that can is ", period, ". ",
        behind);
  }
  return absl::StrCat("Outcomes of ", period, ". ", behind);
}

// Rows of a table that sets the provider beside all.
class Comparison {
 public:
  using Read = std::function<PackCell(const ProviderFigures&)>;

  Comparison(const ServicePart& part, std::string caption) : part_(part) {
    table_.caption = std::move(caption);
    table_.columns = {{"Figure"}, {part.provider, true}, {"All providers", true, part.all_receipt}};
    table_.receipt = part.receipt;
  }
  void Add(std::string name, const Read& read) {
    table_.rows.push_back({std::move(name), read(part_.own), ForAll(read)});
  }
  PackTable Take() && { return std::move(table_); }

 private:
  PackCell ForAll(const Read& read) const {
    return part_.service.all().whole().has_figures() ? read(part_.all) : NotShownCell();
  }
  const ServicePart& part_;
  PackTable table_;
};

template <typename Has, typename Get>
Comparison::Read Pounds(Has has, Get get) {
  return [=](const ProviderFigures& f) {
    return (f.fees().*has)() ? PoundCell((f.fees().*get)()) : NotShownCell();
  };
}

PackCell NearestCell(const v1::SufficiencyFigures& s) {
  if (!s.has_nearest_offer_p50_km()) return NotShownCell();
  const auto km = [](double value) { return absl::StrCat(RawNumber(value), " km"); };
  PackCell cell(km(s.nearest_offer_p50_km()), RawNumber(s.nearest_offer_p50_km()));
  if (s.has_nearest_offer_p25_km() && s.has_nearest_offer_p75_km()) {
    cell.text = absl::StrCat(cell.text, " (half lie from ", RawNumber(s.nearest_offer_p25_km()),
                             " to ", km(s.nearest_offer_p75_km()), ")");
    cell.more = {{"lower quartile", RawNumber(s.nearest_offer_p25_km())},
                 {"upper quartile", RawNumber(s.nearest_offer_p75_km())}};
  }
  return cell;
}

void AddKeyFigures(const ServicePart& part, PackDocument& document) {
  using F = v1::FeeFigures;
  PackSection section = Section(part, "key figures");
  Comparison rows(part, absl::StrCat(part.service.display_name(), ": ", part.provider,
                                     " beside all providers"));
  rows.Add("Councils behind the figures",
           [](const ProviderFigures& f) { return CountCell(f.councils()); });
  rows.Add("Placements, added over the quarters",
           [](const ProviderFigures& f) { return CountCell(f.placements()); });
  rows.Add("Spend in outcome reports (submitted)", [](const ProviderFigures& f) {
    return f.spend_micros() > 0 ? PoundCell(f.spend_micros()) : NotShownCell();
  });
  rows.Add("Placements that ended unplanned", [](const ProviderFigures& f) {
    return f.has_unplanned_endings() ? ProportionCell(f.unplanned_endings()) : NotShownCell();
  });
  rows.Add("Offers for each referral", [](const ProviderFigures& f) {
    return f.sufficiency().has_offers_per_referral()
               ? ProportionCell(f.sufficiency().offers_per_referral())
               : NotShownCell();
  });
  rows.Add("Reports that say there was no alternative", [](const ProviderFigures& f) {
    return f.sufficiency().has_no_alternative() ? ProportionCell(f.sufficiency().no_alternative())
                                                : NotShownCell();
  });
  rows.Add("Nearest place offered, median",
           [](const ProviderFigures& f) { return NearestCell(f.sufficiency()); });
  rows.Add("Weekly fee, mean over placements", Pounds(&F::has_mean_micros, &F::mean_micros));
  rows.Add("Weekly fee, 10th percentile of reports", Pounds(&F::has_p10_micros, &F::p10_micros));
  rows.Add("Weekly fee, 25th percentile", Pounds(&F::has_p25_micros, &F::p25_micros));
  rows.Add("Weekly fee, median", Pounds(&F::has_p50_micros, &F::p50_micros));
  rows.Add("Weekly fee, 75th percentile", Pounds(&F::has_p75_micros, &F::p75_micros));
  rows.Add("Weekly fee, 90th percentile", Pounds(&F::has_p90_micros, &F::p90_micros));
  rows.Add("Weekly extras, mean over placements",
           Pounds(&F::has_mean_extras_micros, &F::mean_extras_micros));
  section.blocks.emplace_back(std::move(rows).Take());
  document.sections.push_back(std::move(section));
}

int64_t RatingsAt(const MeasureFigures& m, size_t level) {
  for (const v1::LevelCount& count : m.levels()) {
    if (static_cast<size_t>(count.level()) == level) return count.ratings();
  }
  return 0;
}

void AddRatings(const ServicePart& part, PackDocument& document) {
  PackSection section = Section(part, "how councils rate it");
  StackedBars bars;
  bars.title = absl::StrCat("Share of ratings at each level, ", part.provider);
  PackTable table;
  table.caption = absl::StrCat(part.service.display_name(), ": ratings at each level");
  table.receipt = part.receipt;
  table.columns = {{"Measure"}};
  for (const model::Code& level : model::Levels()) {
    bars.parts.emplace_back(level.display_name);
    table.columns.push_back({std::string(level.display_name), true});
  }
  table.columns.push_back({"Councils", true});
  for (const MeasureFigures& m : part.own.measures()) {
    StackedBars::Bar bar{m.display_name(), {}};
    std::vector<PackCell> row = {m.display_name()};
    for (size_t level = 1; level <= model::kLevelCount; ++level) {
      bar.values.push_back(RatingsAt(m, level));
      row.push_back(CountCell(bar.values.back()));
    }
    row.push_back(CountCell(m.councils()));
    bars.bars.push_back(std::move(bar));
    table.rows.push_back(std::move(row));
  }
  section.blocks.emplace_back(std::move(bars));
  section.blocks.emplace_back(std::move(table));
  document.sections.push_back(std::move(section));
}

std::string IntervalWords(double lower, double upper) {
  return absl::StrCat(ScoreWords(lower), " to ", ScoreWords(upper));
}

PackCell RangeCell(std::string words, double lower, double upper) {
  PackCell cell(std::move(words), "");
  cell.more = {{"lower", RawNumber(lower)}, {"upper", RawNumber(upper)}};
  return cell;
}

// Ticks of the axis that scores are drawn on: the ranks and what they count as.
std::vector<std::pair<double, std::string>> ScoreTicks() {
  std::vector<std::pair<double, std::string>> ticks;
  for (size_t rank = model::kRankCount; rank >= 1; --rank) {
    const int score = model::ScoreOf(static_cast<model::Level>(rank));
    ticks.emplace_back(score, std::string(model::Levels()[rank - 1].display_name));
  }
  return ticks;
}

void AddScores(const ServicePart& part, PackDocument& document) {
  PackSection section = Section(part, "mean score, and how sure it is");
  StatusNotes notes;
  IntervalPlot plot;
  plot.title = absl::StrCat("Mean score with its 95 % interval, ", part.provider);
  plot.reference_name = "mean of all providers";
  plot.axis_high = model::kMaxScore;
  plot.ticks = ScoreTicks();
  PackTable means;
  means.caption = absl::StrCat(part.service.display_name(), ": mean scores");
  means.receipt = part.receipt;
  means.columns = {{"Measure"},
                   {"Mean as rated", true},
                   {"Drawn towards all", true},
                   {"95 % interval", true},
                   {"All providers", true},
                   {"In a word"}};
  PackTable chances;
  chances.caption = absl::StrCat(part.service.display_name(),
                                 ": chances of the best and the worst quarter, and agreement");
  chances.receipt = part.receipt;
  chances.columns = {{"Measure"},
                     {"Providers compared", true},
                     {"Chance of best quarter", true},
                     {"Chance of worst quarter", true},
                     {"Pairs of ratings that agree", true}};
  std::string map;
  for (const MeasureFigures& m : part.own.measures()) {
    map = m.score_map();
    plot.rows.push_back({m.display_name(), m.shrunk_score(), m.shrunk_lower(), m.shrunk_upper(),
                         m.overall_score()});
    means.rows.push_back({m.display_name(), ScoreCell(m.mean_score()), ScoreCell(m.shrunk_score()),
                          RangeCell(IntervalWords(m.shrunk_lower(), m.shrunk_upper()),
                                    m.shrunk_lower(), m.shrunk_upper()),
                          ScoreCell(m.overall_score()), notes.Add(m.status())});
    const auto chance = [](bool known, double value) {
      return known ? ShareCell(value) : NotShownCell();
    };
    chances.rows.push_back(
        {m.display_name(), CountCell(m.compared_providers()),
         chance(m.has_best_quarter_probability(), m.best_quarter_probability()),
         chance(m.has_worst_quarter_probability(), m.worst_quarter_probability()),
         chance(m.has_agreement(), m.agreement())});
  }
  section.blocks.emplace_back(PackText{absl::StrCat(
      "Levels count as numbers under the map ", map,
      ". A mean of few ratings is drawn towards that of all providers, so that chance does not "
      "look like quality; the interval says how sure the result is.")});
  section.blocks.emplace_back(std::move(plot));
  section.blocks.emplace_back(std::move(means));
  section.blocks.emplace_back(std::move(chances));
  notes.AddTo(section);
  document.sections.push_back(std::move(section));
}

void AddFunnel(const ServicePart& part, PackDocument& document) {
  PackSection section = Section(part, "share below target, beside all providers");
  StatusNotes notes;
  PackTable table;
  table.caption = absl::StrCat(part.service.display_name(), ": ratings below target in the funnel");
  table.receipt = part.receipt;
  table.columns = {{"Measure"},
                   {"Below target", true},
                   {"Ratings", true},
                   {"Share", true},
                   {"All providers", true},
                   {"95 % limits", true},
                   {"99.8 % limits", true},
                   {"In a word"}};
  for (const MeasureFigures& m : part.own.measures()) {
    if (!m.has_funnel()) continue;
    const v1::FunnelPosition& f = m.funnel();
    const auto limits = [](double low, double high) {
      return RangeCell(absl::StrCat(PercentWords(low), " to ", PercentWords(high)), low, high);
    };
    table.rows.push_back({m.display_name(), CountCell(f.below_target()), CountCell(f.ratings()),
                          ShareCell(f.share()), ShareCell(f.target()),
                          limits(f.lower_95(), f.upper_95()), limits(f.lower_998(), f.upper_998()),
                          notes.Add(f.status())});
  }
  if (table.rows.empty()) return;
  section.blocks.emplace_back(
      PackText{"Below target are the levels Requires improvement and Inadequate. The limits allow "
               "for the number of ratings and for providers differing more than chance alone "
               "would make them."});
  section.blocks.emplace_back(std::move(table));
  notes.AddTo(section);
  document.sections.push_back(std::move(section));
}

void AddIntentions(const ServicePart& part, PackDocument& document) {
  PackSection section = Section(part, "what councils mean to do, and what they put first");
  if (part.own.intentions().empty()) {
    section.blocks.emplace_back(PackText{"What councils mean to do cannot be shown."});
  } else {
    PackTable table;
    table.caption = absl::StrCat("What councils mean to do about ", part.provider);
    table.receipt = part.receipt;
    table.columns = {{"Intention"}, {"Reports", true}};
    for (const v1::IntentionCount& count : part.own.intentions()) {
      table.rows.push_back({IntentionWords(count.intention()), CountCell(count.reports())});
    }
    section.blocks.emplace_back(std::move(table));
  }
  if (part.own.priorities().empty()) {
    section.blocks.emplace_back(PackText{"What councils put first cannot be shown."});
  } else {
    PackTable table;
    table.caption = absl::StrCat("What councils put first in talks with ", part.provider,
                                 " (5 points for a first place, 1 for a fifth)");
    table.receipt = part.receipt;
    table.columns = {{"Priority"}, {"Reports", true}, {"Points", true}};
    for (const v1::PriorityCount& count : part.own.priorities()) {
      table.rows.push_back(
          {count.display_name(), CountCell(count.reports()), CountCell(count.points())});
    }
    section.blocks.emplace_back(std::move(table));
  }
  document.sections.push_back(std::move(section));
}

}  // namespace

void AddService(const v1::Pack& pack, const v1::Pack::Service& service, Receipts& receipts,
                PackDocument& document) {
  PackSection head{2, service.display_name(), {}};
  head.blocks.emplace_back(PackText{AnswerWords(pack, service.benchmark())});
  document.sections.push_back(std::move(head));
  if (!service.benchmark().whole().has_figures()) return;
  const ServicePart part = PartOf(pack, service, receipts);
  AddKeyFigures(part, document);
  if (part.own.measures().empty()) {
    document.sections.back().blocks.emplace_back(
        PackText{"How councils rate the provider cannot be shown."});
  } else {
    AddRatings(part, document);
    AddScores(part, document);
    AddFunnel(part, document);
  }
  AddTrends(part, document);
  AddIntentions(part, document);
}

}  // namespace steelyard::negotiations
