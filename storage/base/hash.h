#ifndef STEELYARD_STORAGE_BASE_HASH_H_
#define STEELYARD_STORAGE_BASE_HASH_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace steelyard {

// SHA-256 of `bytes`, 32 raw bytes.
std::string Sha256(std::string_view bytes);

// CRC-32C (Castagnoli) of `bytes`, continuing from `crc` (0 to begin).
uint32_t Crc32c(std::string_view bytes, uint32_t crc = 0);

}  // namespace steelyard

#endif  // STEELYARD_STORAGE_BASE_HASH_H_
