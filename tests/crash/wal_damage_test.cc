// Damages the log of a closed store in many places: either every acknowledged
// commit is still there, or the store does not open, or the commit mark is
// ahead of it. Never a silent loss, never a commit in parts.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "storage/base/hash.h"
#include "storage/engine/commit_mark.h"
#include "storage/engine/database.h"
#include "tests/crash/workload.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::engine {
namespace {

namespace fs = std::filesystem;
using testing::RunOptions;
using testing::TempDir;

constexpr int64_t kCommits = 120;

OpenOptions Options() {
  OpenOptions options;
  options.create_if_missing = true;
  options.ballast_bytes = 0;
  return options;
}

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

enum class Damage { kTruncated, kFlipped, kTailZeroed };

// A closed store of kCommits commits, each vouched for by the mark, of which
// one log is damaged at a time.
class WalDamageTest : public ::testing::TestWithParam<Damage> {
 protected:
  // `flush_every`: commits between flushes; the rest lies in the log.
  void MakeStore(int64_t flush_every) {
    ASSERT_OK_AND_ASSIGN(auto database, Database::Open(folder_ / "whole", Options()));
    ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(folder_ / "whole/commits.mark"));
    const RunOptions one = {.commits = 1, .flush_every = flush_every, .compact_every = 0};
    testing::Told told;
    while (told.acked < kCommits) {
      told = RunCommits(*database, told, one);
      const auto n = static_cast<uint64_t>(told.acked);
      ASSERT_OK(mark.Append(n, Sha256(std::to_string(n))));
    }
  }

  // The store's longest log, in a fresh copy of the store.
  fs::path CopyStore() {
    fs::remove_all(folder_ / "copy");
    fs::copy(folder_ / "whole", folder_ / "copy");
    fs::path log;
    for (const auto& entry : fs::directory_iterator(folder_ / "copy")) {
      if (entry.path().extension() != ".log") continue;
      if (log.empty() || entry.file_size() > fs::file_size(log)) log = entry.path();
    }
    return log;
  }

  // Damages `log` somewhere; false if that changed nothing.
  bool DamageLog(const fs::path& log) {
    const std::string before = Read(log);
    std::string bytes = before;
    const size_t at = std::uniform_int_distribution<size_t>(0, bytes.size() - 1)(random_);
    switch (GetParam()) {
      case Damage::kTruncated:
        bytes.resize(at);
        break;
      case Damage::kFlipped:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random_() % 8));
        break;
      case Damage::kTailZeroed:
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), '\0');
        break;
    }
    Write(log, bytes);
    return bytes != before;
  }

  // What a start makes of the copy.
  void OpenCopy() {
    auto opened = Database::Open(folder_ / "copy", Options());
    if (!opened.ok()) {
      EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss) << opened.status().ToString();
      ++refused_;
      return Salvage();
    }
    ASSERT_OK_AND_ASSIGN(CommitMark mark, CommitMark::Open(folder_ / "copy/commits.mark"));
    const auto commits = testing::CommitsIn(**opened);
    ASSERT_TRUE(commits.has_value()) << "a commit is there in parts";
    ASSERT_LE(*commits, kCommits);
    *commits == kCommits ? ++whole_ : ++shown_by_mark_;
    // All the ledger has to compare at start.
    const bool behind = static_cast<uint64_t>(*commits) < mark.last()->sequence;
    EXPECT_EQ(behind, *commits < kCommits) << "silently lost from " << *commits << " on";
  }

  // Repair: what precedes the damage is there, and the mark tells what is not.
  void Salvage() {
    OpenOptions options = Options();
    options.salvage_log = true;
    ASSERT_OK_AND_ASSIGN(auto salvaged, Database::Open(folder_ / "copy", options));
    const auto commits = testing::CommitsIn(*salvaged);
    ASSERT_TRUE(commits.has_value()) << "a commit is there in parts";
    EXPECT_LE(*commits, kCommits);
  }

  void Sweep() {
    const int images = testing::FullRun() ? 500 : 30;
    for (int image = 0; image < images; ++image) {
      if (DamageLog(CopyStore())) OpenCopy();
      if (HasFatalFailure()) return;
    }
    std::printf("%d images: %d whole, %d refused, %d shown by the mark\n", images, whole_, refused_,
                shown_by_mark_);
    EXPECT_GT(refused_ + shown_by_mark_, images / 2) << "the damage hit nothing";
  }

  TempDir folder_;
  std::mt19937_64 random_{20261121};
  int whole_ = 0;
  int refused_ = 0;
  int shown_by_mark_ = 0;
};

TEST_P(WalDamageTest, NoLossIsSilentWhereAllIsInTheLog) {
  MakeStore(/*flush_every=*/0);
  Sweep();
}

TEST_P(WalDamageTest, NoLossIsSilentWhereTheLogFollowsTables) {
  MakeStore(/*flush_every=*/50);
  Sweep();
}

std::string NameOf(const ::testing::TestParamInfo<Damage>& tested) {
  static constexpr const char* kNames[] = {"Truncated", "Flipped", "TailZeroed"};
  return kNames[static_cast<int>(tested.param)];
}

INSTANTIATE_TEST_SUITE_P(Damages, WalDamageTest,
                         ::testing::Values(Damage::kTruncated, Damage::kFlipped,
                                           Damage::kTailZeroed),
                         NameOf);

}  // namespace
}  // namespace steelyard::engine
