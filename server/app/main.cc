// steelyardd: makes, serves and checks a store.

#include <signal.h>
#include <sys/resource.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/app/server.h"
#include "server/app/store.h"
#include "storage/base/log.h"
#include "storage/base/text.h"

namespace steelyard::app {
namespace {

constexpr rlim_t kOpenFiles = 65'536;
// Each connection is a file, and without one the store cannot go on.
constexpr rlim_t kFewFiles = 4'096;

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "steelyardd: %s\n", std::string(status.message()).c_str());
  return 1;
}

// A dump would hold secrets and prices; RocksDB and many clients want files.
void SetLimits() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < kOpenFiles) {
    files.rlim_cur =
        files.rlim_max == RLIM_INFINITY ? kOpenFiles : std::min(kOpenFiles, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

// The texts of a list; one text by itself is a list of one.
std::vector<std::string> Texts(const toml::node& node) {
  std::vector<std::string> texts;
  if (const auto one = node.value<std::string>()) texts.push_back(*one);
  if (const toml::array* list = node.as_array()) {
    for (const auto& item : *list) texts.push_back(item.value_or(std::string()));
  }
  return texts;
}

// Reads a settings file over the defaults. Every key is known, or it is said.
absl::Status ReadConfig(const std::string& path, ServeOptions& options) {
  if (path.empty()) return absl::OkStatus();
  try {
    const toml::table config = toml::parse_file(path);
    for (const auto& [key, value] : config) {
      const std::string name(key.str());
      if (name == "grpc") {
        options.grpc_address = value.value_or(options.grpc_address);
      } else if (name == "portal") {
        options.gateway.address = value.value_or(options.gateway.address);
      } else if (name == "internal") {
        options.gateway.internal_address = value.value_or(options.gateway.internal_address);
      } else if (name == "portal_origins") {
        options.gateway.origins = Texts(value);
      } else if (name == "portal_pages") {
        options.gateway.pages = value.value_or(options.gateway.pages);
      } else if (name == "reflection") {
        options.reflection = value.value_or(options.reflection);
      } else if (name == "cache_mib") {
        options.store.cache_mib = value.value_or(options.store.cache_mib);
      } else if (name == "edition_cache_mib") {
        options.edition_cache_mib = value.value_or(options.edition_cache_mib);
      } else if (name == "outcome_settle_seconds") {
        options.outcome_settle_seconds = value.value_or(options.outcome_settle_seconds);
      } else if (name == "min_free_mib") {
        options.store.min_free_mib = value.value_or(options.store.min_free_mib);
      } else if (name == "ballast_mib") {
        options.store.ballast_mib = value.value_or(options.store.ballast_mib);
      } else {
        return absl::InvalidArgumentError(path + ": unknown setting '" + name + "'");
      }
    }
  } catch (const toml::parse_error& e) {
    return absl::InvalidArgumentError(path + ": " + std::string(e.description()));
  }
  return absl::OkStatus();
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
  SetLimits();
  CLI::App app{"The Steelyard server: keeps purchases private and shows safe benchmarks."};
  app.set_version_flag("--version", STEELYARD_VERSION);
  app.require_subcommand(1);
  ServeOptions options;
  std::string token_file;
  std::string config_file;
  std::string ready_file;

  CLI::App* init = app.add_subcommand("init", "Make a new store and the first steward's token");
  CLI::App* serve = app.add_subcommand("serve", "Serve a store");
  CLI::App* verify = app.add_subcommand("verify", "Read a whole store and check that it is sound");
  for (CLI::App* command : {init, serve, verify}) {
    command->add_option("--data-dir", options.store.data_dir, "Folder of the store")->required();
    command->add_option("--config", config_file, "Settings, TOML")->check(CLI::ExistingFile);
  }
  init->add_option("--admin-token-file", token_file, "New file for the token's secret")->required();
  std::string address;
  serve->add_option("--grpc", address, "Loopback HOST:PORT to serve on; port 0 for any");
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

  if (*init) {
    const absl::Status made = InitStore(options.store, token_file);
    if (!made.ok()) return Fail(made);
    std::printf("Made a store in %s. The first steward's token is in %s; keep it secret.\n",
                options.store.data_dir.c_str(), token_file.c_str());
    return 0;
  }
  if (*verify) {
    const auto report = VerifyStore(options.store);
    if (!report.ok()) return Fail(report.status());
    std::printf("%s\n", report->c_str());
    return 0;
  }
  return Serve(options, ready_file);
}

}  // namespace
}  // namespace steelyard::app

int main(int argc, char** argv) { return steelyard::app::Main(argc, argv); }
