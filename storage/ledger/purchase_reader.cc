#include "storage/ledger/purchase_reader.h"

#include <utility>

#include "absl/status/status.h"
#include "storage/base/status_macros.h"
#include "storage/codec/keys.h"

namespace steelyard::ledger {
namespace {

using engine::Family;
using Line = PurchaseReader::Line;

absl::StatusOr<Line> Decode(std::string_view reference, std::string_view bytes) {
  Line line;
  line.reference = std::string(reference);
  ASSIGN_OR_RETURN(line.record, codec::DecodePurchase(bytes));
  ASSIGN_OR_RETURN(line.content, codec::DecodeContent(line.record.content));
  return line;
}

}  // namespace

absl::StatusOr<std::optional<Line>> PurchaseReader::Get(model::CouncilNo council,
                                                        std::string_view reference) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kPurchases, codec::LineKey(council, reference)));
  if (!bytes) return std::optional<Line>();
  ASSIGN_OR_RETURN(Line line, Decode(reference, *bytes));
  return std::optional(std::move(line));
}

absl::StatusOr<std::vector<std::optional<codec::PurchaseRecord>>> PurchaseReader::Find(
    std::span<const LineName> names) const {
  std::vector<std::string> keys;
  keys.reserve(names.size());
  for (const LineName& name : names) keys.push_back(codec::LineKey(name.council, name.reference));
  ASSIGN_OR_RETURN(auto values, database_.MultiGet(Family::kPurchases, {keys.begin(), keys.end()}));
  std::vector<std::optional<codec::PurchaseRecord>> records(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (!values[i]) continue;
    ASSIGN_OR_RETURN(records[i], codec::DecodePurchase(*values[i]));
  }
  return records;
}

absl::StatusOr<std::optional<Line>> PurchaseReader::GetRevision(model::CouncilNo council,
                                                                std::string_view reference,
                                                                uint32_t revision) const {
  ASSIGN_OR_RETURN(std::optional<Line> newest, Get(council, reference));
  if (!newest || newest->record.revision == revision) return newest;
  ASSIGN_OR_RETURN(
      std::optional<std::string> bytes,
      database_.Get(Family::kVersions, codec::VersionKey(council, newest->record.line, revision)));
  if (!bytes) return std::optional<Line>();
  ASSIGN_OR_RETURN(Line line, Decode(reference, *bytes));
  return std::optional(std::move(line));
}

absl::StatusOr<std::vector<Line>> PurchaseReader::List(
    model::CouncilNo council, std::string_view after, size_t limit,
    const std::function<bool(const Line&)>& keep) const {
  std::string lower = codec::LineKey(council, after);
  if (!after.empty()) lower.push_back('\0');
  std::vector<Line> lines;
  auto it = database_.Scan(Family::kPurchases, lower, codec::PrefixEnd(codec::LinePrefix(council)));
  for (; it->Valid() && lines.size() < limit; it->Next()) {
    ASSIGN_OR_RETURN(Line line, Decode(it->key().substr(2), it->value()));
    if (keep(line)) lines.push_back(std::move(line));
  }
  RETURN_IF_ERROR(it->status());
  return lines;
}

absl::StatusOr<std::vector<Line>> PurchaseReader::Versions(model::CouncilNo council,
                                                           std::string_view reference,
                                                           uint32_t below, size_t limit) const {
  std::vector<Line> lines;
  ASSIGN_OR_RETURN(std::optional<Line> newest, Get(council, reference));
  if (!newest) return lines;
  const model::LineNo number = newest->record.line;
  const uint32_t from = below == 0 ? newest->record.revision : below - 1;
  if (below == 0) lines.push_back(*std::move(newest));
  auto it = database_.Scan(Family::kVersions, codec::VersionKey(council, number, from),
                           codec::PrefixEnd(codec::VersionPrefix(council, number)));
  for (; it->Valid() && lines.size() < limit; it->Next()) {
    ASSIGN_OR_RETURN(Line line, Decode(reference, it->value()));
    lines.push_back(std::move(line));
  }
  RETURN_IF_ERROR(it->status());
  return lines;
}

absl::StatusOr<std::optional<model::Submission>> PurchaseReader::GetSubmission(
    model::CouncilNo council, uint32_t number) const {
  const std::string key = codec::SubmissionKey(council, number);
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, database_.Get(Family::kSubmissions, key));
  if (!bytes) return std::optional<model::Submission>();
  ASSIGN_OR_RETURN(model::Submission submission, codec::DecodeSubmission(key, *bytes));
  return std::optional(std::move(submission));
}

absl::StatusOr<std::optional<model::Submission>> PurchaseReader::FindSubmission(
    model::CouncilNo council, std::string_view id) const {
  ASSIGN_OR_RETURN(std::optional<std::string> request,
                   database_.Get(Family::kRequests, codec::RequestKey(council, id)));
  if (request) {
    ASSIGN_OR_RETURN(codec::RequestRecord record, codec::DecodeRequest(*request));
    return GetSubmission(council, record.submission);
  }
  for (model::CouncilNo scope : {council, model::CouncilNo{0}}) {
    ASSIGN_OR_RETURN(std::optional<std::string> upload,
                     database_.Get(Family::kStaging, codec::UploadKey(scope, id)));
    if (!upload) continue;
    ASSIGN_OR_RETURN(codec::UploadState state, codec::DecodeUpload(*upload));
    for (const codec::UploadState::Part& part : state.parts) {
      if (part.council == council) return GetSubmission(council, part.submission);
    }
  }
  return std::optional<model::Submission>();
}

absl::StatusOr<std::vector<model::Submission>> PurchaseReader::Submissions(model::CouncilNo council,
                                                                           uint32_t below,
                                                                           size_t limit) const {
  std::vector<model::Submission> submissions;
  const std::string upper = below == 0 ? codec::PrefixEnd(codec::SubmissionPrefix(council))
                                       : codec::SubmissionKey(council, below);
  auto it = database_.ScanBack(Family::kSubmissions, codec::SubmissionPrefix(council), upper);
  for (; it->Valid() && submissions.size() < limit; it->Next()) {
    ASSIGN_OR_RETURN(model::Submission s, codec::DecodeSubmission(it->key(), it->value()));
    submissions.push_back(std::move(s));
  }
  RETURN_IF_ERROR(it->status());
  return submissions;
}

absl::StatusOr<codec::CouncilHead> PurchaseReader::Head(model::CouncilNo council) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kMeta, codec::CouncilHeadKey(council)));
  if (!bytes) return codec::CouncilHead();
  return codec::DecodeCouncilHead(*bytes);
}

absl::StatusOr<std::vector<model::AuditEntry>> AuditReader::List(uint64_t after,
                                                                 size_t limit) const {
  std::vector<model::AuditEntry> entries;
  auto it = database_.Scan(Family::kAudit, codec::AuditKey(after + 1), "");
  for (; it->Valid() && entries.size() < limit; it->Next()) {
    ASSIGN_OR_RETURN(model::AuditEntry entry, codec::DecodeAudit(it->key(), it->value()));
    entries.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(it->status());
  return entries;
}

}  // namespace steelyard::ledger
