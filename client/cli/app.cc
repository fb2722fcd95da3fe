#include "client/cli/app.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "CLI/CLI.hpp"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/session.h"

namespace steelyard::cli {
namespace {

constexpr char kDescription[] =
    "Steelyard: share what councils pay for PPE, and see where yours stands.\n"
    "Exit status: 0 done, 1 refused or failed, 2 wrong usage.";

// CLI11 reads variables itself, but only those of the process.
std::string Or(const Terminal& terminal, const char* name, std::string otherwise) {
  const std::string value = terminal.environment(name);
  return value.empty() ? otherwise : value;
}

void AddGlobalOptions(CLI::App& app, GlobalOptions& options) {
  static const std::map<std::string, Format> kFormats = {
      {"table", Format::kTable}, {"json", Format::kJson}, {"csv", Format::kCsv}};
  app.add_option("--server", options.server, "Where the server is, host:port (or STEELYARD_SERVER)")
      ->capture_default_str();
  app.add_option("--token-file", options.token_file,
                 "File with your token (or STEELYARD_TOKEN_FILE)");
  app.add_flag("--tls", options.use_tls, "Speak TLS, with the authorities of this system");
  app.add_option("--tls-ca", options.tls.ca,
                 "Authorities that the server's certificate may be by, PEM (or STEELYARD_TLS_CA)");
  app.add_option("--tls-cert", options.tls.certificate, "Certificate of this machine, PEM");
  app.add_option("--tls-key", options.tls.key, "Its key, PEM");
  app.add_option("--format", options.format,
                 "table for people; json is the server's reply; csv for spreadsheets")
      ->option_text("table|json|csv")
      ->transform(CLI::Validator(OneOf(kFormats), ""));
  app.add_option("--timeout", options.timeout_seconds, "Longest time for one request, seconds")
      ->check(CLI::Range(0.1, 3600.0).description(""))
      ->capture_default_str();
}

// Options are found wherever they stand, also behind the verb.
void LetGlobalOptionsStandAnywhere(CLI::App& app) {
  for (CLI::App* command : app.get_subcommands({})) {
    command->fallthrough();
    LetGlobalOptionsStandAnywhere(*command);
  }
}

// The deepest command that was chosen.
const CLI::App& Innermost(const CLI::App& app) {
  const std::vector<const CLI::App*> chosen = app.get_subcommands(nullptr);
  for (const CLI::App* command : chosen) {
    if (command->parsed()) return Innermost(*command);
  }
  return app;
}

// `steelyard purchases` for that command.
std::string PathOf(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : PathOf(*parent) + " " + command.get_name();
}

// CLI11 says of a word that is no command only that one is missing.
int WrongUsage(const CLI::App& app, const CLI::ParseError& error, Terminal& terminal) {
  const CLI::App& inner = Innermost(app);
  const std::vector<std::string> words = app.remaining(true);
  const bool wants_command = !inner.get_subcommands(nullptr).empty();
  if (error.get_exit_code() == 0 || words.empty() || !wants_command || words[0].starts_with("-")) {
    return app.exit(error, terminal.out, terminal.err) == 0 ? 0 : 2;
  }
  terminal.err << "steelyard: there is no command '" << words[0] << "'; `" << PathOf(inner)
               << " --help` lists those that there are\n";
  return 2;
}

// What a field of the contract is called on this command line.
struct FieldOption {
  std::string_view field, option;
};
constexpr FieldOption kFieldOptions[] = {
    {"circle.terms.title", "title"},
    {"circle.terms.products", "--product"},
    {"circle.terms.providers", "--provider"},
    {"circle.terms.fields", "--field"},
    {"circle.terms.from_month", "--period"},
    {"circle.terms.to_month", "--period"},
    {"circle.terms.expire_date", "--until"},
    {"circle.terms.invited_councils", "--invite"},
    {"policy.min_councils", "--min-councils"},
    {"policy.min_supplier_groups", "--min-supplier-groups"},
    {"policy.p_percent", "--p-percent"},
    {"policy.max_share_percent", "--max-share-percent"},
    {"policy.total_rounding_basis_points", "--total-rounding"},
    {"policy.price_rounding_basis_points", "--price-rounding"},
    {"policy.min_outcome_councils", "--min-outcome-councils"},
    {"policy.min_placements", "--min-placements"},
    {"policy.min_cohort", "--min-cohort"},
    {"policy.supplier_delay_months", "--supplier-delay"},
    {"policy.effective_time", "--from"},
    {"token.display_name", "--name"},
    {"token.council", "--council"},
    {"token.certificate_uri", "--certificate"},
};

// `--product: …` for a line `circle.terms.products[0]: …` of a refusal.
std::string InOptions(std::string line) {
  const size_t start = line.find_first_not_of(' ');
  const size_t end = line.find_first_of(":[ ", start == std::string::npos ? 0 : start);
  if (start == std::string::npos || end == std::string::npos) return line;
  for (const auto& [field, option] : kFieldOptions) {
    if (line.compare(start, end - start, field) != 0) continue;
    const size_t after =
        line[end] == '[' ? std::min(line.find(']', end), line.size() - 1) + 1 : end;
    return line.substr(0, start) + std::string(option) + line.substr(after);
  }
  return line;
}

void Complain(Terminal& terminal, const absl::Status& status) {
  const std::vector<std::string> lines = absl::StrSplit(status.message(), '\n');
  terminal.err << "steelyard: "
               << absl::StrJoin(
                      lines, "\n",
                      [](std::string* out, const auto& line) { out->append(InOptions(line)); })
               << "\n";
}

}  // namespace

int Run(std::vector<std::string> arguments, Terminal& terminal) {
  GlobalOptions options;
  options.server = Or(terminal, "STEELYARD_SERVER", options.server);
  options.token_file = Or(terminal, "STEELYARD_TOKEN_FILE", "");
  options.tls.ca = Or(terminal, "STEELYARD_TLS_CA", "");
  Action chosen;
  CLI::App app(kDescription, "steelyard");
  app.require_subcommand(1);
  app.set_version_flag("--version", "steelyard " STEELYARD_VERSION, "Say which version this is");
  app.get_formatter()->column_width(34);
  AddGlobalOptions(app, options);
  AddPurchaseCommands(app, chosen);
  AddOutcomeCommands(app, chosen);
  AddBenchmarkCommands(app, chosen);
  AddNegotiationCommands(app, chosen);
  AddCircleCommands(app, chosen);
  AddRegistryCommands(app, chosen);
  AddSpendCommands(app, chosen);
  AddAccessCommands(app, chosen);
  AddOperationsCommands(app, chosen);
  AddAuditCommands(app, chosen);
  LetGlobalOptionsStandAnywhere(app);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return WrongUsage(app, error, terminal);
  }
  Session session(options, terminal);
  const absl::Status status = chosen(session);
  terminal.out.flush();
  if (status.ok()) return 0;
  Complain(terminal, session.Explain(status));
  return 1;
}

}  // namespace steelyard::cli
