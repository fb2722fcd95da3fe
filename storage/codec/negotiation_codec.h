#ifndef STEELYARD_STORAGE_CODEC_NEGOTIATION_CODEC_H_
#define STEELYARD_STORAGE_CODEC_NEGOTIATION_CODEC_H_

// A version of a negotiation as the bytes of a document (kind kNegotiation).
// The grammar is the order of the fields in storage/model/negotiation.h;
// frozen, and proved by a golden test.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/model/negotiation.h"

namespace steelyard::codec {

std::string EncodeNegotiation(const model::Negotiation& negotiation);

// DATA_LOSS for bytes that no encoder wrote.
absl::StatusOr<model::Negotiation> DecodeNegotiation(std::string_view bytes);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_NEGOTIATION_CODEC_H_
