// steelyard: the command line for councils, analysts and stewards.

#include "client/cli/app.h"

int main(int argc, char** argv) {
  steelyard::cli::Terminal terminal = steelyard::cli::SystemTerminal();
  return steelyard::cli::Run({argv + 1, argv + argc}, terminal);
}
