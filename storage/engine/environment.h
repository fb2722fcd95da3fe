#ifndef STEELYARD_STORAGE_ENGINE_ENVIRONMENT_H_
#define STEELYARD_STORAGE_ENGINE_ENVIRONMENT_H_

// The seam for fault tests; nothing above this room includes it, since it lets
// RocksDB's headers in.

#include <rocksdb/file_system.h>

#include <memory>

#include "storage/engine/space_guard.h"

namespace steelyard::engine {

// What a test puts under a Database in place of the machine.
struct Environment {
  // All of the store's files; null for the machine's own.
  std::shared_ptr<rocksdb::FileSystem> files;
  // Space on the store's disk; empty to ask the machine.
  MeasureSpace measure;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_ENVIRONMENT_H_
