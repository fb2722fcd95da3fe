#include <algorithm>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/ledger/apply.h"
#include "storage/ledger/lines.h"
#include "storage/ledger/resource.h"

namespace steelyard::ledger {
namespace {

using codec::StagedUpload;
using codec::UploadState;
using engine::Family;

absl::StatusOr<UploadState> ReadUpload(const Transaction& tx, model::CouncilNo scope,
                                       std::string_view id) {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   tx.Get(Family::kStaging, codec::UploadKey(scope, id)));
  if (!bytes) return absl::NotFoundError(kUploadNotFound);
  ASSIGN_OR_RETURN(UploadState state, codec::DecodeUpload(*bytes));
  if (state.state == model::SubmissionState::kDropped) {
    return absl::FailedPreconditionError(kUploadDropped);
  }
  return state;
}

void WriteUpload(Transaction& tx, model::CouncilNo scope, std::string_view id,
                 const UploadState& state) {
  tx.Put(Family::kStaging, codec::UploadKey(scope, id), codec::Encode(state));
}

absl::StatusOr<std::vector<StagedUpload>> ReadStaged(const Transaction& tx,
                                                     model::CouncilNo scope) {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   tx.Get(Family::kStaging, codec::StagedUploadsKey(scope)));
  if (!bytes) return std::vector<StagedUpload>();
  return codec::DecodeStagedUploads(*bytes);
}

void WriteStaged(Transaction& tx, model::CouncilNo scope, const std::vector<StagedUpload>& staged) {
  if (staged.empty()) return tx.Delete(Family::kStaging, codec::StagedUploadsKey(scope));
  tx.Put(Family::kStaging, codec::StagedUploadsKey(scope), codec::Encode(staged));
}

// Counts the chunk among what is staged. FAILED_PRECONDITION if that is too
// much.
absl::Status CountStaged(const AppendChunk& c, const UploadState& state,
                         std::vector<StagedUpload>& staged) {
  auto it = std::find_if(staged.begin(), staged.end(),
                         [&](const StagedUpload& u) { return u.id == c.id; });
  // One that was begun before they were counted.
  if (it == staged.end()) it = staged.insert(it, StagedUpload{c.id, 0, state.staged});
  it->unix_micros = c.meta.unix_micros;
  it->lines += c.lines.size();
  if (it->lines > kMaxWholeLines) return absl::FailedPreconditionError(kUploadTooLarge);
  uint64_t all = 0;
  for (const StagedUpload& u : staged) all += u.lines;
  if (all > kMaxStagedLines) return absl::FailedPreconditionError(kTooMuchStaged);
  return absl::OkStatus();
}

// Splits off the uploads that were given up by `unix_micros`.
std::vector<StagedUpload> TakeGivenUp(int64_t unix_micros, std::vector<StagedUpload>& staged) {
  const auto given_up = std::stable_partition(
      staged.begin(), staged.end(),
      [&](const StagedUpload& u) { return unix_micros - u.unix_micros < kDropAfterMicros; });
  std::vector<StagedUpload> taken(given_up, staged.end());
  staged.erase(given_up, staged.end());
  return taken;
}

UploadState::Part& PartOf(UploadState& state, model::CouncilNo council) {
  auto it = std::lower_bound(
      state.parts.begin(), state.parts.end(), council,
      [](const UploadState::Part& p, model::CouncilNo no) { return p.council < no; });
  if (it == state.parts.end() || it->council != council) {
    it = state.parts.insert(it, UploadState::Part{council, 0, {}});
  }
  return *it;
}

void CountRefused(const AppendChunk& c, UploadState& state) {
  for (const Refused& r : c.refused) {
    model::LineCounts counts;
    counts.rejected = r.rejected;
    counts.warnings = r.warnings;
    state.total += counts;
    if (r.council.value != 0) PartOf(state, r.council).counts += counts;
  }
}

// Opens a part for each council that has lines, or counts, in the upload.
absl::Status OpenParts(Transaction& tx, const Meta& meta, const std::string& id,
                       const std::vector<LineDraft>& lines, const UploadState& state,
                       Parts& parts) {
  std::set<model::CouncilNo> councils;
  for (const LineDraft& l : lines) councils.insert(l.council);
  for (model::CouncilNo council : councils) {
    uint32_t submission = 0;
    for (const UploadState::Part& p : state.parts) {
      if (p.council == council) submission = p.submission;
    }
    RETURN_IF_ERROR(OpenPart(tx, meta, council, submission, id, state.resource, state.mode, parts));
  }
  return absl::OkStatus();
}

// Copies what the parts counted back into the upload's state.
void KeepParts(const Parts& parts, const model::LineCounts& before, UploadState& state) {
  model::LineCounts after;
  for (const auto& [council, part] : parts) {
    UploadState::Part& kept = PartOf(state, council);
    kept.submission = part.submission.number;
    const model::LineCounts& now = part.submission.counts;
    kept.counts.created = now.created;
    kept.counts.corrected = now.corrected;
    kept.counts.unchanged = now.unchanged;
    after += now;
  }
  state.total.created += after.created - before.created;
  state.total.corrected += after.corrected - before.corrected;
  state.total.unchanged += after.unchanged - before.unchanged;
}

// Adds the lines that WriteLines itself refused to the upload's counts.
void CountConflicts(const std::vector<LineOutcome>& lines, const std::vector<LineDraft>& drafts,
                    UploadState& state) {
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].rejected()) continue;
    ++state.total.rejected;
    ++PartOf(state, drafts[i].council).counts.rejected;
  }
}

model::LineCounts CountsOf(const Parts& parts) {
  model::LineCounts counts;
  for (const auto& [council, part] : parts) counts += part.submission.counts;
  return counts;
}

std::string DigestOf(std::string_view id, uint32_t index) {
  ByteWriter w;
  w.Raw(id).Fixed32(index);
  return Sha256(w.str());
}

// Rejected lines and warnings are known to the upload alone; its receipts
// show them too.
void ShowCounts(const UploadState& state, Parts& parts) {
  for (auto& [council, part] : parts) {
    for (const UploadState::Part& p : state.parts) {
      if (p.council != council) continue;
      part.submission.counts.rejected = p.counts.rejected;
      part.submission.counts.warnings = p.counts.warnings;
    }
  }
}

absl::StatusOr<std::vector<LineDraft>> ReadChunks(const Transaction& tx, model::Resource resource,
                                                  const FinishUpload& c) {
  std::vector<LineDraft> drafts;
  for (uint32_t index = 0; index < c.chunks; ++index) {
    ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                     tx.Get(Family::kStaging, codec::UploadChunkKey(c.scope, c.id, index)));
    if (!bytes) return absl::DataLossError("a staged chunk is missing");
    ASSIGN_OR_RETURN(std::vector<codec::StagedLine> lines, codec::DecodeStaged(*bytes));
    for (codec::StagedLine& l : lines) {
      ASSIGN_OR_RETURN(LineDraft draft, DraftOf(resource, std::move(l)));
      drafts.push_back(std::move(draft));
    }
  }
  return drafts;
}

// Lines that would be refused on commit: those withdrawn before, and those
// whose reference stands earlier in the file with other content.
std::vector<LineOutcome> Conflicts(model::Resource resource, const std::vector<LineDraft>& drafts,
                                   const std::vector<std::optional<codec::LineRecord>>& found) {
  std::vector<LineOutcome> conflicts;
  absl::flat_hash_map<std::string, const LineDraft*> seen;
  seen.reserve(drafts.size());
  for (size_t i = 0; i < drafts.size(); ++i) {
    const LineDraft& d = drafts[i];
    LineOutcome conflict{LineOutcome::Kind::kDuplicate, d.row, 0, d.reference};
    auto [it, added] = seen.try_emplace(codec::LineKey(d.council, d.reference), &d);
    if (found[i] && found[i]->withdrawn && !MayReturn(resource)) {
      conflict.kind = LineOutcome::Kind::kWithdrawn;
    } else if (added || it->second->content == d.content) {
      continue;
    }
    conflicts.push_back(std::move(conflict));
  }
  return conflicts;
}

void DropChunks(Transaction& tx, model::CouncilNo scope, std::string_view id, uint32_t chunks) {
  for (uint32_t index = 0; index < chunks; ++index) {
    tx.DeleteBlind(Family::kStaging, codec::UploadChunkKey(scope, id, index));
  }
}

// What the staged lines of a whole upload leave when it ends.
void EndStaged(Transaction& tx, const FinishUpload& c, std::vector<StagedUpload> staged) {
  DropChunks(tx, c.scope, c.id, c.chunks);
  std::erase_if(staged, [&](const StagedUpload& u) { return u.id == c.id; });
  WriteStaged(tx, c.scope, staged);
}

void KeepSubmissions(const Parts& parts, Outcome& outcome) {
  for (const auto& [council, part] : parts) outcome.submissions.push_back(part.submission);
}

// A refused upload leaves a receipt for each council it named.
absl::StatusOr<Outcome> RefuseWhole(const FinishUpload& c, std::vector<LineOutcome> conflicts,
                                    const std::vector<LineDraft>& drafts, UploadState state,
                                    std::vector<StagedUpload> staged, Transaction& tx) {
  for (const LineDraft& d : drafts) PartOf(state, d.council);
  if (state.parts.empty() && c.scope.value != 0) PartOf(state, c.scope);
  Parts parts;
  for (const UploadState::Part& p : state.parts) {
    RETURN_IF_ERROR(OpenPart(tx, c.meta, p.council, 0, c.id, state.resource, state.mode, parts));
  }
  tx.Begin(c.meta);
  state.state = model::SubmissionState::kRefused;
  state.total.rejected += static_cast<int64_t>(conflicts.size());
  for (auto& [council, part] : parts) PartOf(state, council).submission = part.submission.number;
  ShowCounts(state, parts);
  CloseParts(tx, c.meta, state.state, parts);
  EndStaged(tx, c, std::move(staged));
  WriteUpload(tx, c.scope, c.id, state);
  tx.End("RefuseUpload", CouncilResource(tx, c.scope),
         absl::StrCat(state.total.rejected, " ", Av(NamesOf(state.resource).lines), " rejected"),
         DigestOf(c.id, c.chunks));
  Outcome outcome;
  outcome.sequence = tx.sequence();
  outcome.lines = std::move(conflicts);
  KeepSubmissions(parts, outcome);
  outcome.upload = std::move(state);
  return outcome;
}

absl::StatusOr<Outcome> CommitWhole(const FinishUpload& c, UploadState state, Transaction& tx) {
  ASSIGN_OR_RETURN(std::vector<LineDraft> drafts, ReadChunks(tx, state.resource, c));
  ASSIGN_OR_RETURN(std::vector<StagedUpload> staged, ReadStaged(tx, c.scope));
  ASSIGN_OR_RETURN(auto found, FindLines(tx, state.resource, drafts));
  std::vector<LineOutcome> conflicts = Conflicts(state.resource, drafts, found);
  if (state.total.rejected > 0 || !conflicts.empty()) {
    return RefuseWhole(c, std::move(conflicts), drafts, std::move(state), std::move(staged), tx);
  }
  Parts parts;
  RETURN_IF_ERROR(OpenParts(tx, c.meta, c.id, drafts, state, parts));
  tx.Begin(c.meta);
  Outcome outcome;
  outcome.sequence = tx.sequence();
  WriteLines(tx, state.resource, drafts, std::move(found), parts);
  KeepParts(parts, {}, state);
  state.state = model::SubmissionState::kCommitted;
  ShowCounts(state, parts);
  CloseParts(tx, c.meta, state.state, parts);
  EndStaged(tx, c, std::move(staged));
  WriteUpload(tx, c.scope, c.id, state);
  tx.End("FinishUpload", CouncilResource(tx, c.scope),
         absl::StrCat(drafts.size(), " ", Av(NamesOf(state.resource).lines)),
         DigestOf(c.id, c.chunks));
  KeepSubmissions(parts, outcome);
  outcome.upload = std::move(state);
  return outcome;
}

// The lines are in already: only the receipts are closed.
absl::StatusOr<Outcome> CloseValidLines(const FinishUpload& c, UploadState state, Transaction& tx) {
  Parts parts;
  for (const UploadState::Part& p : state.parts) {
    RETURN_IF_ERROR(
        OpenPart(tx, c.meta, p.council, p.submission, c.id, state.resource, state.mode, parts));
  }
  tx.Begin(c.meta);
  for (auto& [council, part] : parts) PartOf(state, council).submission = part.submission.number;
  state.state = model::SubmissionState::kCommitted;
  ShowCounts(state, parts);
  CloseParts(tx, c.meta, state.state, parts);
  WriteUpload(tx, c.scope, c.id, state);
  tx.End("FinishUpload", CouncilResource(tx, c.scope),
         absl::StrCat(state.total.received(), " ", Av(NamesOf(state.resource).lines)),
         DigestOf(c.id, c.chunks));
  Outcome outcome;
  outcome.sequence = tx.sequence();
  KeepSubmissions(parts, outcome);
  outcome.upload = std::move(state);
  return outcome;
}

// The receipts of an upload that was finished before.
absl::StatusOr<Outcome> ReplayFinish(const UploadState& state, const Transaction& tx) {
  Outcome outcome;
  outcome.sequence = tx.state().head.sequence;
  outcome.replayed = true;
  for (const UploadState::Part& p : state.parts) {
    const std::string key = codec::SubmissionKey(p.council, p.submission);
    ASSIGN_OR_RETURN(std::optional<std::string> bytes, tx.Get(Family::kSubmissions, key));
    if (!bytes) return absl::DataLossError("a submission's record is missing");
    ASSIGN_OR_RETURN(model::Submission submission, codec::DecodeSubmission(key, *bytes));
    outcome.submissions.push_back(std::move(submission));
  }
  outcome.upload = state;
  return outcome;
}

// An upload that is dropped because it was given up.
struct Dropped {
  std::string id;
  UploadState state;
};

absl::StatusOr<std::vector<Dropped>> FindGivenUp(const Transaction& tx, const OpenUpload& c,
                                                 std::vector<StagedUpload>& staged) {
  std::vector<Dropped> dropped;
  for (StagedUpload& u : TakeGivenUp(c.meta.unix_micros, staged)) {
    ASSIGN_OR_RETURN(UploadState state, ReadUpload(tx, c.scope, u.id));
    dropped.push_back({std::move(u.id), std::move(state)});
  }
  return dropped;
}

// Leaves only the record that says so to whoever goes on with it.
void Drop(Transaction& tx, model::CouncilNo scope, Dropped dropped) {
  const uint32_t chunks = dropped.state.next_chunk;
  DropChunks(tx, scope, dropped.id, chunks);
  for (uint32_t index = 0; index < chunks; ++index) {
    tx.DeleteBlind(Family::kStaging, codec::UploadHashKey(scope, dropped.id, index));
  }
  dropped.state.state = model::SubmissionState::kDropped;
  dropped.state.staged = 0;
  WriteUpload(tx, scope, dropped.id, dropped.state);
}

model::AuditEntry EntryOf(const Meta& meta, std::string_view principal, std::string_view action,
                          const std::string& resource, std::string detail) {
  model::AuditEntry entry;
  entry.unix_micros = meta.unix_micros;
  entry.principal = std::string(principal);
  entry.action = std::string(action);
  entry.resource = resource;
  entry.detail = std::move(detail);
  return entry;
}

}  // namespace

absl::StatusOr<Outcome> Apply(const OpenUpload& c, Transaction& tx) {
  Outcome outcome;
  absl::StatusOr<UploadState> earlier = ReadUpload(tx, c.scope, c.id);
  if (earlier.ok()) {
    if (earlier->body_sha256 != c.body_sha256 || earlier->resource != c.resource)
      return absl::AbortedError(kRequestIdReused);
    outcome.sequence = tx.state().head.sequence;
    outcome.replayed = true;
    outcome.upload = *std::move(earlier);
    return outcome;
  }
  if (!absl::IsNotFound(earlier.status())) return earlier.status();
  const bool whole = c.mode == model::SubmissionMode::kWhole;
  std::vector<StagedUpload> staged;
  std::vector<Dropped> dropped;
  if (whole) {
    ASSIGN_OR_RETURN(staged, ReadStaged(tx, c.scope));
    ASSIGN_OR_RETURN(dropped, FindGivenUp(tx, c, staged));
    if (staged.size() >= kMaxStagedUploads) return absl::FailedPreconditionError(kTooMuchStaged);
    staged.push_back({c.id, c.meta.unix_micros, 0});
  }
  tx.Begin(c.meta);
  outcome.sequence = tx.sequence();
  outcome.upload.body_sha256 = c.body_sha256;
  outcome.upload.mode = c.mode;
  outcome.upload.resource = c.resource;
  WriteUpload(tx, c.scope, c.id, outcome.upload);
  if (whole) WriteStaged(tx, c.scope, staged);
  const std::string council = CouncilResource(tx, c.scope);
  std::vector<model::AuditEntry> entries = {
      EntryOf(c.meta, c.meta.principal, "OpenUpload", council, codec::UuidText(c.id))};
  for (Dropped& d : dropped) {
    entries.push_back(EntryOf(c.meta, "system", "DropUpload", council, codec::UuidText(d.id)));
    Drop(tx, c.scope, std::move(d));
  }
  tx.End(std::move(entries), c.body_sha256);
  return outcome;
}

absl::StatusOr<Outcome> Apply(const AppendChunk& c, Transaction& tx) {
  ASSIGN_OR_RETURN(UploadState state, ReadUpload(tx, c.scope, c.id));
  Outcome outcome;
  outcome.sequence = tx.state().head.sequence;
  if (c.index < state.next_chunk) {
    // Chunks from before there were hashes have none.
    ASSIGN_OR_RETURN(std::optional<std::string> sent,
                     tx.Get(Family::kStaging, codec::UploadHashKey(c.scope, c.id, c.index)));
    if (sent && *sent != c.sent_sha256) return absl::AbortedError(kChunkReused);
    outcome.replayed = true;
    outcome.upload = std::move(state);
    return outcome;
  }
  if (state.state != model::SubmissionState::kOpen) {
    return absl::FailedPreconditionError(kUploadFinished);
  }
  if (c.index > state.next_chunk) return absl::FailedPreconditionError(kChunkGap);
  const bool whole = state.mode == model::SubmissionMode::kWhole;
  std::vector<StagedUpload> staged;
  if (whole) {
    ASSIGN_OR_RETURN(staged, ReadStaged(tx, c.scope));
    RETURN_IF_ERROR(CountStaged(c, state, staged));
  }
  Parts parts;
  std::vector<std::optional<codec::LineRecord>> found;
  if (!whole) {
    ASSIGN_OR_RETURN(found, FindLines(tx, state.resource, c.lines));
    RETURN_IF_ERROR(OpenParts(tx, c.meta, c.id, c.lines, state, parts));
  }

  tx.Begin(c.meta);
  outcome.sequence = tx.sequence();
  CountRefused(c, state);
  if (whole) {
    std::vector<codec::StagedLine> lines;
    lines.reserve(c.lines.size());
    for (const LineDraft& l : c.lines) {
      lines.push_back({l.council, l.row, l.received_day, l.reference, l.content});
    }
    state.staged += c.lines.size();
    WriteStaged(tx, c.scope, staged);
    tx.Put(Family::kStaging, codec::UploadChunkKey(c.scope, c.id, c.index), codec::Encode(lines));
  } else {
    const model::LineCounts before = CountsOf(parts);
    outcome.lines = WriteLines(tx, state.resource, c.lines, std::move(found), parts);
    KeepParts(parts, before, state);
    CountConflicts(outcome.lines, c.lines, state);
    ShowCounts(state, parts);
    CloseParts(tx, c.meta, model::SubmissionState::kOpen, parts);
  }
  if (!c.sent_sha256.empty()) {
    tx.Put(Family::kStaging, codec::UploadHashKey(c.scope, c.id, c.index), c.sent_sha256);
  }
  ++state.next_chunk;
  WriteUpload(tx, c.scope, c.id, state);
  tx.End("AppendChunk", CouncilResource(tx, c.scope),
         absl::StrCat(c.lines.size(), " ", Av(NamesOf(state.resource).lines)),
         DigestOf(c.id, c.index));
  outcome.upload = std::move(state);
  return outcome;
}

absl::StatusOr<Outcome> Apply(const FinishUpload& c, Transaction& tx) {
  ASSIGN_OR_RETURN(UploadState state, ReadUpload(tx, c.scope, c.id));
  if (state.next_chunk != c.chunks) return absl::FailedPreconditionError(kChunkGap);
  if (state.state != model::SubmissionState::kOpen) return ReplayFinish(state, tx);
  if (state.mode == model::SubmissionMode::kWhole) return CommitWhole(c, std::move(state), tx);
  return CloseValidLines(c, std::move(state), tx);
}

}  // namespace steelyard::ledger
