#ifndef STEELYARD_CLIENT_CPP_UPLOADER_H_
#define STEELYARD_CLIENT_CPP_UPLOADER_H_

// Sends purchase lines through PurchaseService.UploadPurchases, or reports
// through OutcomeService.UploadOutcomeReports, and goes on by itself after a
// broken connection or a restarted server.

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cpp/connection.h"
#include "steelyard/v1/common.pb.h"
#include "steelyard/v1/outcome_service.pb.h"
#include "steelyard/v1/purchase_service.pb.h"

namespace steelyard::client {

// How far an upload is. Lines count once they are acknowledged.
struct UploadProgress {
  int64_t acknowledged_lines = 0;
  // Lines with errors, as the server counts them.
  int64_t rejected_lines = 0;
  // Ledger sequence after the newest chunk; 0 while chunks wait for the end.
  int64_t ledger_sequence = 0;
};

struct UploadOptions {
  // `councils/{council}`, or `councils/-`.
  std::string parent;
  // A RequestId(). The same one, with the same lines, goes on with an upload
  // that an earlier process began.
  std::string upload_id;
  v1::Submission::Mode mode = v1::Submission::WHOLE;
  bool validate_only = false;
  bool add_suppliers = false;

  // Where a chunk ends: at 1 to 2,000 lines, or before so many bytes. An
  // upload must be resumed with the limits it was begun with.
  int max_chunk_lines = 2'000;
  size_t max_chunk_bytes = 960 * 1024;
  // Chunks that may be unacknowledged at a time; this many are kept in memory.
  int chunks_in_flight = 8;
  // A stream that says nothing for this long is given up and begun anew.
  absl::Duration answer_timeout = absl::Seconds(30);
  // The upload fails when nothing was acknowledged for this long.
  absl::Duration give_up_after = absl::Minutes(2);

  // All are called from Run's own thread and may be empty.
  std::function<void(const UploadProgress&)> on_progress;
  // Each problem of each line, in the order of the lines.
  std::function<void(const v1::Problem&)> on_problem;
  // The connection broke; the next try is after `wait`.
  std::function<void(const absl::Status&, absl::Duration wait)> on_retry;
};

// Fills in the next line, which is given empty, and returns true; or returns
// false when there are no more. An error ends the upload.
using LineSource = std::function<absl::StatusOr<bool>(v1::UploadLine& line)>;

// Sends every line of `source` and returns what the server says at the end.
// Sends chunks again whose acknowledgment was lost, which changes nothing there,
// so that every problem is reported.
//
// Returns the server's error when trying again would not help; UNAVAILABLE or
// whatever came last when giving up; FAILED_PRECONDITION if the server is not
// where the lines are: it forgot a validation that it had begun, or there are
// fewer lines than the upload was begun with. ABORTED (REQUEST_ID_REUSED) if
// these are other lines.
absl::StatusOr<v1::UploadFinished> Upload(const Connection& connection,
                                          const UploadOptions& options, const LineSource& source);

// The same for outcome reports; `add_suppliers` means nothing there.
using OutcomeSource = std::function<absl::StatusOr<bool>(v1::OutcomeLine& line)>;
absl::StatusOr<v1::UploadFinished> UploadOutcomes(const Connection& connection,
                                                  const UploadOptions& options,
                                                  const OutcomeSource& source);

}  // namespace steelyard::client

#endif  // STEELYARD_CLIENT_CPP_UPLOADER_H_
