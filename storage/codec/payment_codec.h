#ifndef STEELYARD_STORAGE_CODEC_PAYMENT_CODEC_H_
#define STEELYARD_STORAGE_CODEC_PAYMENT_CODEC_H_

// Published payments and decisions on names as the bytes of documents (kinds
// kPaymentSource and kNameDecision). Frozen, and proved by a golden test:
//
//   source   := council text names:count name*
//   name     := text number:text quarters:count quarter*
//   quarter  := quarter payments credit_notes sum
//   decision := name:text provider:text token:text
//
// Each is a varint, but sum, which is zigzagged; a text is its length and its
// bytes. The quarter is counted from 2000-Q1, and after the first of a name
// from the one before it. The same payments give the same bytes.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/model/payment.h"

namespace steelyard::codec {

std::string EncodePaymentSource(const model::PaymentSource& source);
std::string EncodeNameDecision(const model::NameDecision& decision);

// DATA_LOSS for bytes that no encoder wrote.
absl::StatusOr<model::PaymentSource> DecodePaymentSource(std::string_view bytes);
absl::StatusOr<model::NameDecision> DecodeNameDecision(std::string_view bytes);

// Ids of the documents: council and source, or the name's key. A long text is
// shortened and told apart by its SHA-256, so they sort by text but for that.
std::string PaymentSourceId(model::CouncilNo council, std::string_view source);
std::string NameDecisionId(std::string_view key);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_PAYMENT_CODEC_H_
