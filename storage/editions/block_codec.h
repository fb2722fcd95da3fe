#ifndef STEELYARD_STORAGE_EDITIONS_BLOCK_CODEC_H_
#define STEELYARD_STORAGE_EDITIONS_BLOCK_CODEC_H_

// A block as bytes. Frozen: a change of the grammar needs a new version, and
// every version stays readable. The grammar tops block_codec.cc.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/editions/block.h"

namespace steelyard::editions {

// Values (prices and lead times) that one block may hold; keeps damaged bytes
// from asking for all memory.
inline constexpr size_t kMaxBlockValues = size_t{1} << 25;

// Equal blocks make equal bytes. Returns INVALID_ARGUMENT for a block that is
// not as block.h says (a view that does not fit its layout, a list that does
// not ascend, sums that do not agree).
absl::StatusOr<std::string> EncodeBlock(const YearBlock& block);

// Returns DATA_LOSS for anything that EncodeBlock did not write.
absl::StatusOr<YearBlock> DecodeBlock(std::string_view bytes);

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_BLOCK_CODEC_H_
