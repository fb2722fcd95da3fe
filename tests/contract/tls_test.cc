// Machines that show a certificate, and what the server asks of the wire.

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "tests/contract/harness.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;

constexpr char kMachine[] = "steelyard://councils/hck/roles/submitter";

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() : authority_(dir_ / ".") {
    authority_.Make("server", "IP:127.0.0.1,DNS:localhost");
    authority_.Make("hackney", absl::StrCat("URI:", kMachine));
    authority_.Make("camden", "URI:steelyard://councils/cmd/roles/submitter");
    authority_.Make("plain", "DNS:finance.example");
  }

  TestServerOptions Options(bool require) const {
    TestServerOptions options;
    options.tls_certificate = authority_.Certificate("server");
    options.tls_key = authority_.Key("server");
    options.tls_ca = options.tls_client_ca = authority_.ca();
    options.require_client_certificate = require;
    return options;
  }

  // A channel that shows the certificate `name`; none if empty.
  std::shared_ptr<grpc::Channel> Channel(const TestServer& server, const std::string& name,
                                         const testing::Certificates* authority = nullptr) const {
    if (authority == nullptr) authority = &authority_;
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = ReadFile(authority_.ca());
    if (!name.empty()) {
      ssl.pem_cert_chain = ReadFile(authority->Certificate(name));
      ssl.pem_private_key = ReadFile(authority->Key(name));
    }
    return grpc::CreateChannel(server.address(), grpc::SslCredentials(ssl));
  }

  // Who the server takes the caller for; without a token if `secret` is empty.
  static Answer<v1::Token> Caller(const std::shared_ptr<grpc::Channel>& channel,
                                  const std::string& secret = "") {
    Answer<v1::Token> answer;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    if (!secret.empty()) context.AddMetadata("authorization", "Bearer " + secret);
    answer.status = Access(channel).GetCaller(&context, {}, &answer.reply);
    return answer;
  }

  static void Register(const TestServer& server) {
    const Client steward(server.channel(), server.steward());
    ASSERT_THAT(
        steward.Call(&Access::CreateToken,
                     absl::StrCat("request_id: '$uuid' token { role: ROLE_SUBMITTER display_name: "
                                  "'Finance' council: 'councils/hck' certificate_uri: '",
                                  kMachine, "' }")),
        Succeeds());
  }

  testing::TempDir dir_;
  testing::Certificates authority_;
};

TEST_F(TlsTest, AMachineActsForTheCouncilInItsCertificateOnceItIsRegistered) {
  TestServer server(Options(false));
  const auto channel = Channel(server, "hackney");
  EXPECT_THAT(Caller(channel), Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
  Register(server);
  const auto caller = Caller(channel);
  ASSERT_THAT(caller, Succeeds());
  EXPECT_EQ(caller.reply.council(), "councils/hck");
  EXPECT_EQ(caller.reply.role(), v1::ROLE_SUBMITTER);
  // No token, no header at all: the certificate is enough to send and read.
  grpc::ClientContext context;
  v1::ListPurchasesRequest list;
  list.set_parent(kHackney);
  v1::ListPurchasesResponse listed;
  EXPECT_TRUE(Purchases(channel).ListPurchases(&context, list, &listed).ok());
  grpc::ClientContext other;
  list.set_parent(kCamden);
  EXPECT_EQ(Purchases(channel).ListPurchases(&other, list, &listed).error_code(),
            StatusCode::NOT_FOUND);
  for (const char* unregistered : {"camden", "plain", ""}) {
    EXPECT_THAT(Caller(Channel(server, unregistered)),
                Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"))
        << unregistered;
  }
}

TEST_F(TlsTest, ARevokedMachineEndsAtOnce) {
  TestServer server(Options(false));
  Register(server);
  const auto channel = Channel(server, "hackney");
  const auto caller = Caller(channel);
  ASSERT_THAT(caller, Succeeds());
  const Client steward(server.channel(), server.steward());
  ASSERT_THAT(steward.Call(&Access::RevokeToken,
                           absl::StrCat("name: '", caller.reply.name(), "' request_id: '$uuid'")),
              Succeeds());
  EXPECT_THAT(Caller(channel), Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
}

TEST_F(TlsTest, ATokenMustAgreeWithTheCertificateItComesWith) {
  TestServer server(Options(false));
  const std::string hackney = server.MakeToken(v1::ROLE_SUBMITTER, kHackney);
  EXPECT_THAT(Caller(Channel(server, ""), hackney), Succeeds());
  EXPECT_THAT(Caller(Channel(server, "plain"), hackney), Succeeds());
  EXPECT_THAT(Caller(Channel(server, "hackney"), hackney), Succeeds());
  EXPECT_THAT(Caller(Channel(server, "camden"), hackney),
              Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
  EXPECT_THAT(Caller(Channel(server, "hackney"), server.steward()),
              Fails(StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"));
}

TEST_F(TlsTest, ACertificateOfAnotherAuthorityIsNoCertificate) {
  TestServer server(Options(false));
  Register(server);
  const testing::Certificates stranger(dir_ / ".", "stranger");
  stranger.Make("forged", absl::StrCat("URI:", kMachine));
  EXPECT_FALSE(Caller(Channel(server, "forged", &stranger)).status.ok());
}

TEST_F(TlsTest, WhereCertificatesAreRequiredNobodyComesInWithoutOne) {
  TestServerOptions options = Options(true);
  TestServer server(options);
  EXPECT_EQ(Caller(Channel(server, ""), server.steward()).status.error_code(),
            StatusCode::UNAVAILABLE);
  EXPECT_THAT(Caller(Channel(server, "plain"), server.steward()), Succeeds());
}

TEST_F(TlsTest, PlainTextIsNotAnswered) {
  TestServer server(Options(false));
  const auto channel = grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials());
  EXPECT_EQ(Caller(channel, server.steward()).status.error_code(), StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace steelyard::contract
