#ifndef STEELYARD_STORAGE_ENGINE_TUNING_H_
#define STEELYARD_STORAGE_ENGINE_TUNING_H_

// How RocksDB is set up: the reasons are in tuning.cc.

#include <rocksdb/cache.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <cstddef>
#include <memory>

#include "storage/engine/family.h"

namespace steelyard::engine {

// Options of the whole store, with `cache_bytes` of memory shared by cached
// blocks and memtables through `cache`.
rocksdb::DBOptions StoreOptions(size_t cache_bytes, const std::shared_ptr<rocksdb::Cache>& cache);

// Options of one family.
rocksdb::ColumnFamilyOptions FamilyOptions(Family family,
                                           const std::shared_ptr<rocksdb::Cache>& cache);

std::shared_ptr<rocksdb::Cache> MakeCache(size_t cache_bytes);

// An empty write batch whose entries carry checksums from here to the memtable.
rocksdb::WriteBatch MakeWriteBatch(size_t bytes);

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_TUNING_H_
