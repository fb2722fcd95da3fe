#ifndef STEELYARD_CLIENT_CLI_APP_H_
#define STEELYARD_CLIENT_CLI_APP_H_

#include <string>
#include <vector>

#include "client/cli/terminal.h"

namespace steelyard::cli {

// Runs the program with these arguments (without its name). Returns its exit
// status: 0 done, 1 refused or failed, 2 wrong usage.
int Run(std::vector<std::string> arguments, Terminal& terminal);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_APP_H_
