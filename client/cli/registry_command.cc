#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/problem_report.h"
#include "client/cli/provider_register_grids.h"
#include "client/cli/registry_grids.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/registry_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::RegistryService::Stub;

struct Options {
  std::string kind;
  std::string file;
  std::string id;
  std::string into;
  std::string query;
  std::string product_class;
  std::string owner;
  std::string provider;
  std::string council;
  std::string service;
  std::string date;
  int limit = 0;
  bool former = false;
  bool validate_only = false;
};

absl::Status Load(Session& session, const Options& options) {
  std::ifstream file(options.file, std::ios::binary);
  if (!file) return absl::NotFoundError("cannot read " + options.file);
  v1::LoadRegisterRequest request;
  v1::LoadRegisterRequest::Register number;
  std::string kind = options.kind;
  for (char& c : kind) c = static_cast<char>(c - 'a' + 'A');  // one of the plain words
  if (v1::LoadRegisterRequest::Register_Parse(kind, &number)) request.set_register_(number);
  request.mutable_csv()->assign(std::istreambuf_iterator<char>(file),
                                std::istreambuf_iterator<char>());
  request.set_validate_only(options.validate_only);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(v1::LoadRegisterResponse reply, session.Call(&Stub::LoadRegister, request));
  ProblemReport report;
  for (const v1::Problem& problem : reply.problems()) report.Add(problem);
  if (session.format() == Format::kJson) {
    session.PrintJson(reply);
  } else {
    report.Print(session.terminal(), session.format(), kReportRows, "");
  }
  if (report.errors() > 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "nothing was loaded: ", CountOf(report.errors(), "row has an error", "rows have errors")));
  }
  session.Say(absl::StrCat(
      options.validate_only ? "Nothing was loaded, as you asked. It would be: " : "Loaded: ",
      CountWords(reply.created_entries()), " new, ", CountWords(reply.updated_entries()),
      " changed, ", CountWords(reply.unchanged_entries()), " as before."));
  return absl::OkStatus();
}

absl::Status ListProviders(Session& session, const Options& options) {
  v1::ListProvidersRequest request;
  request.set_owner(options.owner);
  request.set_service(options.service);
  if (!options.date.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_date(), ParseDate(options.date));
  }
  ASSIGN_OR_RETURN(v1::ListProvidersResponse all,
                   CallPages(session, &Stub::ListProviders, request, options.limit,
                             [](auto& reply) { return reply.mutable_providers(); }));
  session.Print(all, GridOf(all.providers()));
  return absl::OkStatus();
}

absl::Status ListEstablishments(Session& session, const Options& options) {
  v1::ListEstablishmentsRequest request;
  request.set_provider(options.provider.empty() ? options.owner : options.provider);
  request.set_council(options.council);
  request.set_service(options.service);
  if (!options.date.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_date(), ParseDate(options.date));
  }
  ASSIGN_OR_RETURN(v1::ListEstablishmentsResponse all,
                   CallPages(session, &Stub::ListEstablishments, request, options.limit,
                             [](auto& reply) { return reply.mutable_establishments(); }));
  session.Print(all, GridOf(all.establishments()));
  return absl::OkStatus();
}

absl::Status ListMeasures(Session& session) {
  ASSIGN_OR_RETURN(const v1::ListMeasuresResponse all,
                   session.Call(&Stub::ListMeasures, v1::ListMeasuresRequest()));
  session.Print(all, GridOf(all.measures()));
  if (all.measures_size() > 0 && session.format() == Format::kTable) {
    session.Say(absl::StrCat("\nEach is rated on one scale (", all.measures(0).scale(),
                             "); means count its levels by the map ", all.measures(0).score_map(),
                             ":\n"));
    LevelsGrid(all.measures(0)).Print(session.terminal().out, session.terminal().width);
  }
  return absl::OkStatus();
}

absl::Status ListCodes(Session& session) {
  ASSIGN_OR_RETURN(const v1::ListCodesResponse all,
                   session.Call(&Stub::ListCodes, v1::ListCodesRequest()));
  session.Print(all, GridOf(all.codes()));
  return absl::OkStatus();
}

absl::Status List(Session& session, const Options& options) {
  if (options.kind == "providers") return ListProviders(session, options);
  if (options.kind == "establishments") return ListEstablishments(session, options);
  if (options.kind == "measures") return ListMeasures(session);
  if (options.kind == "codes") return ListCodes(session);
  if (options.kind == "areas") {
    ASSIGN_OR_RETURN(v1::ListAreasResponse all,
                     CallPages(session, &Stub::ListAreas, v1::ListAreasRequest(), options.limit,
                               [](auto& reply) { return reply.mutable_areas(); }));
    session.Print(all, GridOf(all.areas()));
  } else if (options.kind == "councils") {
    v1::ListCouncilsRequest request;
    request.set_show_former(options.former);
    ASSIGN_OR_RETURN(v1::ListCouncilsResponse all,
                     CallPages(session, &Stub::ListCouncils, request, options.limit,
                               [](auto& reply) { return reply.mutable_councils(); }));
    session.Print(all, GridOf(all.councils()));
  } else if (options.kind == "products") {
    v1::ListProductsRequest request;
    request.set_product_class(options.product_class);
    ASSIGN_OR_RETURN(v1::ListProductsResponse all,
                     CallPages(session, &Stub::ListProducts, request, options.limit,
                               [](auto& reply) { return reply.mutable_products(); }));
    session.Print(all, GridOf(all.products()));
  } else {
    ASSIGN_OR_RETURN(
        v1::ListSuppliersResponse all,
        CallPages(session, &Stub::ListSuppliers, v1::ListSuppliersRequest(), options.limit,
                  [](auto& reply) { return reply.mutable_suppliers(); }));
    session.Print(all, GridOf(all.suppliers()));
  }
  return absl::OkStatus();
}

template <typename Request>
Request SearchFor(const Options& options) {
  Request request;
  request.set_query(options.query);
  request.set_page_size(options.limit);
  return request;
}

absl::Status Search(Session& session, const Options& options) {
  if (options.kind == "councils") {
    ASSIGN_OR_RETURN(
        v1::SearchCouncilsResponse reply,
        session.Call(&Stub::SearchCouncils, SearchFor<v1::SearchCouncilsRequest>(options)));
    session.Print(reply, GridOf(reply.councils()));
  } else if (options.kind == "products") {
    ASSIGN_OR_RETURN(
        v1::SearchProductsResponse reply,
        session.Call(&Stub::SearchProducts, SearchFor<v1::SearchProductsRequest>(options)));
    session.Print(reply, GridOf(reply.products()));
  } else if (options.kind == "providers") {
    ASSIGN_OR_RETURN(
        v1::SearchProvidersResponse reply,
        session.Call(&Stub::SearchProviders, SearchFor<v1::SearchProvidersRequest>(options)));
    session.Print(reply, GridOf(reply.providers()));
  } else {
    ASSIGN_OR_RETURN(
        v1::SearchSuppliersResponse reply,
        session.Call(&Stub::SearchSuppliers, SearchFor<v1::SearchSuppliersRequest>(options)));
    session.Print(reply, GridOf(reply.suppliers()));
  }
  return absl::OkStatus();
}

// Prints one entry as a table of one row.
template <typename Entry>
void PrintOne(Session& session, const Entry& entry) {
  google::protobuf::RepeatedPtrField<Entry> one;
  *one.Add() = entry;
  session.Print(entry, GridOf(one));
}

template <typename Request, typename Entry>
absl::Status Get(Session& session, const Options& options,
                 grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Entry*)) {
  Request request;
  request.set_name(ResourceName(options.kind, options.id));
  ASSIGN_OR_RETURN(Entry entry, session.Call(method, request));
  PrintOne(session, entry);
  return absl::OkStatus();
}

// What happened to it, below what it is.
absl::Status GetEstablishment(Session& session, const Options& options) {
  v1::GetEstablishmentRequest request;
  request.set_name(ResourceName("establishments", absl::AsciiStrToLower(options.id)));
  ASSIGN_OR_RETURN(const v1::Establishment entry, session.Call(&Stub::GetEstablishment, request));
  PrintOne(session, entry);
  if (session.format() == Format::kTable) {
    session.Say("");
    HistoryGrid(entry).Print(session.terminal().out, session.terminal().width);
  }
  return absl::OkStatus();
}

absl::Status GetOne(Session& session, const Options& options) {
  if (options.kind == "providers") return Get(session, options, &Stub::GetProvider);
  if (options.kind == "establishments") return GetEstablishment(session, options);
  if (options.kind == "areas") return Get(session, options, &Stub::GetArea);
  if (options.kind == "councils") return Get(session, options, &Stub::GetCouncil);
  if (options.kind == "products") return Get(session, options, &Stub::GetProduct);
  return Get(session, options, &Stub::GetSupplier);
}

absl::Status ListProposals(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(v1::ListMergeProposalsResponse all,
                   CallPages(session, &Stub::ListMergeProposals, v1::ListMergeProposalsRequest(),
                             options.limit, [](auto& reply) { return reply.mutable_proposals(); }));
  session.Print(all, GridOf(all.proposals()));
  return absl::OkStatus();
}

absl::Status Merge(Session& session, const Options& options) {
  v1::MergeSuppliersRequest request;
  request.set_name(ResourceName("suppliers", options.id));
  request.set_into(ResourceName("suppliers", options.into));
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(v1::Supplier supplier, session.Call(&Stub::MergeSuppliers, request));
  PrintOne(session, supplier);
  return absl::OkStatus();
}

}  // namespace

void AddRegistryCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* registry = app.add_subcommand(
      "registry",
      "Who buys, what, from whom, and where: councils, products, suppliers, areas; who cares, and "
      "who owns them: providers, establishments");
  registry->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = registry->add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto add_kind = [&](CLI::App* command, const std::vector<std::string>& kinds) {
    command->add_option("kind", options->kind, "Which register")
        ->required()
        ->option_text(absl::StrJoin(kinds, "|") + " REQUIRED")
        ->transform(CLI::Validator(OneOf(kinds), ""));
  };
  const std::vector<std::string> files = {"areas", "councils", "products", "suppliers",
                                          "providers"};
  std::vector<std::string> all = files;
  all.push_back("establishments");
  std::vector<std::string> listed = all;
  listed.insert(listed.end(), {"measures", "codes"});

  CLI::App* load = verb("load", "Load a register from CSV, all or nothing (stewards)", &Load);
  add_kind(load, files);
  load->add_option("file", options->file, "CSV file in UTF-8 with a header")->required();
  load->add_flag("--validate-only", options->validate_only, "Only say what is wrong");

  CLI::App* list = verb("list", "List a register", &List);
  add_kind(list, listed);
  list->add_option("--limit", options->limit, "Most entries; all if 0")->check(ZeroOrMore());
  list->add_option("--class", options->product_class, "Only products of this class");
  list->add_flag("--former", options->former, "Also councils that are no more");
  list->add_option("--owner", options->owner,
                   "Only providers that this one owns, directly or through others");
  list->add_option("--provider", options->provider, "Only establishments of this one or its owner");
  list->add_option("--council", options->council, "Only establishments in this council's area");
  list->add_option("--service", options->service, "Only those of this kind of service");
  list->add_option("--date", options->date, "Day of the ownership and of the register")
      ->check(CheckWith(&ParseDate));

  CLI::App* search = verb("search", "Find entries by code, name or words, best first", &Search);
  add_kind(search, {"councils", "products", "suppliers", "providers"});
  search->add_option("query", options->query, "What to look for")->required();
  search->add_option("--limit", options->limit, "Most entries, 10 if 0")->check(WholeNumber(0, 50));

  CLI::App* get = verb("get", "Show one entry", &GetOne);
  add_kind(get, all);
  get->add_option("id", options->id, "Its id, for example ken")->required();

  CLI::App* proposals =
      verb("proposals", "List suppliers that may be one and the same", &ListProposals);
  proposals->add_option("--limit", options->limit, "Most entries; all if 0")->check(ZeroOrMore());

  CLI::App* merge = verb("merge", "Merge one supplier into another (stewards)", &Merge);
  merge->add_option("supplier", options->id, "The supplier to give up")->required();
  merge->add_option("into", options->into, "The supplier that stays")->required();

  AddProviderVerbs(*registry, chosen);
}

}  // namespace steelyard::cli
