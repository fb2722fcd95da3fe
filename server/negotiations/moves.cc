#include "server/negotiations/moves.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

namespace steelyard::negotiations {
namespace {

namespace error = rpc::error;
using error::Obstacle;
using model::CouncilNo;
using model::Negotiation;
using State = model::NegotiationState;

std::string NameOf(const Negotiation& n) { return rpc::NegotiationName(n.id); }

std::string TimeWords(int64_t unix_micros) {
  return absl::FormatTime("%-d %B %Y, %H:%M UTC", absl::FromUnixMicros(unix_micros),
                          absl::UTCTimeZone());
}

std::string MembersWords(size_t members) {
  return absl::StrCat(members, members == 1 ? " member" : " members");
}

absl::Status Refuse(const Negotiation& n, std::vector<Obstacle> obstacles) {
  if (obstacles.empty()) return absl::OkStatus();
  return error::NotYet(NameOf(n), obstacles);
}

absl::Status CheckNotClosed(const Negotiation& n) {
  if (n.state != State::kClosed) return absl::OkStatus();
  return Refuse(n, {{"NEGOTIATION_CLOSED", "This negotiation has ended."}});
}

absl::Status CheckMember(const Negotiation& n, CouncilNo council) {
  if (!n.IsMember(council)) return error::NotAMember(NameOf(n));
  return CheckNotClosed(n);
}

absl::Status CheckLeads(const Negotiation& n, CouncilNo council) {
  if (n.link_authority != council) return error::NotLinkAuthority(NameOf(n));
  return CheckNotClosed(n);
}

void AddQuorumObstacle(const Negotiation& n, std::vector<Obstacle>& obstacles) {
  const size_t members = n.ActiveMembers().size();
  const auto quorum = static_cast<size_t>(n.quorum);
  if (members >= quorum) return;
  obstacles.push_back(
      {"QUORUM_MISSING", absl::StrCat("A pack needs ", MembersWords(quorum), " and there ",
                                      members == 1 ? "is " : "are ", members, "; ",
                                      quorum - members, " more must join.")});
}

// What the next version starts from: no pack of its own yet.
void Change(Negotiation& n, int64_t now) {
  n.update_unix_micros = now;
  n.pack_bytes.clear();
}

// Something was added for a pack to come.
void BeginNextRound(Negotiation& n) {
  if (n.state == State::kReleased) n.state = State::kOpen;
}

}  // namespace

Negotiation Open(Negotiation drafted, CouncilNo link_authority, int64_t now) {
  drafted.create_unix_micros = drafted.update_unix_micros = now;
  drafted.link_authority = link_authority;
  drafted.state = State::kOpen;
  drafted.members = {{link_authority, now, 0}};
  return drafted;
}

Moved Join(Negotiation n, CouncilNo council, int64_t now) {
  RETURN_IF_ERROR(CheckNotClosed(n));
  if (n.IsMember(council)) return n;
  n.members.push_back({council, now, 0});
  BeginNextRound(n);
  Change(n, now);
  return n;
}

Moved Withdraw(Negotiation n, CouncilNo council, int64_t now) {
  auto consent = std::find_if(n.members.rbegin(), n.members.rend(),
                              [&](const model::Consent& m) { return m.council == council; });
  if (consent == n.members.rend()) return error::NotAMember(NameOf(n));
  if (!consent->active()) return n;
  consent->withdraw_unix_micros = now;
  for (model::Position& position : n.positions) std::erase(position.endorsed_by, council);
  if (n.link_authority == council) {
    const std::vector<CouncilNo> left = n.ActiveMembers();
    if (left.empty()) {
      n.state = State::kClosed;
    } else {
      n.link_authority = left.front();
    }
  }
  Change(n, now);
  return n;
}

Moved Propose(Negotiation n, CouncilNo council, std::string_view text, int64_t now) {
  RETURN_IF_ERROR(CheckMember(n, council));
  if (n.positions.size() >= model::kMaxPositions) {
    return Refuse(
        n, {{"POSITIONS_FULL", absl::StrCat("A negotiation holds at most ", model::kMaxPositions,
                                            " positions; endorse one of them.")}});
  }
  const auto number = static_cast<int32_t>(n.positions.size() + 1);
  n.positions.push_back({number, std::string(text), council, {council}});
  BeginNextRound(n);
  Change(n, now);
  return n;
}

Moved Endorse(Negotiation n, CouncilNo council, int32_t number, bool take_back, int64_t now) {
  RETURN_IF_ERROR(CheckMember(n, council));
  if (number < 1 || static_cast<size_t>(number) > n.positions.size()) {
    return error::InvalidField(
        "position", absl::StrCat("give the number of a position; there are ", n.positions.size()));
  }
  auto& endorsed_by = n.positions[static_cast<size_t>(number) - 1].endorsed_by;
  const bool endorsed =
      std::find(endorsed_by.begin(), endorsed_by.end(), council) != endorsed_by.end();
  if (endorsed != take_back) return n;
  if (take_back) {
    std::erase(endorsed_by, council);
  } else {
    endorsed_by.push_back(council);
    BeginNextRound(n);
  }
  Change(n, now);
  return n;
}

absl::Status CheckSend(const Negotiation& n, CouncilNo council) {
  RETURN_IF_ERROR(CheckLeads(n, council));
  std::vector<Obstacle> obstacles;
  if (n.state == State::kWithProvider) {
    obstacles.push_back({"ALREADY_SENT", absl::StrCat("The provider has had the draft since ",
                                                      TimeWords(n.reply->send_unix_micros),
                                                      "; it cannot be sent again before the pack "
                                                      "is released.")});
  }
  AddQuorumObstacle(n, obstacles);
  return Refuse(n, std::move(obstacles));
}

Moved Send(Negotiation n, CouncilNo council, int64_t edition, int64_t now) {
  RETURN_IF_ERROR(CheckSend(n, council));
  model::ProviderReply reply;
  reply.send_unix_micros = now;
  reply.due_unix_micros = now + model::kReplyMicros;
  reply.edition = edition;
  for (const model::Position& position : PackPositions(n)) {
    reply.positions.push_back(position.number);
  }
  n.reply = std::move(reply);
  n.state = State::kWithProvider;
  Change(n, now);
  return n;
}

void KeepDraft(Negotiation& n, SentDraft draft) {
  n.reply->revision = draft.revision;
  n.reply->draft_sha256 = std::move(draft.content_sha256);
  if (!draft.submitted_by.empty()) n.sent_sums.push_back(std::move(draft.submitted_by));
  n.pack_bytes = std::move(draft.bytes);
}

Moved RecordReply(Negotiation n, CouncilNo council, std::string_view text, int64_t now) {
  RETURN_IF_ERROR(CheckLeads(n, council));
  if (n.state != State::kWithProvider) {
    return Refuse(
        n,
        {{"NOT_SENT", "The provider does not have a draft to reply to; send it the draft first."}});
  }
  n.reply->reply_unix_micros = now;
  n.reply->text = std::string(text);
  Change(n, now);
  return n;
}

absl::Status CheckRelease(const Negotiation& n, CouncilNo council, int64_t now) {
  RETURN_IF_ERROR(CheckLeads(n, council));
  std::vector<Obstacle> obstacles;
  if (n.state != State::kWithProvider) {
    obstacles.push_back({"NOT_SENT",
                         "The provider has not got this draft; send it for its reply first, which "
                         "gives it 14 days."});
  } else if (n.reply->reply_unix_micros == 0 && now < n.reply->due_unix_micros) {
    obstacles.push_back(
        {"REPLY_DUE",
         absl::StrCat("The provider got the draft on ", TimeWords(n.reply->send_unix_micros),
                      " and may reply until ", TimeWords(n.reply->due_unix_micros),
                      "; release the pack after that, or once its reply is recorded.")});
  }
  AddQuorumObstacle(n, obstacles);
  return Refuse(n, std::move(obstacles));
}

Moved Release(Negotiation n, CouncilNo council, model::ReleasedPack pack, std::string bytes,
              int64_t now) {
  RETURN_IF_ERROR(CheckRelease(n, council, now));
  pack.number = static_cast<int32_t>(n.packs.size() + 1);
  pack.release_unix_micros = now;
  n.packs.push_back(std::move(pack));
  n.state = State::kReleased;
  Change(n, now);
  n.pack_bytes = std::move(bytes);
  return n;
}

Moved Close(Negotiation n, CouncilNo council, int64_t now) {
  if (n.link_authority != council) return error::NotLinkAuthority(NameOf(n));
  if (n.state == State::kClosed) return n;
  n.state = State::kClosed;
  Change(n, now);
  return n;
}

std::vector<model::Position> PackPositions(const Negotiation& n) {
  std::vector<model::Position> shown;
  for (const model::Position& position : n.positions) {
    if (position.endorsed_by.size() < static_cast<size_t>(n.quorum)) continue;
    if (n.state == State::kWithProvider) {
      const auto& sent = n.reply->positions;
      if (std::find(sent.begin(), sent.end(), position.number) == sent.end()) continue;
    }
    shown.push_back(position);
  }
  return shown;
}

bool InCircle(const Negotiation& n, CouncilNo council) {
  return n.state != State::kClosed && n.IsMember(council);
}

}  // namespace steelyard::negotiations
