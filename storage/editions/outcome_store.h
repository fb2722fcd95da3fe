#ifndef STEELYARD_STORAGE_EDITIONS_OUTCOME_STORE_H_
#define STEELYARD_STORAGE_EDITIONS_OUTCOME_STORE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/editions/outcome_block.h"
#include "storage/engine/database.h"

namespace steelyard::editions {

// Keeps the outcome blocks of all editions beside EditionStore, under the same
// edition numbers. The newest blocks of a service and year are decoded once and
// kept, within a byte budget; those of past editions are read when asked for.
// All durable state is in the Database given at construction, which must
// outlive the store. Thread-safe; never holds its lock while it reads the disk.
class OutcomeStore {
 public:
  static constexpr size_t kDefaultCacheBytes = size_t{256} << 20;

  explicit OutcomeStore(engine::Database& database, size_t cache_bytes = kDefaultCacheBytes)
      : database_(database), budget_(cache_bytes) {}

  // Adds `block` to `batch`. Its edition must be newer than every other block
  // of its group. Once that has been committed, call Publish. INVALID_ARGUMENT
  // for a block that is not as its header says.
  absl::Status Put(engine::Batch& batch, const OutcomeBlock& block) const;

  // The newest block of each group of a service and year, by number. For the
  // publisher: does not count as shown. DATA_LOSS for a damaged block, or the
  // database's error.
  using Blocks = std::vector<std::shared_ptr<const OutcomeBlock>>;
  absl::StatusOr<Blocks> Newest(model::Service service, int year);

  // What a question was answered from: all groups of the years, as of one
  // edition.
  struct Shown {
    uint64_t edition = 0;
    Blocks blocks;  // by year, then group
  };
  // `at_edition` 0: the newest. From now on the blocks are kept for ever, since
  // an answer may name them. Errors as Newest.
  absl::StatusOr<Shown> Show(model::Service service, int first_year, int last_year,
                             uint64_t at_edition);

  // Makes committed blocks the newest, all at one moment. `edition` becomes
  // the newest edition even if `blocks` is empty. Blocks they replace that
  // nobody was ever shown are remembered for DropUnshown.
  void Publish(const Blocks& blocks, uint64_t edition);
  // Deletes the remembered blocks: nothing can refer to them.
  void DropUnshown(engine::Batch& batch);

  // The newest edition; 0 before the first. Set at start by SetNewest.
  uint64_t newest() const;
  void SetNewest(uint64_t edition);

 private:
  using YearKey = std::pair<model::Service, int>;
  // Newest blocks of a service and year, by number.
  using Groups = std::map<uint32_t, std::shared_ptr<const OutcomeBlock>>;
  struct Year {
    std::shared_ptr<const Groups> groups;  // null: not read
    uint64_t edition = 0;                  // newest of any of `groups`
    size_t weight = 0;                     // of `groups`
    uint64_t changes = 0;                  // counts Publish calls that touched it
    uint64_t used = 0;                     // of clock_
    // Newest blocks of this process that nobody was shown: group -> edition.
    std::map<uint32_t, uint64_t> fresh;
  };

  // The blocks as of `edition`, from memory if they are there.
  absl::StatusOr<std::shared_ptr<const Groups>> Find(const YearKey& key, uint64_t edition);
  absl::StatusOr<Groups> Read(const YearKey& key, uint64_t edition) const;
  void KeepLocked(Year& year, std::shared_ptr<const Groups> groups);
  void TrimLocked(const YearKey& keep);

  engine::Database& database_;
  const size_t budget_;

  mutable std::mutex mutex_;
  uint64_t newest_ = 0;
  uint64_t clock_ = 0;  // counts uses
  size_t weight_ = 0;
  std::map<YearKey, Year> years_;
  struct Unshown {
    YearKey year;
    uint32_t number = 0;
    uint64_t edition = 0;
  };
  std::vector<Unshown> unshown_;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_OUTCOME_STORE_H_
