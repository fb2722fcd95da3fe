#include "storage/engine/batch.h"

#include <cstdint>
#include <cstring>

namespace steelyard::engine {
namespace {

struct Head {
  uint32_t key_bytes;
  uint32_t value_bytes;
  uint8_t kind;
  uint8_t family;
};
constexpr size_t kHeadBytes = 10;

}  // namespace

void Batch::Put(Family family, std::string_view key, std::string_view value) {
  Add(Kind::kPut, family, key, value);
}

void Batch::Delete(Family family, std::string_view key) { Add(Kind::kDelete, family, key, {}); }

void Batch::Clear() {
  data_.clear();
  writes_ = 0;
}

void Batch::Add(Kind kind, Family family, std::string_view key, std::string_view value) {
  const Head head = {static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size()),
                     static_cast<uint8_t>(kind), static_cast<uint8_t>(family)};
  char raw[sizeof head];
  std::memcpy(raw, &head, sizeof head);
  data_.append(raw, kHeadBytes).append(key).append(value);
  ++writes_;
}

Batch::Write Batch::Next(size_t& offset) const {
  Head head = {};
  std::memcpy(&head, data_.data() + offset, kHeadBytes);
  const char* key = data_.data() + offset + kHeadBytes;
  offset += kHeadBytes + head.key_bytes + head.value_bytes;
  return {static_cast<Kind>(head.kind), static_cast<Family>(head.family),
          std::string_view(key, head.key_bytes),
          std::string_view(key + head.key_bytes, head.value_bytes)};
}

}  // namespace steelyard::engine
