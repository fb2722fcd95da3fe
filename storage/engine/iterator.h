#ifndef STEELYARD_STORAGE_ENGINE_ITERATOR_H_
#define STEELYARD_STORAGE_ENGINE_ITERATOR_H_

#include <memory>
#include <string_view>

#include "absl/status/status.h"

namespace steelyard::engine {

class Database;

// Walks one family's keys in [lower, upper), in byte order or against it. Stands
// on the first one when made. Sees the store as it was then, or as its Snapshot
// has it. Must not outlive its Database. Not thread-safe.
//
//   auto it = database.Scan(Family::kFacts, lower, upper);
//   for (; it->Valid(); it->Next()) Use(it->key(), it->value());
//   RETURN_IF_ERROR(it->status());
class Iterator {
 public:
  ~Iterator();
  Iterator(const Iterator&) = delete;
  Iterator& operator=(const Iterator&) = delete;

  // False past the last key and after an error; status() tells which.
  bool Valid() const;
  void Next();
  // Of the current entry, while Valid(). The views live until Next().
  std::string_view key() const;
  std::string_view value() const;
  // OK, DATA_LOSS if a block is damaged, UNAVAILABLE on a read error.
  absl::Status status() const;

 private:
  friend class Database;
  struct State;
  explicit Iterator(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_ITERATOR_H_
