#ifndef STEELYARD_STORAGE_BASE_CLOCK_H_
#define STEELYARD_STORAGE_BASE_CLOCK_H_

#include <mutex>

#include "absl/time/time.h"

namespace steelyard {

// Tells the time. Everything that needs an instant is handed a Clock, so that
// tests can set it. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // An instant in UTC, later than any this clock returned before.
  virtual absl::Time Now() = 0;
};

// The machine's clock, nudged forward by a microsecond where it would repeat
// or step back.
class SystemClock final : public Clock {
 public:
  absl::Time Now() override;

 private:
  std::mutex mutex_;
  absl::Time last_ = absl::InfinitePast();
};

}  // namespace steelyard

#endif  // STEELYARD_STORAGE_BASE_CLOCK_H_
