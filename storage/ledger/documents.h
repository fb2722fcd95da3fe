#ifndef STEELYARD_STORAGE_LEDGER_DOCUMENTS_H_
#define STEELYARD_STORAGE_LEDGER_DOCUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/keys.h"
#include "storage/engine/database.h"

namespace steelyard::ledger {

// One version of a document.
struct Document {
  std::string id;
  uint32_t revision = 0;  // 1 for the first
  std::string bytes;
  friend bool operator==(const Document&, const Document&) = default;
};

// Reads the documents that PutDocument writes. Calls may return DATA_LOSS or
// UNAVAILABLE from the store. Thread-safe.
class DocumentReader {
 public:
  explicit DocumentReader(const engine::Database& database) : database_(database) {}

  // The newest version, or nothing.
  absl::StatusOr<std::optional<Document>> Get(codec::DocumentKind kind, std::string_view id) const;

  // One version, or nothing.
  absl::StatusOr<std::optional<Document>> Get(codec::DocumentKind kind, std::string_view id,
                                              uint32_t revision) const;

  // All versions, newest first.
  absl::StatusOr<std::vector<Document>> Versions(codec::DocumentKind kind,
                                                 std::string_view id) const;

  // The newest version of each document of a kind, by id, from after id
  // `after` (empty: from the first), up to `limit`.
  absl::StatusOr<std::vector<Document>> List(codec::DocumentKind kind, std::string_view after,
                                             size_t limit) const;

 private:
  const engine::Database& database_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_DOCUMENTS_H_
