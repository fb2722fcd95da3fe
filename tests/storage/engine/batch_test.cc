#include "storage/engine/batch.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace steelyard::engine {
namespace {

std::vector<std::string> Spell(const Batch& batch) {
  std::vector<std::string> out;
  batch.ForEach(
      [&](Family family, std::string_view key, std::string_view value) {
        out.push_back(std::string(FamilyName(family)) + " put " + std::string(key) + "=" +
                      std::string(value));
      },
      [&](Family family, std::string_view key) {
        out.push_back(std::string(FamilyName(family)) + " delete " + std::string(key));
      });
  return out;
}

TEST(BatchTest, GivesItsWritesBackInOrder) {
  Batch batch;
  EXPECT_TRUE(batch.empty());
  batch.Put(Family::kFacts, "b", "2");
  batch.Delete(Family::kPublisher, "c");
  batch.Put(Family::kMeta, "", "");
  batch.Put(Family::kFacts, "b", std::string(70000, 'x'));
  EXPECT_EQ(batch.writes(), 4u);
  EXPECT_GT(batch.bytes(), 70000u);
  EXPECT_EQ(Spell(batch),
            (std::vector<std::string>{"facts put b=2", "publisher delete c",
                                      "meta put =", "facts put b=" + std::string(70000, 'x')}));
}

TEST(BatchTest, KeepsZeroBytesInKeysAndValues) {
  Batch batch;
  batch.Put(Family::kMeta, std::string_view("a\0b", 3), std::string_view("\0", 1));
  EXPECT_EQ(Spell(batch)[0], std::string("meta put a\0b=\0", 14));
}

TEST(BatchTest, IsEmptyAfterClearAndMovesWhole) {
  Batch batch;
  batch.Put(Family::kMeta, "a", "1");
  const Batch moved = std::move(batch);
  EXPECT_EQ(Spell(moved), std::vector<std::string>{"meta put a=1"});
  Batch cleared = moved;
  cleared.Clear();
  EXPECT_TRUE(cleared.empty());
  EXPECT_EQ(cleared.bytes(), 0u);
  EXPECT_TRUE(Spell(cleared).empty());
}

// The names are on disk: a store written today must open for ever.
TEST(FamilyTest, NamesAreFrozen) {
  const std::vector<std::string_view> frozen = {"meta",
                                                "registers",
                                                "purchases",
                                                "versions",
                                                "facts",
                                                "fact_history",
                                                "submissions",
                                                "requests",
                                                "staging",
                                                "tokens",
                                                "audit",
                                                "editions",
                                                "publisher",
                                                "documents",
                                                "outcomes",
                                                "outcome_versions",
                                                "outcome_facts",
                                                "outcome_fact_history",
                                                "outcome_editions"};
  EXPECT_EQ(std::vector<std::string_view>(kFamilyNames.begin(), kFamilyNames.end()), frozen);
  EXPECT_EQ(FamilyName(Family::kFactHistory), "fact_history");
  EXPECT_EQ(FamilyName(Family::kPublisher), "publisher");
}

}  // namespace
}  // namespace steelyard::engine
