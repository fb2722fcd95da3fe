#include "server/app/pending_sign_ins.h"

namespace steelyard::app {

void PendingSignIns::Keep(const std::string& state, Pending pending) {
  std::lock_guard lock(mutex_);
  DropOld();
  while (ends_.size() >= most_) DropOldest();
  pending_.insert_or_assign(state, std::move(pending));
  ends_.emplace_back(clock_.Now() + kLife, state);
}

std::optional<PendingSignIns::Pending> PendingSignIns::Take(const std::string& state) {
  std::lock_guard lock(mutex_);
  DropOld();
  const auto found = pending_.find(state);
  if (found == pending_.end()) return std::nullopt;
  Pending pending = std::move(found->second);
  pending_.erase(found);
  return pending;
}

void PendingSignIns::DropOld() {
  const absl::Time now = clock_.Now();
  while (!ends_.empty() && ends_.front().first <= now) DropOldest();
}

void PendingSignIns::DropOldest() {
  pending_.erase(ends_.front().second);
  ends_.pop_front();
}

}  // namespace steelyard::app
