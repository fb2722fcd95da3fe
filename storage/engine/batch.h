#ifndef STEELYARD_STORAGE_ENGINE_BATCH_H_
#define STEELYARD_STORAGE_ENGINE_BATCH_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "storage/engine/family.h"

namespace steelyard::engine {

// Writes that reach the store together or not at all, in the order given: the
// last write of a key counts. Copies what it is handed, belongs to no store and
// can be reused after Clear(). Movable. Not thread-safe.
class Batch {
 public:
  // Keys and values are below 4 GiB each.
  void Put(Family family, std::string_view key, std::string_view value);
  void Delete(Family family, std::string_view key);

  bool empty() const { return writes_ == 0; }
  // Number of puts and deletes.
  size_t writes() const { return writes_; }
  // Memory the writes take, which is about what they add to the log.
  size_t bytes() const { return data_.size(); }
  void Clear();

  // Calls put(family, key, value) or remove(family, key) for each write in
  // order. The views live as long as the batch is not changed.
  template <typename OnPut, typename OnDelete>
  void ForEach(OnPut&& put, OnDelete&& remove) const;

 private:
  enum class Kind : uint8_t { kPut, kDelete };
  struct Write {
    Kind kind;
    Family family;
    std::string_view key;
    std::string_view value;
  };

  void Add(Kind kind, Family family, std::string_view key, std::string_view value);
  // The write at `offset`, which moves on to the next one.
  Write Next(size_t& offset) const;

  // Per write: kind, family, key length, value length (host order), key, value.
  std::string data_;
  size_t writes_ = 0;
};

template <typename OnPut, typename OnDelete>
void Batch::ForEach(OnPut&& put, OnDelete&& remove) const {
  for (size_t offset = 0; offset < data_.size();) {
    const Write write = Next(offset);
    if (write.kind == Kind::kPut) {
      put(write.family, write.key, write.value);
    } else {
      remove(write.family, write.key);
    }
  }
}

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_BATCH_H_
