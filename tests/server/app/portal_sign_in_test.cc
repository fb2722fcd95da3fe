// A person signs in with their council's account: the whole server, its gateway
// and a real OpenID provider.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "server/app/server.h"
#include "tests/server/oidc/browser.h"
#include "tests/server/oidc/provider_process.h"
#include "tests/support/http_client.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::app {
namespace {

using testing::Fetch;
using ::testing::HasSubstr;
using testing::HeaderList;
using testing::HttpReply;
using ::testing::Not;

constexpr char kReturn[] = "http://127.0.0.1:8080/sign-in/openid/return";

class PortalSignInTest : public ::testing::Test {
 protected:
  void SetUp() override {
    STEELYARD_NEEDS_OPENID_PROVIDER();
    provider_ = std::make_unique<oidc::ProviderProcess>("one");
    ASSERT_NE(provider_->issuer(), "");
    ServeOptions options;
    options.store.data_dir = dir_ / "data";
    options.store.ballast_mib = 0;
    options.store.min_free_mib = 16;
    options.grpc_address = "127.0.0.1:0";
    options.gateway.address = "127.0.0.1:0";
    options.oidc.issuer = provider_->issuer();
    options.oidc.client_id = "steelyard";
    options.oidc.client_secret = "a secret: with +signs&";
    options.oidc.redirect_uri = kReturn;
    options.oidc.label = "Sign in with your council account";
    options.oidc.roles = {{"Procurement-Send", model::Role::kSubmitter}};
    options.oidc.councils = {{"E10000016", "ken"}};
    ASSERT_OK(InitStore(options.store, dir_ / "token"));
    ASSERT_OK_AND_ASSIGN(server_, Server::Start(options));
  }

  HttpReply Get(const std::string& target, const std::string& cookie = "") {
    HeaderList headers;
    if (!cookie.empty()) headers.emplace_back("Cookie", cookie);
    return Fetch(server_->portal_address(), "GET", target, headers);
  }
  // `name=value` of the cookie that a reply sets and that is called so.
  static std::string CookieOf(const HttpReply& reply, const std::string& name) {
    for (const auto& [header, value] : reply.headers) {
      const bool it = header == "set-cookie" && value.find(name + "=") != std::string::npos;
      if (it && value.find(name + "=;") == std::string::npos) {
        return value.substr(0, value.find(';'));
      }
    }
    return "";
  }
  // The answer to whoever comes back from the provider as `person`.
  HttpReply SignIn(const std::string& person) {
    const HttpReply begun = Get("/sign-in/openid");
    EXPECT_EQ(begun.status, 303);
    state_ = CookieOf(begun, "sign-in");
    EXPECT_NE(state_, "");
    const std::string url = begun.Get("location");
    EXPECT_THAT(url, HasSubstr("code_challenge_method=S256"));
    const std::string back = oidc::Browser().Visit(url + "&login_hint=" + person, kReturn);
    EXPECT_TRUE(back.starts_with(kReturn)) << back;
    query_ = back.substr(back.find('?'));
    return Get("/sign-in/openid/return" + query_, state_);
  }

  testing::TempDir dir_;
  std::unique_ptr<oidc::ProviderProcess> provider_;
  std::unique_ptr<Server> server_;
  std::string state_, query_;
};

TEST_F(PortalSignInTest, ThePageOffersTheCouncilAccountAndLetsThePersonIn) {
  EXPECT_THAT(Get("/sign-in").body, HasSubstr("Sign in with your council account"));
  const HttpReply in = SignIn("anna");
  EXPECT_EQ(in.status, 200);
  const std::string session = CookieOf(in, "session");
  ASSERT_NE(session, "");
  const HttpReply home = Get("/", session);
  EXPECT_EQ(home.status, 200);
  EXPECT_THAT(home.body, HasSubstr("Anna Buyer"));
  // The way back is good once, and without the cookie of the browser not at all.
  EXPECT_EQ(CookieOf(Get("/sign-in/openid/return" + query_, state_), "session"), "");
  SignIn("anna");
  EXPECT_EQ(CookieOf(Get("/sign-in/openid/return" + query_), "session"), "");
}

TEST_F(PortalSignInTest, WhoHasNoRoleHereIsToldSoAndStaysOutside) {
  const HttpReply out = SignIn("emil");
  EXPECT_EQ(out.status, 403);
  EXPECT_EQ(CookieOf(out, "session"), "");
  EXPECT_THAT(out.body, Not(HasSubstr("Emil Nobody")));
}

}  // namespace
}  // namespace steelyard::app
