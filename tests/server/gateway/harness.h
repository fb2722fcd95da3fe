#ifndef STEELYARD_TESTS_SERVER_GATEWAY_HARNESS_H_
#define STEELYARD_TESTS_SERVER_GATEWAY_HARNESS_H_

// The real server behind a gateway that a test can set up.

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "server/gateway/gateway.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_client.h"
#include "tests/support/test_server.h"

namespace steelyard::gateway {

using ::steelyard::testing::HeaderList;
using ::steelyard::testing::HttpConnection;
using ::steelyard::testing::HttpReply;
using ::steelyard::testing::NewUuid;
using ::steelyard::testing::TestServer;

inline constexpr char kOrigin[] = "https://steelyard.example.gov.uk";
inline constexpr char kHost[] = "steelyard.example.gov.uk";

// A gateway as it stands behind a proxy, over a server of its own.
class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest();
  // Starts it, again if it runs, with what options_ say now.
  void Open();

  // One request as the proxy forwards it; Host is that of kOrigin.
  HttpReply Ask(const std::string& method, const std::string& target, HeaderList headers = {},
                const std::string& body = "");
  // A Connect call with JSON and a token.
  HttpReply Call(const std::string& method, const std::string& json, const std::string& secret,
                 HeaderList headers = {});
  // The same as a page of ours makes it, with a cookie.
  HttpReply CallFromPage(const std::string& method, const std::string& json,
                         const std::string& cookie, HeaderList headers = {});

  // A sign-in form as a browser gets it, and what it sends back.
  struct Form {
    std::string cookie;  // "__Host-steelyard-form=..."
    std::string token;   // of the hidden field
  };
  Form OpenForm();
  HttpReply SignIn(const std::string& secret, HeaderList more = {});
  // The "name=value" of a cookie that an answer sets; empty if it does not.
  static std::string CookieOf(const HttpReply& reply, const std::string& what);
  // Signs in and returns the session's "name=value".
  std::string Session(const std::string& secret);

  TestServer server_;
  testing::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  GatewayOptions options_;
  bool healthy_ = true;
  gateway::SignIn* sign_in_ = nullptr;
  std::unique_ptr<Gateway> gateway_;
};

// What surrounds each page's own headers.
HeaderList FromOwnPageHeaders();

}  // namespace steelyard::gateway

#endif  // STEELYARD_TESTS_SERVER_GATEWAY_HARNESS_H_
