#ifndef STEELYARD_CLIENT_CLI_CIRCLE_GRIDS_H_
#define STEELYARD_CLIENT_CLI_CIRCLE_GRIDS_H_

#include <ostream>
#include <string>

#include "client/cli/grid.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/circle_service.pb.h"

namespace steelyard::cli {

// Circles, one a row.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Circle>& circles);
// One, a field a row.
Grid GridOf(const v1::Circle& circle);
// One with its consents, for people.
void PrintCircle(std::ostream& out, size_t width, const v1::Circle& circle);

// Figures of members, one a row.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::CircleFigure>& figures);

// Who can see what, and who looked.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Exposure>& exposures);
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Look>& looks);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_CIRCLE_GRIDS_H_
