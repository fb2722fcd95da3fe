// steelyard: the command line for councils, analysts and stewards.

#include <stdlib.h>

#include "client/cli/app.h"

int main(int argc, char** argv) {
  // What went wrong is said in our own words; whoever sets it gets gRPC's too.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  steelyard::cli::Terminal terminal = steelyard::cli::SystemTerminal();
  return steelyard::cli::Run({argv + 1, argv + argc}, terminal);
}
