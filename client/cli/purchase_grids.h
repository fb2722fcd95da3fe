#ifndef STEELYARD_CLIENT_CLI_PURCHASE_GRIDS_H_
#define STEELYARD_CLIENT_CLI_PURCHASE_GRIDS_H_

#include "client/cli/grid.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/purchase.pb.h"
#include "steelyard/v1/purchase_service.pb.h"

namespace steelyard::cli {

// Purchases, one a row.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Purchase>& purchases);
// Versions of one purchase, one a row.
Grid VersionGrid(const google::protobuf::RepeatedPtrField<v1::Purchase>& versions);
// One purchase, one field a row; fields without a value are left out.
Grid DetailGrid(const v1::Purchase& purchase);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Submission>& submissions);
// One count a row, in words.
Grid GridOf(const v1::PublicationStatus& status);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PURCHASE_GRIDS_H_
