#include "server/lines/refusals.h"

#include "absl/strings/str_cat.h"
#include "server/rpc/errors.h"
#include "storage/base/text.h"
#include "storage/ledger/command.h"

namespace steelyard::lines {

namespace error = rpc::error;
namespace {

constexpr int64_t kMicrosOfDay = 86'400'000'000;

}  // namespace

absl::Status FromLedger(const absl::Status& status, model::Resource resource,
                        std::string_view name) {
  const bool purchase = resource == model::Resource::kPurchases;
  const std::string_view why = Sv(status.message());
  switch (status.code()) {
    case absl::StatusCode::kAborted:
      if (why == ledger::kRequestIdReused) return error::RequestIdReused();
      if (why == ledger::kChunkReused) return error::ChunkReused();
      return error::EtagMismatch(name);
    case absl::StatusCode::kAlreadyExists:
      return error::AlreadyExists(purchase ? "purchase" : "outcomeReport", name);
    case absl::StatusCode::kNotFound:
      return error::NotFound(name);
    case absl::StatusCode::kFailedPrecondition:
      if (why == ledger::kLineWithdrawn) {
        return purchase ? error::PurchaseWithdrawn(name) : error::ReportWithdrawn(name);
      }
      if (why == ledger::kUploadTooLarge) {
        return error::InvalidField(
            "chunk.lines",
            absl::StrCat("an upload taken whole holds at most ", ledger::kMaxWholeLines,
                         " lines; send valid lines only, or several files"));
      }
      if (why == ledger::kUploadDropped) {
        return error::UploadDropped(name, ledger::kDropAfterMicros / kMicrosOfDay);
      }
      if (why == ledger::kTooMuchStaged) {
        return error::TooMuchUnfinished(
            name, absl::StrCat("Uploads of this council that were begun and not finished hold as "
                               "much as they may, ",
                               ledger::kMaxStagedUploads, " uploads or ", ledger::kMaxStagedLines,
                               " lines; finish them, or wait: each is dropped when it got nothing "
                               "for ",
                               ledger::kDropAfterMicros / kMicrosOfDay, " days."));
      }
      if (why == ledger::kUploadFinished) {
        return error::InvalidField("chunk", "the upload was finished before");
      }
      return error::InvalidField("chunk.index",
                                 "chunks must come in order, each once, and all before the finish");
    case absl::StatusCode::kResourceExhausted:
      return error::StoreReadOnly();
    case absl::StatusCode::kUnavailable:
      return error::OutcomeUnknown();
    default:
      return status;
  }
}

}  // namespace steelyard::lines
