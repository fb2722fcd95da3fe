#include "storage/engine/space_guard.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/engine/unique_fd.h"

namespace steelyard::engine {
namespace {

using std::chrono::steady_clock;

// A measurement stands for this long; writes since are counted on top.
constexpr auto kMeasureEvery = std::chrono::milliseconds(2);
constexpr auto kBallastEvery = std::chrono::seconds(1);
// A write is in the log and, until the log goes, in a table too.
constexpr int64_t kCopiesOnDisk = 2;

absl::Status TooFull(int64_t free_bytes, int64_t needed_bytes) {
  return absl::ResourceExhaustedError(absl::StrCat("the disk is too full: ", free_bytes >> 20,
                                                   " MiB free, ", needed_bytes >> 20,
                                                   " MiB needed"));
}

}  // namespace

absl::StatusOr<DiskSpace> MeasureFolder(const std::string& folder) {
  struct statvfs disk = {};
  if (statvfs(folder.c_str(), &disk) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot measure the disk of ", folder, ": ", std::strerror(errno)));
  }
  const auto block = static_cast<int64_t>(disk.f_frsize);
  return DiskSpace{static_cast<int64_t>(disk.f_bavail) * block,
                   static_cast<int64_t>(disk.f_blocks) * block};
}

SpaceGuard::SpaceGuard(std::string folder, int64_t min_free_bytes, int64_t ballast_bytes,
                       MeasureSpace measure)
    : ballast_path_(folder + "/" + kBallastName),
      min_free_bytes_(min_free_bytes),
      ballast_bytes_(ballast_bytes),
      measure_(measure ? std::move(measure)
                       : MeasureSpace([folder] { return MeasureFolder(folder); })) {
  struct stat file = {};
  ballast_present_ = stat(ballast_path_.c_str(), &file) == 0;
}

int64_t SpaceGuard::Floor(const DiskSpace& space) const {
  return std::max(min_free_bytes_, space.total_bytes / 20);
}

absl::Status SpaceGuard::MakeRoom(int64_t needed_bytes) {
  std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(DiskSpace space, measure_());
  if (ballast_present_ && space.free_bytes < std::max(needed_bytes, Floor(space))) {
    Log(LogLevel::kWarning, "ballast_given_up", {{"free_bytes", std::to_string(space.free_bytes)}});
    ballast_present_ = unlink(ballast_path_.c_str()) != 0;
    ASSIGN_OR_RETURN(space, measure_());
  }
  if (space.free_bytes < needed_bytes) return TooFull(space.free_bytes, needed_bytes);
  return absl::OkStatus();
}

absl::Status SpaceGuard::Admit(int64_t bytes, bool reserve) {
  std::lock_guard lock(mutex_);
  const Instant now = steady_clock::now();
  if (now - measured_at_ >= kMeasureEvery) {
    ASSIGN_OR_RETURN(space_, measure_());
    measured_at_ = now;
    RestoreBallast(now);
  }
  const int64_t left = space_.free_bytes - kCopiesOnDisk * bytes;
  const int64_t floor = reserve ? Floor(space_) / 2 : Floor(space_);
  if (left < floor) return TooFull(space_.free_bytes, floor);
  space_.free_bytes = left;
  return absl::OkStatus();
}

int64_t SpaceGuard::FreeBytes() const {
  const auto space = measure_();
  return space.ok() ? space->free_bytes : -1;
}

void SpaceGuard::RestoreBallast(Instant now) {
  if (ballast_present_ || ballast_bytes_ <= 0 || now - ballast_tried_at_ < kBallastEvery) return;
  ballast_tried_at_ = now;
  // Twice its size above the floor, so that it does not come and go.
  if (space_.free_bytes < Floor(space_) + 2 * ballast_bytes_) return;
  const UniqueFd fd(ballast_path_, O_WRONLY | O_CREAT);
  if (!fd.ok() || posix_fallocate(fd.get(), 0, ballast_bytes_) != 0) {
    unlink(ballast_path_.c_str());
    return;
  }
  ballast_present_ = true;
  space_.free_bytes -= ballast_bytes_;
}

}  // namespace steelyard::engine
