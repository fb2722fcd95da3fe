#include "tests/bench/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/connection.h"
#include "storage/base/status_macros.h"

namespace steelyard::bench {
namespace {

constexpr absl::Duration kLookAgain = absl::Milliseconds(2);
constexpr absl::Duration kMaxStart = absl::Minutes(1);
constexpr absl::Duration kMaxStop = absl::Seconds(30);

}  // namespace

ServerProcess::ServerProcess(std::string program, std::string folder)
    : program_(std::move(program)), folder_(std::move(folder)) {}

ServerProcess::~ServerProcess() { Stop().IgnoreError(); }

absl::Status ServerProcess::Init() {
  const std::string token_file = folder_ + "/steward.token";
  RETURN_IF_ERROR(
      Spawn({"init", "--data-dir", folder_ + "/data", "--admin-token-file", token_file}));
  int how = 0;
  waitpid(std::exchange(pid_, -1), &how, 0);
  if (how != 0) return absl::InternalError(absl::StrCat("steelyardd init failed: ", Words()));
  ASSIGN_OR_RETURN(token_, client::ReadTokenFile(token_file));
  return absl::OkStatus();
}

absl::Status ServerProcess::Start() {
  const std::string ready_file = folder_ + "/ready";
  // Reports of providers wait for their service to settle: the default is for
  // councils, who send a file a quarter.
  const std::string config = folder_ + "/steelyard.toml";
  // What the server can do is measured, not what one token may ask of it.
  std::ofstream(config) << "outcome_settle_seconds = 1\n[quotas]\nenabled = false\n";
  std::filesystem::remove(ready_file);
  RETURN_IF_ERROR(Spawn({"serve", "--data-dir", folder_ + "/data", "--grpc", "127.0.0.1:0",
                         "--config", config, "--ready-file", ready_file}));
  const absl::Time until = absl::Now() + kMaxStart;
  while (!std::filesystem::exists(ready_file)) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::InternalError(absl::StrCat("steelyardd serve stopped: ", Words()));
    }
    if (absl::Now() > until) return absl::DeadlineExceededError("steelyardd does not get ready");
    absl::SleepFor(kLookAgain);
  }
  std::ifstream(ready_file) >> address_;
  return absl::OkStatus();
}

absl::Status ServerProcess::Stop() {
  if (pid_ < 0) return absl::OkStatus();
  kill(pid_, SIGTERM);
  const absl::Time until = absl::Now() + kMaxStop;
  int how = 0;
  while (waitpid(pid_, &how, WNOHANG) == 0) {
    if (absl::Now() > until) kill(pid_, SIGKILL);
    absl::SleepFor(kLookAgain);
  }
  pid_ = -1;
  if (how != 0) return absl::InternalError(absl::StrCat("steelyardd did not end well: ", Words()));
  return absl::OkStatus();
}

double ServerProcess::CpuMicros() const {
  std::ifstream file(absl::StrCat("/proc/", pid_, "/stat"));
  std::string stat{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // The name, in brackets, may hold spaces; user and system time are the 12th
  // and 13th words after it.
  std::istringstream words(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) words >> skipped;
  double user = 0;
  double system = 0;
  words >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

absl::Status ServerProcess::Spawn(const std::vector<std::string>& arguments) {
  std::vector<char*> words{const_cast<char*>(program_.c_str())};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const std::string log = folder_ + "/server.log";
  pid_ = fork();
  if (pid_ < 0) return absl::InternalError("cannot start a process");
  if (pid_ > 0) return absl::OkStatus();
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // no server may outlive a bench that is stopped
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execv(program_.c_str(), words.data());
  constexpr char kCannot[] = "cannot run the server's program\n";
  (void)!write(STDERR_FILENO, kCannot, sizeof(kCannot) - 1);
  _exit(127);
}

std::string ServerProcess::Words() const {
  std::ifstream log(folder_ + "/server.log");
  const std::string text{std::istreambuf_iterator<char>(log), std::istreambuf_iterator<char>()};
  constexpr size_t kMost = 2'000;
  return text.size() <= kMost ? text : text.substr(text.size() - kMost);
}

}  // namespace steelyard::bench
