#include "tests/support/test_server.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "absl/strings/str_format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "server/app/server.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "tests/support/temp_dir.h"

namespace steelyard::testing {
namespace {

void Require(bool ok, const std::string& what) {
  if (ok) return;
  std::fprintf(stderr, "test server: %s\n", what.c_str());
  std::abort();
}

}  // namespace

struct TestServer::Parts {
  TempDir dir;
  app::ServeOptions options;
  std::unique_ptr<app::Server> server;
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  std::shared_ptr<grpc::Channel> channel;
  std::string steward;

  void Start() {
    auto started = app::Server::Start(options);
    Require(started.ok(), std::string(started.status().message()));
    server = *std::move(started);
    channel = grpc::CreateChannel(server->grpc_address(), credentials);
  }
};

TestServer::TestServer(const TestServerOptions& options) : parts_(std::make_unique<Parts>()) {
  parts_->options.tls = {options.tls_certificate, options.tls_key, options.tls_client_ca,
                         options.require_client_certificate};
  if (!options.tls_certificate.empty()) {
    grpc::SslCredentialsOptions ssl;
    std::ifstream ca(options.tls_ca);
    ssl.pem_root_certs.assign(std::istreambuf_iterator<char>(ca), {});
    parts_->credentials = grpc::SslCredentials(ssl);
  }
  for (auto& quota : parts_->options.quotas.of_role) {
    quota = {options.calls_per_second, options.burst, 0};
  }
  parts_->options.store.data_dir = parts_->dir / "data";
  parts_->options.store.ballast_mib = 0;
  parts_->options.store.min_free_mib = 16;
  parts_->options.grpc_address = "127.0.0.1:0";
  parts_->options.outcome_settle_seconds = 1;
  const std::string token_file = parts_->dir / "token";
  const absl::Status made = app::InitStore(parts_->options.store, token_file);
  Require(made.ok(), std::string(made.message()));
  std::getline(std::ifstream(token_file), parts_->steward);
  parts_->Start();
}

TestServer::~TestServer() = default;

const std::string& TestServer::address() const { return parts_->server->grpc_address(); }
std::shared_ptr<grpc::Channel> TestServer::channel() const { return parts_->channel; }
const std::string& TestServer::steward() const { return parts_->steward; }

std::string TestServer::MakeToken(v1::Role role, const std::string& council) {
  v1::CreateTokenRequest request;
  request.mutable_token()->set_role(role);
  request.mutable_token()->set_display_name("test");
  if (!council.empty()) request.mutable_token()->set_council(council);
  request.set_request_id(NewUuid());
  v1::CreateTokenResponse reply;
  const grpc::Status status = v1::AccessService::NewStub(channel())->CreateToken(
      ContextOf(steward()).get(), request, &reply);
  Require(status.ok(), "CreateToken: " + status.error_message());
  return reply.secret();
}

const std::string& TestServer::data_dir() const { return parts_->options.store.data_dir; }

void TestServer::Stop() { parts_->server.reset(); }

void TestServer::Restart() {
  Stop();
  parts_->Start();
}

void TestServer::WaitPublished() {
  auto stub = v1::OperationsService::NewStub(channel());
  for (int i = 0; i < 600; ++i) {
    v1::ServiceStatus status;
    const grpc::Status asked =
        stub->GetStatus(ContextOf(steward()).get(), v1::GetStatusRequest(), &status);
    Require(asked.ok(), "GetStatus: " + asked.error_message());
    if (status.published_sequence() >= status.ledger_sequence()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  Require(false, "nothing was published within 30 seconds");
}

std::unique_ptr<grpc::ClientContext> ContextOf(const std::string& secret) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->AddMetadata("authorization", "Bearer " + secret);
  context->set_wait_for_ready(true);
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  return context;
}

std::string NewUuid() {
  std::random_device random;
  auto word = [&] { return static_cast<unsigned>(random() & 0xFFFF); };
  return absl::StrFormat("%04x%04x-%04x-4%03x-%04x-%04x%04x%04x", word(), word(), word(),
                         word() & 0xFFF, 0x8000 | (word() & 0x3FFF), word(), word(), word());
}

}  // namespace steelyard::testing
