#include "server/lines/refusals.h"

#include "absl/strings/str_cat.h"
#include "server/rpc/errors.h"
#include "storage/base/text.h"
#include "storage/ledger/command.h"

namespace steelyard::lines {

namespace error = rpc::error;

absl::Status FromLedger(const absl::Status& status, model::Resource resource,
                        std::string_view name) {
  const bool purchase = resource == model::Resource::kPurchases;
  const std::string_view why = Sv(status.message());
  switch (status.code()) {
    case absl::StatusCode::kAborted:
      if (why == ledger::kRequestIdReused) return error::RequestIdReused();
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
