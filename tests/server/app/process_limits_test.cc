#include "server/app/process_limits.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace steelyard::app {
namespace {

TEST(ProcessLimitsTest, NeitherADumpNorADebuggerGetsTheMemory) {
  const pid_t child = fork();
  if (child == 0) {
    LimitProcess();
    rlimit core{};
    getrlimit(RLIMIT_CORE, &core);
    _exit(prctl(PR_GET_DUMPABLE) == 0 && core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 1);
  }
  int how = 1;
  waitpid(child, &how, 0);
  EXPECT_EQ(how, 0);
}

}  // namespace
}  // namespace steelyard::app
