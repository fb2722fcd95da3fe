#ifndef STEELYARD_STORAGE_EDITIONS_EDITION_STORE_H_
#define STEELYARD_STORAGE_EDITIONS_EDITION_STORE_H_

#include <cstdint>
#include <memory>
#include <vector>

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

  // Years that have a block at any edition, ascending.
  absl::StatusOr<std::vector<int>> Years(const Series& series);

 private:
  using BlockPtr = std::shared_ptr<const YearBlock>;
  absl::StatusOr<CachedBlock> FindHead(const Series& series, int year);
  absl::StatusOr<BlockPtr> FindPast(const Series& series, int year, uint64_t at_edition);
  absl::StatusOr<CachedBlock> Read(const Series& series, int year, uint64_t at_edition);

  engine::Database& database_;
  BlockCache cache_;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_EDITION_STORE_H_
