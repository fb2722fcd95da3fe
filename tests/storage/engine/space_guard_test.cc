#include "storage/engine/space_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "storage/engine/database.h"
#include "storage/engine/environment.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::engine {
namespace {

using ::steelyard::testing::StatusIs;
using ::steelyard::testing::TempDir;
using ::testing::HasSubstr;

constexpr int64_t kMiB = int64_t{1} << 20;

// Past the time for which a measurement stands.
void LetItMeasure() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

class SpaceGuardTest : public ::testing::Test {
 protected:
  MeasureSpace Measure() {
    return [this]() -> absl::StatusOr<DiskSpace> {
      ++measured_;
      if (broken_) return absl::UnavailableError("no answer");
      return space_;
    };
  }
  std::string Ballast() const { return folder_ / SpaceGuard::kBallastName; }

  TempDir folder_;
  DiskSpace space_ = {1000 * kMiB, 4000 * kMiB};
  bool broken_ = false;
  int measured_ = 0;
};

TEST_F(SpaceGuardTest, RefusesAWriteThatWouldGoBelowTheFloor) {
  SpaceGuard guard(folder_.path(), 900 * kMiB, 0, Measure());
  EXPECT_OK(guard.Admit(0));
  LetItMeasure();
  EXPECT_OK(guard.Admit(49 * kMiB));
  LetItMeasure();
  EXPECT_THAT(guard.Admit(51 * kMiB),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("1000 MiB free")));
}

TEST_F(SpaceGuardTest, OneTwentiethOfALargeDiskStaysFree) {
  space_ = {1000 * kMiB, 20 * 1001 * kMiB};
  SpaceGuard guard(folder_.path(), kMiB, 0, Measure());
  EXPECT_THAT(guard.Admit(0), StatusIs(absl::StatusCode::kResourceExhausted));
  space_.total_bytes = 20 * 999 * kMiB;
  LetItMeasure();
  EXPECT_OK(guard.Admit(0));
}

TEST_F(SpaceGuardTest, TheReserveLastsHalfAsFarDown) {
  SpaceGuard guard(folder_.path(), 900 * kMiB, 0, Measure());
  space_.free_bytes = 500 * kMiB;
  EXPECT_THAT(guard.Admit(1), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(guard.Admit(1, true));
  space_.free_bytes = 449 * kMiB;
  LetItMeasure();
  EXPECT_THAT(guard.Admit(1, true), StatusIs(absl::StatusCode::kResourceExhausted));
}

// Writes between two measurements count, or a burst would run through the
// floor unseen.
TEST_F(SpaceGuardTest, CountsWhatWasWrittenSinceItLastMeasured) {
  SpaceGuard guard(folder_.path(), 900 * kMiB, 0, Measure());
  const auto start = std::chrono::steady_clock::now();
  int admitted = 0;
  while (admitted < 1000 && guard.Admit(kMiB).ok()) ++admitted;
  if (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(2)) {
    EXPECT_EQ(measured_, 1);
    EXPECT_EQ(admitted, 50);  // two copies of each on disk
  }
}

TEST_F(SpaceGuardTest, AdmitsAgainOnceThereIsRoom) {
  SpaceGuard guard(folder_.path(), 500 * kMiB, 0, Measure());
  space_.free_bytes = 499 * kMiB;
  EXPECT_THAT(guard.Admit(1), StatusIs(absl::StatusCode::kResourceExhausted));
  space_.free_bytes = 501 * kMiB;
  LetItMeasure();
  EXPECT_OK(guard.Admit(1));
  EXPECT_EQ(guard.FreeBytes(), 501 * kMiB);
}

TEST_F(SpaceGuardTest, ADiskThatCannotBeMeasuredIsUnavailable) {
  SpaceGuard guard(folder_.path(), kMiB, 0, Measure());
  broken_ = true;
  EXPECT_THAT(guard.Admit(1), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(guard.FreeBytes(), -1);
}

TEST_F(SpaceGuardTest, LaysDownItsBallastWhenThereIsRoomForTwo) {
  SpaceGuard guard(folder_.path(), 900 * kMiB, 51 * kMiB, Measure());
  EXPECT_OK(guard.Admit(0));
  EXPECT_FALSE(std::filesystem::exists(Ballast()));
  SpaceGuard roomier(folder_.path(), 900 * kMiB, 2 * kMiB, Measure());
  EXPECT_OK(roomier.Admit(0));
  EXPECT_EQ(std::filesystem::file_size(Ballast()), 2u * kMiB);
}

TEST_F(SpaceGuardTest, GivesUpItsBallastOnAFullDiskAndLaysItDownAgain) {
  SpaceGuard first(folder_.path(), 900 * kMiB, 2 * kMiB, Measure());
  EXPECT_OK(first.Admit(0));
  ASSERT_TRUE(std::filesystem::exists(Ballast()));

  space_.free_bytes = 10 * kMiB;
  SpaceGuard second(folder_.path(), 900 * kMiB, 2 * kMiB, Measure());
  EXPECT_OK(second.MakeRoom(9 * kMiB));
  EXPECT_FALSE(std::filesystem::exists(Ballast()));
  EXPECT_THAT(second.Admit(0), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_FALSE(std::filesystem::exists(Ballast()));

  space_.free_bytes = 1000 * kMiB;
  SpaceGuard third(folder_.path(), 900 * kMiB, 2 * kMiB, Measure());
  EXPECT_OK(third.MakeRoom(9 * kMiB));
  EXPECT_OK(third.Admit(0));
  EXPECT_TRUE(std::filesystem::exists(Ballast()));
}

TEST_F(SpaceGuardTest, KeepsItsBallastWhileThereIsRoom) {
  SpaceGuard guard(folder_.path(), 900 * kMiB, 2 * kMiB, Measure());
  EXPECT_OK(guard.Admit(0));
  EXPECT_OK(guard.MakeRoom(9 * kMiB));
  EXPECT_TRUE(std::filesystem::exists(Ballast()));
}

TEST_F(SpaceGuardTest, SaysWhenEvenTheBallastWasNotEnough) {
  space_.free_bytes = 10 * kMiB;
  SpaceGuard guard(folder_.path(), 900 * kMiB, 2 * kMiB, Measure());
  EXPECT_THAT(guard.MakeRoom(11 * kMiB),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("11 MiB needed")));
}

TEST(MeasureFolderTest, AsksTheMachine) {
  const TempDir folder;
  ASSERT_OK_AND_ASSIGN(const DiskSpace space, MeasureFolder(folder.path()));
  EXPECT_GT(space.total_bytes, 0);
  EXPECT_LE(space.free_bytes, space.total_bytes);
  EXPECT_THAT(MeasureFolder(folder / "nowhere"), StatusIs(absl::StatusCode::kUnavailable));
}

// The whole store on a disk that fills: writes stop, reads go on, nothing is
// lost, and writes resume without a restart.
TEST_F(SpaceGuardTest, AFullDiskStopsWritesOnlyAndOnlyWhileItIsFull) {
  OpenOptions options;
  options.create_if_missing = true;
  options.ballast_bytes = kMiB;
  options.environment = std::make_shared<Environment>(Environment{nullptr, Measure()});
  ASSERT_OK_AND_ASSIGN(auto database, Database::Open(folder_ / "store", options));
  const auto put = [&](std::string_view key) {
    Batch batch;
    batch.Put(Family::kMeta, key, "v");
    return database->Commit(std::move(batch));
  };
  ASSERT_OK(put("before"));
  EXPECT_TRUE(database->writable());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "store/ballast"));

  space_.free_bytes = 511 * kMiB;
  LetItMeasure();
  EXPECT_THAT(put("during"), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_FALSE(database->writable());
  EXPECT_TRUE(database->healthy());
  EXPECT_EQ(database->free_bytes(), 511 * kMiB);
  EXPECT_EQ(*database->Get(Family::kMeta, "before"), "v");
  EXPECT_EQ(*database->Get(Family::kMeta, "during"), std::nullopt);

  space_.free_bytes = 1000 * kMiB;
  LetItMeasure();
  EXPECT_OK(put("after"));
  EXPECT_TRUE(database->writable());
}

TEST_F(SpaceGuardTest, AStoreOnAFullDiskOpensForReadingByGivingUpItsBallast) {
  OpenOptions options;
  options.create_if_missing = true;
  options.ballast_bytes = kMiB;
  options.environment = std::make_shared<Environment>(Environment{nullptr, Measure()});
  {
    ASSERT_OK_AND_ASSIGN(auto database, Database::Open(folder_ / "store", options));
    Batch batch;
    batch.Put(Family::kMeta, "key", "v");
    ASSERT_OK(database->Commit(std::move(batch)));
  }
  space_.free_bytes = 20 * kMiB;
  {
    ASSERT_OK_AND_ASSIGN(auto database, Database::Open(folder_ / "store", options));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "store/ballast"));
    EXPECT_EQ(*database->Get(Family::kMeta, "key"), "v");
    EXPECT_FALSE(database->writable());
  }
  space_.free_bytes = 3 * kMiB;
  EXPECT_THAT(Database::Open(folder_ / "store", options),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace steelyard::engine
