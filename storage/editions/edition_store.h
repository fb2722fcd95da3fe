#ifndef STEELYARD_STORAGE_EDITIONS_EDITION_STORE_H_
#define STEELYARD_STORAGE_EDITIONS_EDITION_STORE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/editions/block.h"
#include "storage/editions/block_cache.h"
#include "storage/engine/database.h"

namespace steelyard::editions {

// Keeps the blocks of all editions: written once, never changed, readable for
// ever. Blocks are decoded once and kept within a byte budget; a look-up that
// the cache can answer does not touch the database. All durable state is in
// the Database given at construction, which must outlive the store.
// Thread-safe.
class EditionStore {
 public:
  static constexpr size_t kDefaultCacheBytes = size_t{128} << 20;

  explicit EditionStore(engine::Database& database, size_t cache_bytes = kDefaultCacheBytes);

  // Adds `block` to `batch`, under a key of its own. Its edition must be newer
  // than every other block of its series and year. Once the batch has been
  // committed, call Published. Returns INVALID_ARGUMENT as EncodeBlock does.
  absl::Status Put(engine::Batch& batch, const YearBlock& block) const;

  // Makes a committed block the newest of its series and year for all Finds
  // that begin from now on.
  void Published(const Series& series, int year, uint64_t edition);

  // The newest block whose edition is at most `at_edition` (0: the newest of
  // all); null if there is none. Returns DATA_LOSS for a damaged block, or the
  // database's error.
  absl::StatusOr<std::shared_ptr<const YearBlock>> Find(const Series& series, int year,
                                                        uint64_t at_edition = 0);

  // What a question was answered from.
  struct Shown {
    uint64_t edition = 0;
    std::vector<std::shared_ptr<const YearBlock>> blocks;  // of the years that have one, in order
  };
  // The blocks of a series from `first_year` to `last_year`, all of one
  // edition: `at_edition`, or the newest for 0. From now on they are kept for
  // ever, since an answer may name them. Errors as Find.
  absl::StatusOr<Shown> Show(const Series& series, int first_year, int last_year,
                             uint64_t at_edition);

  // The newest edition; 0 before the first.
  uint64_t newest() const;
  // Sets it at start.
  void SetNewest(uint64_t edition);

  // A block of an edition.
  struct BlockId {
    Series series;
    int year = 0;
  };
  // Makes committed blocks of `edition` the newest, all at one moment. Blocks
  // they replace that nobody was ever shown are remembered for DropUnshown.
  void Publish(const std::vector<BlockId>& blocks, uint64_t edition);
  // Deletes the remembered blocks: nothing can refer to them, and an upload of
  // a million lines makes many.
  void DropUnshown(engine::Batch& batch);

  // Years that have a block at any edition, ascending.
  absl::StatusOr<std::vector<int>> Years(const Series& series);

 private:
  using BlockPtr = std::shared_ptr<const YearBlock>;
  absl::StatusOr<CachedBlock> FindHead(const Series& series, int year);
  absl::StatusOr<BlockPtr> FindPast(const Series& series, int year, uint64_t at_edition);
  absl::StatusOr<CachedBlock> Read(const Series& series, int year, uint64_t at_edition);

  engine::Database& database_;
  BlockCache cache_;

  // Held shared for an answer, so that it sees one edition.
  mutable std::shared_mutex edition_mutex_;
  uint64_t newest_ = 0;
  std::mutex fresh_mutex_;
  // Newest blocks of this process that nobody was shown, with their editions.
  absl::flat_hash_map<std::pair<Series, int>, uint64_t> fresh_;
  std::vector<std::pair<BlockId, uint64_t>> unshown_;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_EDITION_STORE_H_
