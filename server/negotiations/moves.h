#ifndef STEELYARD_SERVER_NEGOTIATIONS_MOVES_H_
#define STEELYARD_SERVER_NEGOTIATIONS_MOVES_H_

// The steps of a negotiation, from one value to the next:
//
//   open --send--> with provider --release--> released --send--> ...
//
// A new member, position or endorsement opens a released one for its next
// round; any state can be closed. A step that changes nothing returns what it
// was given. Pure functions, thread-safe; who may call for which council is
// for auth to say.
//
// Errors: FAILED_PRECONDITION with every obstacle in words; PERMISSION_DENIED
// if the council is not a member, or not the link authority where only it may;
// INVALID_ARGUMENT on `position` for one that there is not.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/model/negotiation.h"

namespace steelyard::negotiations {

using Moved = absl::StatusOr<model::Negotiation>;

// Opens: the link authority is the first member. `drafted` holds id, provider,
// title, services, quarters and quorum.
model::Negotiation Open(model::Negotiation drafted, model::CouncilNo link_authority, int64_t now);

// Records the council's consent.
Moved Join(model::Negotiation n, model::CouncilNo council, int64_t now);

// Ends its consent, in any state: its endorsements go. If it led, the member
// that joined first of those that are left leads; if none is left, all ends.
Moved Withdraw(model::Negotiation n, model::CouncilNo council, int64_t now);

// Adds a position, endorsed by the council that puts it forward. `text` was
// checked.
Moved Propose(model::Negotiation n, model::CouncilNo council, std::string_view text, int64_t now);

// Endorses position `number`, or takes an endorsement back.
Moved Endorse(model::Negotiation n, model::CouncilNo council, int32_t number, bool take_back,
              int64_t now);

// Whether the draft can be sent now.
absl::Status CheckSend(const model::Negotiation& n, model::CouncilNo council);
// Sends it: `edition` is that of its figures. Positions without a quorum of
// endorsements are not in it.
Moved Send(model::Negotiation n, model::CouncilNo council, int64_t edition, int64_t now);

// The draft that a step sends, whole.
struct SentDraft {
  uint32_t revision = 0;  // of the document's version that keeps it
  std::string content_sha256;
  std::string bytes;
  // Whose submitted spend is in its sum; none if it has no sum.
  std::vector<model::CouncilNo> submitted_by;
};
// Keeps the draft in the version that Send made.
void KeepDraft(model::Negotiation& n, SentDraft draft);

// Records what the provider said, in place of what was recorded since it got
// the draft. `text` was checked.
Moved RecordReply(model::Negotiation n, model::CouncilNo council, std::string_view text,
                  int64_t now);

// Whether the pack can be released now.
absl::Status CheckRelease(const model::Negotiation& n, model::CouncilNo council, int64_t now);
// Releases it. `pack` says where its figures come from; number and time are
// given here. `bytes` is the pack whole.
Moved Release(model::Negotiation n, model::CouncilNo council, model::ReleasedPack pack,
              std::string bytes, int64_t now);

// Ends it, for good.
Moved Close(model::Negotiation n, model::CouncilNo council, int64_t now);

// Positions that stand in a pack made now: those with a quorum of
// endorsements, and once the provider has the draft only such as it saw.
std::vector<model::Position> PackPositions(const model::Negotiation& n);

// Whether `council` sees the other members' submitted figures.
bool InCircle(const model::Negotiation& n, model::CouncilNo council);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_MOVES_H_
