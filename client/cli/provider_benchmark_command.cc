#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/provider_view.h"
#include "client/cli/provision_view.h"
#include "client/cli/words.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::BenchmarkService::Stub;
using RegistryStub = v1::RegistryService::Stub;

struct Options {
  std::string provider;
  std::string service;
  std::string period;
  std::string area;
  std::string measure;
  std::string claim;
  std::string from;
  std::string to;
  std::string date;
  int64_t edition = 0;
};

absl::StatusOr<DisplayNames> AreaNames(Session& session) {
  DisplayNames names;
  ASSIGN_OR_RETURN(const v1::ListAreasResponse areas,
                   CallPages(session, &RegistryStub::ListAreas, v1::ListAreasRequest(), 0,
                             [](auto& reply) { return reply.mutable_areas(); }));
  for (const v1::Area& area : areas.areas()) names[area.name()] = area.display_name();
  return names;
}

// Explains the measures of what was printed.
template <typename Figures>
absl::Status PrintMeasures(Session& session, const Figures& figures) {
  std::vector<std::string> names;
  for (const auto& f : figures) names.push_back(f.measure());
  if (names.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::ListMeasuresResponse reply,
                   session.Call(&RegistryStub::ListMeasures, v1::ListMeasuresRequest()));
  PrintDefinitions(session.terminal().out, session.terminal().width,
                   {reply.measures().begin(), reply.measures().end()}, names);
  return absl::OkStatus();
}

absl::Status Provider(Session& session, const Options& options) {
  v1::GetProviderBenchmarkRequest request;
  request.set_provider(options.provider);
  request.set_service(options.service);
  const auto quarters = ParseQuarters(options.period);  // was checked as it was read
  *request.mutable_from_quarter() = quarters->first;
  *request.mutable_to_quarter() = quarters->second;
  if (!options.area.empty()) request.set_area(ResourceName("areas", options.area));
  request.set_edition(options.edition);
  ASSIGN_OR_RETURN(const v1::ProviderBenchmark benchmark,
                   session.Call(&Stub::GetProviderBenchmark, request));
  if (session.format() != Format::kTable) {
    session.Print(benchmark, ProviderGrid(benchmark));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(DisplayNames names, AreaNames(session));
  for (const v1::MeasureFigures& m : benchmark.whole().figures().measures()) {
    names[m.measure()] = m.display_name();
  }
  PrintProvider(session.terminal().out, session.terminal().width, benchmark, names);
  return PrintMeasures(session, benchmark.whole().figures().measures());
}

absl::Status Positions(Session& session, const Options& options) {
  v1::ListProviderPositionsRequest request;
  request.set_service(options.service);
  request.set_measure(options.measure);
  const auto quarters = ParseQuarters(options.period);
  *request.mutable_from_quarter() = quarters->first;
  *request.mutable_to_quarter() = quarters->second;
  request.set_edition(options.edition);
  ASSIGN_OR_RETURN(v1::ListProviderPositionsResponse positions,
                   CallPages(session, &Stub::ListProviderPositions, request, 0,
                             [](auto& reply) { return reply.mutable_positions(); }));
  if (session.format() != Format::kTable) {
    session.Print(positions, PositionsGrid(positions));
    return absl::OkStatus();
  }
  PrintPositions(session.terminal().out, session.terminal().width, positions);
  std::vector<v1::MeasureFigures> asked;
  if (!positions.positions().empty()) asked.push_back(positions.positions(0).figures());
  return PrintMeasures(session, asked);
}

// A rise that the contract can hold.
absl::StatusOr<int32_t> ParseClaim(const std::string& text) {
  ASSIGN_OR_RETURN(const int64_t basis_points, ParsePercent(text));
  if (basis_points < 1 || basis_points > 10'000) {
    return absl::InvalidArgumentError("is no rise from 0.01% to 100%");
  }
  return static_cast<int32_t>(basis_points);
}

absl::Status Uplift(Session& session, const Options& options) {
  v1::CheckUpliftRequest request;
  request.set_provider(options.provider);
  request.set_service(options.service);
  request.set_claimed_rise_basis_points(*ParseClaim(options.claim));
  *request.mutable_base_quarter() = *ParseQuarter(options.from);
  *request.mutable_current_quarter() = *ParseQuarter(options.to);
  request.set_edition(options.edition);
  ASSIGN_OR_RETURN(const v1::UpliftCheck check, session.Call(&Stub::CheckUplift, request));
  if (session.format() != Format::kTable) {
    session.Print(check, UpliftGrid(check));
    return absl::OkStatus();
  }
  PrintUplift(session.terminal().out, session.terminal().width, check);
  return PrintMeasures(session, check.outcomes());
}

absl::Status Provision(Session& session, const Options& options) {
  v1::GetProvisionRequest request;
  request.set_provider(options.provider);
  request.set_service(options.service);
  *request.mutable_date() = *ParseDate(options.date);
  ASSIGN_OR_RETURN(const v1::Provision provision, session.Call(&Stub::GetProvision, request));
  if (session.format() != Format::kTable) {
    session.Print(provision, ProvisionGrid(provision));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const DisplayNames names, AreaNames(session));
  PrintProvision(session.terminal().out, session.terminal().width, provision, options.provider,
                 names);
  return absl::OkStatus();
}

}  // namespace

void AddProviderBenchmarkCommands(CLI::App& benchmark, Action& chosen) {
  auto options = std::make_shared<Options>();
  constexpr char kService[] = "Kind of service, for example childrens-homes";
  const auto plain_verb = [&](const char* name, const char* what,
                              absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = benchmark.add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = plain_verb(name, what, act);
    command->add_option("--service", options->service, kService)->required();
    command->add_option("--edition", options->edition, "Edition to answer from; 0 is the newest");
    return command;
  };
  const auto add_period = [&](CLI::App* command) {
    command->add_option("--period", options->period, "2022, 2022-Q1 or 2022-Q1..2024-Q4")
        ->required()
        ->check(CheckWith(&ParseQuarters));
  };
  constexpr char kProvider[] = "Id, company number or name of the provider or owner";

  CLI::App* provider =
      verb("provider", "How a provider, an owner or all providers serve", &Provider);
  provider->add_option("provider", options->provider,
                       std::string(kProvider) + "; all providers if not said");
  provider->add_option("--area", options->area, "Only councils of this area, such as north-east");
  add_period(provider);

  CLI::App* positions = verb("positions", "All providers in one measure, in a funnel", &Positions);
  positions->add_option("--measure", options->measure, "Measure, for example stability")
      ->required();
  add_period(positions);

  CLI::App* uplift = verb("uplift", "A claimed rise of fees beside what fees did", &Uplift);
  uplift->add_option("provider", options->provider, kProvider)->required();
  uplift->add_option("--claim", options->claim, "The rise that is claimed, for example 7.5%")
      ->required()
      ->check(CheckWith(&ParseClaim));
  uplift->add_option("--from", options->from, "Quarter it is reckoned from, 2023-Q1")
      ->required()
      ->check(CheckWith(&ParseQuarter));
  uplift->add_option("--to", options->to, "Newest quarter to look at, 2024-Q1")
      ->required()
      ->check(CheckWith(&ParseQuarter));

  CLI::App* provision = plain_verb(
      "provision", "Places, judgements and concentration in the public register", &Provision);
  provision->add_option("provider", options->provider,
                        std::string(kProvider) + "; all providers if not said");
  provision->add_option("--service", options->service, std::string(kService) + "; all if not said");
  provision->add_option("--date", options->date, "The newest register by this day, 2023-03-31")
      ->required()
      ->check(CheckWith(&ParseDate));
}

}  // namespace steelyard::cli
