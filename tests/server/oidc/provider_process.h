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

namespace steelyard::oidc {

// The OpenID provider of tests/oidc, on a loopback port of its own. Ends with
// the object.
class ProviderProcess {
 public:
  // Its folder; empty if its packages are not there (cmake/setup.sh), or Node.js
  // is too old for it.
  static std::string Folder() {
    const char* root = std::getenv("STEELYARD_SOURCE_DIR");
    const std::string folder = std::string(root == nullptr ? "." : root) + "/tests/oidc";
    if (!std::filesystem::exists(folder + "/node_modules/oidc-provider")) return "";
    const char* new_enough = "node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'";
    return std::system(new_enough) == 0 ? folder : "";
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

#endif  // STEELYARD_TESTS_SERVER_OIDC_PROVIDER_PROCESS_H_
