#include "storage/base/clock.h"

#include "absl/time/clock.h"

namespace steelyard {

absl::Time SystemClock::Now() {
  std::lock_guard lock(mutex_);
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
  last_ = now > last_ ? now : last_ + absl::Microseconds(1);
  return last_;
}

}  // namespace steelyard
