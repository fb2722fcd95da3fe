#include "server/outcomes/report_checker.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/privacy/personal_data.h"
#include "server/rpc/convert.h"
#include "storage/base/text.h"

namespace steelyard::outcomes {
namespace {

using v1::OutcomeReport;
using Severity = model::Problem::Severity;

// No quarter has more.
constexpr int kWeeksOfQuarter = 14;

std::string QuarterText(int year, int quarter) { return absl::StrCat(year, "-Q", quarter); }

// The ids of a coded list, for the words of a problem.
template <typename Codes>
std::string Ids(const Codes& codes) {
  return absl::StrJoin(
      codes, ", ", [](std::string* out, const auto& code) { absl::StrAppend(out, Av(code.id)); });
}

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

// One report under check.
class ReportChecker::Report {
 public:
  Report(ReportChecker& checker, int64_t row, model::CouncilNo council, const OutcomeReport& report,
         std::vector<model::Problem>& problems)
      : checker_(checker),
        row_(row),
        council_(council),
        report_(report),
        problems_(problems),
        first_problem_(problems.size()) {}

  CheckedReport Run();

 private:
  void CheckProvider();
  void CheckService();
  void CheckQuarter();
  void CheckPlacements();
  void CheckRatings();
  void CheckAmounts();
  void CheckSpend();
  void CheckSufficiency();
  void CheckIntention();
  void CheckPriorities();

  void Add(Severity severity, std::string_view code, std::string_view field, std::string_view found,
           std::string_view expected, std::string_view message);
  void Error(std::string_view code, std::string_view field, std::string_view found,
             std::string_view expected, std::string_view message) {
    Add(Severity::kError, code, field, found, expected, message);
  }
  // A text that stands for nothing: refused without being shown if it looks
  // like personal data, else with `code` and `message`.
  void Unknown(std::string_view code, std::string_view field, std::string_view text,
               std::string_view expected, std::string_view message);
  // Checks a whole number and says what is wrong with it.
  bool CheckCount(std::string_view field, std::string_view label, int64_t value, int64_t high);
  // An optional amount of money.
  void CheckAmount(std::string_view field, std::string_view label, bool given, int64_t micros,
                   int64_t high, std::optional<int64_t>& out);
  // Something that nobody can say who has no one placed.
  bool NeedsPlacements(std::string_view field, std::string_view label, std::string_view found);

  ReportChecker& checker_;
  const int64_t row_;
  const model::CouncilNo council_;
  const OutcomeReport& report_;
  std::vector<model::Problem>& problems_;
  const size_t first_problem_;

  const model::Provider* provider_ = nullptr;
  bool has_service_ = false;
  bool has_quarter_ = false;
  model::OutcomeContent content_;
  bool failed_ = false;
  int warnings_ = 0;
};

ReportChecker::ReportChecker(std::shared_ptr<const directory::Resolver> resolver, model::Day today,
                             int32_t min_cohort)
    : resolver_(std::move(resolver)), today_(today), min_cohort_(min_cohort) {}

CheckedReport ReportChecker::Check(int64_t row, model::CouncilNo council,
                                   const OutcomeReport& report,
                                   std::vector<model::Problem>& problems) {
  return Report(*this, row, council, report, problems).Run();
}

const std::string& ReportChecker::SuggestProvider(std::string_view text) {
  auto [it, added] = hints_.try_emplace(std::string(text));
  if (added) {
    std::vector<std::string> names;
    for (model::ProviderNo no : resolver_->SuggestProviders(text)) {
      if (const model::Provider* p = resolver_->registers().FindProvider(no)) {
        names.push_back(absl::StrCat("'", p->display_name, "' (", p->id, ")"));
      }
    }
    if (!names.empty()) it->second = " Did you mean " + absl::StrJoin(names, " or ") + "?";
  }
  return it->second;
}

CheckedReport ReportChecker::Report::Run() {
  CheckProvider();
  CheckService();
  CheckQuarter();
  CheckPlacements();
  CheckRatings();
  CheckAmounts();
  CheckSpend();
  CheckSufficiency();
  CheckIntention();
  CheckPriorities();
  CheckedReport checked;
  if (provider_ != nullptr && has_service_ && has_quarter_) {
    checked.reference = model::OutcomeReference(provider_->id, content_.service, content_.quarter);
  }
  for (size_t i = first_problem_; i < problems_.size(); ++i) {
    problems_[i].reference = checked.reference;
  }
  checked.warnings = warnings_;
  if (!failed_) checked.content = std::move(content_);
  return checked;
}

void ReportChecker::Report::Add(Severity severity, std::string_view code, std::string_view field,
                                std::string_view found, std::string_view expected,
                                std::string_view message) {
  model::Problem p;
  p.row = row_;
  p.field = std::string(field);
  p.found = Printable(found);
  p.expected = std::string(expected);
  p.severity = severity;
  p.code = std::string(code);
  p.message = std::string(message);
  problems_.push_back(std::move(p));
  if (severity == Severity::kWarning) {
    ++warnings_;
  } else {
    failed_ = true;
  }
}

void ReportChecker::Report::Unknown(std::string_view code, std::string_view field,
                                    std::string_view text, std::string_view expected,
                                    std::string_view message) {
  if (const auto kind = privacy::FindPersonalData(text)) {
    Error("PERSONAL_DATA", field, "", expected,
          absl::StrCat("This field holds what looks like ", Av(*kind),
                       "; it is not kept and not shown here. Reports are about groups, never about "
                       "one person: take it out, and give ",
                       Av(expected), "."));
    return;
  }
  Error(code, field, text, expected, message);
}

bool ReportChecker::Report::CheckCount(std::string_view field, std::string_view label,
                                       int64_t value, int64_t high) {
  if (value >= 0 && value <= high) return true;
  const std::string expected = absl::StrCat("a whole number from 0 to ", high);
  Error("NUMBER_OUT_OF_RANGE", field, absl::StrCat(value), expected,
        absl::StrCat(Av(label), " is ", value, "; give ", expected, "."));
  return false;
}

bool ReportChecker::Report::NeedsPlacements(std::string_view field, std::string_view label,
                                            std::string_view found) {
  if (report_.placements() != 0) return true;
  Error("PLACEMENTS_MISSING", field, found, "nothing, unless somebody is placed",
        absl::StrCat(Av(label),
                     " is given, but placements is 0; give the people placed in the "
                     "quarter, or report referrals alone."));
  return false;
}

void ReportChecker::Report::CheckProvider() {
  const std::string& text = report_.provider();
  if (text.empty()) {
    Error("PROVIDER_MISSING", "provider", "", "a registered provider",
          "Provider is missing; give a registered provider by its id, company number or name.");
    return;
  }
  const auto found = checker_.resolver_->ResolveProvider(text);
  if (found) {
    content_.provider = found.no;
    provider_ = checker_.resolver_->registers().FindProvider(found.no);
    return;
  }
  const std::string shown = Printable(text, 80);
  if (found.ambiguous) {
    Error("PROVIDER_AMBIGUOUS", "provider", text, "one registered provider",
          absl::StrCat("Provider '", shown,
                       "' stands for more than one provider; give its id or company number.",
                       checker_.SuggestProvider(text)));
  } else {
    Unknown("PROVIDER_UNKNOWN", "provider", text, "a registered provider",
            absl::StrCat("Provider '", shown,
                         "' is not registered; give its id, company number or registered name.",
                         checker_.SuggestProvider(text)));
  }
}

void ReportChecker::Report::CheckService() {
  const std::string& text = report_.service();
  const std::string expected = Ids(model::Services());
  if (text.empty()) {
    Error("SERVICE_MISSING", "service", "", expected,
          "Service is missing; give the kind of service, such as childrens-homes.");
    return;
  }
  const auto service = model::ParseService(text);
  if (!service) {
    Unknown("SERVICE_UNKNOWN", "service", text, expected,
            absl::StrCat("Service '", Printable(text, 80), "' is not known; give one of ", expected,
                         "."));
    return;
  }
  content_.service = *service;
  has_service_ = true;
  if (provider_ == nullptr || provider_->services.empty()) return;
  const auto& offered = provider_->services;
  if (std::find(offered.begin(), offered.end(), *service) != offered.end()) return;
  std::vector<std::string_view> ids;
  for (model::Service s : offered) ids.push_back(model::CodeOf(s).id);
  const std::string known = absl::StrJoin(
      ids, ", ", [](std::string* out, std::string_view id) { absl::StrAppend(out, Av(id)); });
  Add(Severity::kWarning, "SERVICE_NOT_OFFERED", "service", text, known,
      absl::StrCat("'", provider_->display_name, "' is registered for ", known,
                   " only; check provider and service."));
}

void ReportChecker::Report::CheckQuarter() {
  if (!report_.has_quarter()) {
    Error("QUARTER_MISSING", "quarter", "", "a quarter such as 2024-Q1",
          "Quarter is missing; give the quarter that the report is about.");
    return;
  }
  const v1::Quarter& asked = report_.quarter();
  const std::string found = QuarterText(asked.year(), asked.quarter());
  const auto first = rpc::FromProto(asked);
  if (!first) {
    Error("QUARTER_INVALID", "quarter", found, "a quarter from 2000-Q1 to 2100-Q4",
          absl::StrCat("Quarter is ", found, "; give a year from 2000 and a quarter from 1 to 4."));
    return;
  }
  content_.quarter = *first;
  has_quarter_ = true;
  const model::Month now = model::Month::Of(checker_.today_).QuarterStart();
  if (*first > now) {
    const std::string latest = QuarterText(now.year(), now.month() / 3 + 1);
    Error("QUARTER_IN_FUTURE", "quarter", found, latest + " or earlier",
          absl::StrCat("Quarter ", found, " has not begun; report on ", latest, " or earlier."));
  }
  const model::Council* council = checker_.resolver_->registers().FindCouncil(council_);
  if (council != nullptr && council->end_date && *first > model::Month::Of(*council->end_date)) {
    Error("COUNCIL_CLOSED", "quarter", found,
          "a quarter that begins by " + council->end_date->ToString(),
          absl::StrCat(council->display_name, " ended on ", council->end_date->ToString(),
                       "; send later reports for the council that took over."));
  }
}

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
