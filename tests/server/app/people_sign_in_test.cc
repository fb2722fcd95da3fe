// From the button to a session that the access table knows, against a real
// OpenID provider.

#include "server/app/people_sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "server/auth/authenticator.h"
#include "storage/ledger/audit.h"
#include "tests/server/oidc/browser.h"
#include "tests/server/oidc/provider_process.h"
#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/status_matchers.h"

namespace steelyard::app {
namespace {

using ::steelyard::testing::StatusIs;

constexpr char kReturn[] = "http://127.0.0.1:8080/sign-in/openid/return";

class PeopleSignInTest : public ledger::LedgerTest {
 protected:
  void SetUp() override {
    STEELYARD_NEEDS_OPENID_PROVIDER();
    LedgerTest::SetUp();  // councils abc and xyz
    provider_ = std::make_unique<oidc::ProviderProcess>("one");
    ASSERT_NE(provider_->issuer(), "");
    journal_ = std::make_unique<audit::ReadJournal>(*ledger_, clock_,
                                                    absl::flat_hash_map<std::string, int64_t>());
    oidc::Settings settings;
    settings.issuer = provider_->issuer();
    settings.client_id = "steelyard";
    settings.client_secret = "a secret: with +signs&";
    settings.redirect_uri = kReturn;
    settings.roles = {{"Procurement-Send", model::Role::kSubmitter},
                      {"Procurement-Read", model::Role::kReader}};
    settings.councils = {{"E10000016", "abc"}, {"E99999999", "gone"}};
    ASSERT_OK_AND_ASSIGN(auto client, oidc::OpenIdClient::Make(settings, clock_));
    sign_in_ = std::make_unique<PeopleSignIn>(
        std::move(client), sessions_, *journal_, [this] { return ledger_->state()->registers; },
        clock_);
  }

  PeopleSignIn::Begun Begin() {
    std::promise<absl::StatusOr<PeopleSignIn::Begun>> begun;
    sign_in_->Begin([&](auto outcome) { begun.set_value(std::move(outcome)); });
    auto outcome = begun.get_future().get();
    EXPECT_OK(outcome);
    return *std::move(outcome);
  }
  absl::StatusOr<std::string> Finish(const std::string& query, const std::string& state) {
    std::promise<absl::StatusOr<std::string>> finished;
    sign_in_->Finish(query, state, [&](auto outcome) { finished.set_value(std::move(outcome)); });
    return finished.get_future().get();
  }
  // The query with which a person comes back.
  static std::string Visit(const std::string& url, const std::string& person) {
    const std::string back = oidc::Browser().Visit(url + "&login_hint=" + person, kReturn);
    EXPECT_TRUE(back.starts_with(kReturn)) << back;
    return back.substr(back.find('?') + 1);
  }

  SystemClock clock_;
  auth::SessionTokens sessions_{clock_};
  std::unique_ptr<oidc::ProviderProcess> provider_;
  std::unique_ptr<audit::ReadJournal> journal_;
  std::unique_ptr<PeopleSignIn> sign_in_;
};

TEST_F(PeopleSignInTest, APersonEndsUpWithASessionOfTheirCouncilAndRole) {
  const auto begun = Begin();
  ASSERT_OK_AND_ASSIGN(const std::string secret, Finish(Visit(begun.url, "anna"), begun.state));
  auth::Hooks hooks;
  hooks.session = [this](std::string_view id) { return sessions_.Find(id); };
  auth::Authenticator authenticator(
      clock_, [this] { return ledger_->state()->tokens; },
      [this] { return ledger_->state()->registers; }, hooks);
  ASSERT_OK_AND_ASSIGN(const rpc::Caller caller, authenticator.Authenticate("Bearer " + secret));
  EXPECT_EQ(caller.role, model::Role::kSubmitter);
  EXPECT_EQ(caller.council, ledger_->state()->registers->FindCouncil("abc")->no);
  EXPECT_EQ(sessions_.Find(caller.token_id)->display_name, "Anna Buyer");
  journal_->Flush();
  ASSERT_OK_AND_ASSIGN(const auto last, ledger::AuditReader(*database_).Last());
  EXPECT_EQ(last->action, "SignIn");
  EXPECT_EQ(last->principal, caller.token_id);
  EXPECT_EQ(last->resource, "councils/abc/people/anna");
}

TEST_F(PeopleSignInTest, WhoSignsOutHasNoTokenLeft) {
  const auto begun = Begin();
  ASSERT_OK_AND_ASSIGN(const std::string in, Finish(Visit(begun.url, "anna"), begun.state));
  EXPECT_EQ(sessions_.List().size(), 1u);
  std::string wrong = in;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  sign_in_->SignedOut(wrong);
  sign_in_->SignedOut("no secret");
  EXPECT_EQ(sessions_.List().size(), 1u);
  sign_in_->SignedOut(in);
  EXPECT_TRUE(sessions_.List().empty());
}

TEST_F(PeopleSignInTest, AReturnIsGoodOnceAndForTheBrowserThatBegan) {
  const auto begun = Begin();
  const std::string query = Visit(begun.url, "anna");
  EXPECT_THAT(Finish(query, "made up"), StatusIs(absl::StatusCode::kUnauthenticated));
  // Somebody else's return in my browser: its state is not that of my cookie.
  const auto mine = Begin();
  EXPECT_THAT(Finish(query, mine.state), StatusIs(absl::StatusCode::kUnauthenticated));
  ASSERT_OK(Finish(query, begun.state));
  EXPECT_THAT(Finish(query, begun.state), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(PeopleSignInTest, AnAnswerWithoutACodeOrOfAnotherProviderIsRefused) {
  for (const std::string& rest :
       {std::string(), std::string("&error=access_denied"), std::string("&code="),
        std::string("&code=a&code=b"), std::string("&code=a&iss=https%3A%2F%2Fevil.example"),
        std::string("&code=%zz")}) {
    const auto begun = Begin();
    EXPECT_THAT(Finish("state=" + begun.state + rest, begun.state),
                StatusIs(absl::StatusCode::kUnauthenticated))
        << rest;
  }
  EXPECT_TRUE(sessions_.List().empty());
}

TEST_F(PeopleSignInTest, WhoMayDoNothingHereIsToldSo) {
  // No role, and a council that is not registered.
  for (const char* person : {"emil", "fred"}) {
    const auto begun = Begin();
    EXPECT_THAT(Finish(Visit(begun.url, person), begun.state),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << person;
  }
  EXPECT_TRUE(sessions_.List().empty());
}

}  // namespace
}  // namespace steelyard::app
