#ifndef STEELYARD_STORAGE_ENGINE_ITERATOR_STATE_H_
#define STEELYARD_STORAGE_ENGINE_ITERATOR_STATE_H_

#include <rocksdb/iterator.h>
#include <rocksdb/slice.h>

#include <memory>
#include <string>

#include "storage/engine/iterator.h"

namespace steelyard::engine {

// RocksDB keeps pointers to the bounds, so they live here, before `rocks`.
struct Iterator::State {
  std::string lower;
  std::string upper;
  rocksdb::Slice lower_bound;
  rocksdb::Slice upper_bound;
  bool ascending = true;
  std::unique_ptr<rocksdb::Iterator> rocks;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_ITERATOR_STATE_H_
