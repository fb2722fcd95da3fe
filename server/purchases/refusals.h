#ifndef STEELYARD_SERVER_PURCHASES_REFUSALS_H_
#define STEELYARD_SERVER_PURCHASES_REFUSALS_H_

#include <string_view>

#include "absl/status/status.h"

namespace steelyard::purchases {

// The API's error for a ledger's refusal. `name` is the purchase or upload
// that it is about. Other statuses pass as they are, but for a store that
// takes no writes and one whose outcome is not known.
absl::Status FromLedger(const absl::Status& status, std::string_view name);

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_REFUSALS_H_
