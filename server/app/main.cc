// steelyardd: makes, serves and checks a store.

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/app/config.h"
#include "server/app/offline.h"
#include "server/app/process_limits.h"
#include "server/app/server.h"
#include "server/app/store.h"
#include "server/auth/quota.h"
#include "storage/base/log.h"

namespace steelyard::app {
namespace {

// Each connection is a file, and without one the store cannot go on.
constexpr rlim_t kFewFiles = 4'096;

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "steelyardd: %s\n", std::string(status.message()).c_str());
  return 1;
}

int Say(const absl::StatusOr<std::string>& words) {
  if (!words.ok()) return Fail(words.status());
  std::printf("%s%s", words->c_str(), words->ends_with('\n') ? "" : "\n");
  return 0;
}

// Tells whoever waits for it where the server is, gRPC first; whole or not at
// all.
absl::Status WriteReadyFile(const std::string& path, const Server& server) {
  if (path.empty()) return absl::OkStatus();
  {
    std::ofstream out(path + ".new");
    out << server.grpc_address() << "\n";
    if (!server.portal_address().empty()) out << "portal " << server.portal_address() << "\n";
    if (!server.internal_address().empty()) {
      out << "internal " << server.internal_address() << "\n";
    }
    if (!out.flush()) return absl::UnavailableError("cannot write '" + path + "'");
  }
  std::error_code error;
  std::filesystem::rename(path + ".new", path, error);
  if (error) return absl::UnavailableError("cannot write '" + path + "'");
  return absl::OkStatus();
}

int Serve(const ServeOptions& options, const std::string& ready_file) {
  // Blocked before any thread starts, so that only this one takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < kFewFiles) {
    Log(LogLevel::kWarning, "few_open_files", {{"limit", std::to_string(files.rlim_cur)}});
  }
  auto server = Server::Start(options);
  if (!server.ok()) return Fail(server.status());
  const absl::Status ready = WriteReadyFile(ready_file, **server);
  if (!ready.ok()) return Fail(ready);
  const timespec second{1, 0};
  while (true) {
    const int signal_number = sigtimedwait(&signals, nullptr, &second);
    if (signal_number == SIGINT || signal_number == SIGTERM) {
      Log(LogLevel::kInfo, "stopping");
      return 0;
    }
    if (!(*server)->healthy()) {
      Log(LogLevel::kError, "store_failed", {{"next", "exiting for a restart"}});
      return 1;
    }
  }
}

int Main(int argc, char** argv) {
  LimitProcess();
  CLI::App app{"The Steelyard server: keeps purchases private and shows safe benchmarks."};
  app.set_version_flag("--version", STEELYARD_VERSION);
  app.require_subcommand(1);
  ServeOptions options;
  options.quotas = auth::DefaultQuotas();
  std::string token_file;
  std::string config_file;
  std::string ready_file;

  CLI::App* init = app.add_subcommand("init", "Make a new store and the first steward's token");
  CLI::App* serve = app.add_subcommand("serve", "Serve a store");
  CLI::App* verify = app.add_subcommand("verify", "Read a whole store and check that it is sound");
  CLI::App* recover = app.add_subcommand(
      "recover-token", "Make another steward's token when the last secret is lost");
  CLI::App* audit = app.add_subcommand("audit", "Check and sign the audit of a stopped server");
  audit->require_subcommand(1);
  CLI::App* audit_verify = audit->add_subcommand("verify", "Find the first entry that was changed");
  CLI::App* audit_sign = audit->add_subcommand("checkpoint", "Sign where the audit stands");
  CLI::App* audit_key = audit->add_subcommand("key", "Show the key that checkpoints are signed by");
  for (CLI::App* command : {init, serve, verify, recover, audit_verify, audit_sign, audit_key}) {
    command->add_option("--data-dir", options.store.data_dir, "Folder of the store")->required();
    command->add_option("--config", config_file, "Settings, TOML")->check(CLI::ExistingFile);
  }
  for (CLI::App* command : {init, recover}) {
    command->add_option("--admin-token-file", token_file, "New file for the token's secret")
        ->required();
  }
  AuditWitness witness;
  audit_verify->add_option("--checkpoint", witness.checkpoint_file, "Compare with this, too");
  audit_verify->add_option("--public-key", witness.public_key,
                           "The key it must be signed by, hex; the store's own if not given");
  rpc::TlsFiles tls;
  serve->add_option("--tls-cert", tls.certificate, "Serve with TLS: certificate and chain, PEM");
  serve->add_option("--tls-key", tls.key, "Its key, PEM");
  serve->add_option("--tls-client-ca", tls.client_ca,
                    "Authorities of machines that show a certificate, PEM");
  serve->add_flag("--tls-require-client-cert", tls.require_client_certificate,
                  "Refuse clients that show none");
  std::string address;
  serve->add_option("--grpc", address,
                    "HOST:PORT to serve on, loopback if without TLS; port 0 for any");
  serve->add_option("--ready-file", ready_file, "Write the address here once it serves");
  std::string portal;
  serve->add_option("--portal", portal,
                    "Loopback HOST:PORT for browsers, Connect and gRPC-Web; port 0 for any");
  std::string internal;
  serve->add_option("--internal", internal, "Loopback HOST:PORT for /metrics and /healthz");
  std::vector<std::string> origins;
  serve->add_option("--portal-origin", origins,
                    "https://HOST where a proxy with TLS serves the portal; may be repeated");
  std::string pages;
  serve->add_option("--portal-pages", pages, "Folder of the portal's files")
      ->check(CLI::ExistingDirectory);
  bool reflection = false;
  serve->add_flag("--reflection", reflection, "Answer gRPC reflection");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  if (const absl::Status read = ReadConfig(config_file, options); !read.ok()) return Fail(read);
  if (!address.empty()) options.grpc_address = address;
  options.reflection |= reflection;
  if (!portal.empty()) options.gateway.address = portal;
  if (!internal.empty()) options.gateway.internal_address = internal;
  if (!origins.empty()) options.gateway.origins = origins;
  if (!pages.empty()) options.gateway.pages = pages;
  if (!tls.certificate.empty()) options.tls.certificate = tls.certificate;
  if (!tls.key.empty()) options.tls.key = tls.key;
  if (!tls.client_ca.empty()) options.tls.client_ca = tls.client_ca;
  options.tls.require_client_certificate |= tls.require_client_certificate;

  if (*init) {
    const absl::Status made = InitStore(options.store, token_file);
    if (!made.ok()) return Fail(made);
    std::printf("Made a store in %s. The first steward's token is in %s; keep it secret.\n",
                options.store.data_dir.c_str(), token_file.c_str());
    return 0;
  }
  if (*verify) return Say(VerifyStore(options.store));
  if (*audit_verify) return Say(VerifyAudit(options.store, witness));
  if (*audit_sign) return Say(SignAudit(options.store));
  if (*audit_key) return Say(AuditPublicKey(options.store));
  if (*recover) {
    const absl::Status made = RecoverToken(options.store, token_file);
    if (!made.ok()) return Fail(made);
    std::printf("Made another steward's token; its secret is in %s. The audit says so.\n",
                token_file.c_str());
    return 0;
  }
  return Serve(options, ready_file);
}

}  // namespace
}  // namespace steelyard::app

int main(int argc, char** argv) { return steelyard::app::Main(argc, argv); }
