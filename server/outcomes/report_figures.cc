// What a report says: how many, how good, how much, how hard to find.

#include <algorithm>
#include <cstdlib>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/outcomes/checked_report.h"
#include "storage/base/text.h"

namespace steelyard::outcomes {
namespace {

using v1::OutcomeReport;

// No quarter has more.
constexpr int kWeeksOfQuarter = 14;

std::string MeasureIds() {
  return absl::StrJoin(model::Measures(), ", ", [](std::string* out, const auto& measure) {
    absl::StrAppend(out, Av(measure.code.id));
  });
}

std::string Pounds(int64_t micros) {
  return absl::StrFormat("%s%d.%02d", micros < 0 ? "-" : "", std::abs(micros / 1'000'000),
                         std::abs(micros % 1'000'000) / 10'000);
}

}  // namespace

void ReportChecker::Report::CheckPlacements() {
  const int64_t placements = report_.placements();
  if (!CheckCount("placements", "Placements", placements, model::kMaxPlacements)) return;
  content_.placements = placements;
  if (placements == 0 && !report_.has_referrals()) {
    Error("REPORT_EMPTY", "placements", "0", "people placed, or referrals made",
          "The report has neither placements nor referrals; give at least one of them.");
    return;
  }
  const int32_t least = checker_.min_cohort_;
  if (placements > 0 && placements < least) {
    Error("COHORT_TOO_SMALL", "placements", absl::StrCat(placements),
          absl::StrCat("at least ", least, ", or 0 for referrals alone"),
          absl::StrCat("Placements is ", placements, ", and a report on fewer than ", least,
                       " people could be about a person who can be recognised; it is not taken. "
                       "Report referrals alone, or wait for a quarter with more."));
  }
}

void ReportChecker::Report::CheckRatings() {
  if (report_.ratings_size() > 0 && report_.placements() == 0) {
    Error("RATINGS_WITHOUT_PLACEMENTS", "ratings", absl::StrCat(report_.ratings_size(), " ratings"),
          "no ratings, unless somebody is placed",
          "There are ratings, but placements is 0; nobody can be rated on no one. Give the people "
          "placed in the quarter, or leave the ratings out.");
  }
  for (int i = 0; i < report_.ratings_size(); ++i) {
    const OutcomeReport::Rating& rating = report_.ratings(i);
    const std::string at = absl::StrCat("ratings[", i, "].");
    std::string_view id = rating.measure();
    if (id.starts_with("measures/")) id.remove_prefix(9);
    const auto measure = model::ParseMeasure(id);
    if (!measure) {
      Unknown("MEASURE_UNKNOWN", at + "measure", rating.measure(), MeasureIds(),
              absl::StrCat("Measure '", Printable(rating.measure(), 80),
                           "' is not known; give one of ", MeasureIds(), "."));
      continue;
    }
    const size_t number = static_cast<size_t>(*measure);
    const std::string name(model::Measures()[number].code.display_name);
    const int level = rating.level();
    if (level < 1 || level > static_cast<int>(model::kLevelCount)) {
      Error("LEVEL_UNKNOWN", at + "level", level == 0 ? "" : absl::StrCat(level),
            Ids(model::Levels()),
            absl::StrCat(name, " is rated off the scale; give ", Ids(model::Levels()),
                         ", or leave the measure out if it was not rated."));
      continue;
    }
    if (content_.ratings[number] != model::Level::kNone) {
      Error("MEASURE_REPEATED", at + "measure", id, "each measure once",
            absl::StrCat(name, " is rated twice; give one level for each measure."));
      continue;
    }
    content_.ratings[number] = static_cast<model::Level>(level);
  }
}

void ReportChecker::Report::CheckAmount(std::string_view field, std::string_view label, bool given,
                                        int64_t micros, int64_t high, std::optional<int64_t>& out) {
  if (!given) return;
  if (micros < 0 || micros > high) {
    const std::string expected = absl::StrCat("an amount from 0 to ", high / 1'000'000);
    Error("NUMBER_OUT_OF_RANGE", field, Pounds(micros), expected,
          absl::StrCat(Av(label), " is ", Pounds(micros), "; give ", expected,
                       micros < 0 ? ". Refunds and credit notes belong to payments." : "."));
    return;
  }
  if (NeedsPlacements(field, label, Pounds(micros))) out = micros;
}

void ReportChecker::Report::CheckAmounts() {
  CheckAmount("spend_micros", "Spend", report_.has_spend_micros(), report_.spend_micros(),
              model::kMaxOutcomeSpendMicros, content_.spend_micros);
  CheckAmount("weekly_fee_micros", "Weekly fee", report_.has_weekly_fee_micros(),
              report_.weekly_fee_micros(), model::kMaxWeeklyFeeMicros, content_.weekly_fee_micros);
  CheckAmount("weekly_extras_micros", "Weekly extras", report_.has_weekly_extras_micros(),
              report_.weekly_extras_micros(), model::kMaxWeeklyFeeMicros,
              content_.weekly_extras_micros);
  const std::string& code = report_.currency_code().empty() ? "GBP" : report_.currency_code();
  if (const auto currency = model::Currency::Parse(code)) {
    content_.currency = *currency;
  } else {
    Error("CURRENCY_INVALID", "currency_code", code, "an ISO 4217 code such as GBP",
          absl::StrCat("Currency is '", Printable(code, 20),
                       "'; give three capital letters such as GBP."));
  }
  if (!report_.has_unplanned_endings()) return;
  const int64_t endings = report_.unplanned_endings();
  if (!CheckCount("unplanned_endings", "Unplanned endings", endings, model::kMaxPlacements)) return;
  if (report_.placements() >= 0 && endings > report_.placements()) {
    Error("ENDINGS_ABOVE_PLACEMENTS", "unplanned_endings", absl::StrCat(endings),
          absl::StrCat("at most ", report_.placements(), ", the placements"),
          absl::StrCat("Unplanned endings is ", endings, ", more than the ", report_.placements(),
                       " placements of the quarter; check both."));
    return;
  }
  content_.unplanned_endings = endings;
}

// A fee in pence, or a year's spend in a quarter, is the usual slip.
void ReportChecker::Report::CheckSpend() {
  if (failed_ || !content_.spend_micros || !content_.weekly_fee_micros) return;
  const absl::int128 most =
      absl::int128(content_.placements) * kWeeksOfQuarter *
      (*content_.weekly_fee_micros + content_.weekly_extras_micros.value_or(0));
  if (*content_.spend_micros <= most) return;
  Add(Severity::kWarning, "SPEND_ABOVE_FEES", "spend_micros", Pounds(*content_.spend_micros),
      absl::StrCat("at most ", Pounds(static_cast<int64_t>(most))),
      absl::StrCat("Spend is ", Pounds(*content_.spend_micros), ", more than ", content_.placements,
                   " placements cost in ", kWeeksOfQuarter,
                   " weeks at the weekly fee and extras given; check all of them."));
}

void ReportChecker::Report::CheckSufficiency() {
  const bool referrals_ok =
      !report_.has_referrals() ||
      CheckCount("referrals", "Referrals", report_.referrals(), model::kMaxReferrals);
  const bool offers_ok = !report_.has_offers() ||
                         CheckCount("offers", "Offers", report_.offers(), model::kMaxReferrals);
  if (referrals_ok && report_.has_referrals()) content_.referrals = report_.referrals();
  if (report_.has_offers() && offers_ok && referrals_ok) {
    if (!report_.has_referrals()) {
      Error("REFERRALS_MISSING", "referrals", "", "the referrals that the offers answer",
            absl::StrCat("Offers is ", report_.offers(),
                         ", but referrals is missing; give how many were made."));
    } else if (report_.offers() > report_.referrals()) {
      Error("OFFERS_ABOVE_REFERRALS", "offers", absl::StrCat(report_.offers()),
            absl::StrCat("at most ", report_.referrals(), ", the referrals"),
            absl::StrCat("Offers is ", report_.offers(), ", more than the ", report_.referrals(),
                         " referrals; count each referral once, however many places were offered "
                         "for it."));
    } else {
      content_.offers = report_.offers();
    }
  }
  if (report_.has_nearest_offer_meters() &&
      CheckCount("nearest_offer_meters", "Nearest offer in meters", report_.nearest_offer_meters(),
                 model::kMaxNearestOfferMeters)) {
    if (report_.has_offers() && report_.offers() == 0) {
      Error("NEAREST_WITHOUT_OFFERS", "nearest_offer_meters",
            absl::StrCat(report_.nearest_offer_meters()), "nothing, if nothing was offered",
            "A distance to the nearest offer is given, but offers is 0; check both.");
    } else {
      content_.nearest_offer_meters = report_.nearest_offer_meters();
    }
  }
  if (report_.has_no_alternative()) content_.no_alternative = report_.no_alternative();
}

void ReportChecker::Report::CheckIntention() {
  const int intention = report_.intention();
  if (intention < 0 || intention > static_cast<int>(model::kIntentionCount)) {
    Error(
        "INTENTION_UNKNOWN", "intention", absl::StrCat(intention), Ids(model::Intentions()),
        absl::StrCat("Intention is not one of ", Ids(model::Intentions()), "; give one of them."));
    return;
  }
  content_.intention = static_cast<model::Intention>(intention);
}

void ReportChecker::Report::CheckPriorities() {
  if (report_.priorities_size() > static_cast<int>(model::kMaxPriorities)) {
    Error("TOO_MANY_PRIORITIES", "priorities", absl::StrCat(report_.priorities_size()),
          absl::StrCat("at most ", model::kMaxPriorities),
          absl::StrCat("There are ", report_.priorities_size(), " priorities; give the ",
                       model::kMaxPriorities, " that matter most, the first one first."));
    return;
  }
  for (int i = 0; i < report_.priorities_size(); ++i) {
    const std::string& id = report_.priorities(i);
    const std::string field = absl::StrCat("priorities[", i, "]");
    const auto number = model::ParsePriority(id);
    if (!number) {
      Unknown("PRIORITY_UNKNOWN", field, id, Ids(model::Priorities()),
              absl::StrCat("Priority '", Printable(id, 80), "' is not on the list; give one of ",
                           Ids(model::Priorities()), "."));
      continue;
    }
    auto& chosen = content_.priorities;
    if (std::find(chosen.begin(), chosen.end(), *number) != chosen.end()) {
      Error("PRIORITY_REPEATED", field, id, "each priority once",
            absl::StrCat("Priority '", id, "' is given twice; give each once."));
      continue;
    }
    chosen.push_back(*number);
  }
}

}  // namespace steelyard::outcomes
