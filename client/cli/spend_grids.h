#ifndef STEELYARD_CLIENT_CLI_SPEND_GRIDS_H_
#define STEELYARD_CLIENT_CLI_SPEND_GRIDS_H_

#include "client/cli/grid.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/spend_service.pb.h"

namespace steelyard::cli {

// Published spend as tables.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::MatchedName>& names);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::PaymentSource>& sources);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::SpendRow>& rows);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::TopSpender>& spenders);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::NameProposal>& proposals);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::NameDecision>& decisions);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_SPEND_GRIDS_H_
