#ifndef STEELYARD_STORAGE_ENGINE_SPACE_GUARD_H_
#define STEELYARD_STORAGE_ENGINE_SPACE_GUARD_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace steelyard::engine {

struct DiskSpace {
  int64_t free_bytes = 0;   // that an ordinary user may take
  int64_t total_bytes = 0;  // of the whole disk
};

using MeasureSpace = std::function<absl::StatusOr<DiskSpace>()>;

// Space on the disk that holds `folder`. UNAVAILABLE if the system will not say.
absl::StatusOr<DiskSpace> MeasureFolder(const std::string& folder);

// Keeps a full disk away from the store: Debian's RocksDB aborts on one. Admits
// a write only while enough is free, and keeps a ballast file that can be given
// up so that a store on a full disk still opens. Thread-safe.
class SpaceGuard {
 public:
  // The ballast's name in the store's folder.
  static constexpr const char* kBallastName = "ballast";

  SpaceGuard(std::string folder, int64_t min_free_bytes, int64_t ballast_bytes,
             MeasureSpace measure);

  // Call before the store is opened: gives the ballast up if the disk is too
  // full. RESOURCE_EXHAUSTED if `needed_bytes` are still not free.
  absl::Status MakeRoom(int64_t needed_bytes);

  // Whether a write of `bytes` may go ahead; counts them until the disk is next
  // measured. RESOURCE_EXHAUSTED if it would leave too little, UNAVAILABLE if
  // the disk cannot be measured. Puts the ballast back when there is room. With
  // `reserve`, half of what is kept free may be used.
  absl::Status Admit(int64_t bytes, bool reserve = false);

  // Bytes free now, -1 if unknown.
  int64_t FreeBytes() const;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  int64_t Floor(const DiskSpace& space) const;
  // Makes the ballast if it is due and there is room for it.
  void RestoreBallast(Instant now);

  const std::string ballast_path_;
  const int64_t min_free_bytes_;
  const int64_t ballast_bytes_;
  const MeasureSpace measure_;

  std::mutex mutex_;  // guards what follows
  DiskSpace space_;
  Instant measured_at_;
  Instant ballast_tried_at_;
  bool ballast_present_ = false;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_SPACE_GUARD_H_
