#include "server/outcomes/report_checker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/outcomes/checked_report.h"
#include "server/privacy/personal_data.h"
#include "server/rpc/convert.h"
#include "storage/base/text.h"

namespace steelyard::outcomes {
namespace {

using v1::OutcomeReport;

std::string QuarterText(int year, int quarter) { return absl::StrCat(year, "-Q", quarter); }

}  // namespace

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

}  // namespace steelyard::outcomes
