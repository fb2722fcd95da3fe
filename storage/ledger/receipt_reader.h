#ifndef STEELYARD_STORAGE_LEDGER_RECEIPT_READER_H_
#define STEELYARD_STORAGE_LEDGER_RECEIPT_READER_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/record_codec.h"
#include "storage/engine/database.h"

namespace steelyard::ledger {

// Reads one council's own receipts, whatever they are for: every call names
// the council, and nothing of another is touched. Calls may return DATA_LOSS or
// UNAVAILABLE from the store. Thread-safe.
class ReceiptReader {
 public:
  explicit ReceiptReader(const engine::Database& database) : database_(database) {}

  // The receipt of the request or upload with this UUID (16 bytes), or nothing.
  absl::StatusOr<std::optional<model::Submission>> FindSubmission(model::CouncilNo council,
                                                                  std::string_view id) const;
  absl::StatusOr<std::optional<model::Submission>> GetSubmission(model::CouncilNo council,
                                                                 uint32_t number) const;
  // Receipts newest first, those numbered below `below` (0: from the newest).
  absl::StatusOr<std::vector<model::Submission>> Submissions(model::CouncilNo council,
                                                             uint32_t below, size_t limit) const;

  absl::StatusOr<codec::CouncilHead> Head(model::CouncilNo council) const;

 private:
  const engine::Database& database_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_RECEIPT_READER_H_
