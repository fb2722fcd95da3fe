#include "storage/ledger/receipt_reader.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "storage/base/status_macros.h"
#include "storage/codec/keys.h"

namespace steelyard::ledger {

using engine::Family;

absl::StatusOr<std::optional<model::Submission>> ReceiptReader::GetSubmission(
    model::CouncilNo council, uint32_t number) const {
  const std::string key = codec::SubmissionKey(council, number);
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, database_.Get(Family::kSubmissions, key));
  if (!bytes) return std::optional<model::Submission>();
  ASSIGN_OR_RETURN(model::Submission submission, codec::DecodeSubmission(key, *bytes));
  return std::optional(std::move(submission));
}

absl::StatusOr<std::optional<model::Submission>> ReceiptReader::FindSubmission(
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

absl::StatusOr<std::vector<model::Submission>> ReceiptReader::Submissions(model::CouncilNo council,
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

absl::StatusOr<codec::CouncilHead> ReceiptReader::Head(model::CouncilNo council) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kMeta, codec::CouncilHeadKey(council)));
  if (!bytes) return codec::CouncilHead();
  return codec::DecodeCouncilHead(*bytes);
}

}  // namespace steelyard::ledger
