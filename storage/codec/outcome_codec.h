#ifndef STEELYARD_STORAGE_CODEC_OUTCOME_CODEC_H_
#define STEELYARD_STORAGE_CODEC_OUTCOME_CODEC_H_

// Outcome reports and their facts as bytes. The grammar tops the .cc file and
// is frozen; golden tests prove it. Decoders return DATA_LOSS for bytes that no
// encoder wrote.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/model/outcome.h"

namespace steelyard::codec {

// The same content gives the same bytes, so bytes are compared to tell
// whether a report changed.
std::string EncodeContent(const model::OutcomeContent& content);
absl::StatusOr<model::OutcomeContent> DecodeOutcomeContent(std::string_view bytes);

// Council, line, service and quarter are in the key and not in these bytes.
std::string EncodeFact(const model::OutcomeFact& fact);
// Fills all but those.
absl::Status DecodeFact(std::string_view bytes, model::OutcomeFact& fact);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_OUTCOME_CODEC_H_
