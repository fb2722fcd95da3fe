#include "server/audit/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::audit {
namespace {

using ::steelyard::testing::StatusIs;

Checkpoint Sample() {
  Checkpoint c;
  c.place = {42, 3};
  c.chain_sha256 = std::string(32, '\x5a');
  c.unix_seconds = 1'769'850'000;
  return c;
}

const SigningKey& Key() {
  static const auto* key = new SigningKey(std::string(32, 's'));
  return *key;
}

// Frozen: others keep such texts, and check them years later.
TEST(CheckpointTest, ItsTextIsFrozen) {
  EXPECT_EQ(TextOf(Sample()),
            "steelyard-audit-checkpoint-1\n"
            "sequence 42\n"
            "index 3\n"
            "chain 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\n"
            "time 2026-01-31T09:00:00Z\n");
}

TEST(CheckpointTest, ASignedOneComesBackAndIsGood) {
  Checkpoint c = Sample();
  Key().Sign(c);
  EXPECT_EQ(c.public_key, Key().public_key());
  ASSERT_OK_AND_ASSIGN(const Checkpoint back, ReadCheckpoint(FileOf(c)));
  EXPECT_EQ(back, c);
  EXPECT_TRUE(IsSignedBy(back, Key().public_key()));
}

TEST(CheckpointTest, TheSameSeedGivesTheSameKey) {
  EXPECT_EQ(SigningKey(std::string(32, 's')).public_key(), Key().public_key());
  EXPECT_NE(SigningKey(MakeSeed()).public_key(), Key().public_key());
}

TEST(CheckpointTest, AnyChangeSpoilsTheSignature) {
  Checkpoint c = Sample();
  Key().Sign(c);
  for (auto change :
       {+[](Checkpoint& x) { ++x.place.sequence; }, +[](Checkpoint& x) { ++x.place.index; },
        +[](Checkpoint& x) { x.chain_sha256[7] ^= 1; }, +[](Checkpoint& x) { ++x.unix_seconds; },
        +[](Checkpoint& x) { x.signature[0] ^= 1; }}) {
    Checkpoint other = c;
    change(other);
    EXPECT_FALSE(IsSignedBy(other, Key().public_key()));
  }
  EXPECT_FALSE(IsSignedBy(c, SigningKey(std::string(32, 'o')).public_key()));
  EXPECT_FALSE(IsSignedBy(c, ""));
}

TEST(CheckpointTest, WhatIsNoCheckpointIsRefused) {
  Checkpoint c = Sample();
  Key().Sign(c);
  const std::string file = FileOf(c);
  for (const std::string& bad :
       {std::string(), file.substr(0, file.size() - 2), "x" + file, file + "more\n", TextOf(c),
        std::string(file).replace(file.find("42"), 2, "-1"),
        std::string(file).replace(file.find("5a"), 2, "5A")}) {
    EXPECT_THAT(ReadCheckpoint(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace steelyard::audit
