// A whole sign-in against a real OpenID provider: from the address that the
// browser is sent to, through the provider's pages, to the person.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/oidc/openid_client.h"
#include "tests/server/oidc/browser.h"
#include "tests/server/oidc/provider_process.h"
#include "tests/support/status_matchers.h"

namespace steelyard::oidc {
namespace {

using ::steelyard::testing::StatusIs;

constexpr char kReturn[] = "http://127.0.0.1:8080/sign-in/openid/return";

std::string Query(const std::string& url, const std::string& name) {
  const size_t at = url.find(name + "=");
  if (at == std::string::npos) return "";
  const size_t begin = at + name.size() + 1;
  return url.substr(begin, url.find('&', begin) - begin);
}

class SignInTest : public ::testing::Test {
 protected:
  void SetUp() override {
    STEELYARD_NEEDS_OPENID_PROVIDER();
    provider_ = std::make_unique<ProviderProcess>("one");
    ASSERT_NE(provider_->issuer(), "");
    client_ = Client(provider_->issuer());
  }

  std::unique_ptr<OpenIdClient> Client(const std::string& issuer,
                                       const std::string& id = "steelyard") {
    Settings settings;
    settings.issuer = issuer;
    settings.client_id = id;
    settings.client_secret = id == "steelyard" ? "a secret: with +signs&" : "another";
    settings.redirect_uri = kReturn;
    settings.roles = {{"Procurement-Send", model::Role::kSubmitter},
                      {"Procurement-Read", model::Role::kReader},
                      {"Subgroup", model::Role::kAnalyst}};
    settings.councils = {{"E10000016", "ken"}};
    auto client = OpenIdClient::Make(settings, clock_);
    EXPECT_OK(client);
    return *std::move(client);
  }

  // The code with which a person comes back.
  std::string CodeOf(const std::string& person) {
    const auto url = client_->BuildAuthorizeUrl("the state", nonce_, ChallengeOf(verifier_));
    EXPECT_OK(url);
    Browser browser;
    const std::string back = browser.Visit(absl::StrCat(*url, "&login_hint=", person), kReturn);
    EXPECT_EQ(Query(back, "state"), "the+state") << back;  // as forms encode a blank
    return Query(back, "code");
  }
  absl::StatusOr<Person> SignIn(const std::string& person) {
    return client_->Exchange(CodeOf(person), verifier_, nonce_);
  }

  // This machine's, moved forth where a test says so.
  class MovedClock final : public Clock {
   public:
    absl::Time Now() override { return absl::Now() + by_; }
    void Advance(absl::Duration by) { by_ += by; }

   private:
    absl::Duration by_;
  };

  MovedClock clock_;
  const std::string nonce_ = RandomValue();
  const std::string verifier_ = RandomValue();
  std::unique_ptr<ProviderProcess> provider_;
  std::unique_ptr<OpenIdClient> client_;
};

TEST_F(SignInTest, APersonSignsInWithRoleAndCouncilFromTheClaims) {
  ASSERT_OK_AND_ASSIGN(const Person anna, SignIn("anna"));
  EXPECT_EQ(anna, (Person{"anna", "Anna Buyer", model::Role::kSubmitter, "ken"}));
  ASSERT_OK_AND_ASSIGN(const Person cleo, SignIn("cleo"));
  EXPECT_EQ(cleo, (Person{"cleo", "Cleo Analyst", model::Role::kAnalyst, ""}));
}

TEST_F(SignInTest, WhoHasNoRoleOrNoCouncilHereIsDenied) {
  for (const char* person : {"dora", "emil", "fred"}) {
    EXPECT_THAT(SignIn(person), StatusIs(absl::StatusCode::kPermissionDenied)) << person;
  }
}

TEST_F(SignInTest, ACodeIsGoodOnceAndOnlyForWhoBeganTheSignIn) {
  const std::string code = CodeOf("anna");
  EXPECT_THAT(client_->Exchange(code, RandomValue(), nonce_),
              StatusIs(absl::StatusCode::kUnavailable));  // the provider says 400
  const std::string second = CodeOf("anna");
  EXPECT_THAT(client_->Exchange(second, verifier_, RandomValue()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(client_->Exchange(second, verifier_, nonce_),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(client_->Exchange("made up", verifier_, nonce_),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(SignInTest, ACodeOfAnotherServiceIsNoGood) {
  const auto url = Client(provider_->issuer(), "somebody-else")
                       ->BuildAuthorizeUrl("s", nonce_, ChallengeOf(verifier_));
  ASSERT_OK(url);
  Browser browser;
  const std::string back = browser.Visit(absl::StrCat(*url, "&login_hint=anna"), kReturn);
  ASSERT_NE(Query(back, "code"), "") << back;
  EXPECT_THAT(client_->Exchange(Query(back, "code"), verifier_, nonce_),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(SignInTest, NewKeysOfTheProviderAreFoundByThemselves) {
  ASSERT_OK(SignIn("anna"));
  const int port = provider_->port();
  provider_.reset();
  EXPECT_THAT(client_->Exchange("x", verifier_, nonce_), StatusIs(absl::StatusCode::kUnavailable));
  provider_ = std::make_unique<ProviderProcess>("two", port);
  ASSERT_NE(provider_->issuer(), "");
  clock_.Advance(absl::Seconds(11));  // keys were asked for just now
  ASSERT_OK_AND_ASSIGN(const Person anna, SignIn("anna"));
  EXPECT_EQ(anna.council, "ken");
}

TEST_F(SignInTest, AProviderThatCallsItselfOtherwiseIsNotBelieved) {
  const auto client = Client(provider_->issuer() + "/");
  EXPECT_THAT(client->BuildAuthorizeUrl("s", "n", "c"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Client("http://id.example")->BuildAuthorizeUrl("s", "n", "c"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace steelyard::oidc
