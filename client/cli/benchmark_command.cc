#include <map>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/benchmark_view.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/words.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::BenchmarkService::Stub;
using RegistryStub = v1::RegistryService::Stub;

struct Options {
  std::string product;
  std::string period;
  std::string area;
  std::string authority_type;
  std::string currency;
  std::string council;
  v1::Granularity granularity = v1::GRANULARITY_UNSPECIFIED;
  int64_t edition = 0;
};

v1::GetPriceBenchmarkRequest Question(const Options& options, v1::Granularity otherwise) {
  v1::GetPriceBenchmarkRequest request;
  request.set_product(options.product);
  request.set_currency_code(options.currency);
  const auto period = ParsePeriod(options.period);  // was checked as it was read
  *request.mutable_from_month() = period->first;
  *request.mutable_to_month() = period->second;
  if (!options.area.empty()) request.set_area(ResourceName("areas", options.area));
  request.set_authority_type(options.authority_type);
  request.set_granularity(options.granularity == v1::GRANULARITY_UNSPECIFIED ? otherwise
                                                                             : options.granularity);
  request.set_edition(options.edition);
  return request;
}

absl::StatusOr<BenchmarkNames> NamesFor(Session& session, const v1::PriceBenchmark& benchmark) {
  BenchmarkNames names;
  v1::GetProductRequest request;
  request.set_name(benchmark.product());
  ASSIGN_OR_RETURN(const v1::Product product, session.Call(&RegistryStub::GetProduct, request));
  names.product = product.display_name();
  ASSIGN_OR_RETURN(const v1::ListAreasResponse areas,
                   CallPages(session, &RegistryStub::ListAreas, v1::ListAreasRequest(), 0,
                             [](auto& reply) { return reply.mutable_areas(); }));
  for (const v1::Area& area : areas.areas()) names.areas[area.name()] = area.display_name();
  return names;
}

absl::Status ShowPrice(Session& session, const Options& options, v1::Granularity granularity,
                       decltype(&PrintBenchmark) print) {
  ASSIGN_OR_RETURN(const v1::PriceBenchmark benchmark,
                   session.Call(&Stub::GetPriceBenchmark, Question(options, granularity)));
  if (session.format() != Format::kTable) {
    session.Print(benchmark, BenchmarkGrid(benchmark));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const BenchmarkNames names, NamesFor(session, benchmark));
  print(session.terminal().out, session.terminal().width, benchmark, names);
  return absl::OkStatus();
}

absl::Status Price(Session& session, const Options& options) {
  return ShowPrice(session, options, v1::GRANULARITY_WHOLE_PERIOD, &PrintBenchmark);
}

// Suppliers are shown by quarter: who asks for a month is told what it got.
void SayOtherTime(Session& session, const v1::GetPriceBenchmarkRequest& question,
                  const v1::ListSupplierScorecardsResponse& reply) {
  if (reply.spans().empty()) return;
  const std::string asked = PeriodWords(question.from_month(), question.to_month());
  const std::string shown =
      PeriodWords(reply.spans(0).from_month(), reply.spans(reply.spans_size() - 1).to_month());
  if (asked == shown) return;
  session.SayWrapped(absl::StrCat("Asked for ", asked, ", shown for ", shown,
                                  ": the nearest time that is safe to show.\n"));
}

absl::Status Suppliers(Session& session, const Options& options) {
  const v1::GetPriceBenchmarkRequest question = Question(options, v1::GRANULARITY_WHOLE_PERIOD);
  v1::ListSupplierScorecardsRequest request;
  request.set_product(question.product());
  request.set_currency_code(question.currency_code());
  *request.mutable_from_month() = question.from_month();
  *request.mutable_to_month() = question.to_month();
  request.set_edition(question.edition());
  ASSIGN_OR_RETURN(const v1::ListSupplierScorecardsResponse reply,
                   session.Call(&Stub::ListSupplierScorecards, request));
  if (session.format() != Format::kTable) {
    session.Print(reply, ScorecardGrid(reply));
    return absl::OkStatus();
  }
  v1::GetProductRequest product;
  product.set_name(reply.product());
  ASSIGN_OR_RETURN(const v1::Product entry, session.Call(&RegistryStub::GetProduct, product));
  SayOtherTime(session, question, reply);
  PrintScorecards(session.terminal().out, session.terminal().width, reply, entry.display_name());
  return absl::OkStatus();
}

absl::Status Trend(Session& session, const Options& options) {
  return ShowPrice(session, options, v1::GRANULARITY_MONTH, &PrintTrend);
}

absl::StatusOr<v1::CouncilPosition> AskPosition(Session& session, const Options& options) {
  v1::GetCouncilPositionRequest request;
  ASSIGN_OR_RETURN(*request.mutable_council(), session.CouncilName(options.council));
  *request.mutable_benchmark() = Question(options, v1::GRANULARITY_WHOLE_PERIOD);
  return session.Call(&Stub::GetCouncilPosition, request);
}

absl::Status Position(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const v1::CouncilPosition position, AskPosition(session, options));
  if (session.format() != Format::kTable) {
    session.Print(position, PositionGrid({position}));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(BenchmarkNames names, NamesFor(session, position.benchmark()));
  v1::GetCouncilRequest request;
  request.set_name(position.council());
  ASSIGN_OR_RETURN(const v1::Council council, session.Call(&RegistryStub::GetCouncil, request));
  names.council = council.display_name();
  PrintPosition(session.terminal().out, session.terminal().width, position, names);
  return absl::OkStatus();
}

// Asks for every product of the register, or the one that was named, and keeps
// those that the council bought.
absl::Status Savings(Session& session, Options& options) {
  options.granularity = v1::GRANULARITY_WHOLE_PERIOD;
  ASSIGN_OR_RETURN(options.council, session.CouncilName(options.council));
  ASSIGN_OR_RETURN(const v1::ListProductsResponse products,
                   CallPages(session, &RegistryStub::ListProducts, v1::ListProductsRequest(), 0,
                             [](auto& reply) { return reply.mutable_products(); }));
  std::map<std::string, std::string> names;
  std::vector<std::string> asked;
  for (const v1::Product& product : products.products()) {
    names[product.name()] = product.display_name();
    if (options.product.empty()) asked.push_back(product.name());
  }
  if (!options.product.empty()) asked.push_back(options.product);
  std::vector<v1::CouncilPosition> positions;
  for (const std::string& product : asked) {
    options.product = product;
    ASSIGN_OR_RETURN(v1::CouncilPosition position, AskPosition(session, options));
    if (position.own_size() == 1 && position.own(0).lines() > 0) {
      positions.push_back(std::move(position));
    }
  }
  Terminal& terminal = session.terminal();
  if (session.format() == Format::kJson) {
    terminal.out << "[";
    for (size_t i = 0; i < positions.size(); ++i) {
      terminal.out << (i == 0 ? "\n" : ",\n") << JsonOf(positions[i]);
    }
    terminal.out << "]\n";
  } else if (session.format() == Format::kCsv) {
    PositionGrid(positions).PrintCsv(terminal.out);
  } else if (positions.empty()) {
    session.Say("Your council bought nothing in this time, or what it bought is not registered.");
  } else {
    const auto period = ParsePeriod(options.period);
    PrintSavings(terminal.out, terminal.width,
                 absl::StrCat("What ", LastPart(options.council), " could have saved, ",
                              PeriodWords(period->first, period->second)),
                 positions, names);
  }
  return absl::OkStatus();
}

}  // namespace

void AddBenchmarkCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* benchmark = app.add_subcommand(
      "benchmark", "What councils pay, where yours stands, and how providers serve");
  benchmark->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, Options&)) {
    CLI::App* command = benchmark->add_subcommand(name, what);
    command->add_option("--period", options->period, "2020, 2020-Q2, 2020-04 or 2020-04..2021-03")
        ->required()
        ->check(CheckWith(&ParsePeriod));
    command->add_option("--currency", options->currency, "ISO 4217 code; GBP if not said");
    command->add_option("--edition", options->edition, "Edition to answer from; 0 is the newest");
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto add_product = [&](CLI::App* command, bool required) {
    command->add_option("product", options->product, "Id, GTIN or name of the product")
        ->required(required);
  };
  const auto add_place = [&](CLI::App* command) {
    command->add_option("--area", options->area, "Only this area, for example north-east");
    command->add_option("--type", options->authority_type,
                        "Only this kind of authority, for example unitary");
  };
  const auto add_granularity = [&](CLI::App* command) {
    const std::map<std::string, v1::Granularity> kinds = {{"period", v1::GRANULARITY_WHOLE_PERIOD},
                                                          {"quarter", v1::GRANULARITY_QUARTER},
                                                          {"month", v1::GRANULARITY_MONTH}};
    command->add_option("--by", options->granularity, "How to cut the period")
        ->option_text("period|quarter|month")
        ->transform(CLI::Validator(OneOf(kinds), ""));
  };
  const auto add_council = [&](CLI::App* command) {
    command->add_option("--council", options->council,
                        "Council code; the token's own council if not said");
  };

  CLI::App* price = verb("price", "Prices, delivery and quality of a product",
                         [](Session& s, Options& o) { return Price(s, o); });
  add_product(price, true);
  add_place(price);
  add_granularity(price);
  CLI::App* suppliers = verb("suppliers", "What councils pay each supplier of a product",
                             [](Session& s, Options& o) { return Suppliers(s, o); });
  add_product(suppliers, true);
  CLI::App* trend = verb("trend", "How the price of a product went, by month or quarter",
                         [](Session& s, Options& o) { return Trend(s, o); });
  add_product(trend, true);
  add_place(trend);
  add_granularity(trend);
  CLI::App* position = verb("position", "Your council's own figures beside the benchmark",
                            [](Session& s, Options& o) { return Position(s, o); });
  add_product(position, true);
  add_place(position);
  add_granularity(position);
  add_council(position);
  CLI::App* savings = verb("savings", "What your council could save, product by product", &Savings);
  add_product(savings, false);
  add_place(savings);
  add_council(savings);
  AddProviderBenchmarkCommands(*benchmark, chosen);
}

}  // namespace steelyard::cli
