#ifndef STEELYARD_SERVER_CIRCLES_CIRCLE_STEPS_H_
#define STEELYARD_SERVER_CIRCLES_CIRCLE_STEPS_H_

// The steps of a circle, from one value to the next, and what follows from it
// for who sees whom. A step that changes nothing returns what it was given.
// Pure functions, thread-safe; who may call for which council is for auth to
// say. Times are microseconds since 1970.
//
// Errors: FAILED_PRECONDITION with what stands in the way in words;
// PERMISSION_DENIED if the council was never a member, or does not lead where
// only the lead may; INVALID_ARGUMENT on `terms_sha256` for other terms than
// the circle's.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/model/circle.h"

namespace steelyard::circles {

using Stepped = absl::StatusOr<model::Circle>;

// What councils consent to: SHA-256 of the terms, 32 bytes.
std::string TermsHash(const model::CircleTerms& terms);

// Founds it: `lead` is the first member. `drafted` holds id and terms.
model::Circle Found(model::Circle drafted, model::CouncilNo lead, int64_t now);

// Records the council's consent to the terms with that hash, in lower-case hex.
Stepped Join(model::Circle circle, model::CouncilNo council, std::string_view terms_sha256,
             int64_t now);

// Ends its consent, in any state. If it led, the member that joined first of
// those that are left leads; if none is left, the circle closes.
Stepped Withdraw(model::Circle circle, model::CouncilNo council, int64_t now);

// Ends it, for good.
Stepped Close(model::Circle circle, model::CouncilNo council, int64_t now);

// Whether the last day of the terms is over.
bool IsExpired(const model::CircleTerms& terms, int64_t now);

// OK if `council` sees the other members' figures now: the one check that every
// reading of figures passes.
absl::Status CheckSees(const model::Circle& circle, model::CouncilNo council, int64_t now);

// That another council sees a council's figures, and the other way round.
struct Shared {
  model::CouncilNo with;
  int64_t start_unix_micros = 0;  // the later of the two consents
  int64_t end_unix_micros = 0;    // 0 while it goes on
  friend bool operator==(const Shared&, const Shared&) = default;
};
// All times in which `council` shared with another, up to `now`, in the order
// of the other council's number and of time.
std::vector<Shared> SharedBy(const model::Circle& circle, model::CouncilNo council, int64_t now);

}  // namespace steelyard::circles

#endif  // STEELYARD_SERVER_CIRCLES_CIRCLE_STEPS_H_
