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
  EXPECT_EQ(Content(), "STLYMRK1");
}

TEST_F(CommitMarkTest, TheLastMarkIsThereAfterReopening) {
  Write(1, 3);
  EXPECT_EQ(*Last(), 3u);
  Write(4, 4);
  EXPECT_EQ(*Last(), 4u);
  EXPECT_EQ(Content().size(), kHead + 4 * kRecord);
}

// The format is on disk: written out by hand, it must not change.
TEST_F(CommitMarkTest, BytesAreFrozen) {
  ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(path_));
  ASSERT_OK(mark.Append(0x0102030405060708, std::string(32, 'h')));
  const std::string body = "\x08\x07\x06\x05\x04\x03\x02\x01" + std::string(32, 'h');
  const uint32_t crc = Crc32c(body);
  std::string expected = "STLYMRK1" + body;
  for (int shift : {0, 8, 16, 24}) expected += static_cast<char>(crc >> shift & 0xff);
  EXPECT_EQ(Content(), expected);
}

TEST_F(CommitMarkTest, ATornLastRecordIsDroppedAtEveryLength) {
  Write(1, 3);
  const std::string whole = Content();
  for (size_t cut = 1; cut <= kRecord; ++cut) {
    SetContent(whole.substr(0, whole.size() - cut));
    EXPECT_EQ(*Last(), 2u) << cut;
    Write(3, 3);  // takes the place of the torn one
    EXPECT_EQ(Content(), whole) << cut;
  }
}

TEST_F(CommitMarkTest, ATornLastRecordOfFullLengthIsDropped) {
  Write(1, 3);
  const std::string whole = Content();
  for (size_t kept = 0; kept < kRecord; ++kept) {
    const size_t bytes = whole.size() - kRecord + kept;
    SetContent(whole.substr(0, bytes) + std::string(kRecord - kept, '\0'));
    if (Content() == whole) continue;
    EXPECT_EQ(*Last(), 2u) << kept;
  }
}

TEST_F(CommitMarkTest, AnyOtherFlippedBitIsDataLoss) {
  Write(1, 3);
  const std::string whole = Content();
  for (size_t byte = 0; byte < whole.size() - kRecord; ++byte) {
    std::string damaged = whole;
    damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << byte % 8));
    SetContent(damaged);
    EXPECT_THAT(Last(), StatusIs(absl::StatusCode::kDataLoss)) << byte;
  }
}

TEST_F(CommitMarkTest, RecordsThatDoNotRiseAreDataLoss) {
  Write(1, 2);
  const std::string two = Content();
  SetContent(two + two.substr(kHead, kRecord));
  EXPECT_THAT(Last(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CommitMarkTest, AFileCutBelowItsHeadIsDataLoss) {
  Write(1, 1);
  SetContent("STLY");
  EXPECT_THAT(Last(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(CommitMarkTest, AFullFileIsReplacedByItsLastRecord) {
  // As many records as fit, made by hand: appending them would take a while.
  Write(1, 1);
  std::string content = Content().substr(0, kHead);
  uint64_t n = 0;
  while (content.size() + kRecord <= CommitMark::kMaxFileBytes) {
    std::string body;
    ++n;
    for (int shift = 0; shift < 64; shift += 8) body += static_cast<char>(n >> shift & 0xff);
    body += HashOf(n);
    const uint32_t crc = Crc32c(body);
    for (int shift : {0, 8, 16, 24}) body += static_cast<char>(crc >> shift & 0xff);
    content += body;
  }
  SetContent(content);
  ASSERT_EQ(*Last(), n);
  Write(n + 1, n + 1);
  EXPECT_EQ(Content().size(), kHead + kRecord);
  EXPECT_EQ(*Last(), n + 1);
  Write(n + 2, n + 2);
  EXPECT_EQ(Content().size(), kHead + 2 * kRecord);
  EXPECT_EQ(*Last(), n + 2);
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
  EXPECT_EQ(Content().size(), kHead + 5 * kRecord);
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
  EXPECT_LE(Content().size(), kHead + kThreads * kEach * kRecord);
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
