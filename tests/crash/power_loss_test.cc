// Cuts the power after each of many file operations and opens the store again:
// every acknowledged commit is there, every other one whole or not at all.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>

#include "storage/engine/environment.h"
#include "tests/crash/workload.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::engine {
namespace {

using testing::Fault;
using testing::FaultFileSystem;
using testing::RunOptions;
using testing::TempDir;
using testing::Told;

OpenOptions OptionsOn(const std::shared_ptr<FaultFileSystem>& disk) {
  OpenOptions options;
  options.create_if_missing = true;
  options.ballast_bytes = 0;
  options.environment = std::make_shared<Environment>(Environment{testing::EnvOn(disk), {}});
  return options;
}

// Opens the store on a disk that fails at operation `nth` and commits until
// then. `told` is what came before, and what is known afterwards.
void RunUntilCut(const std::string& path, int64_t nth, const RunOptions& run,
                 std::mt19937_64* random, Told& told) {
  const auto disk = std::make_shared<FaultFileSystem>();
  disk->Arm(Fault::kPowerCut, nth);
  if (auto opened = Database::Open(path, OptionsOn(disk)); opened.ok()) {
    told = RunCommits(**opened, told, run);
  }
  disk->LosePower(random);
}

// What is wrong with the store once the power is back; the run goes on from
// what is found.
std::string ViolationAfter(const std::string& path, Told& told) {
  auto opened = Database::Open(path, OptionsOn(std::make_shared<FaultFileSystem>()));
  if (!opened.ok()) return "does not open: " + opened.status().ToString();
  std::string violation = Violation(**opened, told);
  if (violation.empty()) told.acked = told.tried = *testing::CommitsIn(**opened);
  return violation;
}

// File operations of a whole run, from making the store on.
int64_t OperationsOf(const RunOptions& run) {
  const TempDir folder;
  const auto disk = std::make_shared<FaultFileSystem>();
  {
    auto opened = Database::Open(folder / "store", OptionsOn(disk));
    EXPECT_OK(opened);
    EXPECT_EQ(RunCommits(**opened, {}, run).acked, run.commits);
  }
  return disk->operations();
}

struct Sweep {
  int64_t points = 0;
  int64_t violations = 0;
  int64_t acked = 0;
  std::string first;
};

// Cuts the power at `points` places spread over a run in a new store.
Sweep CutThroughout(int64_t points, const RunOptions& run) {
  Sweep sweep;
  const int64_t operations = OperationsOf(run);
  for (int64_t point = 0; point < points; ++point) {
    const TempDir folder;
    std::mt19937_64 random(static_cast<uint64_t>(point));
    // Every other cut takes all that was not synced, the rest a part of it.
    std::mt19937_64* some = point % 2 == 0 ? nullptr : &random;
    const int64_t nth = 1 + point * operations / points;
    Told told;
    RunUntilCut(folder / "store", nth, run, some, told);
    const int64_t acked = told.acked;
    const std::string violation = ViolationAfter(folder / "store", told);
    ++sweep.points;
    sweep.acked += acked;
    if (violation.empty()) continue;
    ++sweep.violations;
    if (sweep.first.empty()) sweep.first = "cut at " + std::to_string(nth) + ": " + violation;
  }
  return sweep;
}

TEST(PowerLossTest, AcknowledgedCommitsSurviveACutAnywhere) {
  const Sweep sweep = CutThroughout(testing::FullRun() ? 2000 : 200, {.commits = 80});
  EXPECT_EQ(sweep.violations, 0) << sweep.first;
  EXPECT_GE(sweep.acked, sweep.points) << "the cuts came too early to prove anything";
  std::printf("%ld cuts, %ld acknowledged commits, %ld violations\n", sweep.points, sweep.acked,
              sweep.violations);
}

// One store through cut after cut, some of them while it recovers.
TEST(PowerLossTest, AStoreSurvivesCutAfterCut) {
  const TempDir folder;
  std::mt19937_64 random(20261121);
  const int cuts = testing::FullRun() ? 1000 : 100;
  Told told;
  for (int cut = 0; cut < cuts; ++cut) {
    const int64_t nth = std::uniform_int_distribution<int64_t>(1, cut % 3 == 0 ? 30 : 200)(random);
    RunUntilCut(folder / "store", nth, RunOptions{}, cut % 2 == 0 ? nullptr : &random, told);
    ASSERT_EQ(ViolationAfter(folder / "store", told), "") << "cut " << cut << " at " << nth;
  }
  EXPECT_GT(told.acked, cuts) << "the cuts came too early to prove anything";
}

// The control: the same harness must catch a store that acknowledges before
// the disk has the bytes.
TEST(PowerLossTest, TheHarnessCatchesCommitsThatWereNotSynced) {
  RunOptions unsynced;
  unsynced.sync = false;
  unsynced.commits = 500;  // most cuts shall fall beyond the making of the store
  unsynced.flush_every = unsynced.compact_every = 0;
  const Sweep sweep = CutThroughout(40, unsynced);
  EXPECT_GT(sweep.violations, sweep.points / 2);
}

}  // namespace
}  // namespace steelyard::engine
