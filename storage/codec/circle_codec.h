#ifndef STEELYARD_STORAGE_CODEC_CIRCLE_CODEC_H_
#define STEELYARD_STORAGE_CODEC_CIRCLE_CODEC_H_

// A version of a circle as the bytes of a document (kind kCircle). The grammar
// is the order of the fields in storage/model/circle.h; frozen, and proved by a
// golden test.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/model/circle.h"

namespace steelyard::codec {

// The terms alone: their SHA-256 is what councils consent to.
std::string EncodeCircleTerms(const model::CircleTerms& terms);

std::string EncodeCircle(const model::Circle& circle);

// DATA_LOSS for bytes that no encoder wrote.
absl::StatusOr<model::Circle> DecodeCircle(std::string_view bytes);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_CIRCLE_CODEC_H_
