#include "server/circles/exposures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::circles {
namespace {

model::AuditEntry Entry(const std::string& resource, const std::string& detail = "") {
  model::AuditEntry entry;
  entry.unix_micros = 1'770'000'000'000'000;
  entry.principal = "tabc";
  entry.action = "ListCircleFigures";
  entry.resource = resource;
  entry.detail = detail;
  return entry;
}

TEST(LookTest, SaysWhoseFiguresThroughWhatAndForWhom) {
  const std::string name = "councils/ken/circles/ppe-hck-1/viewers/hck";
  const auto look = LookOf(Entry(name), "councils/ken");
  ASSERT_TRUE(look);
  EXPECT_EQ(look->source(), "circles/ppe-hck-1");
  EXPECT_EQ(look->council(), "councils/hck");
  EXPECT_EQ(look->principal(), "tokens/tabc");
  EXPECT_EQ(look->time().seconds(), 1'770'000'000);
  EXPECT_EQ(look->times(), 1);
  EXPECT_EQ(LookOf(Entry(name, "3 times"), "councils/ken")->times(), 3);
}

TEST(LookTest, OtherEntriesAreNone) {
  EXPECT_FALSE(LookOf(Entry("councils/ken/circles/ppe-hck-1/viewers/hck"), "councils/hck"));
  EXPECT_FALSE(LookOf(Entry("councils/ken"), "councils/ken"));
  EXPECT_FALSE(LookOf(Entry("circles/ppe-hck-1"), "councils/ken"));
}

}  // namespace
}  // namespace steelyard::circles
