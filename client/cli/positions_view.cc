// All providers in one measure, and a claimed rise.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/figure_lines.h"
#include "client/cli/provider_view.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

constexpr auto kNumber = GridColumn::kNumber;
constexpr size_t kFunnelWidth = 32;

std::string Two(double value) { return absl::StrFormat("%.2f", value); }

std::string Score(double value, double lower, double upper) {
  return absl::StrCat(Two(value), " (", Two(lower), "–", Two(upper), ")");
}

// The end of a scale that holds every share and every upper limit.
double MostOf(const v1::ListProviderPositionsResponse& positions) {
  double most = 0.05;
  for (const auto& position : positions.positions()) {
    const v1::FunnelPosition& f = position.figures().funnel();
    most = std::max({most, f.share(), f.upper_95()});
  }
  return std::min(1.0, std::ceil(most * 20) / 20);
}

void AddRise(Grid& grid, const std::string& what, const v1::UpliftCheck::Rise& rise) {
  grid.Add({what, BasisPointWords(rise.basis_points(), true),
            QuarterWords(rise.base_from_quarter(), rise.base_to_quarter()),
            QuarterWords(rise.current_from_quarter(), rise.current_to_quarter()),
            CountWords(rise.councils()),
            rise.matched_spend_share() > 0 ? PercentWords(rise.matched_spend_share())
                                           : std::string(kNone)});
}

void PrintRises(std::ostream& out, size_t width, const v1::UpliftCheck& check) {
  if (!check.has_provider_fee_index() && !check.has_all_fee_index()) {
    PrintParagraphs(out, width,
                    "What fees did is not available: too few councils report fees at both times "
                    "to show a figure safely.");
    return;
  }
  Grid grid({{"Fees, like for like", ""},
             {"Change", "", kNumber},
             {"From", ""},
             {"To", ""},
             {"Councils", "", kNumber},
             {"Spend matched", "", kNumber}});
  if (check.has_provider_fee_index()) AddRise(grid, "This provider", check.provider_fee_index());
  if (check.has_all_fee_index()) AddRise(grid, "All providers", check.all_fee_index());
  grid.Print(out, width);
  const v1::UpliftCheck::Band& band = check.council_rises();
  const auto words = [](bool there, int32_t basis_points) {
    return there ? BasisPointWords(basis_points, true) : std::string(kNone);
  };
  if (check.has_council_rises()) {
    PrintParagraphs(
        out, width,
        absl::StrCat("Councils' own changes: a quarter at or below ",
                     words(band.has_p25_basis_points(), band.p25_basis_points()), ", half ",
                     words(band.has_p50_basis_points(), band.p50_basis_points()),
                     ", three quarters ",
                     words(band.has_p75_basis_points(), band.p75_basis_points()), " (",
                     CountOf(band.councils(), "council", "councils"), ")."));
  }
}

// Limits that are set by fewer providers, or that leave less outside, hold
// nearly every share.
constexpr int kFewProviders = 10;
constexpr double kNearlyAll = 0.9;

}  // namespace

std::string BasisPointWords(int64_t basis_points, bool sign) {
  std::string text = absl::StrFormat("%.2f", static_cast<double>(basis_points) / 100);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return absl::StrCat(sign && basis_points > 0 ? "+" : "", text, "%");
}

v1::StatusWord Judged(const v1::FunnelPosition& funnel, bool few) {
  const bool within = funnel.share() >= funnel.lower_95() && funnel.share() <= funnel.upper_95();
  const bool spans_all = funnel.upper_95() - funnel.lower_95() > kNearlyAll;
  if (!within || !(few || spans_all)) return funnel.status();
  v1::StatusWord word;
  word.set_word("too few to judge");
  word.set_scheme(funnel.status().scheme());
  word.set_threshold(
      "within the 95% limits, but there are fewer than 10 providers to set them by, or they leave "
      "next to no share outside");
  word.set_meaning(
      "Too few providers to judge: this says neither that the share is as others' nor "
      "that it is not");
  return word;
}

std::string FunnelBar(const v1::FunnelPosition& funnel, double most, size_t width) {
  std::vector<std::string> cells(width, " ");
  const auto put = [&](double share, const char* mark) {
    const double at = std::round(share / most * static_cast<double>(width - 1));
    if (at >= 0 && at < static_cast<double>(width)) cells[static_cast<size_t>(at)] = mark;
  };
  const auto fill = [&](double from, double to) {
    for (size_t i = 0; i < width; ++i) {
      const double share = most * static_cast<double>(i) / static_cast<double>(width - 1);
      if (share >= from && share <= to) cells[i] = "·";
    }
  };
  fill(funnel.lower_95(), funnel.upper_95());
  put(funnel.lower_998(), "(");
  put(funnel.upper_998(), ")");
  put(funnel.lower_95(), "[");
  put(funnel.upper_95(), "]");
  put(funnel.target(), "|");
  // Beside a limit that lies in the same place, on the side where it belongs.
  const auto place = [&](double share) {
    return static_cast<int>(std::round(share / most * static_cast<double>(width - 1)));
  };
  const bool inside = funnel.share() >= funnel.lower_95() && funnel.share() <= funnel.upper_95();
  const bool low = funnel.share() < funnel.target();
  const int step = low == inside ? 1 : -1;
  int at = place(funnel.share());
  const auto is_limit = [&](int i) {
    return i >= 0 && i < static_cast<int>(width) &&
           std::string_view("[]()").find(cells[static_cast<size_t>(i)]) != std::string_view::npos;
  };
  while (is_limit(at) && at + step >= 0 && at + step < static_cast<int>(width)) at += step;
  if (at >= 0 && at < static_cast<int>(width)) cells[static_cast<size_t>(at)] = "●";
  std::string out;
  for (const std::string& cell : cells) out += cell;
  return out;
}

void PrintPositions(std::ostream& out, size_t width,
                    const v1::ListProviderPositionsResponse& positions) {
  if (positions.positions().empty()) {
    PrintParagraphs(out, width,
                    "No provider is shown by itself in this measure and time: too few councils or "
                    "placements stand behind each to show a figure safely.");
    out << "\n";
    PrintReceipt(out, width, positions.receipt());
    return;
  }
  const v1::MeasureFigures& first = positions.positions(0).figures();
  const double most = MostOf(positions);
  out << Harmless(first.display_name())
      << absl::StrFormat(": share of ratings below target, from 0 to %s\n\n", PercentWords(most));
  const bool few = positions.positions_size() < kFewProviders;
  WordList words;
  Grid grid({{"Provider", "", GridColumn::kWrapped, 28},
             {"Ratings", "", kNumber},
             {"Share", "", kNumber},
             {"Funnel", ""},
             {"Score (likely)", "", kNumber},
             {"In a word", "", GridColumn::kWrapped}});
  for (const auto& position : positions.positions()) {
    const v1::MeasureFigures& m = position.figures();
    const v1::FunnelPosition& f = m.funnel();
    grid.Add({position.display_name(), CountWords(f.ratings()), PercentWords(f.share()),
              FunnelBar(f, most, kFunnelWidth),
              Score(m.shrunk_score(), m.shrunk_lower(), m.shrunk_upper()),
              words.Use(Judged(f, few))});
  }
  grid.Print(out, width);
  out << "\n";
  PrintParagraphs(
      out, width,
      absl::StrCat("● share, | share of all, [ ] 95% and ( ) 99.8% limits at this number of "
                   "ratings. Providers are in the order of their ids: this is no league table. "
                   "Scores are from 0 (Inadequate) to 3 (Good), map ",
                   first.score_map(), ", drawn towards the mean of all."));
  words.Print(out, width);
  out << "\n";
  PrintReceipt(out, width, positions.receipt());
}

void PrintUplift(std::ostream& out, size_t width, const v1::UpliftCheck& check) {
  WordList words;
  out << Harmless(
             absl::StrCat(check.provider_display_name(), " (", LastPart(check.provider()), ")"))
      << "\n";
  PrintParagraphs(
      out, width,
      absl::StrCat("Claims a rise of ", BasisPointWords(check.claimed_rise_basis_points()), ": ",
                   words.Use(check.status())));
  out << "\n";
  PrintRises(out, width, check);
  if (!check.outcomes().empty()) {
    Grid grid({{"Mean score", ""},
               {"Before", "", kNumber},
               {"Now", "", kNumber},
               {"Change, likely", "", kNumber},
               {"In a word", "", GridColumn::kWrapped}});
    for (const auto& change : check.outcomes()) {
      grid.Add({change.display_name(), Two(change.base_score()), Two(change.current_score()),
                absl::StrFormat("%+.2f to %+.2f", change.change_lower(), change.change_upper()),
                words.Use(change.status())});
    }
    out << "\n";
    grid.Print(out, width);
  }
  words.Print(out, width);
  out << "\nDraft reply\n-----------\n";
  PrintParagraphs(out, width, check.draft_reply());
  out << "\n";
  PrintReceipt(out, width, check.receipt());
}

}  // namespace steelyard::cli
