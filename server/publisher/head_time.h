#ifndef STEELYARD_SERVER_PUBLISHER_HEAD_TIME_H_
#define STEELYARD_SERVER_PUBLISHER_HEAD_TIME_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "storage/codec/record_codec.h"
#include "storage/engine/database.h"
#include "storage/model/time.h"

namespace steelyard::publisher {

// The ledger's head as of a snapshot. DATA_LOSS or UNAVAILABLE from the store.
absl::StatusOr<codec::LedgerHead> HeadAt(const engine::Database& database,
                                         const engine::Snapshot* snapshot);

// The day of a commit, UTC: what is due follows from the ledger and from no
// clock.
model::Day DayOf(int64_t unix_micros);

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_HEAD_TIME_H_
