#include "server/publisher/head_time.h"

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "storage/base/status_macros.h"
#include "storage/codec/keys.h"

namespace steelyard::publisher {

absl::StatusOr<codec::LedgerHead> HeadAt(const engine::Database& database,
                                         const engine::Snapshot* snapshot) {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database.Get(engine::Family::kMeta, codec::LedgerHeadKey(), snapshot));
  if (!bytes) return absl::DataLossError("the ledger's head is missing");
  return codec::DecodeLedgerHead(*bytes);
}

model::Day DayOf(int64_t unix_micros) {
  return model::Day::FromCivil(
      absl::ToCivilDay(absl::FromUnixMicros(unix_micros), absl::UTCTimeZone()));
}

}  // namespace steelyard::publisher
