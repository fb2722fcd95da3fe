#include "client/cli/provider_view.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/cli/figure_lines.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

constexpr auto kNumber = GridColumn::kNumber;
constexpr char kTooFew[] =
    "not available: too few councils or placements stand behind it to show a figure safely.";

std::string NameOf(const DisplayNames& names, const std::string& name) {
  const auto found = names.find(name);
  return found == names.end() ? LastPart(name) : found->second;
}

std::string Two(double value) { return absl::StrFormat("%.2f", value); }

std::string Chance(bool there, double chance) {
  return there ? PercentWords(chance) : std::string(kNone);
}

std::string Pounds(int64_t micros) { return MoneyWords(micros, "GBP", TotalDecimals(micros)); }

std::string AreasOf(const v1::ProviderCell& cell, const DisplayNames& names) {
  std::vector<std::string> words;
  for (const std::string& area : cell.areas()) words.push_back(NameOf(names, area));
  return absl::StrJoin(words, ", ");
}

std::string AnswerWords(const v1::ProviderBenchmark& benchmark, const DisplayNames& names) {
  const v1::ProviderCell& cell = benchmark.whole();
  const std::string time = QuarterWords(cell.from_quarter(), cell.to_quarter());
  if (!cell.has_figures()) return absl::StrCat(time, " is ", kTooFew);
  const std::string place = AreasOf(cell, names);
  if (cell.answer() == v1::ANSWER_EXACT) return absl::StrCat(time, ", ", place, ", as asked");
  return absl::StrCat("shown for ", time, ", ", place,
                      ": the nearest to what was asked that is safe to show");
}

std::string ProviderWords(const v1::ProviderBenchmark& benchmark, const DisplayNames& names) {
  std::vector<std::string> words;
  for (const std::string& provider : benchmark.providers()) {
    words.push_back(NameOf(names, provider));
  }
  return absl::StrJoin(words, ", ");
}

void PrintNearest(std::ostream& out, const v1::SufficiencyFigures& s) {
  if (!s.has_nearest_offer_p25_km() && !s.has_nearest_offer_p50_km() &&
      !s.has_nearest_offer_p75_km()) {
    PrintLine(out, "Nearest offer", std::string(kNone));
    return;
  }
  const auto km = [](bool there, double value) {
    return there ? absl::StrFormat("%.1f km", value) : std::string(kNone);
  };
  PrintLine(
      out, "Nearest offer",
      absl::StrCat("a quarter within ", km(s.has_nearest_offer_p25_km(), s.nearest_offer_p25_km()),
                   ", half within ", km(s.has_nearest_offer_p50_km(), s.nearest_offer_p50_km()),
                   ", three quarters within ",
                   km(s.has_nearest_offer_p75_km(), s.nearest_offer_p75_km())));
}

void PrintFees(std::ostream& out, const v1::FeeFigures& fees) {
  const auto fee = [](bool there, int64_t micros) {
    return there ? MoneyWords(micros, "GBP", 0) : std::string(kNone);
  };
  PrintLine(
      out, "Weekly fee",
      !fees.has_mean_micros()
          ? std::string(kNone)
          : absl::StrCat(fee(true, fees.mean_micros()), " on average; of reports 10% are below ",
                         fee(fees.has_p10_micros(), fees.p10_micros()), ", half below ",
                         fee(fees.has_p50_micros(), fees.p50_micros()), ", 90% below ",
                         fee(fees.has_p90_micros(), fees.p90_micros())));
  if (fees.has_mean_extras_micros()) {
    PrintLine(out, "Weekly extras",
              absl::StrCat(fee(true, fees.mean_extras_micros()), " on average"));
  }
}

void PrintSums(std::ostream& out, const v1::ProviderFigures& f) {
  PrintLine(out, "Councils", CountWords(f.councils()));
  PrintLine(out, "Reports", CountWords(f.reports()));
  PrintLine(out, "Placements", absl::StrCat(CountWords(f.placements()), ", added over quarters"));
  if (f.spend_micros() > 0) PrintLine(out, "Spend", Pounds(f.spend_micros()));
  PrintLine(out, "Unplanned endings", ShareWords(f.unplanned_endings(), "placements"));
  const v1::SufficiencyFigures& s = f.sufficiency();
  PrintLine(out, "Offers", ShareWords(s.offers_per_referral(), "referrals"));
  PrintLine(out, "No alternative", ShareWords(s.no_alternative(), "reports"));
  PrintNearest(out, s);
  PrintFees(out, f.fees());
}

void PrintRatings(std::ostream& out, size_t width, const v1::ProviderFigures& figures) {
  Grid grid({{"Ratings", ""},
             {"Good", "", kNumber},
             {"Appr.", "", kNumber},
             {"Req.", "", kNumber},
             {"Inad.", "", kNumber},
             {"Other", "", kNumber},
             {"Mean", "", kNumber},
             {"Councils", "", kNumber},
             {"Agree", "", kNumber}});
  for (const v1::MeasureFigures& m : figures.measures()) {
    std::vector<Cell> row = {m.display_name()};
    for (const v1::LevelCount& level : m.levels()) row.push_back(CountWords(level.ratings()));
    row.resize(6, std::string(kNone));
    row.push_back(m.score_map().empty() ? std::string(kNone) : Two(m.mean_score()));
    row.push_back(CountWords(m.councils()));
    row.push_back(m.has_agreement() ? PercentWords(m.agreement()) : std::string(kNone));
    grid.Add(std::move(row));
  }
  grid.Print(out, width);
  PrintParagraphs(out, width,
                  "Appr., Req. and Inad. are Approaching target, Requires improvement and "
                  "Inadequate; Agree is the share of pairs of ratings that say the same.");
}

void PrintScores(std::ostream& out, size_t width, const v1::ProviderFigures& figures,
                 WordList& words) {
  Grid grid({{"Score", ""},
             {"", "", kNumber},
             {"Likely", "", kNumber},
             {"All", "", kNumber},
             {"Best ¼", "", kNumber},
             {"Worst ¼", "", kNumber},
             {"In a word", "", GridColumn::kWrapped}});
  for (const v1::MeasureFigures& m : figures.measures()) {
    if (m.score_map().empty()) continue;
    grid.Add({m.display_name(), Two(m.shrunk_score()),
              absl::StrCat(Two(m.shrunk_lower()), "–", Two(m.shrunk_upper())),
              Two(m.overall_score()),
              Chance(m.has_best_quarter_probability(), m.best_quarter_probability()),
              Chance(m.has_worst_quarter_probability(), m.worst_quarter_probability()),
              words.Use(m.status())});
  }
  grid.Print(out, width);
}

void PrintFunnels(std::ostream& out, size_t width, const v1::ProviderFigures& figures,
                  WordList& words) {
  Grid grid({{"Below target", ""},
             {"Ratings", "", kNumber},
             {"Share", "", kNumber},
             {"All", "", kNumber},
             {"Expected", "", kNumber},
             {"z", "", kNumber},
             {"In a word", "", GridColumn::kWrapped}});
  for (const v1::MeasureFigures& m : figures.measures()) {
    if (!m.has_funnel()) continue;
    const v1::FunnelPosition& f = m.funnel();
    grid.Add({m.display_name(), CountWords(f.ratings()), PercentWords(f.share()),
              PercentWords(f.target()),
              absl::StrCat(PercentWords(f.lower_95()), "–", PercentWords(f.upper_95())),
              absl::StrFormat("%+.1f", f.z()), words.Use(Judged(f, false))});
  }
  if (grid.rows() == 0) return;
  out << "\n";
  grid.Print(out, width);
}

void PrintQuarters(std::ostream& out, size_t width, const v1::ProviderBenchmark& benchmark) {
  Grid grid({{"Quarter", ""},
             {"Councils", "", kNumber},
             {"Placements", "", kNumber},
             {"Weekly fee", "", kNumber},
             {"Endings", "", kNumber},
             {"Offers", "", kNumber},
             {"No altern.", "", kNumber}});
  for (const v1::ProviderCell& cell : benchmark.quarters()) {
    const v1::ProviderFigures& f = cell.figures();
    const auto or_none = [&](std::string text) {
      return Cell(cell.has_figures() ? std::move(text) : std::string(kNone));
    };
    grid.Add({QuarterWords(cell.from_quarter(), cell.to_quarter()),
              or_none(CountWords(f.councils())), or_none(CountWords(f.placements())),
              f.fees().has_mean_micros() ? MoneyWords(f.fees().mean_micros(), "GBP", 0)
                                         : std::string(kNone),
              ShortShare(f.unplanned_endings()), ShortShare(f.sufficiency().offers_per_referral()),
              ShortShare(f.sufficiency().no_alternative())});
  }
  grid.Print(out, width);
}

void PrintCharts(std::ostream& out, size_t width, const v1::ProviderBenchmark& benchmark,
                 const DisplayNames& names, WordList& words) {
  if (benchmark.charts().empty()) return;
  Grid grid({{"Mean score", ""},
             {"By quarter", ""},
             {"Newest", "", kNumber},
             {"Mean", "", kNumber},
             {"Usual", "", kNumber},
             {"In a word", "", GridColumn::kWrapped}});
  bool trial = false;
  for (const v1::MeasureChart& chart : benchmark.charts()) {
    std::vector<double> scores;
    for (const auto& point : chart.points()) scores.push_back(point.score());
    trial |= chart.trial_limits();
    grid.Add({NameOf(names, chart.measure()), Sparkline(scores), Two(scores.back()),
              Two(chart.mean()),
              absl::StrCat(Two(chart.lower_limit()), "–", Two(chart.upper_limit())),
              words.Use(chart.status())});
  }
  out << "\n";
  grid.Print(out, width);
  if (trial) {
    PrintParagraphs(out, width,
                    "Usual is the range of an XmR chart; from fewer than 12 points it will still "
                    "move.");
  }
}

void PrintWants(std::ostream& out, size_t width, const v1::ProviderFigures& figures) {
  if (!figures.intentions().empty()) {
    std::vector<std::string> words;
    for (const v1::IntentionCount& count : figures.intentions()) {
      words.push_back(absl::StrCat(EnumWords(v1::OutcomeReport::Intention_Name(count.intention())),
                                   " ", CountWords(count.reports())));
    }
    out << "\n";
    PrintParagraphs(
        out, width,
        absl::StrCat("What councils mean to do (reports): ", absl::StrJoin(words, ", ")));
  }
  if (figures.priorities().empty()) return;
  Grid grid({{"What councils put first", ""}, {"Reports", "", kNumber}, {"Points", "", kNumber}});
  for (const v1::PriorityCount& count : figures.priorities()) {
    grid.Add({count.display_name(), CountWords(count.reports()), CountWords(count.points())});
  }
  out << "\n";
  grid.Print(out, width);
}

}  // namespace

std::string Sparkline(const std::vector<double>& scores) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string out;
  for (const double score : scores) {
    const auto bar = static_cast<size_t>(std::clamp(score / 3 * 8, 0.0, 7.0));
    out += kBars[bar];
  }
  return out;
}

std::string WordList::Use(const v1::StatusWord& word) {
  const bool known = std::any_of(words_.begin(), words_.end(), [&](const v1::StatusWord& w) {
    return w.scheme() == word.scheme() && w.word() == word.word() &&
           w.threshold() == word.threshold();
  });
  if (!known && !word.word().empty()) words_.push_back(word);
  return word.word();
}

void WordList::Print(std::ostream& out, size_t width) const {
  if (words_.empty()) return;
  std::vector<v1::StatusWord> words = words_;
  std::stable_sort(words.begin(), words.end(),
                   [](const auto& a, const auto& b) { return a.scheme() < b.scheme(); });
  out << "\nWhat the words stand for\n";
  for (const v1::StatusWord& word : words) {
    PrintParagraphs(out, width,
                    absl::StrCat("  ", word.word(), " (", word.scheme(), "): ", word.threshold(),
                                 ". ", word.meaning(), "."));
  }
}

void PrintDefinitions(std::ostream& out, size_t width, const std::vector<v1::Measure>& measures,
                      const std::vector<std::string>& names) {
  bool first = true;
  for (const v1::Measure& measure : measures) {
    if (std::find(names.begin(), names.end(), measure.name()) == names.end()) continue;
    if (first) out << "\nWhat is rated\n";
    first = false;
    PrintParagraphs(out, width,
                    absl::StrCat(measure.display_name(), ": ", measure.definition(), "."));
  }
}

void PrintProvider(std::ostream& out, size_t width, const v1::ProviderBenchmark& benchmark,
                   const DisplayNames& names) {
  const bool all = benchmark.provider().empty();
  out << Harmless(all ? "All providers"
                      : absl::StrCat(benchmark.provider_display_name(), " (",
                                     LastPart(benchmark.provider()), ")"))
      << "\n"
      << Harmless(NameOf(names, benchmark.service())) << ": how it serves, as councils report\n\n";
  PrintParagraphs(out, width, AnswerWords(benchmark, names));
  const v1::ProviderFigures& figures = benchmark.whole().figures();
  WordList words;
  if (benchmark.whole().has_figures()) {
    if (benchmark.whole().answer() != v1::ANSWER_EXACT && !benchmark.providers().empty()) {
      PrintParagraphs(out, width,
                      absl::StrCat("By name are in it: ", ProviderWords(benchmark, names), "."));
    }
    out << "\n";
    PrintSums(out, figures);
    if (!figures.measures().empty()) {
      out << "\n";
      PrintRatings(out, width, figures);
      out << "\n";
      PrintScores(out, width, figures, words);
      PrintParagraphs(
          out, width,
          absl::StrCat(
              "Scores are from 0 (Inadequate) to 3 (Good), map ", figures.measures(0).score_map(),
              ", drawn towards the mean of all the more, the fewer ratings there ",
              "are; compared are ",
              CountOf(figures.measures(0).compared_providers(), "provider", "providers"), "."));
      PrintFunnels(out, width, figures, words);
    }
    PrintWants(out, width, figures);
  }
  const bool any_quarter =
      std::any_of(benchmark.quarters().begin(), benchmark.quarters().end(),
                  [](const v1::ProviderCell& cell) { return cell.has_figures(); });
  if (any_quarter) {
    out << "\n";
    PrintQuarters(out, width, benchmark);
    PrintCharts(out, width, benchmark, names, words);
  }
  words.Print(out, width);
  out << "\n";
  PrintReceipt(out, width, benchmark.receipt());
}

}  // namespace steelyard::cli
