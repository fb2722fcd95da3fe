#include "server/benchmarks/status_words.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "storage/base/text.h"
#include "storage/model/codes.h"

namespace steelyard::benchmarks {
namespace {

v1::StatusWord Word(std::string_view word, std::string_view scheme, std::string_view threshold,
                    std::string_view meaning) {
  v1::StatusWord out;
  out.set_word(std::string(word));
  out.set_scheme(std::string(scheme));
  out.set_threshold(std::string(threshold));
  out.set_meaning(std::string(meaning));
  return out;
}

// The level whose number is nearest to a score; a half goes to the better one.
model::Level NearestLevel(double score) {
  const double nearest = std::clamp(std::floor(score + 0.5), 0.0, double{model::kMaxScore});
  return static_cast<model::Level>(4 - static_cast<int>(nearest));
}

std::string_view NameOf(model::Level level) {
  return model::Levels()[static_cast<size_t>(level) - 1].display_name;
}

}  // namespace

v1::StatusWord FunnelWord(statistics::Position position, std::string_view what) {
  using statistics::Position;
  constexpr std::string_view kScheme = "funnel-95-998";
  const std::string larger =
      absl::StrCat("A larger share of ", Av(what),
                   " than size and the usual spread between providers explain; a reason to look "
                   "closer, not a verdict");
  const std::string smaller = absl::StrCat(
      "A smaller share of ", Av(what),
      " than size and the usual spread between providers explain; worth learning from, if the "
      "ratings are sound");
  switch (position) {
    case Position::kAbove998:
      return Word("far above expected", kScheme,
                  "share above the upper 99.8% limit of the funnel, over-dispersion allowed for",
                  larger);
    case Position::kAbove95:
      return Word("above expected", kScheme,
                  "share above the upper 95% limit of the funnel, over-dispersion allowed for, "
                  "and not above that of 99.8%",
                  absl::StrCat(larger, "; of 40 like the rest one lies here by chance"));
    case Position::kBelow95:
      return Word("below expected", kScheme,
                  "share below the lower 95% limit of the funnel, over-dispersion allowed for, "
                  "and not below that of 99.8%",
                  absl::StrCat(smaller, "; of 40 like the rest one lies here by chance"));
    case Position::kBelow998:
      return Word("far below expected", kScheme,
                  "share below the lower 99.8% limit of the funnel, over-dispersion allowed for",
                  smaller);
    case Position::kWithin:
      return Word("as expected", kScheme,
                  "share at or within the 95% limits of the funnel, over-dispersion allowed for",
                  absl::StrCat("The share of ", Av(what),
                               " does not differ from the others by more than chance and the usual "
                               "spread; that is no proof that it is the same"));
    case Position::kNoData:
      break;
  }
  return Word("no data", kScheme, "nothing was counted", "There is nothing to compare");
}

v1::StatusWord LevelWord(double lower, double upper) {
  const model::Level worst = NearestLevel(lower);
  const model::Level best = NearestLevel(upper);
  const std::string_view level = NameOf(best);
  constexpr std::string_view kScheme = "mean-level-1";
  if (worst == best) {
    return Word(level, kScheme,
                absl::StrCat("the 95% interval of the shrunk mean score lies within a half of ",
                             model::ScoreOf(best), " in the map ", Av(model::kScoreMap)),
                absl::StrCat("Councils' ratings taken together are ", Av(level),
                             "; single ratings may differ"));
  }
  const std::string words = absl::StrCat(Av(NameOf(worst)), " to ", Av(level));
  return Word(words, kScheme,
              absl::StrCat("the 95% interval of the shrunk mean score reaches from nearest ",
                           model::ScoreOf(worst), " to nearest ", model::ScoreOf(best),
                           " in the map ", Av(model::kScoreMap)),
              "There are too few ratings, or they differ too much, to name one level");
}

v1::StatusWord ChartWord(const statistics::XmrChart& chart, std::span<const double> values) {
  constexpr std::string_view kScheme = "xmr-making-data-count";
  const statistics::ChartPoint& last = chart.points.back();
  if (!last.signal()) {
    return Word("common cause", kScheme, "the newest point breaks none of the four rules",
                "The newest change is no larger than what this series has always varied by; do "
                "not read a trend into it");
  }
  // A trend has its own direction, whichever side of the mean it is on.
  const bool by_trend = last.trend && !last.outside && !last.run;
  const bool up = by_trend ? values[values.size() - 1] > values[values.size() - 2] : last.side > 0;
  std::string rules;
  const auto add = [&](bool broken, std::string_view rule) {
    if (broken) absl::StrAppend(&rules, rules.empty() ? "" : ", ", Av(rule));
  };
  add(last.outside, "outside the limits");
  add(last.run, "one of seven on one side of the mean");
  add(last.trend, "one of seven in one direction");
  add(last.two_of_three, "one of two of three near a limit");
  return Word(up ? "special cause: better" : "special cause: worse", kScheme,
              absl::StrCat("the newest point is ", rules),
              up ? "Scores are better than usual variation explains; find out why and keep it"
                 : "Scores are worse than usual variation explains; find out why");
}

v1::StatusWord ChangeWord(double lower, double upper) {
  constexpr std::string_view kScheme = "change-95";
  if (lower > 0) {
    return Word("better", kScheme, "the 95% interval of the change of the mean score is above 0",
                "The mean score rose by more than chance explains; why is not said");
  }
  if (upper < 0) {
    return Word("worse", kScheme, "the 95% interval of the change of the mean score is below 0",
                "The mean score fell by more than chance explains; why is not said");
  }
  return Word("no clear change", kScheme,
              "the 95% interval of the change of the mean score holds 0",
              "Chance alone may have made this change; that is no proof that nothing changed");
}

v1::StatusWord UpliftWord(int64_t claimed, std::optional<int64_t> provider_rise,
                          std::optional<int64_t> all_rise) {
  constexpr std::string_view kScheme = "uplift-50";
  if (!provider_rise && !all_rise) {
    return Word("not known", kScheme, "no rise of fees can be shown",
                "There is nothing to hold the claim against; ask the provider for its costs");
  }
  const int64_t one = provider_rise ? *provider_rise : *all_rise;
  const int64_t other = all_rise ? *all_rise : *provider_rise;
  const auto [low, high] = std::minmax(one, other);
  if (claimed > high + kUpliftMargin) {
    return Word("above what fees did", kScheme,
                "more than half a percentage point above the like-for-like rise of fees, this "
                "provider's and that of all, as far as they are shown; single councils' own may be "
                "higher",
                "Fees rose by less than is claimed; costs may still explain the claim, if the "
                "provider shows them");
  }
  if (claimed < low - kUpliftMargin) {
    return Word("below what fees did", kScheme,
                "more than half a percentage point below the like-for-like rise of fees, this "
                "provider's and that of all, as far as they are shown; single councils' own may be "
                "lower",
                "Fees rose by more than is claimed; that does not make the claim reasonable");
  }
  return Word(
      "in line with what fees did", kScheme,
      "within half a percentage point of the like-for-like rise of fees, this provider's or "
      "that of all, or between the two",
      "Fees rose by about as much as is claimed; that does not make the claim reasonable");
}

}  // namespace steelyard::benchmarks
