#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/purchase_grids.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::PurchaseService::Stub;

struct Options {
  std::string council;
  std::string reference;
  std::string product;
  std::string supplier;
  std::string from;
  std::string to;
  std::string reason;
  std::string etag;
  int limit = 50;
  bool withdrawn = false;
};

absl::StatusOr<std::string> NameOf(Session& session, const Options& options) {
  if (options.reference.substr(0, 9) == "councils/") return options.reference;
  ASSIGN_OR_RETURN(const std::string council, session.CouncilName(options.council));
  return PurchaseName(council, options.reference);
}

absl::Status List(Session& session, const Options& options) {
  v1::ListPurchasesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.CouncilName(options.council));
  request.set_product(options.product);
  request.set_supplier(options.supplier);
  if (!options.from.empty()) *request.mutable_order_date_from() = *ParseDate(options.from);
  if (!options.to.empty()) *request.mutable_order_date_to() = *ParseDate(options.to);
  request.set_show_withdrawn(options.withdrawn);
  ASSIGN_OR_RETURN(v1::ListPurchasesResponse all,
                   CallPages(session, &Stub::ListPurchases, request, options.limit,
                             [](auto& reply) { return reply.mutable_purchases(); }));
  session.Print(all, GridOf(all.purchases()));
  if (!all.next_page_token().empty()) {
    session.Say(
        absl::StrCat("The first ", all.purchases_size(), "; there are more. --limit 0 shows all."));
  }
  return absl::OkStatus();
}

absl::Status Get(Session& session, const Options& options) {
  v1::GetPurchaseRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(session, options));
  ASSIGN_OR_RETURN(const v1::Purchase purchase, session.Call(&Stub::GetPurchase, request));
  session.Print(purchase, DetailGrid(purchase));
  return absl::OkStatus();
}

absl::Status ListVersions(Session& session, const Options& options) {
  v1::ListPurchaseVersionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), NameOf(session, options));
  ASSIGN_OR_RETURN(v1::ListPurchaseVersionsResponse all,
                   CallPages(session, &Stub::ListPurchaseVersions, request, 0,
                             [](auto& reply) { return reply.mutable_purchases(); }));
  session.Print(all, VersionGrid(all.purchases()));
  return absl::OkStatus();
}

absl::Status Withdraw(Session& session, const Options& options) {
  v1::WithdrawPurchaseRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(session, options));
  request.set_reason(options.reason);
  request.set_etag(options.etag);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Purchase purchase, session.Call(&Stub::WithdrawPurchase, request));
  if (session.format() != Format::kTable) session.Print(purchase, DetailGrid(purchase));
  session.Say(absl::StrCat("Withdrawn: ", purchase.reference(),
                           ". It counts nowhere any more, and is kept."));
  return absl::OkStatus();
}

absl::Status ListSubmissions(Session& session, const Options& options) {
  v1::ListSubmissionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.CouncilName(options.council));
  ASSIGN_OR_RETURN(v1::ListSubmissionsResponse all,
                   CallPages(session, &Stub::ListSubmissions, request, options.limit,
                             [](auto& reply) { return reply.mutable_submissions(); }));
  session.Print(all, GridOf(all.submissions()));
  return absl::OkStatus();
}

absl::Status GetStatus(Session& session, const Options& options) {
  v1::GetPublicationStatusRequest request;
  ASSIGN_OR_RETURN(*request.mutable_council(), session.CouncilName(options.council));
  ASSIGN_OR_RETURN(const v1::PublicationStatus status,
                   session.Call(&Stub::GetPublicationStatus, request));
  session.Print(status, GridOf(status));
  return absl::OkStatus();
}

}  // namespace

void AddPurchaseCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* purchases =
      app.add_subcommand("purchases", "What your council bought: send, look up, correct, withdraw");
  purchases->require_subcommand(1);
  AddUploadCommand(*purchases, chosen);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = purchases->add_subcommand(name, what);
    command->add_option("--council", options->council,
                        "Council code; the token's own council if not said");
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto add_reference = [&](CLI::App* command) {
    command->add_option("reference", options->reference, "Your reference of the line")->required();
  };
  const auto add_limit = [&](CLI::App* command) {
    command->add_option("--limit", options->limit, "Most entries; all if 0")
        ->check(ZeroOrMore())
        ->capture_default_str();
  };

  CLI::App* list = verb("list", "List lines in the order of their references", &List);
  list->add_option("--product", options->product, "Only this product");
  list->add_option("--supplier", options->supplier, "Only this supplier");
  list->add_option("--from", options->from, "Only orders of this day or later, YYYY-MM-DD")
      ->check(CheckWith(&ParseDate));
  list->add_option("--to", options->to, "Only orders of this day or earlier, YYYY-MM-DD")
      ->check(CheckWith(&ParseDate));
  list->add_flag("--withdrawn", options->withdrawn, "Also lines that were withdrawn");
  add_limit(list);

  add_reference(verb("get", "Show one line", &Get));
  add_reference(verb("versions", "Show every version of a line, newest first", &ListVersions));
  AddCorrectCommand(*purchases, chosen);

  CLI::App* withdraw =
      verb("withdraw", "Withdraw a line; it is kept, but counts nowhere", &Withdraw);
  add_reference(withdraw);
  withdraw->add_option("--reason", options->reason, "Why, at most 200 characters")->required();
  withdraw->add_option("--etag", options->etag, "Only if the line still has this etag");

  add_limit(
      verb("submissions", "List the receipts for what was sent, newest first", &ListSubmissions));
  verb("status", "Which lines benchmarks already include, and which wait", &GetStatus);
}

}  // namespace steelyard::cli
