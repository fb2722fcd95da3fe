// Signing in elsewhere, with a provider that says what a test wants; the real one
// is in tests/server/app.

#include <atomic>

#include "absl/strings/str_cat.h"
#include "tests/server/gateway/harness.h"

namespace steelyard::gateway {
namespace {

class Provider final : public SignIn {
 public:
  std::string label() const override { return "Sign in with your council account"; }
  void Begin(std::function<void(absl::StatusOr<Begun>)> done) override {
    done(Begun{"https://id.example/authorize", "the-state"});
  }
  void Finish(std::string, std::string,
              std::function<void(absl::StatusOr<std::string>)> done) override {
    ++finished;
    done(outcome);
  }
  void SignedOut(const std::string&) override {}

  absl::StatusOr<std::string> outcome = absl::UnavailableError("no answer");
  std::atomic<int> finished{0};
};

class SignInTest : public GatewayTest {
 protected:
  SignInTest() {
    sign_in_ = &provider_;
    Open();
  }
  ~SignInTest() override { gateway_.reset(); }

  HttpReply Return(const std::string& address) {
    return Ask("GET", "/sign-in/openid/return?code=c&state=the-state",
               {{"Cookie", "__Host-steelyard-sign-in=the-state"}, {"X-Real-IP", address}});
  }

  Provider provider_;
};

TEST_F(SignInTest, AProviderThatIsAwayIsNobodysFailure) {
  for (int i = 0; i < options_.sign_in_failures.burst * 2; ++i) {
    EXPECT_EQ(Return("192.0.2.1").status, 403);
  }
  provider_.outcome = absl::UnauthenticatedError("made up");
  for (int i = 0; i < options_.sign_in_failures.burst; ++i) {
    EXPECT_EQ(Return("192.0.2.1").status, 403);
  }
  EXPECT_EQ(Return("192.0.2.1").status, 429);
}

TEST_F(SignInTest, ManyAddressesKeepNobodyElseOut) {
  provider_.outcome = absl::UnauthenticatedError("made up");
  for (int address = 1; address <= 40; ++address) {
    for (int i = 0; i < options_.sign_in_failures.burst; ++i) {
      EXPECT_EQ(Return(absl::StrCat("192.0.2.", address)).status, 403);
    }
  }
  provider_.outcome = server_.steward();
  EXPECT_EQ(Return("192.0.2.1").status, 429);
  EXPECT_EQ(Return("192.0.2.200").status, 200);
}

TEST_F(SignInTest, AllOfASixtyFourIsOneAddress) {
  provider_.outcome = absl::UnauthenticatedError("made up");
  for (int i = 0; i < options_.sign_in_failures.burst; ++i) {
    EXPECT_EQ(Return(absl::StrCat("2001:db8::", i + 1)).status, 403);
  }
  EXPECT_EQ(Return("2001:db8::ffff:1").status, 429);
  EXPECT_EQ(Return("2001:db8:0:1::1").status, 403);
}

TEST_F(SignInTest, NobodyBeginsWithoutEnd) {
  const auto begin = [&](const std::string& address) {
    return Ask("GET", "/sign-in/openid", {{"X-Real-IP", address}});
  };
  for (int i = 0; i < options_.sign_in_beginnings.burst; ++i) {
    EXPECT_EQ(begin("192.0.2.1").Get("location"), "https://id.example/authorize");
  }
  const HttpReply refused = begin("192.0.2.1");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, ::testing::HasSubstr("Too many attempts"));
  EXPECT_EQ(begin("192.0.2.2").status, 303);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(begin("192.0.2.1").status, 303);
  EXPECT_EQ(begin("192.0.2.1").status, 429);
}

// It comes back from another site, so it is Lax; in all else as the others.
TEST_F(SignInTest, TheCookieOfTheStateIsThisHostsAlone) {
  const std::string cookie = Ask("GET", "/sign-in/openid").Get("set-cookie");
  EXPECT_EQ(cookie,
            "__Host-steelyard-sign-in=the-state; Path=/; HttpOnly; SameSite=Lax; Secure; "
            "Max-Age=600");
}

}  // namespace
}  // namespace steelyard::gateway
