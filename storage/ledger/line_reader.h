#ifndef STEELYARD_STORAGE_LEDGER_LINE_READER_H_
#define STEELYARD_STORAGE_LEDGER_LINE_READER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/line_codec.h"
#include "storage/engine/database.h"
#include "storage/model/outcome.h"
#include "storage/model/purchase.h"
#include "storage/model/submission.h"

namespace steelyard::ledger {

struct LineName {
  model::CouncilNo council;
  std::string_view reference;
};

// The newest version of each line of `resource`, or nothing, in the order of
// `names`; for many lines at once. DATA_LOSS or UNAVAILABLE from the store.
absl::StatusOr<std::vector<std::optional<codec::LineRecord>>> FindRecords(
    const engine::Database& database, model::Resource resource, std::span<const LineName> names);

// Reads one council's own lines of one resource, the one whose content
// `Content` is: every call names the council, and nothing of another is
// touched. Calls may return DATA_LOSS or UNAVAILABLE from the store.
// Thread-safe.
template <typename Content>
class LineReader {
 public:
  struct Line {
    std::string reference;
    codec::LineRecord record;
    Content content;
  };

  explicit LineReader(const engine::Database& database) : database_(database) {}

  // The newest version, or nothing.
  absl::StatusOr<std::optional<Line>> Get(model::CouncilNo council,
                                          std::string_view reference) const;

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

 private:
  const engine::Database& database_;
};

using PurchaseReader = LineReader<model::PurchaseContent>;
using OutcomeReader = LineReader<model::OutcomeContent>;
extern template class LineReader<model::PurchaseContent>;
extern template class LineReader<model::OutcomeContent>;

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_LINE_READER_H_
