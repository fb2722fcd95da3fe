#ifndef STEELYARD_STORAGE_EDITIONS_OUTCOME_STORE_H_
#define STEELYARD_STORAGE_EDITIONS_OUTCOME_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/editions/outcome_block.h"
#include "storage/engine/database.h"

namespace steelyard::editions {

// Keeps the outcome blocks of all editions beside EditionStore, under the same
// edition numbers. All durable state is in the Database given at construction,
// which must outlive the store. Thread-safe.
class OutcomeStore {
 public:
  explicit OutcomeStore(engine::Database& database) : database_(database) {}

  // Adds `block` to `batch`. Once that has been committed, call Publish.
  // INVALID_ARGUMENT for a block that is not as its header says.
  absl::Status Put(engine::Batch& batch, const OutcomeBlock& block) const;

  // The newest block of each group of a service and year, by number.
  using Blocks = std::vector<std::shared_ptr<const OutcomeBlock>>;
  absl::StatusOr<Blocks> Newest(model::Service service, int year);

  // What a question was answered from: all groups of the years, as of one
  // edition.
  struct Shown {
    uint64_t edition = 0;
    Blocks blocks;  // by year, then group
  };
  // `at_edition` 0: the newest. DATA_LOSS for a damaged block.
  absl::StatusOr<Shown> Show(model::Service service, int first_year, int last_year,
                             uint64_t at_edition);

  // Makes committed blocks the newest, all at one moment. `edition` becomes
  // the newest edition even if `blocks` is empty.
  void Publish(const Blocks& blocks, uint64_t edition);
  // The newest edition; 0 before the first. Set at start by SetNewest.
  uint64_t newest() const;
  void SetNewest(uint64_t edition);

 private:
  // Newest blocks of a service and year, by number.
  using Group = std::map<uint32_t, std::shared_ptr<const OutcomeBlock>>;
  absl::StatusOr<Group> Read(model::Service service, int year, uint64_t at_edition) const;
  absl::Status Load(model::Service service, int year);

  engine::Database& database_;
  mutable std::mutex mutex_;
  uint64_t newest_ = 0;
  std::map<std::pair<model::Service, int>, Group> newest_blocks_;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_OUTCOME_STORE_H_
