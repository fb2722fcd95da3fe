#include "client/cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace steelyard::cli {

Terminal SystemTerminal() {
  Terminal terminal{.out = std::cout, .err = std::cerr};
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.width = std::max<size_t>(size.ws_col, 40);
  }
  terminal.watched = isatty(STDERR_FILENO) == 1;
  if (terminal.watched && isatty(STDIN_FILENO) == 1) {
    terminal.confirm = [](const std::string& question) {
      std::cerr << question << " [y/N] " << std::flush;
      std::string answer;
      std::getline(std::cin, answer);
      return answer == "y" || answer == "Y" || answer == "yes";
    };
  }
  terminal.environment = [](const char* name) {
    const char* value = getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  return terminal;
}

}  // namespace steelyard::cli
