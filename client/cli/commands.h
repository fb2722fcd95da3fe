#ifndef STEELYARD_CLIENT_CLI_COMMANDS_H_
#define STEELYARD_CLIENT_CLI_COMMANDS_H_

// The nouns of the command line. Each function adds one noun with its verbs to
// `app`; the verb that is chosen puts what is to be done into `chosen`, which
// must outlive the parsing.

#include "client/cli/session.h"

namespace CLI {
class App;
}

namespace steelyard::cli {

void AddRegistryCommands(CLI::App& app, Action& chosen);
void AddPurchaseCommands(CLI::App& app, Action& chosen);
void AddOutcomeCommands(CLI::App& app, Action& chosen);
void AddBenchmarkCommands(CLI::App& app, Action& chosen);
// Published spend.
void AddSpendCommands(CLI::App& app, Action& chosen);
void AddCircleCommands(CLI::App& app, Action& chosen);
void AddNegotiationCommands(CLI::App& app, Action& chosen);
// token, policy
void AddAccessCommands(CLI::App& app, Action& chosen);
void AddPolicyCommands(CLI::App& app, Action& chosen);
// status
void AddOperationsCommands(CLI::App& app, Action& chosen);
void AddAuditCommands(CLI::App& app, Action& chosen);

// Verbs of `registry` that are of providers.
void AddProviderVerbs(CLI::App& registry, Action& chosen);
// A verb of `spend`.
void AddSpendImportCommand(CLI::App& spend, Action& chosen);

// Verbs of `purchases` that stand in files of their own.
void AddUploadCommand(CLI::App& purchases, Action& chosen);
void AddCorrectCommand(CLI::App& purchases, Action& chosen);

// The verb `upload` of `outcomes`.
void AddOutcomeUploadCommand(CLI::App& outcomes, Action& chosen);

// Verbs of `benchmark` that are about providers.
void AddProviderBenchmarkCommands(CLI::App& benchmark, Action& chosen);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_COMMANDS_H_
