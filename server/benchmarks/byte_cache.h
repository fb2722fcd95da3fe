#ifndef STEELYARD_SERVER_BENCHMARKS_BYTE_CACHE_H_
#define STEELYARD_SERVER_BENCHMARKS_BYTE_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace steelyard::benchmarks {

// Keeps things that never change within a byte budget, the least recently used
// leaving first. `Value::weight()` gives the bytes that one takes, about.
// Thread-safe.
template <typename Value>
class ByteCache {
 public:
  explicit ByteCache(size_t budget_bytes) : budget_(budget_bytes) {}

  // Null if it is not there.
  std::shared_ptr<const Value> Get(const std::string& key) {
    std::lock_guard lock(mutex_);
    auto it = entries_.find(key);
    if (it == entries_.end()) return nullptr;
    order_.splice(order_.begin(), order_, it->second);
    return it->second->second;
  }

  // Keeps what is there already, if anything is.
  void Put(const std::string& key, std::shared_ptr<const Value> value) {
    std::lock_guard lock(mutex_);
    if (entries_.contains(key)) return;
    bytes_ += value->weight();
    order_.emplace_front(key, std::move(value));
    entries_.emplace(key, order_.begin());
    while (bytes_ > budget_ && !order_.empty()) {
      bytes_ -= order_.back().second->weight();
      entries_.erase(order_.back().first);
      order_.pop_back();
    }
  }

 private:
  using Entry = std::pair<std::string, std::shared_ptr<const Value>>;

  const size_t budget_;
  std::mutex mutex_;
  std::list<Entry> order_;  // most recent first
  absl::flat_hash_map<std::string, typename std::list<Entry>::iterator> entries_;
  size_t bytes_ = 0;
};

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_BYTE_CACHE_H_
