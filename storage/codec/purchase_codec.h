#ifndef STEELYARD_STORAGE_CODEC_PURCHASE_CODEC_H_
#define STEELYARD_STORAGE_CODEC_PURCHASE_CODEC_H_

// Purchases and facts as bytes. The grammar tops the .cc file and is frozen;
// golden tests prove it. Decoders return DATA_LOSS for bytes that no encoder
// wrote.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/model/purchase.h"

namespace steelyard::codec {

// The same content gives the same bytes, so bytes are compared to tell
// whether a line changed.
std::string EncodeContent(const model::PurchaseContent& content);
absl::StatusOr<model::PurchaseContent> DecodeContent(std::string_view bytes);

// Council, line and month are in the key and not in these bytes.
std::string EncodeFact(const model::PurchaseFact& fact);
// Fills all but council, line and month.
absl::Status DecodeFact(std::string_view bytes, model::PurchaseFact& fact);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_PURCHASE_CODEC_H_
