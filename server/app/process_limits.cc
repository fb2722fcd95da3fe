#include "server/app/process_limits.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace steelyard::app {
namespace {

constexpr rlim_t kOpenFiles = 65'536;

}  // namespace

void LimitProcess() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  // A core limit of 0 does not hold where dumps go through a pipe.
  prctl(PR_SET_DUMPABLE, 0);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < kOpenFiles) {
    files.rlim_cur =
        files.rlim_max == RLIM_INFINITY ? kOpenFiles : std::min(kOpenFiles, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
  }
  // By default eight arenas a processor each keep what was freed in them: a third
  // of all memory after a load of a million lines.
  mallopt(M_ARENA_MAX, static_cast<int>(std::max(2U, std::thread::hardware_concurrency())));
}

}  // namespace steelyard::app
