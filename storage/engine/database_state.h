#ifndef STEELYARD_STORAGE_ENGINE_DATABASE_STATE_H_
#define STEELYARD_STORAGE_ENGINE_DATABASE_STATE_H_

#include <rocksdb/db.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/engine/database.h"
#include "storage/engine/health.h"
#include "storage/engine/space_guard.h"

namespace steelyard::engine {

// What a Database owns, in the order it is let go from the end.
struct Database::State {
  std::string path;
  std::shared_ptr<const Environment> environment;
  std::shared_ptr<Health> health = std::make_shared<Health>();
  std::unique_ptr<SpaceGuard> space;
  std::unique_ptr<rocksdb::DB> db;
  // By Family; the last is RocksDB's "default", which stays empty.
  std::vector<rocksdb::ColumnFamilyHandle*> handles;

  ~State();
  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles[static_cast<size_t>(family)];
  }
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_DATABASE_STATE_H_
