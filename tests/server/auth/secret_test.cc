#include "server/auth/secret.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/base/text.h"

namespace steelyard::auth {
namespace {

TEST(SecretTest, HoldsItsTokensIdAnd256Bits) {
  const NewSecret made = MakeSecret();
  EXPECT_THAT(made.token_id, ::testing::MatchesRegex("t[0-9a-f]{16}"));
  EXPECT_THAT(made.secret, ::testing::MatchesRegex("sty_" + made.token_id + "_[A-Za-z0-9_-]{43}"));
  EXPECT_EQ(TokenIdIn(made.secret), made.token_id);
  EXPECT_TRUE(SameHash(made.hash, HashSecret(made.secret)));
}

TEST(SecretTest, NoTwoAreAlike) {
  std::set<std::string> secrets, ids;
  for (int i = 0; i < 200; ++i) {
    const NewSecret made = MakeSecret();
    secrets.insert(made.secret.substr(22));
    ids.insert(made.token_id);
  }
  EXPECT_EQ(secrets.size(), 200u);
  EXPECT_EQ(ids.size(), 200u);
}

// RFC 7693's BLAKE2b with a digest of 32 bytes, of "abc".
TEST(SecretTest, HashIsBlake2b256) {
  EXPECT_EQ(HexOf(HashSecret("abc")),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(SecretTest, OnlyWellFormedSecretsNameAToken) {
  const std::string good = "sty_t0123456789abcdef_" + std::string(43, 'x');
  EXPECT_EQ(TokenIdIn(good), "t0123456789abcdef");
  for (const std::string& bad :
       {std::string(), std::string("sty_"), good + "x", good.substr(0, good.size() - 1),
        "STY_t0123456789abcdef_" + std::string(43, 'x'),
        "sty_x0123456789abcdef_" + std::string(43, 'x'),
        "sty_t0123456789ABCDEF_" + std::string(43, 'x'),
        "sty_t0123456789abcdef-" + std::string(43, 'x'),
        "sty_t0123456789abcde/_" + std::string(43, 'x')}) {
    EXPECT_EQ(TokenIdIn(bad), std::nullopt) << bad;
  }
}

TEST(SecretTest, HashesThatDifferOrAreNoHashesAreNotTheSame) {
  const std::string hash = HashSecret("a");
  std::string other = hash;
  other[31] ^= 1;
  EXPECT_TRUE(SameHash(hash, hash));
  EXPECT_FALSE(SameHash(hash, other));
  EXPECT_FALSE(SameHash(hash, ""));
  EXPECT_FALSE(SameHash("", ""));
}

}  // namespace
}  // namespace steelyard::auth
