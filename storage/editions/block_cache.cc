#include "storage/editions/block_cache.h"

#include <algorithm>
#include <limits>

#include "absl/hash/hash.h"

namespace steelyard::editions {
namespace {

// Of the list node and the table's slot.
constexpr size_t kOverhead = 128;

}  // namespace

std::optional<CachedBlock> BlockCache::Get(const SlotKey& key) {
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  const auto it = shard.slots.find(key);
  if (it == shard.slots.end()) return std::nullopt;
  shard.order.splice(shard.order.begin(), shard.order, it->second);
  it->second->used = clock_.fetch_add(1, std::memory_order_relaxed);
  return it->second->value;
}

uint64_t BlockCache::Generation(const SlotKey& key) {
  Shard& shard = ShardOf(key);
  std::lock_guard lock(shard.mutex);
  return shard.generation;
}

void BlockCache::PutIfUnchanged(const SlotKey& key, uint64_t generation, CachedBlock value) {
  Shard& shard = ShardOf(key);
  {
    std::lock_guard lock(shard.mutex);
    if (shard.generation != generation) return;
    PutLocked(shard, key, std::move(value));
  }
  Trim();
}

void BlockCache::Put(const SlotKey& key, CachedBlock value) {
  Shard& shard = ShardOf(key);
  {
    std::lock_guard lock(shard.mutex);
    PutLocked(shard, key, std::move(value));
  }
  Trim();
}

void BlockCache::Publish(const Series& series, int year, uint64_t edition) {
  const SlotKey head{series, year, 0};
  {
    Shard& shard = ShardOf(head);
    std::lock_guard lock(shard.mutex);
    ++shard.generation;
    const auto it = shard.slots.find(head);
    if (it == shard.slots.end() || it->second->value.edition < edition) {
      PutLocked(shard, head, {edition, nullptr, {}});
    }
  }
  const SlotKey all{series, SlotKey::kAllYears, 0};
  {
    Shard& shard = ShardOf(all);
    std::lock_guard lock(shard.mutex);
    ++shard.generation;
    if (const auto it = shard.slots.find(all); it != shard.slots.end()) {
      CachedBlock value = it->second->value;
      const auto place = std::lower_bound(value.years.begin(), value.years.end(), year);
      if (place == value.years.end() || *place != year) {
        value.years.insert(place, year);
        PutLocked(shard, all, std::move(value));
      }
    }
  }
  Trim();
}

BlockCache::Shard& BlockCache::ShardOf(const SlotKey& key) {
  // All slots of a series and year share a shard, and so its generation.
  return shards_[absl::HashOf(key.series, key.year) % kShards];
}

void BlockCache::PutLocked(Shard& shard, const SlotKey& key, CachedBlock value) {
  const size_t weight = kOverhead + sizeof(Entry) + value.years.capacity() * sizeof(int) +
                        (value.block ? value.block->weight() : 0);
  if (const auto it = shard.slots.find(key); it != shard.slots.end()) {
    bytes_.fetch_sub(it->second->weight, std::memory_order_relaxed);
    shard.order.erase(it->second);
    shard.slots.erase(it);
  }
  shard.order.push_front(
      {key, std::move(value), weight, clock_.fetch_add(1, std::memory_order_relaxed)});
  shard.slots.emplace(key, shard.order.begin());
  bytes_.fetch_add(weight, std::memory_order_relaxed);
}

void BlockCache::Trim() {
  while (bytes() > budget_) {
    Shard& shard = ShardOfOldest();
    CachedBlock dropped;  // outlives the lock: freeing a block takes a while
    std::lock_guard lock(shard.mutex);
    if (shard.order.empty()) continue;
    Entry& last = shard.order.back();
    bytes_.fetch_sub(last.weight, std::memory_order_relaxed);
    shard.slots.erase(last.key);
    dropped = std::move(last.value);
    shard.order.pop_back();
  }
}

// The shard whose last entry was used longest ago, as far as can be told
// without holding two locks.
BlockCache::Shard& BlockCache::ShardOfOldest() {
  Shard* oldest = &shards_.front();
  uint64_t least = std::numeric_limits<uint64_t>::max();
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    if (!shard.order.empty() && shard.order.back().used < least) {
      least = shard.order.back().used;
      oldest = &shard;
    }
  }
  return *oldest;
}

}  // namespace steelyard::editions
