#include "tests/crash/kill_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/connection.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::crash {
namespace {

constexpr int kInitCacheMib = 128;
constexpr absl::Duration kLookAgain = absl::Milliseconds(2);
constexpr absl::Duration kMaxStart = absl::Minutes(1);
constexpr absl::Duration kMaxStop = absl::Minutes(1);

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string HowItEnded(int status) {
  return WIFSIGNALED(status) ? absl::StrCat(" by signal ", WTERMSIG(status))
                             : absl::StrCat(" with status ", WEXITSTATUS(status));
}

// An address of this process alone, so that no other program takes the port
// while the server is down.
std::string OwnLoopback() {
  const int pid = getpid();
  return absl::StrCat("127.", 1 + (pid >> 14 & 0x7f), ".", pid >> 7 & 0x7f, ".", 1 + (pid & 0x7f));
}

}  // namespace

KillServer::KillServer(std::string program, std::string folder)
    : program_(std::move(program)),
      folder_(std::move(folder)),
      address_(absl::StrCat(OwnLoopback(), ":0")) {}

KillServer::~KillServer() { Kill(); }

absl::Status KillServer::Init() {
  const std::string token_file = folder_ + "/steward.token";
  Configure(kInitCacheMib);
  RETURN_IF_ERROR(Spawn({"init", "--admin-token-file", token_file}, "server.log"));
  if (const int status = Wait(kMaxStart); status != 0) return Failed("init", status);
  ASSIGN_OR_RETURN(token_, client::ReadTokenFile(token_file));
  return absl::OkStatus();
}

absl::Status KillServer::Launch(int cache_mib) {
  Configure(cache_mib);
  std::filesystem::remove(folder_ + "/ready");
  return Spawn({"serve", "--grpc", address_, "--ready-file", folder_ + "/ready"}, "server.log");
}

absl::Status KillServer::WaitReady() {
  const absl::Time until = absl::Now() + kMaxStart;
  while (!std::filesystem::exists(folder_ + "/ready")) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return Failed("serve", status);
    }
    if (absl::Now() > until) return Failed("serve, which does not get ready,", Wait({}));
    absl::SleepFor(kLookAgain);
  }
  std::ifstream(folder_ + "/ready") >> address_;
  return absl::OkStatus();
}

void KillServer::Kill() {
  if (pid_ > 0) Wait(absl::ZeroDuration());
}

absl::Status KillServer::Stop() {
  if (pid_ < 0) return absl::FailedPreconditionError("steelyardd does not run");
  kill(pid_, SIGTERM);
  const int status = Wait(kMaxStop);
  return status == 0 ? absl::OkStatus() : Failed("serve, asked to stop,", status);
}

absl::StatusOr<std::string> KillServer::Verify() {
  std::filesystem::remove(folder_ + "/verify.log");
  RETURN_IF_ERROR(Spawn({"verify"}, "verify.log"));
  const int status = Wait(absl::Minutes(5));
  std::string words = ReadFile(folder_ + "/verify.log");
  if (status != 0) return absl::InternalError(absl::StrCat("steelyardd verify: ", words));
  return words;
}

void KillServer::Configure(int cache_mib) const {
  std::ofstream(folder_ + "/config.toml")
      << "cache_mib = " << cache_mib << "\nballast_mib = 8\nmin_free_mib = 16\n"
      << "[quotas]\nenabled = false\n";
}

absl::Status KillServer::Spawn(std::vector<std::string> arguments, const std::string& output) {
  for (const char* word : {"--data-dir", "data", "--config", "config.toml"}) {
    arguments.push_back(*word == '-' ? word : folder_ + "/" + word);
  }
  std::vector<char*> words{const_cast<char*>(program_.c_str())};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const std::string log = folder_ + "/" + output;
  pid_ = fork();
  if (pid_ < 0) return absl::InternalError("cannot start a process");
  if (pid_ > 0) return absl::OkStatus();
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // no server may outlive a test that is stopped
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execv(program_.c_str(), words.data());
  _exit(127);
}

int KillServer::Wait(absl::Duration longest) {
  const absl::Time until = absl::Now() + longest;
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (absl::Now() >= until) kill(pid_, SIGKILL);
    absl::SleepFor(kLookAgain);
  }
  pid_ = -1;
  return status;
}

absl::Status KillServer::Failed(std::string_view what, int status) const {
  constexpr size_t kMost = 2'000;
  const std::string log = ReadFile(folder_ + "/server.log");
  return absl::InternalError(absl::StrCat("steelyardd ", Av(what), " failed", HowItEnded(status),
                                          ": ",
                                          log.substr(log.size() - std::min(log.size(), kMost))));
}

}  // namespace steelyard::crash
