#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/spend_grids.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/spend_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::SpendService::Stub;

struct Options {
  std::string council;
  std::string provider;
  std::string period;
  std::string negotiation;
  std::string name;
  bool nobody = false;
  int limit = 50;
  int top = 20;
};

template <typename Request>
void SetQuarters(const Options& options, Request& request) {
  const auto quarters = ParseQuarters(options.period);  // was checked as it was read
  *request.mutable_from_quarter() = quarters->first;
  *request.mutable_to_quarter() = quarters->second;
}

void SayThereIsMore(Session& session, int shown, const std::string& token) {
  if (token.empty()) return;
  session.Say(absl::StrCat("The first ", shown, "; there are more. --limit 0 shows all."));
}

absl::Status Sources(Session& session, const Options& options) {
  v1::ListPaymentSourcesRequest request;
  if (!options.council.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_council(), session.CouncilName(options.council));
  }
  ASSIGN_OR_RETURN(v1::ListPaymentSourcesResponse all,
                   CallPages(session, &Stub::ListPaymentSources, request, options.limit,
                             [](auto& reply) { return reply.mutable_sources(); }));
  session.Print(all, GridOf(all.sources()));
  SayThereIsMore(session, all.sources_size(), all.next_page_token());
  return absl::OkStatus();
}

absl::Status List(Session& session, const Options& options) {
  v1::ListSpendRequest request;
  SetQuarters(options, request);
  if (!options.council.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_council(), session.CouncilName(options.council));
  }
  if (!options.provider.empty()) {
    request.set_provider(ResourceName("providers", options.provider));
  }
  ASSIGN_OR_RETURN(v1::ListSpendResponse all,
                   CallPages(session, &Stub::ListSpend, request, options.limit,
                             [](auto& reply) { return reply.mutable_rows(); }));
  session.Print(all, GridOf(all.rows()));
  SayThereIsMore(session, all.rows_size(), all.next_page_token());
  return absl::OkStatus();
}

absl::Status Top(Session& session, const Options& options) {
  v1::ListTopSpendingCouncilsRequest request;
  request.set_provider(ResourceName("providers", options.provider));
  SetQuarters(options, request);
  request.set_page_size(options.top);
  if (!options.negotiation.empty()) {
    request.set_negotiation(ResourceName("negotiations", options.negotiation));
  }
  ASSIGN_OR_RETURN(const v1::ListTopSpendingCouncilsResponse reply,
                   session.Call(&Stub::ListTopSpendingCouncils, request));
  session.Print(reply, GridOf(reply.spenders()));
  session.SayWrapped(absl::StrCat(
      "Known: ", MoneyWords(reply.known_total_micros(), "GBP", 0), " published by ",
      CountOf(reply.known_councils(), "council", "councils"),
      ", less credit notes, with all that the provider owned in each quarter. Councils whose "
      "payments were not sent are not in it."));
  session.SayWrapped(absl::StrCat("Receipt: method ", reply.receipt().method_version(),
                                  ", SHA-256 ", reply.receipt().content_sha256().substr(0, 16),
                                  "…, of the payments known now."));
  return absl::OkStatus();
}

absl::Status Proposals(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(v1::ListNameProposalsResponse all,
                   CallPages(session, &Stub::ListNameProposals, v1::ListNameProposalsRequest(),
                             options.limit, [](auto& reply) { return reply.mutable_proposals(); }));
  session.Print(all, GridOf(all.proposals()));
  SayThereIsMore(session, all.proposals_size(), all.next_page_token());
  return absl::OkStatus();
}

absl::Status Decide(Session& session, const Options& options) {
  if (options.nobody == !options.provider.empty()) {
    return absl::InvalidArgumentError("say whose the name is: --provider ID or --nobody");
  }
  v1::DecideNameRequest request;
  request.set_supplier_name(options.name);
  if (!options.nobody) request.set_provider(ResourceName("providers", options.provider));
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::NameDecision decision, session.Call(&Stub::DecideName, request));
  if (session.format() != Format::kTable) {
    v1::ListNameDecisionsResponse one;
    *one.add_decisions() = decision;
    session.Print(decision, GridOf(one.decisions()));
  }
  session.Say(absl::StrCat("'", decision.supplier_name(), "' is ",
                           decision.provider().empty()
                               ? "no provider's"
                               : absl::StrCat(LastPart(decision.provider()), "'s"),
                           ", in payments sent before too."));
  return absl::OkStatus();
}

absl::Status Decisions(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(v1::ListNameDecisionsResponse all,
                   CallPages(session, &Stub::ListNameDecisions, v1::ListNameDecisionsRequest(),
                             options.limit, [](auto& reply) { return reply.mutable_decisions(); }));
  session.Print(all, GridOf(all.decisions()));
  SayThereIsMore(session, all.decisions_size(), all.next_page_token());
  return absl::OkStatus();
}

CLI::App* AddVerb(CLI::App& noun, const char* name, const char* what,
                  const std::shared_ptr<Options>& options, Action& chosen,
                  absl::Status (*act)(Session&, const Options&)) {
  CLI::App* command = noun.add_subcommand(name, what);
  command->callback([&chosen, options, act] {
    chosen = [options, act](Session& session) { return act(session, *options); };
  });
  return command;
}

void AddPeriod(CLI::App* command, Options& options) {
  command->add_option("--period", options.period, "2016, 2016-Q1 or 2015-Q1..2016-Q4")
      ->required()
      ->check(CheckWith(&ParseQuarters));
}

void AddLimit(CLI::App* command, Options& options) {
  command->add_option("--limit", options.limit, "Most entries to show; 0 shows all")
      ->check(WholeNumber(0, 1'000'000))
      ->capture_default_str();
}

}  // namespace

void AddSpendCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* spend =
      app.add_subcommand("spend", "What councils' published payments say they spend with whom");
  spend->require_subcommand(1);
  AddSpendImportCommand(*spend, chosen);
  CLI::App* sources =
      AddVerb(*spend, "sources", "The files that were sent", options, chosen, &Sources);
  sources->add_option("--council", options->council, "Only this council");
  AddLimit(sources, *options);
  CLI::App* list = AddVerb(*spend, "list", "Spend by council, provider, owner and quarter", options,
                           chosen, &List);
  list->add_option("--council", options->council, "Only this council");
  list->add_option("--provider", options->provider,
                   "Only this provider, with all that it owned at the time");
  AddPeriod(list, *options);
  AddLimit(list, *options);
  CLI::App* top = AddVerb(*spend, "top", "The councils that spend most with a provider or owner",
                          options, chosen, &Top);
  top->add_option("provider", options->provider, "Provider or owner")->required();
  top->add_option("--limit", options->top, "Most councils to show")
      ->check(WholeNumber(1, 500))
      ->capture_default_str();
  top->add_option("--negotiation", options->negotiation,
                  "A negotiation your council is in: shows what its members submitted");
  AddPeriod(top, *options);

  CLI::App* names = spend->add_subcommand("names", "Whose supplier names are (stewards)");
  names->require_subcommand(1);
  AddLimit(AddVerb(*names, "proposals", "Names that may be a provider's, largest sum first",
                   options, chosen, &Proposals),
           *options);
  CLI::App* decide =
      AddVerb(*names, "decide", "Say whose a name is; it is remembered", options, chosen, &Decide);
  decide->add_option("name", options->name, "The name as published")->required();
  decide->add_option("--provider", options->provider, "Whose it is");
  decide->add_flag("--nobody", options->nobody, "It is no provider's");
  AddLimit(AddVerb(*names, "decisions", "What was decided", options, chosen, &Decisions), *options);
}

}  // namespace steelyard::cli
