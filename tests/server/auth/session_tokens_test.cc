#include "server/auth/session_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/auth/authenticator.h"
#include "server/auth/secret.h"
#include "server/rpc/errors.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::auth {
namespace {

using model::Role;

class SessionTokensTest : public ::testing::Test {
 protected:
  SessionTokens::Opened Open(const std::string& person) {
    auto opened = sessions_.Open(person, Role::kReader, {1}, "Anna");
    EXPECT_OK(opened);
    return *std::move(opened);
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'600'000'000)};
  SessionTokens sessions_{clock_};
};

TEST_F(SessionTokensTest, ASessionIsATokenLikeAnyOther) {
  const auto none = std::make_shared<const TokenMap>();
  Hooks hooks;
  hooks.session = [this](std::string_view id) { return sessions_.Find(id); };
  Authenticator authenticator(
      clock_, [&] { return none; }, [] { return std::make_shared<const model::Registers>(); },
      hooks);
  const auto opened = Open("anna");
  const std::string header = "Bearer " + opened.secret;
  ASSERT_OK_AND_ASSIGN(const rpc::Caller caller, authenticator.Authenticate(header));
  EXPECT_EQ(caller, (rpc::Caller{opened.token_id, Role::kReader, {1}}));
  EXPECT_TRUE(authenticator.StillValid(caller));
  std::string forged = header;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(authenticator.Authenticate(forged).status(), rpc::error::Unauthenticated());
  clock_.Advance(SessionTokens::kLifetime);
  EXPECT_EQ(authenticator.Authenticate(header).status(), rpc::error::Unauthenticated());
  EXPECT_FALSE(authenticator.StillValid(caller));
}

TEST_F(SessionTokensTest, OneThatWasEndedIsGoneAtOnce) {
  const auto opened = Open("anna");
  EXPECT_EQ(sessions_.List().size(), 1u);
  EXPECT_TRUE(sessions_.End(opened.token_id));
  EXPECT_FALSE(sessions_.End(opened.token_id));
  EXPECT_EQ(sessions_.Find(opened.token_id), std::nullopt);
  EXPECT_TRUE(sessions_.List().empty());
}

TEST_F(SessionTokensTest, OnePersonCannotTakeUpTheRoomOfOthers) {
  const auto ben = Open("ben");
  const auto first = Open("anna");
  for (size_t i = 1; i < SessionTokens::kMostOfOnePerson; ++i) Open("anna");
  EXPECT_NE(sessions_.Find(first.token_id), std::nullopt);
  Open("anna");
  EXPECT_EQ(sessions_.Find(first.token_id), std::nullopt);
  EXPECT_NE(sessions_.Find(ben.token_id), std::nullopt);
  EXPECT_EQ(sessions_.List().size(), SessionTokens::kMostOfOnePerson + 1);
}

TEST_F(SessionTokensTest, ExpiredOnesAreForgotten) {
  const auto opened = Open("anna");
  clock_.Advance(SessionTokens::kLifetime + absl::Seconds(1));
  EXPECT_TRUE(sessions_.List().empty());
  Open("ben");
  EXPECT_EQ(sessions_.Find(opened.token_id), std::nullopt);
}

}  // namespace
}  // namespace steelyard::auth
