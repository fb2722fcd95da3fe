#include "server/gateway/rate.h"

#include <algorithm>

namespace steelyard::gateway {

double TryLimit::Spent(const Bucket& bucket, absl::Time now) const {
  return std::max(0.0, bucket.spent - absl::FDivDuration(now - bucket.since, limits_.refill));
}

bool TryLimit::MayTry(std::string_view who) {
  const absl::Time now = clock_.Now();
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(who);
  return found == buckets_.end() || Spent(found->second, now) + 1 <= limits_.burst;
}

void TryLimit::Count(std::string_view who) {
  const absl::Time now = clock_.Now();
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(who);
  if (found == buckets_.end()) {
    if (buckets_.size() >= limits_.most_known) {
      std::erase_if(buckets_, [&](const auto& entry) { return Spent(entry.second, now) <= 0; });
    }
    if (buckets_.size() >= limits_.most_known) return;
    found = buckets_.try_emplace(std::string(who), Bucket{0, now}).first;
  }
  found->second = {Spent(found->second, now) + 1, now};
}

InFlight::Answer InFlight::Enter(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  if (count_ >= most_) return Answer::kTooMany;
  size_t& of_caller = callers_[caller];
  if (of_caller >= most_of_caller_) return Answer::kTooManyOfCaller;
  ++of_caller;
  ++count_;
  return Answer::kTaken;
}

void InFlight::Leave(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  const auto found = callers_.find(caller);
  if (--found->second == 0) callers_.erase(found);
  if (--count_ == 0) empty_.notify_all();
}

size_t InFlight::count() {
  const std::lock_guard lock(mutex_);
  return count_;
}

void InFlight::WaitEmpty() {
  std::unique_lock lock(mutex_);
  empty_.wait(lock, [this] { return count_ == 0; });
}

}  // namespace steelyard::gateway
