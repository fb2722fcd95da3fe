#ifndef STEELYARD_CLIENT_CLI_PROVIDER_REGISTER_GRIDS_H_
#define STEELYARD_CLIENT_CLI_PROVIDER_REGISTER_GRIDS_H_

#include "client/cli/grid.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/provider.pb.h"
#include "steelyard/v1/registry_service.pb.h"

namespace steelyard::cli {

// The register of providers and what goes with it as tables.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Provider>& providers);
// Places, provider and judgement are those of the newest day.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Establishment>& establishments);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Measure>& measures);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::ListCodesResponse::Code>& codes);

// Who owned a provider, one period a row.
Grid OwnersGrid(const v1::Provider& provider);
// One establishment day by day: what the register said and what inspections
// found.
Grid HistoryGrid(const v1::Establishment& establishment);
// The levels of a measure, best first.
Grid LevelsGrid(const v1::Measure& measure);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PROVIDER_REGISTER_GRIDS_H_
