#ifndef STEELYARD_STORAGE_EDITIONS_OUTCOME_BLOCK_CODEC_H_
#define STEELYARD_STORAGE_EDITIONS_OUTCOME_BLOCK_CODEC_H_

// An outcome block as bytes. Frozen: a change of the grammar needs a new
// version, and every version stays readable. The grammar tops outcome_block_codec.cc.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/editions/outcome_block.h"

namespace steelyard::editions {

// Equal blocks make equal bytes. Returns INVALID_ARGUMENT as CheckOutcomeBlock.
absl::StatusOr<std::string> EncodeOutcomeBlock(const OutcomeBlock& block);

// Returns DATA_LOSS for anything that EncodeOutcomeBlock did not write.
absl::StatusOr<OutcomeBlock> DecodeOutcomeBlock(std::string_view bytes);

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_OUTCOME_BLOCK_CODEC_H_
