#include "tests/edge/front.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "tests/edge/tls_client.h"
#include "tests/support/test_server.h"

namespace steelyard::edge {
namespace {

constexpr absl::Duration kMaxStart = absl::Minutes(1);

// Changes `text`; empty if each of the first stood there, else which did not.
std::string Replace(std::string& text,
                    const std::vector<std::pair<std::string, std::string>>& changes) {
  for (const auto& [from, to] : changes) {
    if (text.find(from) == std::string::npos) return "the shipped file does not say " + from;
    text = absl::StrReplaceAll(text, {{from, to}});
  }
  return "";
}

std::string Shipped(const std::string& name) {
  const char* root = std::getenv("STEELYARD_SOURCE_DIR");
  return ReadFile(absl::StrCat(root == nullptr ? "." : root, "/packaging/nginx/", name));
}

}  // namespace

bool Front::HasNginx() { return Process::Run({"nginx", "-v"}, "/dev/null") == 0; }

std::string Front::origin() const {
  return absl::StrCat("https://", kHost, address_.substr(address_.rfind(':')));
}

std::string Front::Start(const Options& options) {
  // The workers of nginx are another user.
  chmod(std::string(dir_ / "").c_str(), 0755);
  address_ = absl::StrCat("127.0.0.1:", FreePort());
  const int made = Process::Run(
      {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
       "-nodes", "-days", "2", "-subj", absl::StrCat("/CN=", kHost), "-addext",
       absl::StrCat("subjectAltName=DNS:", kHost), "-keyout", dir_ / "key.pem", "-out",
       dir_ / "fullchain.pem"},
      dir_ / "openssl.log");
  if (made != 0) return "openssl made no certificate: " + ReadFile(dir_ / "openssl.log");
  for (const auto& step : {StartServer(options), WriteConfiguration(), StartNginx()}) {
    if (!step.empty()) return step;
  }
  return "";
}

std::string Front::StartServer(const Options& options) {
  std::ofstream settings(dir_ / "settings.toml");
  settings << "min_free_mib = 16\nballast_mib = 0\n";
  if (!options.oidc_issuer.empty()) {
    std::ofstream(dir_ / "oidc.secret") << options.oidc_client_secret;
    settings << "[oidc]\nissuer = \"" << options.oidc_issuer << "\"\nclient_id = \"steelyard\"\n"
             << "client_secret_file = \"" << (dir_ / "oidc.secret") << "\"\n"
             << "redirect_uri = \"" << options.oidc_return << "\"\n"
             << "roles = { \"Procurement-Send\" = \"submitter\" }\n"
             << "councils = { \"E10000016\" = \"ken\" }\n";
  }
  settings.close();
  const int made =
      Process::Run({STEELYARD_SERVER, "init", "--data-dir", dir_ / "data", "--admin-token-file",
                    dir_ / "token", "--config", dir_ / "settings.toml"},
                   dir_ / "server.log");
  if (made != 0) return "steelyardd init failed: " + server_log();
  std::getline(std::ifstream(dir_ / "token"), steward_);
  server_.Start({STEELYARD_SERVER, "serve", "--data-dir", dir_ / "data", "--config",
                 dir_ / "settings.toml", "--grpc", "127.0.0.1:0", "--portal", "127.0.0.1:0",
                 "--internal", "127.0.0.1:0", "--portal-origin", origin(), "--portal-origin",
                 absl::StrCat("https://", kHost), "--ready-file", dir_ / "ready"},
                dir_ / "server.log", options.open_files);
  const absl::Time until = absl::Now() + kMaxStart;
  while (!std::filesystem::exists(std::string(dir_ / "ready"))) {
    if (!server_.Running() || absl::Now() > until) return "steelyardd: " + server_log();
    absl::SleepFor(absl::Milliseconds(10));
  }
  std::istringstream ready(ReadFile(dir_ / "ready"));
  std::string word;
  ready >> grpc_ >> word >> portal_ >> word >> internal_;
  return internal_.empty() ? "the ready file lacks an address" : "";
}

std::string Front::WriteConfiguration() {
  const std::string folder = dir_ / "nginx";
  std::filesystem::create_directories(folder);
  std::string site = Shipped("steelyard.conf");
  std::string main = Shipped("nginx.conf");
  std::string wrong = Replace(site, {{"listen 443 ", absl::StrCat("listen ", address_, " ")},
                                     {"127.0.0.1:7443", grpc_},
                                     {"127.0.0.1:8080", portal_},
                                     {"/etc/steelyard/tls/", dir_ / ""},
                                     {"/var/log/nginx/", folder + "/"}});
  if (wrong.empty()) {
    wrong = Replace(
        main, {{"/run/nginx.pid", folder + "/pid"},
               {"/var/log/nginx/", folder + "/"},
               {"/etc/nginx/conf.d/", folder + "/"},
               {"http {", absl::StrCat("http {\n    client_body_temp_path ", folder,
                                       "/body;\n    proxy_temp_path ", folder, "/proxy;\n")}});
  }
  std::ofstream(folder + "/steelyard.conf") << site;
  std::ofstream(folder + "/nginx.conf") << main;
  return wrong;
}

std::string Front::StartNginx() {
  nginx_.Start({"nginx", "-e", dir_ / "nginx/error.log", "-c", dir_ / "nginx/nginx.conf", "-g",
                "daemon off;"},
               dir_ / "nginx.log");
  const absl::Time until = absl::Now() + kMaxStart;
  while (absl::Now() < until && nginx_.Running()) {
    if (TlsClient::Connect(address_, kHost, "http/1.1") != nullptr) return "";
    absl::SleepFor(absl::Milliseconds(20));
  }
  return "nginx: " + nginx_logs();
}

std::string Front::nginx_logs() const {
  std::string logs = ReadFile(dir_ / "nginx.log");
  for (const auto& entry : std::filesystem::directory_iterator(dir_ / "nginx")) {
    if (entry.path().extension() == ".log") logs += ReadFile(entry.path());
  }
  return logs;
}

std::shared_ptr<grpc::Channel> Front::Channel() const {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadFile(dir_ / "fullchain.pem");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(kHost);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  return grpc::CreateCustomChannel(address_, grpc::SslCredentials(tls), arguments);
}

std::string Front::MakeToken(v1::Role role) const {
  v1::CreateTokenRequest make;
  make.mutable_token()->set_role(role);
  make.mutable_token()->set_council("councils/hck");
  make.mutable_token()->set_display_name("of a test");
  make.set_request_id(testing::NewUuid());
  v1::CreateTokenResponse made;
  const auto context = testing::ContextOf(steward_);
  const grpc::Status called =
      v1::AccessService::NewStub(Channel())->CreateToken(context.get(), make, &made);
  return called.ok() ? made.secret() : "";
}

}  // namespace steelyard::edge
