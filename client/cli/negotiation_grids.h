#ifndef STEELYARD_CLIENT_CLI_NEGOTIATION_GRIDS_H_
#define STEELYARD_CLIENT_CLI_NEGOTIATION_GRIDS_H_

#include <ostream>

#include "client/cli/grid.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/negotiation_service.pb.h"

namespace steelyard::cli {

// Negotiations, one a row.
Grid GridOf(const google::protobuf::RepeatedPtrField<v1::Negotiation>& negotiations);
// One, a field a row.
Grid GridOf(const v1::Negotiation& negotiation);

// One with its positions, members and packs, for people.
void PrintNegotiation(std::ostream& out, size_t width, const v1::Negotiation& negotiation);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_NEGOTIATION_GRIDS_H_
