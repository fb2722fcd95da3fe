// A small disk of its own, really full: Debian's RocksDB aborts when it meets
// one, so it must never get there.

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "storage/engine/database.h"
#include "tests/crash/workload.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::engine {
namespace {

namespace fs = std::filesystem;
using testing::NumberedCommit;
using testing::TempDir;
using testing::Told;

constexpr int64_t kMiB = int64_t{1} << 20;

OpenOptions Options() {
  OpenOptions options;
  options.create_if_missing = true;
  options.cache_bytes = 8 * kMiB;  // so that logs are short
  options.min_free_bytes = 20 * kMiB;
  options.ballast_bytes = 8 * kMiB;
  return options;
}

class FullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(disk_);
    if (mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=64m") != 0) {
      GTEST_SKIP() << "mounting a small disk takes root: " << std::strerror(errno);
    }
    mounted_ = true;
  }
  void TearDown() override {
    database_.reset();
    if (mounted_) umount2(disk_.c_str(), MNT_DETACH);
  }

  void Open() { ASSERT_OK_AND_ASSIGN(database_, Database::Open(disk_ + "/store", Options())); }
  // Another program takes all the room there is.
  void Fill() {
    std::ofstream file(disk_ + "/filler", std::ios::app);
    const std::string block(64 * 1024, 'x');
    while (file << block << std::flush) {
    }
    ASSERT_LT(fs::space(disk_).available, block.size());
  }
  void Empty() { fs::remove(disk_ + "/filler"); }

  // Commits of 64 KiB and more until one is refused.
  absl::Status CommitUntilRefused() {
    for (;;) {
      Batch batch = NumberedCommit(++told_.tried);
      std::string noise(64 * 1024, '\0');  // does not compress
      for (char& byte : noise) byte = static_cast<char>(random_());
      batch.Put(Family::kAudit, std::to_string(told_.tried), noise);
      absl::Status status = database_->Commit(std::move(batch));
      if (!status.ok()) {
        --told_.tried;  // refused: nothing of it is there
        return status;
      }
      told_.acked = told_.tried;
    }
  }

  TempDir folder_;
  const std::string disk_ = folder_ / "disk";
  bool mounted_ = false;
  std::unique_ptr<Database> database_;
  Told told_;
  std::mt19937 random_{20261121};
};

TEST_F(FullDiskTest, WritesStopReadsGoOnAndWritesResumeFillAfterFill) {
  ASSERT_NO_FATAL_FAILURE(Open());
  for (int fill = 0; fill < (testing::FullRun() ? 20 : 4); ++fill) {
    ASSERT_NO_FATAL_FAILURE(Fill());
    EXPECT_EQ(CommitUntilRefused().code(), absl::StatusCode::kResourceExhausted);
    EXPECT_TRUE(database_->healthy());
    EXPECT_EQ(Violation(*database_, told_), "");

    // Reopening on the full disk gives the ballast up and serves reads.
    if (fill % 2 == 1) {
      database_.reset();
      ASSERT_NO_FATAL_FAILURE(Open());
      EXPECT_FALSE(database_->writable());
      EXPECT_EQ(Violation(*database_, told_), "");
    }

    Empty();
    const auto start = std::chrono::steady_clock::now();
    while (!database_->writable() &&
           std::chrono::steady_clock::now() - start < std::chrono::seconds(2)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ++told_.tried;
    ASSERT_OK(database_->Commit(NumberedCommit(told_.tried)));
    told_.acked = told_.tried;
  }
  EXPECT_EQ(Violation(*database_, told_), "");
}

TEST_F(FullDiskTest, TheStoreNeverFillsTheDiskByItself) {
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(CommitUntilRefused().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_GT(told_.acked, 50);
  EXPECT_GT(fs::space(disk_).available, static_cast<uintmax_t>(8 * kMiB));
  EXPECT_OK(database_->Flush());
  EXPECT_TRUE(database_->healthy());
  database_.reset();
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Violation(*database_, told_), "");
}

}  // namespace
}  // namespace steelyard::engine
