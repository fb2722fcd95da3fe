#include "storage/ledger/lines.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"

namespace steelyard::ledger {
namespace {

using engine::Family;

codec::FactKey KeyOf(const codec::SeriesYear& series, const model::PurchaseFact& fact) {
  return {series, fact.council, fact.month, fact.line};
}

// The fact that a stored version of a line stands for.
absl::StatusOr<std::pair<codec::FactKey, model::PurchaseFact>> FactOfRecord(
    model::CouncilNo council, const codec::PurchaseRecord& record) {
  ASSIGN_OR_RETURN(model::PurchaseContent content, codec::DecodeContent(record.content));
  model::PurchaseFact fact = model::FactOf(content, model::Day{record.received_day});
  fact.council = council;
  fact.line = record.line;
  fact.sequence = record.sequence;
  const codec::SeriesYear series{content.product, content.currency,
                                 static_cast<int16_t>(fact.month.year())};
  return std::pair(KeyOf(series, fact), fact);
}

// Moves the fact of a version that ends to the history.
absl::Status EndFact(Transaction& tx, model::CouncilNo council,
                     const codec::PurchaseRecord& record) {
  ASSIGN_OR_RETURN(auto old, FactOfRecord(council, record));
  tx.DeleteBlind(Family::kFacts, codec::Encode(old.first));
  tx.PutBlind(Family::kFactHistory, codec::FactHistoryKey(old.first, tx.sequence()),
              codec::EncodeFact(old.second));
  tx.Touch(old.first.series);
  return absl::OkStatus();
}

void KeepVersion(Transaction& tx, model::CouncilNo council, const codec::PurchaseRecord& record) {
  tx.PutBlind(Family::kVersions, codec::VersionKey(council, record.line, record.revision),
              codec::EncodePurchase(record));
}

void PutFact(Transaction& tx, const LineDraft& draft, model::LineNo line) {
  model::PurchaseFact fact = draft.fact;
  fact.line = line;
  fact.sequence = tx.sequence();
  tx.PutBlind(Family::kFacts, codec::Encode(KeyOf(draft.series, fact)), codec::EncodeFact(fact));
  tx.Touch(draft.series);
}

LineOutcome::Kind KindOf(const std::optional<codec::PurchaseRecord>& prior, const LineDraft& draft,
                         uint32_t submission) {
  using Kind = LineOutcome::Kind;
  if (!prior) return Kind::kCreated;
  if (prior->withdrawn) return Kind::kWithdrawn;
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

LineDraft MakeDraft(model::CouncilNo council, int64_t row, std::string reference,
                    const model::PurchaseContent& content, model::Day received) {
  LineDraft draft;
  draft.council = council;
  draft.row = row;
  draft.received_day = received.number;
  draft.reference = std::move(reference);
  draft.content = codec::EncodeContent(content);
  draft.fact = model::FactOf(content, received);
  draft.fact.council = council;
  draft.series = {content.product, content.currency, static_cast<int16_t>(draft.fact.month.year())};
  return draft;
}

absl::Status OpenPart(Transaction& tx, const Meta& meta, model::CouncilNo council,
                      uint32_t submission, std::string_view id, model::SubmissionMode mode,
                      Parts& parts) {
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

absl::StatusOr<std::vector<std::optional<codec::PurchaseRecord>>> FindLines(
    const Transaction& tx, const std::vector<LineDraft>& lines) {
  std::vector<std::string> keys;
  keys.reserve(lines.size());
  for (const LineDraft& l : lines) keys.push_back(codec::LineKey(l.council, l.reference));
  ASSIGN_OR_RETURN(std::vector<std::optional<std::string>> values,
                   tx.MultiGet(Family::kPurchases, {keys.begin(), keys.end()}));
  std::vector<std::optional<codec::PurchaseRecord>> found(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!values[i]) continue;
    ASSIGN_OR_RETURN(found[i], codec::DecodePurchase(*values[i]));
    // Read before any write, so that damage is found before the first one.
    RETURN_IF_ERROR(FactOfRecord(lines[i].council, *found[i]).status());
  }
  return found;
}

std::vector<LineOutcome> WriteLines(Transaction& tx, const std::vector<LineDraft>& lines,
                                    std::vector<std::optional<codec::PurchaseRecord>> found,
                                    Parts& parts) {
  std::vector<LineOutcome> outcomes;
  outcomes.reserve(lines.size());
  // Lines of this very commit, by key: a file may hold a reference twice.
  absl::flat_hash_map<std::string, codec::PurchaseRecord> written;
  written.reserve(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    const LineDraft& draft = lines[i];
    Part& part = parts.at(draft.council);
    const std::string key = codec::LineKey(draft.council, draft.reference);
    if (auto it = written.find(key); it != written.end()) found[i] = it->second;
    const std::optional<codec::PurchaseRecord>& prior = found[i];
    LineOutcome outcome;
    outcome.kind = KindOf(prior, draft, part.submission.number);
    outcome.row = draft.row;
    outcome.reference = draft.reference;
    outcome.revision = prior ? prior->revision : 0;
    Count(outcome.kind, part.submission.counts);
    if (outcome.kind == LineOutcome::Kind::kCreated ||
        outcome.kind == LineOutcome::Kind::kCorrected) {
      codec::PurchaseRecord record;
      record.line.value = prior ? prior->line.value : ++part.head.lines;
      record.revision = ++outcome.revision;
      record.sequence = tx.sequence();
      record.first_submission = prior ? prior->first_submission : part.submission.number;
      record.submission = part.submission.number;
      record.received_day = draft.received_day;
      record.content = draft.content;
      if (prior) {
        KeepVersion(tx, draft.council, *prior);
        // FindLines has decoded it once already, so this cannot fail.
        EndFact(tx, draft.council, *prior).IgnoreError();
      } else {
        ++part.head.active_lines;
        ++tx.state().head.lines;
      }
      PutFact(tx, draft, record.line);
      tx.Put(Family::kPurchases, key, codec::EncodePurchase(record));
      part.taken.append(draft.reference).append(1, '\0').append(draft.content);
      written.insert_or_assign(key, std::move(record));
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

absl::Status WriteWithdrawal(Transaction& tx, const Meta& meta, model::CouncilNo council,
                             std::string_view reference, codec::PurchaseRecord record,
                             std::string_view reason, Part& part) {
  KeepVersion(tx, council, record);
  RETURN_IF_ERROR(EndFact(tx, council, record));
  ++record.revision;
  record.sequence = tx.sequence();
  record.submission = part.submission.number;
  record.received_day = static_cast<int32_t>(meta.unix_micros / 86'400'000'000);
  record.withdrawn = true;
  record.withdraw_reason = std::string(reason);
  --part.head.active_lines;
  ++part.submission.counts.corrected;
  part.taken.append(reference).append(1, '\0').append(reason);
  tx.Put(Family::kPurchases, codec::LineKey(council, reference), codec::EncodePurchase(record));
  return absl::OkStatus();
}

}  // namespace steelyard::ledger
