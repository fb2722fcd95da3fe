#ifndef STEELYARD_TESTS_SERVER_OIDC_PROVIDER_PROCESS_H_
#define STEELYARD_TESTS_SERVER_OIDC_PROVIDER_PROCESS_H_

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/needs.h"

namespace steelyard::oidc {

// The OpenID provider of tests/oidc, on a loopback port of its own. Ends with
// the object.
class ProviderProcess {
 public:
  static std::string Folder() {
    const char* root = std::getenv("STEELYARD_SOURCE_DIR");
    return std::string(root == nullptr ? "." : root) + "/tests/oidc";
  }
  // Whether its packages and Node.js are there; cmake/setup.sh fetches them.
  static bool IsThere() {
    return std::filesystem::exists(Folder() + "/node_modules/oidc-provider") &&
           std::system("node --version >/dev/null 2>&1") == 0;
  }
  // Debian 12 has a Node.js that is too old for it.
  static bool NodeIsNewEnough() {
    return std::system("node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'") == 0;
  }

  // `keys` names the keys that it signs with; port 0 for any.
  explicit ProviderProcess(const std::string& keys, int port = 0) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    const std::string script = Folder() + "/provider.mjs";
    const std::string port_text = std::to_string(port);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      execlp("node", "node", "--no-warnings", script.c_str(), port_text.c_str(), keys.c_str(),
             nullptr);
      _exit(127);
    }
    close(ends[1]);
    // Open as long as the provider lives: it says more later, and dies of a pipe
    // that nobody holds.
    out_ = fdopen(ends[0], "r");
    char line[512];
    while (issuer_.empty() && fgets(line, sizeof line, out_) != nullptr) {
      const std::string text(line);
      if (text.starts_with("http://")) issuer_ = text.substr(0, text.find('\n'));
    }
  }
  ~ProviderProcess() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    fclose(out_);
  }
  ProviderProcess(const ProviderProcess&) = delete;
  ProviderProcess& operator=(const ProviderProcess&) = delete;

  // http://127.0.0.1:PORT; empty if it did not start.
  const std::string& issuer() const { return issuer_; }
  int port() const { return std::atoi(issuer_.substr(issuer_.rfind(':') + 1).c_str()); }

 private:
  pid_t pid_ = -1;
  FILE* out_ = nullptr;
  std::string issuer_;
};

}  // namespace steelyard::oidc

// For the tests that it stands in for a council's provider in.
#define STEELYARD_NEEDS_OPENID_PROVIDER()                                                      \
  STEELYARD_NEEDS(::steelyard::oidc::ProviderProcess::IsThere(),                               \
                  "no OpenID provider: ./test installs it, with Node.js");                     \
  if (!::steelyard::oidc::ProviderProcess::NodeIsNewEnough()) {                                \
    GTEST_SKIP() << "this Node.js is older than 20, which the OpenID provider of tests needs"; \
  }                                                                                            \
  static_assert(true)

#endif  // STEELYARD_TESTS_SERVER_OIDC_PROVIDER_PROCESS_H_
