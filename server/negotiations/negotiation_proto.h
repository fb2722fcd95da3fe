#ifndef STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_PROTO_H_
#define STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_PROTO_H_

// Negotiations on the wire. Pure functions, thread-safe.

#include <cstddef>

#include "absl/status/statusor.h"
#include "server/negotiations/negotiation_store.h"
#include "server/rpc/authorizer.h"
#include "steelyard/v1/negotiation_service.pb.h"
#include "storage/model/negotiation.h"
#include "storage/model/registers.h"

namespace steelyard::negotiations {

// Longest that each may be, in characters.
inline constexpr size_t kMaxTitleCharacters = 200;
inline constexpr size_t kMaxPositionCharacters = 500;
inline constexpr size_t kMaxReplyCharacters = 20'000;

// How much of a negotiation somebody sees.
enum class View {
  kOutside,   // that it is there: a council that is not a member
  kOverseer,  // members and positions too: analysts and stewards
  kMember,    // all of it
};
View ViewOf(const model::Negotiation& negotiation, const rpc::Caller& caller);

// The version as the view shows it.
void ToProto(const Stored& stored, View view, const model::Registers& registers,
             v1::Negotiation* out);

// The negotiation as it stands in a pack: members by name alone, positions
// with a quorum, the reply to this very draft, the packs before it.
void ToPackProto(const model::Negotiation& negotiation, const model::Registers& registers,
                 v1::Negotiation* out);

// What a caller wants to open, checked; without an id. INVALID_ARGUMENT with
// every problem; NOT_FOUND for an unknown provider.
absl::StatusOr<model::Negotiation> FromProto(const v1::Negotiation& wanted,
                                             const model::Registers& registers);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_NEGOTIATION_PROTO_H_
