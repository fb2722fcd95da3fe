#ifndef STEELYARD_STORAGE_LEDGER_PURCHASE_READER_H_
#define STEELYARD_STORAGE_LEDGER_PURCHASE_READER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/purchase_codec.h"
#include "storage/codec/record_codec.h"
#include "storage/engine/database.h"

namespace steelyard::ledger {

// Reads one council's own lines and receipts: every call names the council,
// and nothing of another is touched. Calls may return DATA_LOSS or UNAVAILABLE
// from the store. Thread-safe.
class PurchaseReader {
 public:
  struct Line {
    std::string reference;
    codec::PurchaseRecord record;
    model::PurchaseContent content;
  };

  struct LineName {
    model::CouncilNo council;
    std::string_view reference;
  };

  explicit PurchaseReader(const engine::Database& database) : database_(database) {}

  // The newest version, or nothing.
  absl::StatusOr<std::optional<Line>> Get(model::CouncilNo council,
                                          std::string_view reference) const;

  // The newest version of each, or nothing, in the order of `names`; for many
  // lines at once.
  absl::StatusOr<std::vector<std::optional<codec::PurchaseRecord>>> Find(
      std::span<const LineName> names) const;

  // The version numbered `revision`, or nothing.
  absl::StatusOr<std::optional<Line>> GetRevision(model::CouncilNo council,
                                                  std::string_view reference,
                                                  uint32_t revision) const;

  // Up to `limit` lines that `keep` wants, in the order of references, from
  // after `after` (empty: from the first).
  absl::StatusOr<std::vector<Line>> List(model::CouncilNo council, std::string_view after,
                                         size_t limit,
                                         const std::function<bool(const Line&)>& keep) const;

  // Versions newest first, from those below revision `below` (0: from the
  // newest), up to `limit`; nothing if there is no such line.
  absl::StatusOr<std::vector<Line>> Versions(model::CouncilNo council, std::string_view reference,
                                             uint32_t below, size_t limit) const;

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

// Reads the audit. Thread-safe.
class AuditReader {
 public:
  explicit AuditReader(const engine::Database& database) : database_(database) {}
  // Entries in order from after sequence `after`, up to `limit`.
  absl::StatusOr<std::vector<model::AuditEntry>> List(uint64_t after, size_t limit) const;

 private:
  const engine::Database& database_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_PURCHASE_READER_H_
