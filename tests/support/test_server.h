#ifndef STEELYARD_TESTS_SUPPORT_TEST_SERVER_H_
#define STEELYARD_TESTS_SUPPORT_TEST_SERVER_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "steelyard/v1/access_service.pb.h"

namespace steelyard::testing {

struct TestServerOptions {
  // PEM files: serves with TLS. The channel is then without a certificate.
  std::string tls_certificate = {};
  std::string tls_key = {};
  std::string tls_ca = {};         // that the channel trusts
  std::string tls_client_ca = {};  // empty: no client certificate is asked for
  bool require_client_certificate = false;
  // Of each token, whatever its role; 0 for no limit.
  double calls_per_second = 0;
  double burst = 0;
};

// The real server on a loopback port of its own and a folder of its own, with
// the shipped registers and a steward's token. Ends with the object. Start
// failures end the test program.
class TestServer {
 public:
  explicit TestServer(const TestServerOptions& options = {});
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  // HOST:PORT.
  const std::string& address() const;
  std::shared_ptr<grpc::Channel> channel() const;
  // Secret of the first steward's token.
  const std::string& steward() const;

  // Makes a token through the API and returns its secret.
  std::string MakeToken(v1::Role role, const std::string& council = "");

  // Its folder; nobody else may open it while the server runs.
  const std::string& data_dir() const;
  void Stop();

  // Stops the server and starts it again on the same folder; the address
  // changes.
  void Restart();

  // Waits until the publisher has looked at all that was committed.
  void WaitPublished();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// A context that carries `secret` and a deadline of 30 seconds.
std::unique_ptr<grpc::ClientContext> ContextOf(const std::string& secret);

// A fresh UUID of version 4.
std::string NewUuid();

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_TEST_SERVER_H_
