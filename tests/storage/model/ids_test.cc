#include "storage/model/ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::model {
namespace {

TEST(CurrencyTest, KeepsItsCode) {
  for (const char* code : {"GBP", "EUR", "AAA", "ZZZ"}) {
    EXPECT_EQ(Currency::Parse(code)->code(), code);
  }
  EXPECT_LT(*Currency::Parse("EUR"), Currency::Gbp());
}

TEST(CurrencyTest, RefusesAnythingElse) {
  for (const char* code : {"", "gbp", "GB", "GBPP", "G1P", "£££"}) {
    EXPECT_EQ(Currency::Parse(code), std::nullopt) << code;
  }
}

TEST(EstablishmentIdTest, IsAnInspectoratesNumberInLowerCase) {
  for (const char* id : {"sc012345", "1027076", "1-1000312641"}) {
    EXPECT_TRUE(IsEstablishmentId(id)) << id;
  }
  for (const char* id : {"", "SC012345", "-1", "1-", "sc 1", "a/b"}) {
    EXPECT_FALSE(IsEstablishmentId(id)) << id;
  }
  EXPECT_FALSE(IsEstablishmentId(std::string(33, '1')));
}

TEST(ResourceIdTest, FollowsTheGrammar) {
  EXPECT_TRUE(IsResourceId("a"));
  EXPECT_TRUE(IsResourceId("mask-type-2r"));
  for (const char* id : {"", "-a", "a-", "A", "1a", "a_b", "a/b", "é"}) {
    EXPECT_FALSE(IsResourceId(id)) << id;
  }
  EXPECT_TRUE(IsResourceId(std::string(63, 'a')));
  EXPECT_FALSE(IsResourceId(std::string(64, 'a')));
}

TEST(UuidTest, TakesVersionFourOnly) {
  EXPECT_TRUE(IsUuid4("3f2504e0-4f89-41d3-9a0c-0305e82c3301"));
  EXPECT_FALSE(IsUuid4("3f2504e0-4f89-11d3-9a0c-0305e82c3301"));
  EXPECT_FALSE(IsUuid4("3f2504e0-4f89-41d3-7a0c-0305e82c3301"));
  EXPECT_FALSE(IsUuid4("3f2504e04f8941d39a0c0305e82c3301"));
}

}  // namespace
}  // namespace steelyard::model
