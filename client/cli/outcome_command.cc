#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/outcome_fields.h"
#include "client/cli/outcome_grids.h"
#include "client/cli/parse.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/outcome_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::OutcomeService::Stub;

struct Options {
  std::string council;
  std::string report;
  std::string provider;
  std::string service;
  std::string period;
  std::string reason;
  std::string etag;
  std::vector<std::string> assignments;
  int limit = 50;
  bool withdrawn = false;
};

absl::StatusOr<std::string> NameOf(Session& session, const Options& options) {
  if (options.report.substr(0, 9) == "councils/") return options.report;
  ASSIGN_OR_RETURN(const std::string council, session.CouncilName(options.council));
  return absl::StrCat(council, "/outcomeReports/", options.report);
}

absl::Status List(Session& session, const Options& options) {
  v1::ListOutcomeReportsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.CouncilName(options.council));
  request.set_provider(options.provider);
  request.set_service(options.service);
  if (!options.period.empty()) {
    const auto quarters = *ParseQuarters(options.period);
    *request.mutable_from_quarter() = quarters.first;
    *request.mutable_to_quarter() = quarters.second;
  }
  request.set_show_withdrawn(options.withdrawn);
  ASSIGN_OR_RETURN(v1::ListOutcomeReportsResponse all,
                   CallPages(session, &Stub::ListOutcomeReports, request, options.limit,
                             [](auto& reply) { return reply.mutable_outcome_reports(); }));
  session.Print(all, GridOf(all.outcome_reports()));
  if (!all.next_page_token().empty()) {
    session.Say(absl::StrCat("The first ", all.outcome_reports_size(),
                             "; there are more. --limit 0 shows all."));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::OutcomeReport> Fetch(Session& session, const Options& options) {
  v1::GetOutcomeReportRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(session, options));
  return session.Call(&Stub::GetOutcomeReport, request);
}

absl::Status Get(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const v1::OutcomeReport report, Fetch(session, options));
  session.Print(report, DetailGrid(report));
  return absl::OkStatus();
}

absl::Status ListVersions(Session& session, const Options& options) {
  v1::ListOutcomeReportVersionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), NameOf(session, options));
  ASSIGN_OR_RETURN(v1::ListOutcomeReportVersionsResponse all,
                   CallPages(session, &Stub::ListOutcomeReportVersions, request, 0,
                             [](auto& reply) { return reply.mutable_outcome_reports(); }));
  session.Print(all, VersionGrid(all.outcome_reports()));
  return absl::OkStatus();
}

// Ratings are one field, so a correction of one starts from those there are;
// the etag keeps a change that somebody else makes meanwhile.
absl::Status Correct(Session& session, const Options& options) {
  v1::UpdateOutcomeReportRequest request;
  ASSIGN_OR_RETURN(v1::OutcomeReport report, Fetch(session, options));
  for (const std::string& assignment : options.assignments) {
    RETURN_IF_ERROR(SetOutcomeField(assignment, report, *request.mutable_update_mask()));
  }
  if (!options.etag.empty()) report.set_etag(options.etag);
  *request.mutable_outcome_report() = std::move(report);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::OutcomeReport corrected,
                   session.Call(&Stub::UpdateOutcomeReport, request));
  session.Print(corrected, DetailGrid(corrected));
  session.Say(absl::StrCat("Corrected: now version ", corrected.revision(), "."));
  return absl::OkStatus();
}

absl::Status Withdraw(Session& session, const Options& options) {
  v1::WithdrawOutcomeReportRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(session, options));
  request.set_reason(options.reason);
  request.set_etag(options.etag);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::OutcomeReport report,
                   session.Call(&Stub::WithdrawOutcomeReport, request));
  if (session.format() != Format::kTable) session.Print(report, DetailGrid(report));
  session.Say("Withdrawn. It counts nowhere any more, and is kept.");
  return absl::OkStatus();
}

}  // namespace

void AddOutcomeCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* outcomes = app.add_subcommand(
      "outcomes", "How providers serve the people your council placed: send, look up, correct");
  outcomes->require_subcommand(1);
  AddOutcomeUploadCommand(*outcomes, chosen);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = outcomes->add_subcommand(name, what);
    command->add_option("--council", options->council,
                        "Council code; the token's own council if not said");
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto add_report = [&](CLI::App* command) {
    command
        ->add_option("report", options->report,
                     "The report's id, {provider}.{service}.{year}-q{quarter}")
        ->required();
  };

  CLI::App* list = verb("list", "List reports in the order of their ids", &List);
  list->add_option("--provider", options->provider, "Only this provider");
  list->add_option("--service", options->service, "Only this kind of service");
  list->add_option("--period", options->period, "Only these quarters, 2024-Q1 or 2023..2024-Q2")
      ->check(CheckWith(&ParseQuarters));
  list->add_flag("--withdrawn", options->withdrawn, "Also reports that were withdrawn");
  list->add_option("--limit", options->limit, "Most entries; all if 0")
      ->check(ZeroOrMore())
      ->capture_default_str();

  add_report(verb("get", "Show one report", &Get));
  add_report(verb("versions", "Show every version of a report, newest first", &ListVersions));

  CLI::App* correct =
      verb("correct", "Correct fields of a report; its former version is kept", &Correct);
  add_report(correct);
  correct
      ->add_option("--set", options->assignments,
                   "FIELD=VALUE, as often as needed; no value takes the field away. Fields: " +
                       OutcomeFieldsToSet())
      ->required()
      ->allow_extra_args(false);
  correct->add_option("--etag", options->etag, "Only if the report still has this etag");

  CLI::App* withdraw =
      verb("withdraw", "Withdraw a report; it is kept, but counts nowhere", &Withdraw);
  add_report(withdraw);
  withdraw->add_option("--reason", options->reason, "Why, at most 200 characters")->required();
  withdraw->add_option("--etag", options->etag, "Only if the report still has this etag");
}

}  // namespace steelyard::cli
