#ifndef STEELYARD_CLIENT_CLI_TERMINAL_H_
#define STEELYARD_CLIENT_CLI_TERMINAL_H_

#include <cstddef>
#include <functional>
#include <ostream>
#include <string>

namespace steelyard::cli {

// Where a run of the program reads and writes, so that a test can be there.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  // Characters in a line of `out`.
  size_t width = 100;
  // Whether a person watches `err`: only then is progress drawn on it.
  bool watched = false;
  // Asks a person yes or no; empty if nobody is there to answer.
  std::function<bool(const std::string&)> confirm = nullptr;
  // A variable of the environment; empty if it is not set.
  std::function<std::string(const char*)> environment = [](const char*) { return ""; };
};

// The terminal of this process.
Terminal SystemTerminal();

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_TERMINAL_H_
