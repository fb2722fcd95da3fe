#ifndef STEELYARD_STORAGE_EDITIONS_BLOCK_CACHE_H_
#define STEELYARD_STORAGE_EDITIONS_BLOCK_CACHE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "storage/editions/block.h"

namespace steelyard::editions {

// What a slot stands for: the answer to "newest block of this series and year
// at or before `at`" (0: of all), or, with kAllYears, the years of a series.
struct SlotKey {
  static constexpr int kAllYears = -1;
  Series series;
  int year = 0;
  uint64_t at = 0;
  friend bool operator==(const SlotKey&, const SlotKey&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const SlotKey& k) {
    return H::combine(std::move(h), k.series, k.year, k.at);
  }
};

// An answer: which edition (0: none) and, if it has been read, the block.
struct CachedBlock {
  uint64_t edition = 0;
  std::shared_ptr<const YearBlock> block;
  std::vector<int> years;  // of a kAllYears slot only
};

// Decoded blocks and answers within a byte budget, the least recently used
// leaving first. Knows also what does not exist. Thread-safe; shards have a
// lock each, and no two are held at once.
class BlockCache {
 public:
  explicit BlockCache(size_t budget_bytes) : budget_(budget_bytes) {}

  std::optional<CachedBlock> Get(const SlotKey& key);

  // Moves on each time Update touches the key's shard. Take it before reading
  // the database for PutIfUnchanged.
  uint64_t Generation(const SlotKey& key);
  // Keeps `value` unless the shard has moved on since `generation`: what was
  // read may be older than what was published meanwhile.
  void PutIfUnchanged(const SlotKey& key, uint64_t generation, CachedBlock value);
  // Keeps `value`, which can never change.
  void Put(const SlotKey& key, CachedBlock value);
  // A block became the newest of its series and year.
  void Publish(const Series& series, int year, uint64_t edition);

  // Bytes kept now; at most the budget between calls.
  size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  struct Entry {
    SlotKey key;
    CachedBlock value;
    size_t weight = 0;
    uint64_t used = 0;  // of clock_
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    std::list<Entry> order;  // most recent first
    absl::flat_hash_map<SlotKey, std::list<Entry>::iterator> slots;
    uint64_t generation = 0;
  };
  static constexpr size_t kShards = 16;

  Shard& ShardOf(const SlotKey& key);
  void PutLocked(Shard& shard, const SlotKey& key, CachedBlock value);
  void Trim();
  Shard& ShardOfOldest();

  const size_t budget_;
  std::atomic<size_t> bytes_{0};
  std::atomic<uint64_t> clock_{0};  // counts uses
  std::array<Shard, kShards> shards_;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_BLOCK_CACHE_H_
