// What the server does not start with.

#include <gmock/gmock.h>

#include "server/app/server.h"
#include "tests/support/certificates.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::app {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

class ServerStartTest : public ::testing::Test {
 protected:
  ServerStartTest() {
    options_.store.data_dir = dir_ / "data";
    options_.store.ballast_mib = 0;
    options_.store.min_free_mib = 16;
    options_.grpc_address = "127.0.0.1:0";
    EXPECT_OK(InitStore(options_.store, dir_ / "token"));
  }
  std::string Refusal() {
    const auto started = Server::Start(options_);
    EXPECT_THAT(started, StatusIs(absl::StatusCode::kInvalidArgument));
    return std::string(started.status().message());
  }

  testing::TempDir dir_;
  ServeOptions options_;
};

TEST_F(ServerStartTest, WhoWantsClientCertificatesIsNotServedPlainText) {
  options_.tls.require_client_certificate = true;
  EXPECT_THAT(Refusal(), HasSubstr("TLS needs both --tls-cert and --tls-key"));
}

TEST_F(ServerStartTest, TheWaysInWithoutTlsAreForThisMachineAlone) {
  for (const char* open : {"0.0.0.0:0", "[::]:0", "192.0.2.1:80", "example.org:80"}) {
    ServeOptions before = options_;
    options_.grpc_address = open;
    EXPECT_THAT(Refusal(), HasSubstr("--grpc"));
    options_ = before;
    options_.gateway.address = open;
    EXPECT_THAT(Refusal(), HasSubstr("--portal"));
    options_ = before;
    options_.gateway.internal_address = open;
    EXPECT_THAT(Refusal(), HasSubstr("--internal"));
    options_ = before;
  }
}

TEST_F(ServerStartTest, AnOpenPortWithoutClientCertificatesIsWarnedOf) {
  const testing::Certificates certificates(dir_ / "");
  certificates.Make("server", "IP:127.0.0.1");
  options_.tls = {certificates.Certificate("server"), certificates.Key("server"), certificates.ca(),
                  false};
  const auto log = [&](const std::string& address, bool require) {
    options_.grpc_address = address;
    options_.tls.require_client_certificate = require;
    ::testing::internal::CaptureStderr();
    EXPECT_OK(Server::Start(options_));
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(log("0.0.0.0:0", false), HasSubstr("docs/operations.md"));
  EXPECT_THAT(log("0.0.0.0:0", true), Not(HasSubstr("docs/operations.md")));
  EXPECT_THAT(log("127.0.0.1:0", false), Not(HasSubstr("docs/operations.md")));
}

}  // namespace
}  // namespace steelyard::app
