// Lets each file operation fail in turn while a store is made, opened, written,
// flushed and compacted: the process lives, nothing is acknowledged that a
// power cut could take, and the store opens afterwards.

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/engine/environment.h"
#include "tests/crash/workload.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::engine {
namespace {

namespace fs = std::filesystem;
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

class FailNthTest : public ::testing::TestWithParam<Fault> {
 protected:
  // Runs the store in `path`, which holds `told`, into a fault at operation
  // `nth`, then loses power and looks. False once `nth` is past the end.
  bool Run(const std::string& path, int64_t nth, Told told) {
    const auto disk = std::make_shared<FaultFileSystem>();
    disk->Arm(GetParam(), nth);
    if (auto opened = Database::Open(path, OptionsOn(disk)); opened.ok()) {
      const RunOptions run = {
          .commits = testing::FullRun() ? 500 : 60, .flush_every = 7, .compact_every = 19};
      told = RunCommits(**opened, told, run);
      // Reads go on whatever happened to writes.
      EXPECT_GE(testing::CommitsIn(**opened).value_or(-1), told.acked);
    }
    const bool fired = disk->fired();
    disk->LosePower();
    auto opened = Database::Open(path, OptionsOn(std::make_shared<FaultFileSystem>()));
    EXPECT_OK(opened);
    if (opened.ok()) {
      EXPECT_EQ(Violation(**opened, told), "") << "operation " << nth;
    }
    return fired;
  }

  // Every `step`-th operation until `last` or the end of the run; each fault
  // begins at another one, so that with a step of 3 they meet every operation.
  int Sweep(const std::string& from, int64_t step, int64_t last, Told told) {
    int faults = 0;
    for (int64_t nth = 1 + static_cast<int64_t>(GetParam()); nth <= last && !HasFailure();
         nth += step) {
      const TempDir folder;
      if (!from.empty()) fs::copy(from, folder / "store");
      if (!Run(folder / "store", nth, told)) break;
      ++faults;
    }
    std::printf("%d faults\n", faults);
    return faults;
  }
};

TEST_P(FailNthTest, AStoreInUseLosesNothing) {
  const TempDir folder;
  Told told;
  {
    ASSERT_OK_AND_ASSIGN(
        auto database,
        Database::Open(folder / "store", OptionsOn(std::make_shared<FaultFileSystem>())));
    told = RunCommits(*database, {}, RunOptions{});
    ASSERT_EQ(told.acked, told.tried);
  }
  const bool full = testing::FullRun();
  EXPECT_GE(Sweep(folder / "store", full ? 3 : 5, full ? 2000 : 200, told), 40);
}

TEST_P(FailNthTest, AStoreInTheMakingIsMadeLater) {
  EXPECT_GE(Sweep("", testing::FullRun() ? 1 : 9, 200, {}), 20);
}

std::string NameOf(const ::testing::TestParamInfo<Fault>& tested) {
  static constexpr const char* kNames[] = {"IoError", "NoSpace", "ShortAppend"};
  return kNames[static_cast<int>(tested.param)];
}

INSTANTIATE_TEST_SUITE_P(Faults, FailNthTest,
                         ::testing::Values(Fault::kIoError, Fault::kNoSpace, Fault::kShortAppend),
                         NameOf);

}  // namespace
}  // namespace steelyard::engine
