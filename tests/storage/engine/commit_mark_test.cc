#include "storage/engine/commit_mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/base/hash.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::engine {
namespace {

using ::steelyard::testing::StatusIs;
using ::steelyard::testing::TempDir;

constexpr size_t kHead = 8;
constexpr size_t kRecord = 44;

std::string HashOf(uint64_t sequence) { return Sha256(std::to_string(sequence)); }

class CommitMarkTest : public ::testing::Test {
 protected:
  void Write(uint64_t from, uint64_t to) {
    ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(path_));
    for (uint64_t n = from; n <= to; ++n) ASSERT_OK(mark.Append(n, HashOf(n)));
  }
  std::string Content() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetContent(const std::string& content) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << content;
  }
  // Slots of the file that are not empty.
  size_t Records() {
    return (Content().find_last_not_of('\0') + 1 - kHead + kRecord - 1) / kRecord;
  }
  // The sequence of the last mark in the file; 0 for none.
  absl::StatusOr<uint64_t> Last() {
    auto mark = CommitMark::Open(path_);
    if (!mark.ok()) return mark.status();
    const std::optional<Mark> last = mark->last();
    if (!last) return uint64_t{0};
    EXPECT_EQ(last->running_hash, HashOf(last->sequence));
    return last->sequence;
  }

  TempDir folder_;
  const std::string path_ = folder_ / std::string(CommitMark::kFileName);
};

TEST_F(CommitMarkTest, ANewFileHasNoMark) {
  EXPECT_EQ(*Last(), 0u);
  EXPECT_EQ(Content().size(), CommitMark::kFileBytes);
  EXPECT_EQ(Records(), 0u);
}

TEST_F(CommitMarkTest, TheLastMarkIsThereAfterReopening) {
  Write(1, 3);
  EXPECT_EQ(*Last(), 3u);
  Write(4, 4);
  EXPECT_EQ(*Last(), 4u);
  EXPECT_EQ(Records(), 4u);
}

// The format is on disk: written out by hand, it must not change.
TEST_F(CommitMarkTest, BytesAreFrozen) {
  ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(path_));
  ASSERT_OK(mark.Append(0x0102030405060708, std::string(32, 'h')));
  std::string expected = "STLYMRK1\x08\x07\x06\x05\x04\x03\x02\x01" + std::string(32, 'h');
  const uint32_t crc = Crc32c(expected.substr(kHead));
  for (int shift : {0, 8, 16, 24}) expected += static_cast<char>(crc >> shift & 0xff);
  expected.resize(256 * 1024);
  EXPECT_EQ(Content(), expected);
}

TEST_F(CommitMarkTest, ATornLastRecordIsIgnoredAndReplaced) {
  Write(1, 3);
  const std::string whole = Content();
  for (size_t kept = 0; kept < kRecord; ++kept) {
    std::string torn = whole;
    for (size_t i = kept; i < kRecord; ++i) torn[kHead + 2 * kRecord + i] = '\0';
    if (torn == whole) continue;
    SetContent(torn);
    EXPECT_EQ(*Last(), 2u) << kept;
    Write(3, 3);
    EXPECT_EQ(Content(), whole) << kept;
  }
}

TEST_F(CommitMarkTest, AFlippedBitBeforeTheLastRecordIsDataLoss) {
  Write(1, 3);
  const std::string whole = Content();
  for (size_t byte = 0; byte < kHead + 2 * kRecord; ++byte) {
    std::string damaged = whole;
    damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << byte % 8));
    SetContent(damaged);
    EXPECT_THAT(Last(), StatusIs(absl::StatusCode::kDataLoss)) << byte;
  }
}

// Not to be told from a torn one: the mark before it holds, which is true too.
TEST_F(CommitMarkTest, AFlippedBitInTheLastRecordNeverGivesAWrongMark) {
  Write(1, 3);
  const std::string whole = Content();
  for (size_t byte = kHead + 2 * kRecord; byte < kHead + 3 * kRecord; ++byte) {
    std::string damaged = whole;
    damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << byte % 8));
    SetContent(damaged);
    EXPECT_EQ(*Last(), 2u) << byte;
  }
}

TEST_F(CommitMarkTest, DirtBehindTheRecordsIsDataLoss) {
  Write(1, 1);
  std::string dirty = Content();
  dirty[CommitMark::kFileBytes / 2] = 'x';
  SetContent(dirty);
  EXPECT_THAT(Last(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CommitMarkTest, RecordsThatDoNotRiseAreDataLoss) {
  Write(1, 2);
  std::string content = Content();
  content.replace(kHead + 2 * kRecord, kRecord, content.substr(kHead, kRecord));
  SetContent(content);
  EXPECT_THAT(Last(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CommitMarkTest, AFileOfAnotherLengthIsDataLoss) {
  Write(1, 1);
  const std::string whole = Content();
  for (size_t size : {size_t{0}, size_t{4}, size_t{100}, whole.size() - 1}) {
    SetContent(whole.substr(0, size));
    EXPECT_THAT(Last(), StatusIs(absl::StatusCode::kDataLoss)) << size;
  }
}

TEST_F(CommitMarkTest, AFullFileIsReplacedByItsLastRecord) {
  constexpr uint64_t kFit = (CommitMark::kFileBytes - kHead) / kRecord;
  // Made by hand: appending them would take a while.
  Write(1, 1);
  std::string content = Content().substr(0, kHead);
  for (uint64_t n = 1; n <= kFit; ++n) {
    std::string body;
    for (int shift = 0; shift < 64; shift += 8) body += static_cast<char>(n >> shift & 0xff);
    body += HashOf(n);
    const uint32_t crc = Crc32c(body);
    for (int shift : {0, 8, 16, 24}) body += static_cast<char>(crc >> shift & 0xff);
    content += body;
  }
  content.resize(CommitMark::kFileBytes);
  SetContent(content);
  ASSERT_EQ(*Last(), kFit);
  Write(kFit + 1, kFit + 1);
  EXPECT_EQ(Records(), 1u);
  EXPECT_EQ(*Last(), kFit + 1);
  Write(kFit + 2, kFit + 2);
  EXPECT_EQ(Records(), 2u);
  EXPECT_EQ(*Last(), kFit + 2);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(CommitMarkTest, AHalfMadeReplacementIsIgnored) {
  Write(1, 2);
  std::ofstream(path_ + ".new") << "STLYM";
  EXPECT_EQ(*Last(), 2u);
}

TEST_F(CommitMarkTest, AMarkAlreadyPassedCostsNothing) {
  Write(1, 5);
  ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(path_));
  ASSERT_OK(mark.Append(3, HashOf(3)));
  EXPECT_EQ(mark.last()->sequence, 5u);
  EXPECT_EQ(Records(), 5u);
}

TEST_F(CommitMarkTest, AHashOfTheWrongSizeIsRefused) {
  ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(path_));
  EXPECT_THAT(mark.Append(1, "short"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(mark.last(), std::nullopt);
}

TEST_F(CommitMarkTest, ConcurrentAppendsShareRecordsAndTheHighestWins) {
  constexpr uint64_t kThreads = 8;
  constexpr uint64_t kEach = 50;
  {
    ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(path_));
    std::vector<std::thread> threads;
    for (uint64_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (uint64_t i = 0; i < kEach; ++i) {
          const uint64_t n = 1 + i * kThreads + t;
          EXPECT_OK(mark.Append(n, HashOf(n)));
          EXPECT_GE(mark.last()->sequence, n);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(*Last(), kThreads * kEach);
  EXPECT_LE(Records(), kThreads * kEach);
}

TEST_F(CommitMarkTest, AFolderThatIsNotThereIsUnavailable) {
  EXPECT_THAT(CommitMark::Open(folder_ / "nowhere/commits.mark"),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(CommitMarkTest, MovesWithItsState) {
  ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(path_));
  ASSERT_OK(mark.Append(1, HashOf(1)));
  CommitMark moved = std::move(mark);
  ASSERT_OK(moved.Append(2, HashOf(2)));
  EXPECT_EQ(moved.last()->sequence, 2u);
}

}  // namespace
}  // namespace steelyard::engine
