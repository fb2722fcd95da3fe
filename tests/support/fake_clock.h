#ifndef STEELYARD_TESTS_SUPPORT_FAKE_CLOCK_H_
#define STEELYARD_TESTS_SUPPORT_FAKE_CLOCK_H_

#include <mutex>

#include "absl/time/time.h"
#include "storage/base/clock.h"

namespace steelyard::testing {

// A clock that a test sets. Each look moves it a microsecond. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() override {
    std::lock_guard lock(mutex_);
    return now_ += absl::Microseconds(1);
  }
  void Advance(absl::Duration by) {
    std::lock_guard lock(mutex_);
    now_ += by;
  }

 private:
  std::mutex mutex_;
  absl::Time now_;
};

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_FAKE_CLOCK_H_
