#include "storage/ledger/lines.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/codec/line_codec.h"
#include "storage/ledger/resource.h"

namespace steelyard::ledger {
namespace {

using engine::Family;

// Moves the fact of a version that ends to the history.
absl::Status EndFact(Transaction& tx, model::Resource resource, model::CouncilNo council,
                     const codec::LineRecord& record) {
  ASSIGN_OR_RETURN(const LineFact old, FactOfLine(resource, council, record));
  const Families& families = FamiliesOf(resource);
  tx.DeleteBlind(families.facts, FactKeyOf(old));
  tx.PutBlind(families.fact_history, FactHistoryKeyOf(old, tx.sequence()), FactBytesOf(old));
  TouchFact(old, tx);
  return absl::OkStatus();
}

void KeepVersion(Transaction& tx, model::Resource resource, model::CouncilNo council,
                 const codec::LineRecord& record) {
  tx.PutBlind(FamiliesOf(resource).versions,
              codec::VersionKey(council, record.line, record.revision), codec::EncodeLine(record));
}

void PutFact(Transaction& tx, model::Resource resource, const LineDraft& draft,
             model::LineNo line) {
  LineFact fact = draft.fact;
  SetPlace(draft.council, line, tx.sequence(), fact);
  tx.PutBlind(FamiliesOf(resource).facts, FactKeyOf(fact), FactBytesOf(fact));
  TouchFact(fact, tx);
}

LineOutcome::Kind KindOf(model::Resource resource, const std::optional<codec::LineRecord>& prior,
                         const LineDraft& draft, uint32_t submission) {
  using Kind = LineOutcome::Kind;
  if (!prior) return Kind::kCreated;
  if (prior->withdrawn) return MayReturn(resource) ? Kind::kCorrected : Kind::kWithdrawn;
  if (prior->content == draft.content) return Kind::kUnchanged;
  return prior->submission == submission ? Kind::kDuplicate : Kind::kCorrected;
}

void Count(LineOutcome::Kind kind, model::LineCounts& counts) {
  switch (kind) {
    case LineOutcome::Kind::kCreated:
      ++counts.created;
      return;
    case LineOutcome::Kind::kCorrected:
      ++counts.corrected;
      return;
    case LineOutcome::Kind::kUnchanged:
      ++counts.unchanged;
      return;
    case LineOutcome::Kind::kDuplicate:
    case LineOutcome::Kind::kWithdrawn:
      ++counts.rejected;
      return;
  }
}

}  // namespace

absl::Status OpenPart(Transaction& tx, const Meta& meta, model::CouncilNo council,
                      uint32_t submission, std::string_view id, model::Resource resource,
                      model::SubmissionMode mode, Parts& parts) {
  if (parts.contains(council)) return absl::OkStatus();
  Part part;
  ASSIGN_OR_RETURN(part.head, tx.Head(council));
  if (submission != 0) {
    const std::string key = codec::SubmissionKey(council, submission);
    ASSIGN_OR_RETURN(std::optional<std::string> bytes, tx.Get(Family::kSubmissions, key));
    if (!bytes) return absl::DataLossError("a submission's record is missing");
    ASSIGN_OR_RETURN(part.submission, codec::DecodeSubmission(key, *bytes));
  } else {
    part.submission.council = council;
    part.submission.number = ++part.head.submissions;
    part.submission.id = std::string(id);
    part.submission.create_unix_micros = meta.unix_micros;
    part.submission.resource = resource;
    part.submission.mode = mode;
    part.submission.content_sha256 = std::string(32, '\0');
  }
  parts.emplace(council, std::move(part));
  return absl::OkStatus();
}

void CloseParts(Transaction& tx, const Meta& meta, model::SubmissionState state, Parts& parts) {
  for (auto& [council, part] : parts) {
    ++part.head.sequence;
    ByteWriter content;
    content.Raw(part.submission.content_sha256).Raw(Sha256(part.taken));
    part.submission.content_sha256 = Sha256(content.str());
    ByteWriter running;
    running.Raw(part.head.running_sha256).Fixed64(part.head.sequence);
    running.Raw(part.submission.content_sha256);
    part.head.running_sha256 = Sha256(running.str());
    part.submission.running_sha256 = part.head.running_sha256;
    part.submission.sequence = part.head.sequence;
    part.submission.update_unix_micros = meta.unix_micros;
    part.submission.state = state;
    tx.Put(Family::kSubmissions, codec::SubmissionKey(council, part.submission.number),
           codec::Encode(part.submission));
    tx.PutHead(council, part.head);
  }
}

absl::StatusOr<std::vector<std::optional<codec::LineRecord>>> FindLines(
    const Transaction& tx, model::Resource resource, const std::vector<LineDraft>& lines) {
  std::vector<std::string> keys;
  keys.reserve(lines.size());
  for (const LineDraft& l : lines) keys.push_back(codec::LineKey(l.council, l.reference));
  ASSIGN_OR_RETURN(std::vector<std::optional<std::string>> values,
                   tx.MultiGet(FamiliesOf(resource).lines, {keys.begin(), keys.end()}));
  std::vector<std::optional<codec::LineRecord>> found(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!values[i]) continue;
    ASSIGN_OR_RETURN(found[i], codec::DecodeLine(*values[i]));
    // Read before any write, so that damage is found before the first one.
    RETURN_IF_ERROR(FactOfLine(resource, lines[i].council, *found[i]).status());
  }
  return found;
}

std::vector<LineOutcome> WriteLines(Transaction& tx, model::Resource resource,
                                    const std::vector<LineDraft>& lines,
                                    std::vector<std::optional<codec::LineRecord>> found,
                                    Parts& parts) {
  std::vector<LineOutcome> outcomes;
  outcomes.reserve(lines.size());
  // Lines of this very commit, by key: a file may hold a reference twice.
  absl::flat_hash_map<std::string, codec::LineRecord> written;
  written.reserve(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    const LineDraft& draft = lines[i];
    Part& part = parts.at(draft.council);
    const std::string key = codec::LineKey(draft.council, draft.reference);
    if (auto it = written.find(key); it != written.end()) found[i] = it->second;
    const std::optional<codec::LineRecord>& prior = found[i];
    LineOutcome outcome;
    outcome.kind = KindOf(resource, prior, draft, part.submission.number);
    outcome.row = draft.row;
    outcome.reference = draft.reference;
    outcome.revision = prior ? prior->revision : 0;
    Count(outcome.kind, part.submission.counts);
    if (outcome.kind == LineOutcome::Kind::kCreated ||
        outcome.kind == LineOutcome::Kind::kCorrected) {
      codec::LineRecord record;
      record.line.value = prior ? prior->line.value : ++part.head.lines;
      record.revision = ++outcome.revision;
      record.sequence = tx.sequence();
      record.first_submission = prior ? prior->first_submission : part.submission.number;
      record.submission = part.submission.number;
      record.received_day = draft.received_day;
      record.content = draft.content;
      if (prior) {
        KeepVersion(tx, resource, draft.council, *prior);
        // FindLines has decoded it once already, so this cannot fail.
        if (!prior->withdrawn) EndFact(tx, resource, draft.council, *prior).IgnoreError();
      } else {
        LinesOf(resource, tx.state().head) += 1;
      }
      if (!prior || prior->withdrawn) ++part.head.active_lines;
      PutFact(tx, resource, draft, record.line);
      tx.Put(FamiliesOf(resource).lines, key, codec::EncodeLine(record));
      part.taken.append(draft.reference).append(1, '\0').append(draft.content);
      written.insert_or_assign(key, std::move(record));
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

absl::Status WriteWithdrawal(Transaction& tx, const WithdrawLine& command, codec::LineRecord record,
                             Part& part) {
  KeepVersion(tx, command.resource, command.council, record);
  RETURN_IF_ERROR(EndFact(tx, command.resource, command.council, record));
  ++record.revision;
  record.sequence = tx.sequence();
  record.submission = part.submission.number;
  record.received_day = static_cast<int32_t>(command.meta.unix_micros / 86'400'000'000);
  record.withdrawn = true;
  record.withdraw_reason = command.reason;
  --part.head.active_lines;
  ++part.submission.counts.corrected;
  part.taken.append(command.reference).append(1, '\0').append(command.reason);
  tx.Put(FamiliesOf(command.resource).lines, codec::LineKey(command.council, command.reference),
         codec::EncodeLine(record));
  return absl::OkStatus();
}

}  // namespace steelyard::ledger
