#ifndef STEELYARD_SERVER_LINES_REFUSALS_H_
#define STEELYARD_SERVER_LINES_REFUSALS_H_

#include <string_view>

#include "absl/status/status.h"
#include "storage/model/submission.h"

namespace steelyard::lines {

// The API's error for a ledger's refusal. `name` is the line or upload of
// `resource` that it is about. Other statuses pass as they are, but for a store
// that takes no writes and one whose outcome is not known.
absl::Status FromLedger(const absl::Status& status, model::Resource resource,
                        std::string_view name);

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_REFUSALS_H_
