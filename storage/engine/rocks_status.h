#ifndef STEELYARD_STORAGE_ENGINE_ROCKS_STATUS_H_
#define STEELYARD_STORAGE_ENGINE_ROCKS_STATUS_H_

#include <rocksdb/status.h>

#include <string_view>

#include "absl/status/status.h"

namespace steelyard::engine {

// The one mapping of RocksDB's errors: a damaged or missing file is DATA_LOSS, a
// full disk RESOURCE_EXHAUSTED, another I/O error UNAVAILABLE, busy ABORTED.
// `doing` says what failed, e.g. "read purchases".
absl::Status FromRocks(const rocksdb::Status& status, std::string_view doing);

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_ROCKS_STATUS_H_
