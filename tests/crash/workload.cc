#include "tests/crash/workload.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace steelyard::testing {
namespace {

using engine::Batch;
using engine::Database;
using engine::Family;

constexpr Family kUsed[] = {Family::kMeta, Family::kPurchases, Family::kFacts, Family::kStaging};
constexpr std::string_view kCount = "count";

using State = std::map<std::pair<Family, std::string>, std::string>;

// From some ten bytes to a few log blocks of 32 KiB.
std::string ValueOf(int64_t n) {
  const size_t size = n % 13 == 0 ? 70'000 : static_cast<size_t>(10 + n * 37 % 900);
  return std::to_string(n) + std::string(size, static_cast<char>('a' + n % 26));
}

State StateAfter(int64_t commits) {
  State state;
  for (int64_t n = 1; n <= commits; ++n) {
    NumberedCommit(n).ForEach(
        [&](Family family, std::string_view key, std::string_view value) {
          state[{family, std::string(key)}] = value;
        },
        [&](Family family, std::string_view key) {
          state.erase({family, std::string(key)});
        });
  }
  return state;
}

State StateOf(const Database& database) {
  State state;
  for (Family family : kUsed) {
    auto it = database.Scan(family, "", "");
    for (; it->Valid(); it->Next()) state[{family, std::string(it->key())}] = it->value();
    EXPECT_TRUE(it->status().ok()) << it->status().ToString();
  }
  return state;
}

}  // namespace

Batch NumberedCommit(int64_t n) {
  Batch batch;
  batch.Put(Family::kMeta, kCount, std::to_string(n));
  batch.Put(Family::kPurchases, "slot" + std::to_string(n % 17), ValueOf(n));
  batch.Put(Family::kFacts, "fact" + std::to_string(n), std::to_string(n * n));
  batch.Put(Family::kStaging, "chunk" + std::to_string(n), ValueOf(n + 1));
  batch.Delete(Family::kStaging, "chunk" + std::to_string(n - 4));
  return batch;
}

Told RunCommits(Database& database, Told told, const RunOptions& options) {
  for (const int64_t last = told.tried + options.commits; told.tried < last;) {
    const int64_t n = ++told.tried;
    const absl::Status status = options.sync ? database.Commit(NumberedCommit(n))
                                             : database.CommitUnsynced(NumberedCommit(n));
    if (!status.ok()) {
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status.ToString();
      EXPECT_FALSE(database.healthy());
      EXPECT_EQ(database.Commit(NumberedCommit(n + 1)).code(), absl::StatusCode::kUnavailable);
      return told;
    }
    told.acked = n;
    // Their failure shows in the next commit.
    if (options.flush_every > 0 && n % options.flush_every == 0) (void)database.Flush();
    if (options.compact_every > 0 && n % options.compact_every == 0) (void)database.Compact();
  }
  return told;
}

std::optional<int64_t> CommitsIn(const Database& database) {
  const auto count = database.Get(Family::kMeta, kCount);
  if (!count.ok()) return std::nullopt;
  const int64_t commits = count->has_value() ? std::stoll(**count) : 0;
  if (StateOf(database) != StateAfter(commits)) return std::nullopt;
  return commits;
}

std::string Violation(const Database& database, Told told) {
  const std::optional<int64_t> commits = CommitsIn(database);
  if (!commits) return "a commit is there in parts";
  if (*commits < told.acked) {
    return "lost: " + std::to_string(*commits) + " commits of " + std::to_string(told.acked);
  }
  if (*commits > told.tried) return "more commits than were tried";
  return "";
}

bool FullRun() {
  const char* full = std::getenv("STEELYARD_FULL");
  return full != nullptr && std::string_view(full) == "1";
}

}  // namespace steelyard::testing
