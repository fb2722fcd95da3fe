#ifndef STEELYARD_STORAGE_ENGINE_ENVIRONMENT_H_
#define STEELYARD_STORAGE_ENGINE_ENVIRONMENT_H_

// The seam for fault tests; nothing above this room includes it, since it lets
// RocksDB's headers in.

#include <rocksdb/env.h>

#include <memory>

#include "storage/engine/space_guard.h"

namespace steelyard::engine {

// What a test puts under a Database in place of the machine.
struct Environment {
  // The store's files and clock; null for the machine's own.
  std::shared_ptr<rocksdb::Env> env;
  // Space on the store's disk; empty to ask the machine.
  MeasureSpace measure;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_ENVIRONMENT_H_
