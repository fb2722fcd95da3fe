#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/ledger/apply.h"
#include "storage/ledger/lines.h"
#include "storage/ledger/resource.h"

namespace steelyard::ledger {
namespace {

using engine::Family;

// What a request did when it was first made.
absl::StatusOr<Outcome> Replay(const Transaction& tx, model::CouncilNo council,
                               codec::RequestRecord record) {
  Outcome outcome;
  outcome.sequence = tx.state().head.sequence;
  outcome.replayed = true;
  if (record.submission != 0) {
    const std::string key = codec::SubmissionKey(council, record.submission);
    ASSIGN_OR_RETURN(std::optional<std::string> bytes, tx.Get(Family::kSubmissions, key));
    if (!bytes) return absl::DataLossError("a submission's record is missing");
    ASSIGN_OR_RETURN(model::Submission submission, codec::DecodeSubmission(key, *bytes));
    outcome.submissions.push_back(std::move(submission));
  }
  outcome.request = std::move(record);
  return outcome;
}

void Remember(Transaction& tx, model::CouncilNo council, std::string_view request,
              std::string_view body_sha256, Outcome& outcome) {
  outcome.request.body_sha256 = std::string(body_sha256);
  outcome.request.submission = outcome.submissions.front().number;
  for (const LineOutcome& l : outcome.lines) {
    outcome.request.lines.push_back({l.reference, l.revision});
  }
  tx.Put(Family::kRequests, codec::RequestKey(council, request), codec::Encode(outcome.request));
}

absl::Status CheckRule(const CommitLines& c,
                       const std::vector<std::optional<codec::LineRecord>>& found) {
  for (const std::optional<codec::LineRecord>& prior : found) {
    if (c.rule == CommitLines::Rule::kNew) {
      const bool returns = prior && prior->withdrawn && MayReturn(c.resource);
      if (prior && !returns) return absl::AlreadyExistsError(kReferenceTaken);
      continue;
    }
    if (!prior) return absl::NotFoundError(kLineNotFound);
    if (c.expected_revision && *c.expected_revision != prior->revision) {
      return absl::AbortedError(kEtagMismatch);
    }
    if (prior->withdrawn) return absl::FailedPreconditionError(kLineWithdrawn);
  }
  return absl::OkStatus();
}

}  // namespace

std::string CouncilResource(const Transaction& tx, model::CouncilNo council) {
  const model::Council* entry = tx.state().registers->FindCouncil(council);
  return entry == nullptr ? "councils/-" : "councils/" + entry->id;
}

absl::StatusOr<Outcome> Apply(const CommitLines& c, Transaction& tx) {
  ASSIGN_OR_RETURN(auto earlier, tx.FindRequest(c.council, c.request, c.body_sha256));
  if (earlier) return Replay(tx, c.council, *std::move(earlier));
  ASSIGN_OR_RETURN(auto found, FindLines(tx, c.resource, c.lines));
  RETURN_IF_ERROR(CheckRule(c, found));
  Parts parts;
  RETURN_IF_ERROR(OpenPart(tx, c.meta, c.council, 0, c.request, c.resource,
                           model::SubmissionMode::kWhole, parts));

  tx.Begin(c.meta);
  Outcome outcome;
  outcome.sequence = tx.sequence();
  outcome.lines = WriteLines(tx, c.resource, c.lines, std::move(found), parts);
  CloseParts(tx, c.meta, model::SubmissionState::kCommitted, parts);
  outcome.submissions.push_back(parts.begin()->second.submission);
  Remember(tx, c.council, c.request, c.body_sha256, outcome);
  tx.End(NamesOf(c.resource).commit, CouncilResource(tx, c.council),
         absl::StrCat(c.lines.size(), " ", Av(NamesOf(c.resource).lines)), c.body_sha256);
  return outcome;
}

absl::StatusOr<Outcome> Apply(const WithdrawLine& c, Transaction& tx) {
  ASSIGN_OR_RETURN(auto earlier, tx.FindRequest(c.council, c.request, c.body_sha256));
  if (earlier) return Replay(tx, c.council, *std::move(earlier));
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   tx.Get(FamiliesOf(c.resource).lines, codec::LineKey(c.council, c.reference)));
  if (!bytes) return absl::NotFoundError(kLineNotFound);
  ASSIGN_OR_RETURN(codec::LineRecord record, codec::DecodeLine(*bytes));
  RETURN_IF_ERROR(FactOfLine(c.resource, c.council, record).status());
  LineOutcome line;
  line.reference = c.reference;
  line.revision = record.revision;
  Outcome outcome;
  if (record.withdrawn) {
    // Withdrawing twice gives the first result.
    outcome.sequence = tx.state().head.sequence;
    outcome.replayed = true;
    outcome.request.lines.push_back({c.reference, record.revision});
    return outcome;
  }
  if (c.expected_revision && *c.expected_revision != record.revision) {
    return absl::AbortedError(kEtagMismatch);
  }
  Parts parts;
  RETURN_IF_ERROR(OpenPart(tx, c.meta, c.council, 0, c.request, c.resource,
                           model::SubmissionMode::kWhole, parts));

  tx.Begin(c.meta);
  outcome.sequence = tx.sequence();
  line.kind = LineOutcome::Kind::kCorrected;
  ++line.revision;
  RETURN_IF_ERROR(WriteWithdrawal(tx, c, std::move(record), parts.begin()->second));
  CloseParts(tx, c.meta, model::SubmissionState::kCommitted, parts);
  outcome.lines.push_back(std::move(line));
  outcome.submissions.push_back(parts.begin()->second.submission);
  Remember(tx, c.council, c.request, c.body_sha256, outcome);
  tx.End(NamesOf(c.resource).withdraw, CouncilResource(tx, c.council),
         absl::StrCat("1 ", Av(NamesOf(c.resource).line)), c.body_sha256);
  return outcome;
}

}  // namespace steelyard::ledger
