#ifndef STEELYARD_CLIENT_CLI_OUTCOME_FIELDS_H_
#define STEELYARD_CLIENT_CLI_OUTCOME_FIELDS_H_

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "steelyard/v1/outcome.pb.h"

namespace steelyard::cli {

// FIELD=VALUE for a correction: sets the field of `report` and adds its path to
// `mask` once. `rating:MEASURE` sets one measure's level. INVALID_ARGUMENT in
// words. OutcomeFieldsToSet() says which fields there are.
absl::Status SetOutcomeField(const std::string& assignment, v1::OutcomeReport& report,
                             google::protobuf::FieldMask& mask);
std::string OutcomeFieldsToSet();

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_OUTCOME_FIELDS_H_
