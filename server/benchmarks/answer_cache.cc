#include "server/benchmarks/answer_cache.h"

namespace steelyard::benchmarks {

size_t AnswerBody::weight() const {
  size_t bytes = sizeof(*this) + benchmark.SpaceUsedLong();
  for (const AnswerCell& cell : cells) bytes += sizeof(cell) + cell.council_means.size() * 8;
  return bytes;
}

std::shared_ptr<const AnswerBody> AnswerCache::Get(const std::string& key) {
  std::lock_guard lock(mutex_);
  auto it = entries_.find(key);
  if (it == entries_.end()) return nullptr;
  order_.splice(order_.begin(), order_, it->second);
  return it->second->second;
}

void AnswerCache::Put(const std::string& key, std::shared_ptr<const AnswerBody> body) {
  std::lock_guard lock(mutex_);
  if (entries_.contains(key)) return;
  bytes_ += body->weight();
  order_.emplace_front(key, std::move(body));
  entries_.emplace(key, order_.begin());
  while (bytes_ > budget_ && !order_.empty()) {
    bytes_ -= order_.back().second->weight();
    entries_.erase(order_.back().first);
    order_.pop_back();
  }
}

}  // namespace steelyard::benchmarks
