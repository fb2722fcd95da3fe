#include "storage/engine/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::engine {
namespace {

using ::steelyard::testing::StatusIs;
using ::steelyard::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs Drain(std::unique_ptr<Iterator> it) {
  Pairs out;
  for (; it->Valid(); it->Next()) out.emplace_back(it->key(), it->value());
  EXPECT_OK(it->status());
  return out;
}

std::string Keys(std::unique_ptr<Iterator> it) {
  std::string keys;
  for (const auto& [key, value] : Drain(std::move(it))) keys += key + " ";
  return keys;
}

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  static OpenOptions Options() {
    OpenOptions options;
    options.create_if_missing = true;
    options.ballast_bytes = 0;
    return options;
  }
  void Open() {
    ASSERT_OK_AND_ASSIGN(database_, Database::Open(folder_.path() + "/store", Options()));
  }
  void Reopen() {
    database_.reset();
    Open();
  }
  void Put(Family family, std::string_view key, std::string_view value) {
    Batch batch;
    batch.Put(family, key, value);
    ASSERT_OK(database_->Commit(std::move(batch)));
  }
  std::string Value(Family family, std::string_view key) {
    auto value = database_->Get(family, key);
    EXPECT_OK(value);
    return value.ok() ? value->value_or("(none)") : "(error)";
  }

  TempDir folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseTest, CommitWritesAllFamiliesOfABatch) {
  Batch batch;
  for (size_t i = 0; i < kFamilyCount; ++i) {
    batch.Put(static_cast<Family>(i), "key", kFamilyNames[i]);
  }
  ASSERT_OK(database_->Commit(std::move(batch)));
  Reopen();
  for (size_t i = 0; i < kFamilyCount; ++i) {
    EXPECT_EQ(Value(static_cast<Family>(i), "key"), kFamilyNames[i]);
  }
}

TEST_F(DatabaseTest, TheLastWriteOfAKeyInABatchCounts) {
  Batch batch;
  batch.Put(Family::kMeta, "a", "1");
  batch.Put(Family::kMeta, "a", "2");
  batch.Put(Family::kMeta, "b", "1");
  batch.Delete(Family::kMeta, "b");
  ASSERT_OK(database_->Commit(std::move(batch)));
  EXPECT_EQ(Value(Family::kMeta, "a"), "2");
  EXPECT_EQ(Value(Family::kMeta, "b"), "(none)");
}

// Readers in other threads see a batch over several families whole or not at
// all.
TEST_F(DatabaseTest, ABatchIsNeverSeenInParts) {
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i) {
      Batch batch;
      batch.Put(Family::kPurchases, "k", std::to_string(i));
      batch.Put(Family::kFacts, "k", std::to_string(i));
      EXPECT_OK(database_->CommitUnsynced(std::move(batch)));
    }
    done = true;
  });
  while (!done) {
    const auto snapshot = database_->TakeSnapshot();
    auto one = database_->Get(Family::kPurchases, "k", snapshot.get());
    auto other = database_->Get(Family::kFacts, "k", snapshot.get());
    ASSERT_OK(one);
    ASSERT_OK(other);
    ASSERT_EQ(*one, *other);
  }
  writer.join();
}

TEST_F(DatabaseTest, FamiliesDoNotShareKeys) {
  Put(Family::kMeta, "a", "meta");
  EXPECT_EQ(Value(Family::kFacts, "a"), "(none)");
}

TEST_F(DatabaseTest, ScanStaysWithinItsBounds) {
  for (const char* key : {"a", "b", "ba", "c", "d"}) Put(Family::kFacts, key, "v");
  EXPECT_EQ(Keys(database_->Scan(Family::kFacts, "b", "d")), "b ba c ");
  EXPECT_EQ(Keys(database_->Scan(Family::kFacts, "", "")), "a b ba c d ");
  EXPECT_EQ(Keys(database_->Scan(Family::kFacts, "bb", "")), "c d ");
  EXPECT_EQ(Keys(database_->Scan(Family::kFacts, "e", "")), "");
  EXPECT_EQ(Keys(database_->Scan(Family::kFacts, "b", "b")), "");
  EXPECT_EQ(Keys(database_->Scan(Family::kFacts, "d", "b")), "");
}

TEST_F(DatabaseTest, ScanBackGivesTheSameKeysDescending) {
  for (const char* key : {"a", "b", "ba", "c", "d"}) Put(Family::kFacts, key, "v");
  ASSERT_OK(database_->Flush());
  EXPECT_EQ(Keys(database_->ScanBack(Family::kFacts, "b", "d")), "c ba b ");
  EXPECT_EQ(Keys(database_->ScanBack(Family::kFacts, "", "")), "d c ba b a ");
  EXPECT_EQ(Keys(database_->ScanBack(Family::kFacts, "", "bb")), "ba b a ");
  EXPECT_EQ(Keys(database_->ScanBack(Family::kFacts, "b", "b")), "");
  EXPECT_EQ(Keys(database_->ScanBack(Family::kFacts, "d", "b")), "");
}

TEST_F(DatabaseTest, KeysSortAsUnsignedBytes) {
  for (std::string_view key : {"\x01", "\x7f", "\x80", "\xff"}) Put(Family::kFacts, key, "v");
  EXPECT_EQ(Keys(database_->Scan(Family::kFacts, "", "")), "\x01 \x7f \x80 \xff ");
}

TEST_F(DatabaseTest, MultiGetAnswersInTheOrderAsked) {
  for (int i = 0; i < 500; i += 2) {
    Put(Family::kPurchases, "k" + std::to_string(i), std::to_string(i));
    if (i == 250) {
      ASSERT_OK(database_->Flush());
    }
  }
  std::vector<std::string> names;
  for (int i = 499; i >= 0; --i) names.push_back("k" + std::to_string(i));
  names.push_back("k4");  // twice
  const std::vector<std::string_view> keys(names.begin(), names.end());
  ASSERT_OK_AND_ASSIGN(auto values, database_->MultiGet(Family::kPurchases, keys));
  ASSERT_EQ(values.size(), keys.size());
  for (int i = 0; i < 500; ++i) {
    const auto& value = values[static_cast<size_t>(499 - i)];
    EXPECT_EQ(value, i % 2 == 0 ? std::optional(std::to_string(i)) : std::nullopt) << i;
  }
  EXPECT_EQ(values.back(), "4");
  ASSERT_OK_AND_ASSIGN(auto none, database_->MultiGet(Family::kPurchases, {}));
  EXPECT_THAT(none, IsEmpty());
}

TEST_F(DatabaseTest, ASnapshotSeesNothingWrittenLater) {
  Put(Family::kFacts, "a", "old");
  const auto snapshot = database_->TakeSnapshot();
  Put(Family::kFacts, "a", "new");
  Put(Family::kFacts, "b", "new");
  ASSERT_OK(database_->Compact());
  EXPECT_THAT(Drain(database_->Scan(Family::kFacts, "", "", snapshot.get())),
              ElementsAre(std::pair("a", "old")));
  EXPECT_THAT(Drain(database_->ScanBack(Family::kFacts, "", "", snapshot.get())),
              ElementsAre(std::pair("a", "old")));
  ASSERT_OK_AND_ASSIGN(auto one, database_->Get(Family::kFacts, "a", snapshot.get()));
  EXPECT_EQ(one, "old");
  ASSERT_OK_AND_ASSIGN(auto many, database_->MultiGet(Family::kFacts, {"b", "a"}, snapshot.get()));
  EXPECT_THAT(many, ElementsAre(std::nullopt, "old"));
  EXPECT_EQ(Value(Family::kFacts, "a"), "new");
}

TEST_F(DatabaseTest, AnIteratorKeepsTheStateItBeganWith) {
  Put(Family::kFacts, "a", "1");
  auto it = database_->Scan(Family::kFacts, "", "");
  Put(Family::kFacts, "b", "2");
  EXPECT_EQ(Keys(std::move(it)), "a ");
}

TEST_F(DatabaseTest, EverythingIsThereAfterReopeningHoweverItWasStored) {
  Put(Family::kPurchases, "table", "1");
  ASSERT_OK(database_->Compact());
  Put(Family::kPurchases, "flushed", "2");
  ASSERT_OK(database_->Flush());
  Put(Family::kPurchases, "log", "3");
  Reopen();
  EXPECT_THAT(
      Drain(database_->Scan(Family::kPurchases, "", "")),
      ElementsAre(std::pair("flushed", "2"), std::pair("log", "3"), std::pair("table", "1")));
}

TEST_F(DatabaseTest, ConcurrentCommitsAllLand) {
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        Put(Family::kAudit, std::to_string(t) + "-" + std::to_string(i), "v");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Reopen();
  EXPECT_EQ(Drain(database_->Scan(Family::kAudit, "", "")).size(), size_t{kThreads * kEach});
}

TEST_F(DatabaseTest, ASecondOpenIsRefusedByName) {
  const std::string path = folder_ / "store";
  EXPECT_THAT(Database::Open(path, Options()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr(path + " is in use by another server")));
  database_.reset();
  EXPECT_OK(Database::Open(path, Options()));
}

TEST_F(DatabaseTest, AMissingStoreIsNotFoundAndNotMade) {
  OpenOptions options = Options();
  options.create_if_missing = false;
  const std::string path = folder_ / "nowhere";
  EXPECT_THAT(Database::Open(path, options),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(path)));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(DatabaseTest, AStoreWithoutItsRootFileIsDamagedNotNew) {
  Put(Family::kMeta, "a", "1");
  ASSERT_OK(database_->Flush());
  database_.reset();
  std::filesystem::remove(folder_ / "store/CURRENT");
  EXPECT_THAT(Database::Open(folder_ / "store", Options()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("CURRENT")));
}

TEST_F(DatabaseTest, DiskBytesCountTheStoreAndShrinkWithCompaction) {
  const std::string value(20'000, 'v');
  for (int i = 0; i < 200; ++i) Put(Family::kStaging, "same", value);
  const int64_t before = database_->disk_bytes();
  EXPECT_GE(before, 4'000'000);
  ASSERT_OK(database_->Compact());
  EXPECT_LT(database_->disk_bytes(), before / 2);
}

// Flips one bit in the middle of each table in turn.
TEST_F(DatabaseTest, VerifyFindsAFlippedBitInAnyTable) {
  for (Family family : {Family::kPurchases, Family::kFacts, Family::kEditions}) {
    for (int i = 0; i < 100; ++i) Put(family, std::to_string(i), std::string(50, 'a'));
  }
  ASSERT_OK(database_->Flush());
  ASSERT_OK(database_->VerifyChecksums());
  int tables = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "store")) {
    if (entry.path().extension() != ".sst") continue;
    ++tables;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(entry.file_size() / 2);
    const int byte = (file.seekg(middle), file.get());
    (file.seekp(middle), file.put(static_cast<char>(byte ^ 4)), file.flush());
    EXPECT_THAT(database_->VerifyChecksums(), StatusIs(absl::StatusCode::kDataLoss));
    (file.seekp(middle), file.put(static_cast<char>(byte)), file.flush());
    EXPECT_OK(database_->VerifyChecksums());
  }
  EXPECT_GE(tables, 3);
}

TEST_F(DatabaseTest, AReadOfADamagedBlockIsDataLossNotAWrongAnswer) {
  for (int i = 0; i < 100; ++i) Put(Family::kFacts, std::to_string(i), std::string(500, 'a'));
  ASSERT_OK(database_->Flush());
  database_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "store")) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    (file.seekp(100), file.put('!'));
  }
  Open();
  auto it = database_->Scan(Family::kFacts, "", "");
  while (it->Valid()) it->Next();
  EXPECT_THAT(it->status(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(database_->Get(Family::kFacts, "0"), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace steelyard::engine
