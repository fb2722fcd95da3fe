#ifndef STEELYARD_STORAGE_MODEL_NEGOTIATION_H_
#define STEELYARD_STORAGE_MODEL_NEGOTIATION_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/model/codes.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::model {

inline constexpr int32_t kDefaultQuorum = 5;
inline constexpr int32_t kMinQuorum = 3;
inline constexpr int32_t kMaxQuorum = 100;
inline constexpr size_t kMaxPositions = 50;
// The provider's right of reply.
inline constexpr int64_t kReplyMicros = int64_t{14} * 24 * 60 * 60 * 1'000'000;

// Numbers equal the wire's Negotiation.State; frozen on disk.
enum class NegotiationState : uint8_t { kOpen = 1, kWithProvider = 2, kReleased = 3, kClosed = 4 };

// One council's consent. A council that joins again has one more.
struct Consent {
  CouncilNo council;
  int64_t consent_unix_micros = 0;
  int64_t withdraw_unix_micros = 0;  // 0 while it is a member
  bool active() const { return withdraw_unix_micros == 0; }
  friend bool operator==(const Consent&, const Consent&) = default;
};

// Something the members ask for together.
struct Position {
  int32_t number = 0;  // 1 for the first
  std::string text;
  CouncilNo proposed_by;
  std::vector<CouncilNo> endorsed_by;  // in the order they did; members only
  friend bool operator==(const Position&, const Position&) = default;
};

// What the provider got, and what it said.
struct ProviderReply {
  int64_t send_unix_micros = 0;
  int64_t due_unix_micros = 0;
  int64_t reply_unix_micros = 0;  // 0: it did not reply
  std::string text;
  // Edition of the figures that it saw, and the positions that stood in it:
  // no other may stand in the pack that is released.
  int64_t edition = 0;
  std::vector<int32_t> positions;
  // The version of the negotiation's document that holds the draft whole.
  uint32_t revision = 0;
  std::string draft_sha256;  // 32 bytes
  friend bool operator==(const ProviderReply&, const ProviderReply&) = default;
};

// A pack that was released.
struct ReleasedPack {
  int32_t number = 0;  // 1 for the first
  int64_t release_unix_micros = 0;
  int64_t edition = 0;
  std::string content_sha256;  // 32 bytes
  // The version of the negotiation's document that holds the pack whole.
  uint32_t revision = 0;
  // Members whose submitted spend is in its sum; none if it shows no sum.
  std::vector<CouncilNo> submitted_by;
  friend bool operator==(const ReleasedPack&, const ReleasedPack&) = default;
};

// Talks of several councils with one owner of providers. A plain value; the
// steps from one to the next are server/negotiations/moves.h.
struct Negotiation {
  std::string id;
  int64_t create_unix_micros = 0;
  int64_t update_unix_micros = 0;
  ProviderNo provider;
  std::string title;
  std::vector<Service> services;  // ascending, at least one
  Month from_quarter;             // first month of the first quarter
  Month to_quarter;               // first month of the last quarter
  int32_t quorum = kDefaultQuorum;
  CouncilNo link_authority;
  NegotiationState state = NegotiationState::kOpen;
  std::vector<Consent> members;  // former ones too, in the order they joined
  std::vector<Position> positions;
  std::optional<ProviderReply> reply;
  std::vector<ReleasedPack> packs;
  // For each sum of submitted spend in a draft that was sent: whose spend is in
  // it. The provider knows the sum, so no later one may give a council away.
  std::vector<std::vector<CouncilNo>> sent_sums;
  // The pack that this very version released, or the draft that it sent, as it
  // was; empty in all others.
  std::string pack_bytes;

  // Councils that are members now, in the order they joined.
  std::vector<CouncilNo> ActiveMembers() const {
    std::vector<CouncilNo> active;
    for (const Consent& m : members) {
      if (m.active()) active.push_back(m.council);
    }
    return active;
  }
  bool IsMember(CouncilNo council) const {
    return std::any_of(members.begin(), members.end(),
                       [&](const Consent& m) { return m.council == council && m.active(); });
  }
  friend bool operator==(const Negotiation&, const Negotiation&) = default;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_NEGOTIATION_H_
