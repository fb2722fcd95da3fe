#ifndef STEELYARD_SERVER_CIRCLES_CIRCLE_PROTO_H_
#define STEELYARD_SERVER_CIRCLES_CIRCLE_PROTO_H_

// Circles on the wire. Pure functions, thread-safe.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "server/circles/circle_store.h"
#include "server/rpc/authorizer.h"
#include "steelyard/v1/circle_service.pb.h"
#include "storage/model/circle.h"
#include "storage/model/registers.h"

namespace steelyard::circles {

inline constexpr size_t kMaxTitleCharacters = 200;

// How much of a circle somebody sees. Figures are for members alone, whatever
// the view.
enum class View {
  kOutside,   // that it is there, its title and who leads
  kMayJoin,   // its terms too: a council that may consent to them
  kOverseer,  // all of it: stewards and auditors
  kMember,    // all of it
};
View ViewOf(const model::Circle& circle, const rpc::Caller& caller);

// The version as `viewer` sees it at `now`, in microseconds: a council outside
// sees no consent but its own.
void ToProto(const Stored& stored, View view, model::CouncilNo viewer, int64_t now,
             const model::Registers& registers, v1::Circle* out);

void ToProto(const model::CircleTerms& terms, const model::Registers& registers,
             v1::CircleTerms* out);

// What `founder` wants members to agree to, checked at `now`. INVALID_ARGUMENT
// with every problem, on fields of `circle.terms`.
absl::StatusOr<model::CircleTerms> FromProto(const v1::CircleTerms& wanted,
                                             model::CouncilNo founder, int64_t now,
                                             const model::Registers& registers);

// `councils/x`; empty for a number that is not registered.
std::string CouncilNameOf(model::CouncilNo no, const model::Registers& registers);

}  // namespace steelyard::circles

#endif  // STEELYARD_SERVER_CIRCLES_CIRCLE_PROTO_H_
