#ifndef STEELYARD_STORAGE_EDITIONS_WIDE_H_
#define STEELYARD_STORAGE_EDITIONS_WIDE_H_

// Varints of 128 bits within blocks. Frozen on disk.

#include <cstdint>
#include <optional>

#include "absl/numeric/int128.h"
#include "storage/base/bytes.h"

namespace steelyard::editions {

inline void WriteWide(ByteWriter& out, absl::uint128 v) {
  for (; v >= 0x80; v >>= 7) out.Fixed8(static_cast<uint8_t>(absl::Uint128Low64(v) | 0x80));
  out.Fixed8(static_cast<uint8_t>(absl::Uint128Low64(v)));
}

// Nothing for one that is too long; past the end, as ByteReader does.
inline std::optional<absl::uint128> ReadWide(ByteReader& in) {
  absl::uint128 value = 0;
  for (int shift = 0; shift < 128; shift += 7) {
    const uint8_t byte = in.Fixed8();
    if (shift == 126 && byte > 3) break;
    value |= absl::uint128(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_WIDE_H_
