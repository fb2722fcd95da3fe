#ifndef STEELYARD_SERVER_CIRCLES_EXPOSURES_H_
#define STEELYARD_SERVER_CIRCLES_EXPOSURES_H_

// Who can see what of a council, and who looked. Pure functions, thread-safe.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/circles/circle_steps.h"
#include "steelyard/v1/circle_service.pb.h"
#include "storage/model/circle.h"
#include "storage/model/registers.h"
#include "storage/model/submission.h"

namespace steelyard::circles {

// That a member of something sees a council's figures.
struct Exposure {
  std::string source;  // `circles/x` or `negotiations/x`
  Shared shared;
  model::CircleTerms terms;
};

// What a council shows the members of negotiations now. The composition root
// gives it; called from any thread.
using NegotiatedExposures =
    std::function<absl::StatusOr<std::vector<Exposure>>(model::CouncilNo council)>;

// What `council` shows, or showed, the members of a circle.
std::vector<Exposure> ExposuresOf(const model::Circle& circle, model::CouncilNo council,
                                  int64_t now);

// Sorts as the exposures are listed: by source, by who sees, by time.
std::string KeyOf(const Exposure& exposure, const model::Registers& registers);

void ToProto(const Exposure& exposure, const model::Registers& registers, v1::Exposure* out);

// The look at `council` (`councils/x`) that an entry of the audit records;
// nothing if it records another thing.
std::optional<v1::Look> LookOf(const model::AuditEntry& entry, std::string_view council);

}  // namespace steelyard::circles

#endif  // STEELYARD_SERVER_CIRCLES_EXPOSURES_H_
