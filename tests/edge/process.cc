#include "tests/edge/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace steelyard::edge {
namespace {

constexpr absl::Duration kMaxStop = absl::Seconds(10);

// The process and those that it started.
std::vector<pid_t> Family(pid_t pid) {
  std::vector<pid_t> all = {pid};
  std::istringstream children(ReadFile(absl::StrCat("/proc/", pid, "/task/", pid, "/children")));
  for (pid_t child; children >> child;) all.push_back(child);
  return all;
}

}  // namespace

bool Process::Start(const std::vector<std::string>& words, const std::string& log, int open_files) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ != 0) return pid_ > 0;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing may outlive a test that is stopped
  if (open_files > 0) {
    const rlimit limit{static_cast<rlim_t>(open_files), static_cast<rlim_t>(open_files)};
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

int Process::Run(const std::vector<std::string>& words, const std::string& log) {
  Process process;
  if (!process.Start(words, log)) return 127;
  int how = 0;
  waitpid(std::exchange(process.pid_, -1), &how, 0);
  return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

void Process::Stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  const absl::Time until = absl::Now() + kMaxStop;
  while (waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (absl::Now() > until) kill(pid_, SIGKILL);
    absl::SleepFor(absl::Milliseconds(5));
  }
  pid_ = -1;
}

bool Process::Running() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ > 0;
}

int64_t Process::ResidentBytes() const {
  int64_t bytes = 0;
  for (const pid_t pid : Family(pid_)) {
    std::ifstream statm(absl::StrCat("/proc/", pid, "/statm"));
    int64_t total = 0;
    int64_t resident = 0;
    if (statm >> total >> resident) bytes += resident * sysconf(_SC_PAGESIZE);
  }
  return bytes;
}

double Process::CpuSeconds() const {
  double ticks = 0;
  for (const pid_t pid : Family(pid_)) {
    const std::string stat = ReadFile(absl::StrCat("/proc/", pid, "/stat"));
    // The name, in brackets, may hold spaces; user and system time are the
    // 12th and 13th words after it.
    std::istringstream words(stat.substr(std::min(stat.rfind(')') + 1, stat.size())));
    std::string skipped;
    for (int i = 0; i < 11; ++i) words >> skipped;
    double user = 0;
    double system = 0;
    if (words >> user >> system) ticks += user + system;
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string Process::Limits() const { return ReadFile(absl::StrCat("/proc/", pid_, "/limits")); }

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(probe);
  return bound ? ntohs(address.sin_port) : 0;
}

}  // namespace steelyard::edge
