#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/negotiations/negotiation_proto.h"
#include "server/negotiations/negotiation_service.h"
#include "server/privacy/text_rules.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/negotiation_codec.h"

namespace steelyard::negotiations {
namespace {

namespace error = rpc::error;
using ledger::PutDocument;
using model::CouncilNo;
using model::Negotiation;
using privacy::Lines;

// Other members may change the negotiation in between.
constexpr int kTries = 50;
// Room for the council and the number in an id of 63 characters.
constexpr size_t kMaxIdBytes = 63;

absl::Status FromLedger(const absl::Status& status) {
  if (Sv(status.message()) == ledger::kRequestIdReused) return error::RequestIdReused();
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return error::StoreReadOnly();
    case absl::StatusCode::kUnavailable:
      return error::OutcomeUnknown();
    default:
      return status;
  }
}

// What is kept with a request: the version that it wrote, `7 keys-hck-1`.
std::string ResultOf(const std::string& id, uint32_t revision) {
  return absl::StrCat(revision, " ", id);
}

PutDocument Put(const Negotiation& n, uint32_t before, std::string_view action) {
  PutDocument put;
  put.kind = codec::DocumentKind::kNegotiation;
  put.id = n.id;
  put.expected_revision = before;
  put.bytes = codec::EncodeNegotiation(n);
  put.action = std::string(action);
  put.resource = rpc::NegotiationName(n.id);
  put.result = ResultOf(n.id, before + 1);
  return put;
}

absl::Status CheckOne(std::string_view field, std::string_view text, size_t most, Lines lines) {
  std::vector<rpc::FieldViolation> violations;
  privacy::CheckText(field, text, most, lines, violations);
  return violations.empty() ? absl::OkStatus() : error::InvalidFields(violations);
}

// `keys-hck-2`: the provider, who leads, and a number that is free.
std::string NewId(const std::vector<Stored>& all, std::string_view provider,
                  std::string_view council) {
  for (size_t number = 1;; ++number) {
    const std::string end = absl::StrCat("-", Av(council), "-", number);
    std::string id(provider.substr(0, kMaxIdBytes - end.size()));
    id += end;
    const auto is_taken = [&](const Stored& stored) { return stored.negotiation.id == id; };
    if (std::none_of(all.begin(), all.end(), is_taken)) return id;
  }
}

}  // namespace

absl::StatusOr<CouncilNo> NegotiationServiceImpl::FindCouncil(std::string_view name,
                                                              std::string_view field) const {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseCouncil(name, field));
  const auto registers = ledger_.state()->registers;
  const model::Council* council = registers->FindCouncil(id);
  if (council == nullptr) return error::NotFound(name);
  return council->no;
}

absl::Status NegotiationServiceImpl::Write(const rpc::Caller& caller, CouncilNo council,
                                           const rpc::RequestKey& key, const Next& next,
                                           v1::Negotiation* reply) {
  for (int i = 0; i < kTries; ++i) {
    const int64_t now = absl::ToUnixMicros(clock_.Now());
    // In this order: a repeat that came in between is seen by one of the two,
    // and what it wrote is not mistaken for a step of somebody else.
    absl::StatusOr<PutDocument> put = next(now);
    const auto earlier = ledger_.FindRequest(key.id, key.body_sha256, council);
    if (!earlier.ok()) return FromLedger(earlier.status());
    // A repeat goes to the ledger too, bare: its answer comes once everybody
    // can see what the first did.
    if (earlier->has_value()) put = PutDocument();
    RETURN_IF_ERROR(put.status());
    put->meta = {now, caller.token_id};
    put->scope = council;
    put->request = key.id;
    put->body_sha256 = key.body_sha256;
    const auto done = ledger_.Execute(*std::move(put));
    if (!done.ok()) {
      if (Sv(done.status().message()) == ledger::kEtagMismatch) continue;
      return FromLedger(done.status());
    }
    const std::string& result = done->request.result;
    const size_t space = result.find(' ');
    uint32_t revision = 0;
    std::from_chars(result.data(), result.data() + std::min(space, result.size()), revision);
    if (space == std::string::npos || revision == 0) return absl::DataLossError("damaged request");
    const std::string id = result.substr(space + 1);
    ASSIGN_OR_RETURN(const Stored written, store_.GetRevision(id, revision));
    // Who left since sees no more of the version than anybody who is outside.
    ASSIGN_OR_RETURN(const auto newest, store_.Get(id));
    ToProto(written, ViewOf(newest->negotiation, caller), *ledger_.state()->registers, reply);
    return absl::OkStatus();
  }
  return error::Overloaded();
}

template <typename Request>
absl::Status NegotiationServiceImpl::Take(const rpc::Caller& caller, const Request& request,
                                          std::string_view action, const Step& step,
                                          v1::Negotiation* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const CouncilNo council, FindCouncil(request.council(), "council"));
  return Write(
      caller, council, key,
      [&](int64_t now) -> absl::StatusOr<PutDocument> {
        ASSIGN_OR_RETURN(const Stored stored, Find(request.name()));
        if (!request.etag().empty() && request.etag() != stored.etag) {
          return error::EtagMismatch(request.name());
        }
        ASSIGN_OR_RETURN(const Negotiation moved, step(stored, council, now));
        return Put(moved, stored.revision, action);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoCreateNegotiation(
    const rpc::Caller& caller, const v1::CreateNegotiationRequest& request,
    v1::Negotiation* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const CouncilNo council, FindCouncil(request.parent(), "parent"));
  const auto registers = ledger_.state()->registers;
  ASSIGN_OR_RETURN(Negotiation drafted, FromProto(request.negotiation(), *registers));
  return Write(
      caller, council, key,
      [&](int64_t now) -> absl::StatusOr<PutDocument> {
        ASSIGN_OR_RETURN(const std::vector<Stored> all, store_.List());
        for (const Stored& stored : all) {
          const Negotiation& n = stored.negotiation;
          if (n.provider == drafted.provider && n.link_authority == council &&
              n.state != model::NegotiationState::kClosed) {
            return error::AlreadyExists("negotiation", rpc::NegotiationName(n.id));
          }
        }
        drafted.id = NewId(all, registers->FindProvider(drafted.provider)->id,
                           registers->FindCouncil(council)->id);
        return Put(Open(drafted, council, now), 0, "CreateNegotiation");
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoJoinNegotiation(const rpc::Caller& caller,
                                                       const v1::JoinNegotiationRequest& request,
                                                       v1::Negotiation* reply) {
  return Take(
      caller, request, "JoinNegotiation",
      [](const Stored& stored, CouncilNo council, int64_t now) {
        return Join(stored.negotiation, council, now);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoWithdrawConsent(const rpc::Caller& caller,
                                                       const v1::WithdrawConsentRequest& request,
                                                       v1::Negotiation* reply) {
  return Take(
      caller, request, "WithdrawConsent",
      [](const Stored& stored, CouncilNo council, int64_t now) {
        return Withdraw(stored.negotiation, council, now);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoProposePosition(const rpc::Caller& caller,
                                                       const v1::ProposePositionRequest& request,
                                                       v1::Negotiation* reply) {
  RETURN_IF_ERROR(CheckOne("text", request.text(), kMaxPositionCharacters, Lines::kOne));
  return Take(
      caller, request, "ProposePosition",
      [&](const Stored& stored, CouncilNo council, int64_t now) {
        return Propose(stored.negotiation, council, request.text(), now);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoEndorsePosition(const rpc::Caller& caller,
                                                       const v1::EndorsePositionRequest& request,
                                                       v1::Negotiation* reply) {
  return Take(
      caller, request, "EndorsePosition",
      [&](const Stored& stored, CouncilNo council, int64_t now) {
        return Endorse(stored.negotiation, council, request.position(), request.take_back(), now);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoSendForReply(const rpc::Caller& caller,
                                                    const v1::SendForReplyRequest& request,
                                                    v1::Negotiation* reply) {
  return Take(
      caller, request, "SendForReply",
      [&](const Stored& stored, CouncilNo council, int64_t now) -> Moved {
        RETURN_IF_ERROR(CheckSend(stored.negotiation, council));
        ASSIGN_OR_RETURN(const ComposedPack newest, ComposeNow(stored, 0, now, std::nullopt));
        Stored sent = stored;
        ASSIGN_OR_RETURN(sent.negotiation,
                         Send(stored.negotiation, council, newest.pack.receipt().edition(), now));
        // Made anew: with the dates of the right of reply in it.
        ASSIGN_OR_RETURN(ComposedPack draft, ComposeNow(sent, 0, now, std::nullopt));
        KeepDraft(sent.negotiation,
                  {stored.revision + 1, ContentHash(draft.pack), draft.pack.SerializeAsString(),
                   std::move(draft.submitted_by)});
        return std::move(sent.negotiation);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoRecordReply(const rpc::Caller& caller,
                                                   const v1::RecordReplyRequest& request,
                                                   v1::Negotiation* reply) {
  RETURN_IF_ERROR(CheckOne("text", request.text(), kMaxReplyCharacters, Lines::kMany));
  return Take(
      caller, request, "RecordReply",
      [&](const Stored& stored, CouncilNo council, int64_t now) {
        return negotiations::RecordReply(stored.negotiation, council, request.text(), now);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoReleasePack(const rpc::Caller& caller,
                                                   const v1::ReleasePackRequest& request,
                                                   v1::Negotiation* reply) {
  return Take(
      caller, request, "ReleasePack",
      [&](const Stored& stored, CouncilNo council, int64_t now) -> Moved {
        const Negotiation& n = stored.negotiation;
        RETURN_IF_ERROR(CheckRelease(n, council, now));
        const auto number = static_cast<int32_t>(n.packs.size() + 1);
        ASSIGN_OR_RETURN(ComposedPack composed, ComposeNow(stored, number, now, std::nullopt));
        model::ReleasedPack released;
        released.edition = composed.pack.receipt().edition();
        released.content_sha256 = ContentHash(composed.pack);
        released.revision = stored.revision + 1;
        released.submitted_by = std::move(composed.submitted_by);
        return Release(n, council, std::move(released), composed.pack.SerializeAsString(), now);
      },
      reply);
}

absl::Status NegotiationServiceImpl::DoCloseNegotiation(const rpc::Caller& caller,
                                                        const v1::CloseNegotiationRequest& request,
                                                        v1::Negotiation* reply) {
  return Take(
      caller, request, "CloseNegotiation",
      [](const Stored& stored, CouncilNo council, int64_t now) {
        return Close(stored.negotiation, council, now);
      },
      reply);
}

}  // namespace steelyard::negotiations
