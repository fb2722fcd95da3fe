#ifndef STEELYARD_CLIENT_CLI_OUTCOME_GRIDS_H_
#define STEELYARD_CLIENT_CLI_OUTCOME_GRIDS_H_

#include "client/cli/grid.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/outcome.pb.h"

namespace steelyard::cli {

// Outcome reports, one a row.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::OutcomeReport>& reports);
// Versions of one report, one a row.
Grid VersionGrid(const google::protobuf::RepeatedPtrField<v1::OutcomeReport>& versions);
// One report, one field a row; fields without a value are left out.
Grid DetailGrid(const v1::OutcomeReport& report);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_OUTCOME_GRIDS_H_
