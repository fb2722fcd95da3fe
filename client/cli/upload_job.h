#ifndef STEELYARD_CLIENT_CLI_UPLOAD_JOB_H_
#define STEELYARD_CLIENT_CLI_UPLOAD_JOB_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/problem_report.h"
#include "client/cli/session.h"
#include "client/import/importer.h"
#include "client/import/outcomes.h"
#include "client/import/profile.h"
#include "steelyard/v1/purchase_service.pb.h"

namespace steelyard::cli {

struct UploadCommand {
  std::string file;
  std::string council;     // `councils/{council}` or `councils/-`
  std::string resume;      // upload id of an upload that was cut off
  std::string rejects;     // where to write rejected rows; empty for nowhere
  bool overwrite = false;  // whatever is there
  bool validate_only = false;
  bool valid_lines_only = false;
  bool add_suppliers = false;
  bool confirm_prices = false;
};

// What became of a file.
struct UploadOutcome {
  enum Kind { kSent, kValidated, kRefused };
  Kind kind = kSent;
  std::string_view one = "line";  // what the file is made of
  std::string_view many = "lines";
  int64_t lines = 0;             // lines of the file that hold one
  int64_t unreadable_lines = 0;  // of those, refused before they were sent
  // The server's answer; of the validation when nothing was sent.
  v1::UploadFinished finished;
  ProblemReport report;
};

// What a file may be made of.
struct PurchaseFile {
  using Importer = importing::Importer;
  using Line = importing::ImportedLine;
  using Sent = v1::UploadLine;
};
struct OutcomeFile {
  using Importer = importing::OutcomeImporter;
  using Line = importing::ImportedReport;
  using Sent = v1::OutcomeLine;
};

// Takes one file through its steps: read all of it, so that every problem of
// the file itself is known; send it, or only have it checked; write the
// rejected rows. Holds one row of the file at a time, and all problems.
template <typename File>
class UploadJob {
 public:
  UploadJob(Session& session, const importing::Profile& profile, const UploadCommand& command)
      : session_(session), profile_(profile), command_(command) {}

  // Errors are those of the file, the connection or the upload as such;
  // problems of lines are in the outcome.
  absl::StatusOr<UploadOutcome> Run();

 private:
  // Before anything is sent: what is at the place of the rejected rows must
  // not be lost, least of all the file itself.
  absl::Status CheckRejects() const;
  absl::Status ReadAll();
  // Sends the lines that can be read; asks again from the start if the server
  // forgot a validation that it had begun.
  absl::Status Send(bool validate_only, v1::Submission::Mode mode, const std::string& id);
  absl::StatusOr<v1::UploadFinished> SendOnce(bool validate_only, v1::Submission::Mode mode,
                                              const std::string& id, ProblemReport& problems);
  absl::Status WriteRejects() const;

  Session& session_;
  const importing::Profile& profile_;
  const UploadCommand& command_;
  UploadOutcome outcome_;
  ProblemReport file_problems_;
  std::set<int64_t> confirmed_rows_;
  bool begun_ = false;  // something of it is on the server
};

// What became of it in words: counts, and where the receipt is.
std::string ReceiptWords(const UploadOutcome& outcome);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_UPLOAD_JOB_H_
