#ifndef STEELYARD_STORAGE_CODEC_REGISTER_CODEC_H_
#define STEELYARD_STORAGE_CODEC_REGISTER_CODEC_H_

// Register entries as bytes; numbers are in the key. Decoders return
// DATA_LOSS for bytes that no encoder wrote.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/model/registers.h"

namespace steelyard::codec {

std::string EncodeArea(const model::Area& area);
absl::StatusOr<model::Area> DecodeArea(std::string_view bytes);

std::string EncodeCouncil(const model::Council& council);
absl::StatusOr<model::Council> DecodeCouncil(std::string_view bytes);

std::string EncodeProduct(const model::Product& product);
absl::StatusOr<model::Product> DecodeProduct(std::string_view bytes);

std::string EncodeSupplier(const model::Supplier& supplier);
absl::StatusOr<model::Supplier> DecodeSupplier(std::string_view bytes);

std::string EncodeProvider(const model::Provider& provider);
absl::StatusOr<model::Provider> DecodeProvider(std::string_view bytes);

std::string EncodeEstablishment(const model::Establishment& establishment);
absl::StatusOr<model::Establishment> DecodeEstablishment(std::string_view bytes);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_REGISTER_CODEC_H_
