#include "server/audit/audit_service.h"

#include <functional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

#define METHOD(name) "/steelyard.v1.AuditService/" name

namespace steelyard::audit {
namespace {

constexpr uint64_t kEntriesOfPageSize = 1'000;

// A walk as the key of a page token, and back; page tokens are checked before
// they get here.
std::string KeyOf(const ledger::AuditWalk& walk) {
  ByteWriter w;
  w.Fixed64(walk.place.sequence).Fixed32(walk.place.index).Fixed64(walk.entries);
  w.Raw(walk.chain_sha256);
  return std::move(w).str();
}

ledger::AuditWalk WalkOf(const std::string& key) {
  ledger::AuditWalk walk;
  if (key.empty()) return walk;
  ByteReader r(key);
  walk.place.sequence = r.Fixed64();
  walk.place.index = r.Fixed32();
  walk.entries = r.Fixed64();
  walk.chain_sha256 = std::string(r.Raw(codec::kChainBytes));
  return walk;
}

void ToProto(const Checkpoint& c, v1::AuditCheckpoint* out) {
  out->set_sequence(static_cast<int64_t>(c.place.sequence));
  out->set_index(static_cast<int32_t>(c.place.index));
  out->set_chain_sha256(HexOf(c.chain_sha256));
  out->mutable_sign_time()->set_seconds(c.unix_seconds);
  out->set_public_key(HexOf(c.public_key));
  out->set_signature(HexOf(c.signature));
}

Checkpoint FromProto(const v1::AuditCheckpoint& in) {
  Checkpoint c;
  c.place = {static_cast<uint64_t>(in.sequence()), static_cast<uint32_t>(in.index())};
  c.chain_sha256 = absl::HexStringToBytes(in.chain_sha256());
  c.unix_seconds = in.sign_time().seconds();
  c.public_key = absl::HexStringToBytes(in.public_key());
  c.signature = absl::HexStringToBytes(in.signature());
  return c;
}

void ToProto(const ledger::AuditFault& fault, v1::VerifyAuditResponse::Fault* out) {
  out->set_sequence(static_cast<int64_t>(fault.place.sequence));
  out->set_index(static_cast<int32_t>(fault.place.index));
  out->set_message(fault.words);
}

}  // namespace

absl::StatusOr<Checkpoint> MakeCheckpoint(const ledger::AuditReader& reader, const SigningKey& key,
                                          absl::Time now) {
  ASSIGN_OR_RETURN(const auto last, reader.Last());
  if (!last || last->chain_sha256.empty()) {
    return absl::NotFoundError("nothing was recorded since the audit is chained");
  }
  Checkpoint checkpoint;
  checkpoint.place = {last->sequence, last->index};
  checkpoint.chain_sha256 = last->chain_sha256;
  checkpoint.unix_seconds = absl::ToUnixSeconds(now);
  key.Sign(checkpoint);
  return checkpoint;
}

absl::StatusOr<std::optional<ledger::AuditFault>> CompareWith(const ledger::AuditReader& reader,
                                                              const Checkpoint& checkpoint) {
  ASSIGN_OR_RETURN(const auto chain, reader.ChainAt(checkpoint.place));
  if (!chain) {
    return std::optional(ledger::AuditFault{
        checkpoint.place,
        absl::StrCat("entry ", checkpoint.place.sequence,
                     " is missing, though the checkpoint knows it: the audit was cut short")});
  }
  if (*chain != checkpoint.chain_sha256) {
    return std::optional(ledger::AuditFault{
        checkpoint.place,
        absl::StrCat("the audit up to entry ", checkpoint.place.sequence,
                     " is not the one that the checkpoint was made of: its chain was made anew; an "
                     "older checkpoint tells from where")});
  }
  return std::optional<ledger::AuditFault>();
}

grpc::ServerUnaryReactor* AuditService::GetAuditCheckpoint(
    grpc::CallbackServerContext* context, const v1::GetAuditCheckpointRequest* request,
    v1::AuditCheckpoint* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("GetAuditCheckpoint")},
                       std::bind_front(&AuditService::DoGetCheckpoint, this));
}

grpc::ServerUnaryReactor* AuditService::VerifyAudit(grpc::CallbackServerContext* context,
                                                    const v1::VerifyAuditRequest* request,
                                                    v1::VerifyAuditResponse* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("VerifyAudit")},
                       std::bind_front(&AuditService::DoVerify, this));
}

absl::Status AuditService::DoGetCheckpoint(const rpc::Caller&, const v1::GetAuditCheckpointRequest&,
                                           v1::AuditCheckpoint* reply) {
  journal_.Flush();
  const auto checkpoint = MakeCheckpoint(reader_, key_, clock_.Now());
  if (absl::IsNotFound(checkpoint.status())) return rpc::error::NotFound("checkpoint", "audit");
  RETURN_IF_ERROR(checkpoint.status());
  ToProto(*checkpoint, reply);
  return absl::OkStatus();
}

absl::Status AuditService::DoVerify(const rpc::Caller&, const v1::VerifyAuditRequest& request,
                                    v1::VerifyAuditResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, pages_.Open(request));
  const Checkpoint checkpoint = FromProto(request.checkpoint());
  if (request.has_checkpoint() && !IsSignedBy(checkpoint, key_.public_key())) {
    return rpc::error::InvalidField("checkpoint", "Not signed by this service.");
  }
  const ledger::AuditWalk from = WalkOf(page.after);
  // Looks that still wait are not part of it yet; whoever asks wants them.
  if (page.after.empty()) journal_.Flush();
  ASSIGN_OR_RETURN(ledger::AuditProgress progress,
                   reader_.Verify(from, static_cast<uint64_t>(page.size) * kEntriesOfPageSize));
  if (progress.at_end && !progress.fault && request.has_checkpoint()) {
    ASSIGN_OR_RETURN(progress.fault, CompareWith(reader_, checkpoint));
  }
  reply->set_entries(static_cast<int64_t>(progress.walk.entries));
  if (progress.fault) {
    ToProto(*progress.fault, reply->mutable_fault());
  } else if (!progress.at_end) {
    reply->set_next_page_token(pages_.Token(page, KeyOf(progress.walk)));
  }
  return absl::OkStatus();
}

}  // namespace steelyard::audit
