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

// One version of a line as it is stored.
struct PurchaseRecord {
  model::LineNo line;
  uint32_t revision = 1;
  uint64_t sequence = 0;          // ledger sequence that made this version
  uint32_t first_submission = 0;  // number of the submission that made the line
  uint32_t submission = 0;        // number of the one that made this version
  int32_t received_day = 0;       // model::Day: decides what was due
  bool withdrawn = false;
  std::string withdraw_reason;
  std::string content;  // EncodeContent

  friend bool operator==(const PurchaseRecord&, const PurchaseRecord&) = default;
};

std::string EncodePurchase(const PurchaseRecord& record);
absl::StatusOr<PurchaseRecord> DecodePurchase(std::string_view bytes);

// Council, line and month are in the key and not in these bytes.
std::string EncodeFact(const model::PurchaseFact& fact);
// Fills all but council, line and month.
absl::Status DecodeFact(std::string_view bytes, model::PurchaseFact& fact);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_PURCHASE_CODEC_H_
