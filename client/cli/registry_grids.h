#ifndef STEELYARD_CLIENT_CLI_REGISTRY_GRIDS_H_
#define STEELYARD_CLIENT_CLI_REGISTRY_GRIDS_H_

#include "client/cli/grid.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/registry.pb.h"

namespace steelyard::cli {

// The registers as tables.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Area>& areas);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Council>& councils);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Product>& products);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Supplier>& suppliers);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::MergeProposal>& proposals);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_REGISTRY_GRIDS_H_
