#ifndef STEELYARD_STORAGE_BASE_BYTES_H_
#define STEELYARD_STORAGE_BASE_BYTES_H_

// Bytes of keys and values. Keys use big-endian fixed integers, so that byte
// order is value order; values use varints (LEB128), signed ones zigzagged.

#include <cstdint>
#include <string>
#include <string_view>

namespace steelyard {

// Appends to a string. Not thread-safe.
class ByteWriter {
 public:
  ByteWriter& Fixed8(uint8_t v) { return Fixed(v, 1); }
  ByteWriter& Fixed16(uint16_t v) { return Fixed(v, 2); }
  ByteWriter& Fixed32(uint32_t v) { return Fixed(v, 4); }
  ByteWriter& Fixed64(uint64_t v) { return Fixed(v, 8); }
  ByteWriter& Varint(uint64_t v) {
    while (v >= 0x80) {
      out_.push_back(static_cast<char>(v | 0x80));
      v >>= 7;
    }
    out_.push_back(static_cast<char>(v));
    return *this;
  }
  ByteWriter& Signed(int64_t v) {
    return Varint((static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63));
  }
  // Length, then the bytes.
  ByteWriter& Text(std::string_view s) {
    Varint(s.size());
    return Raw(s);
  }
  ByteWriter& Raw(std::string_view s) {
    out_.append(s);
    return *this;
  }
  void Reserve(size_t bytes) { out_.reserve(bytes); }
  const std::string& str() const& { return out_; }
  std::string str() && { return std::move(out_); }

 private:
  ByteWriter& Fixed(uint64_t v, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out_.push_back(static_cast<char>(v >> shift));
    }
    return *this;
  }
  std::string out_;
};

// Reads what ByteWriter wrote. Reading past the end, or a varint too long,
// gives zeros and makes ok() false for good; check once, at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool done() const { return rest_.empty(); }
  // Everything was read, and nothing was wrong.
  bool Finished() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

  uint8_t Fixed8() { return static_cast<uint8_t>(Fixed(1)); }
  uint16_t Fixed16() { return static_cast<uint16_t>(Fixed(2)); }
  uint32_t Fixed32() { return static_cast<uint32_t>(Fixed(4)); }
  uint64_t Fixed64() { return Fixed(8); }
  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return Fail();
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) return Fail();
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return Fail();
  }
  int64_t Signed() {
    const uint64_t v = Varint();
    return static_cast<int64_t>(v >> 1) ^ -static_cast<int64_t>(v & 1);
  }
  std::string_view Text() { return Raw(Varint()); }
  std::string_view Raw(uint64_t size) {
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

 private:
  uint64_t Fixed(size_t bytes) {
    uint64_t value = 0;
    for (char c : Raw(bytes)) value = (value << 8) | static_cast<uint8_t>(c);
    return value;
  }
  uint64_t Fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace steelyard

#endif  // STEELYARD_STORAGE_BASE_BYTES_H_
