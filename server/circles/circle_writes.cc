#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/circles/circle_proto.h"
#include "server/circles/circle_service.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/circle_codec.h"

namespace steelyard::circles {
namespace {

namespace error = rpc::error;
using ledger::PutDocument;
using model::Circle;
using model::CouncilNo;

// Other councils may change the circle in between.
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

PutDocument Put(const Circle& circle, uint32_t before, std::string_view action) {
  PutDocument put;
  put.kind = codec::DocumentKind::kCircle;
  put.id = circle.id;
  put.expected_revision = before;
  put.bytes = codec::EncodeCircle(circle);
  put.action = std::string(action);
  put.resource = rpc::CircleName(circle.id);
  // The version that it wrote, `7 ppe-hck-1`.
  put.result = absl::StrCat(before + 1, " ", circle.id);
  return put;
}

// `PPE sub-group, 2025` gives `ppe-sub-group-2025`; `circle` if no letter of
// the alphabet begins it.
std::string SlugOf(std::string_view title) {
  std::string slug;
  for (const char c : title) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      slug += absl::ascii_tolower(static_cast<unsigned char>(c));
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  const bool begins_well = !slug.empty() && absl::ascii_isalpha(slug.front());
  return begins_well ? slug : "circle";
}

// `ppe-hck-2`: the title, who leads, and a number that is free.
std::string NewId(const std::vector<Stored>& all, std::string_view title,
                  std::string_view council) {
  const std::string slug = SlugOf(title);
  for (size_t number = 1;; ++number) {
    const std::string end = absl::StrCat("-", Av(council), "-", number);
    std::string id = slug.substr(0, kMaxIdBytes - end.size());
    while (id.ends_with('-')) id.pop_back();
    id += end;
    const auto is_taken = [&](const Stored& stored) { return stored.circle.id == id; };
    if (std::none_of(all.begin(), all.end(), is_taken)) return id;
  }
}

}  // namespace

absl::Status CircleServiceImpl::Write(const rpc::Caller& caller, CouncilNo council,
                                      const rpc::RequestKey& key, const Next& next,
                                      v1::Circle* reply) {
  for (int i = 0; i < kTries; ++i) {
    const int64_t now = Now();
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
    ToProto(written, ViewOf(newest->circle, caller), caller.council, now,
            *ledger_.state()->registers, reply);
    return absl::OkStatus();
  }
  return error::Overloaded();
}

template <typename Request>
absl::Status CircleServiceImpl::Take(const rpc::Caller& caller, const Request& request,
                                     std::string_view etag, std::string_view action,
                                     const Step& step, v1::Circle* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const CouncilNo council, FindCouncil(request.council(), "council"));
  return Write(
      caller, council, key,
      [&](int64_t now) -> absl::StatusOr<PutDocument> {
        ASSIGN_OR_RETURN(const Stored stored, Find(request.name()));
        if (!etag.empty() && etag != stored.etag) return error::EtagMismatch(request.name());
        ASSIGN_OR_RETURN(const Circle next, step(stored.circle, council, now));
        return Put(next, stored.revision, action);
      },
      reply);
}

absl::Status CircleServiceImpl::DoCreateCircle(const rpc::Caller& caller,
                                               const v1::CreateCircleRequest& request,
                                               v1::Circle* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const CouncilNo council, FindCouncil(request.parent(), "parent"));
  const auto registers = ledger_.state()->registers;
  return Write(
      caller, council, key,
      [&](int64_t now) -> absl::StatusOr<PutDocument> {
        Circle drafted;
        ASSIGN_OR_RETURN(drafted.terms,
                         FromProto(request.circle().terms(), council, now, *registers));
        ASSIGN_OR_RETURN(const std::vector<Stored> all, store_.List());
        drafted.id = NewId(all, drafted.terms.title, registers->FindCouncil(council)->id);
        return Put(Found(std::move(drafted), council, now), 0, "CreateCircle");
      },
      reply);
}

absl::Status CircleServiceImpl::DoJoinCircle(const rpc::Caller& caller,
                                             const v1::JoinCircleRequest& request,
                                             v1::Circle* reply) {
  return Take(
      caller, request, "", "JoinCircle",
      [&](const Circle& circle, CouncilNo council, int64_t now) {
        return Join(circle, council, request.terms_sha256(), now);
      },
      reply);
}

absl::Status CircleServiceImpl::DoWithdrawCircleConsent(
    const rpc::Caller& caller, const v1::WithdrawCircleConsentRequest& request, v1::Circle* reply) {
  return Take(caller, request, request.etag(), "WithdrawCircleConsent", &Withdraw, reply);
}

absl::Status CircleServiceImpl::DoCloseCircle(const rpc::Caller& caller,
                                              const v1::CloseCircleRequest& request,
                                              v1::Circle* reply) {
  return Take(caller, request, request.etag(), "CloseCircle", &Close, reply);
}

}  // namespace steelyard::circles
