#include "client/cli/upload_job.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/output_file.h"
#include "client/cli/progress_bar.h"
#include "client/cli/words.h"
#include "client/cpp/errors.h"
#include "client/cpp/request_id.h"
#include "client/cpp/uploader.h"
#include "client/import/importer.h"
#include "client/import/rejects.h"
#include "client/import/status_macros.h"

namespace steelyard::cli {

namespace {

void Confirm(v1::UploadLine& line) { line.mutable_purchase()->set_price_confirmed(true); }
void Confirm(v1::OutcomeLine&) {}  // there is nothing to confirm

v1::UploadLine ToSent(importing::ImportedLine&& line) {
  return importing::ToUploadLine(std::move(line));
}
v1::OutcomeLine ToSent(importing::ImportedReport&& report) {
  return importing::ToOutcomeLine(std::move(report));
}

absl::StatusOr<v1::UploadFinished> SendAll(const client::Connection& connection,
                                           const client::UploadOptions& options,
                                           const client::LineSource& source) {
  return client::Upload(connection, options, source);
}
absl::StatusOr<v1::UploadFinished> SendAll(const client::Connection& connection,
                                           const client::UploadOptions& options,
                                           const client::OutcomeSource& source) {
  return client::UploadOutcomes(connection, options, source);
}

template <typename File>
constexpr bool kOutcomes = std::is_same_v<File, OutcomeFile>;

}  // namespace

template <typename File>
absl::StatusOr<UploadOutcome> UploadJob<File>::Run() {
  if (kOutcomes<File>) {
    outcome_.one = "report";
    outcome_.many = "reports";
  }
  RETURN_IF_ERROR(CheckRejects());
  RETURN_IF_ERROR(ReadAll());
  const bool whole = !command_.valid_lines_only;
  const v1::Submission::Mode mode = whole ? v1::Submission::WHOLE : v1::Submission::VALID_LINES;
  const bool refused = whole && outcome_.unreadable_lines > 0;
  if (command_.confirm_prices && !command_.validate_only && !refused) {
    // Only rows that the server asks about are confirmed: to confirm all would
    // change lines that it already has.
    RETURN_IF_ERROR(Send(true, mode, client::RequestId()));
    confirmed_rows_ = outcome_.report.rows_to_confirm();
  }
  if (command_.validate_only || refused) {
    outcome_.kind = refused ? UploadOutcome::kRefused : UploadOutcome::kValidated;
    RETURN_IF_ERROR(Send(true, mode, client::RequestId()));
  } else {
    RETURN_IF_ERROR(
        Send(false, mode, command_.resume.empty() ? client::RequestId() : command_.resume));
    const auto& submissions = outcome_.finished.submissions();
    const bool all_refused =
        whole && std::any_of(submissions.begin(), submissions.end(),
                             [](const auto& s) { return s.state() == v1::Submission::REFUSED; });
    if (all_refused) outcome_.kind = UploadOutcome::kRefused;
  }
  if (!command_.rejects.empty()) RETURN_IF_ERROR(WriteRejects());
  return std::move(outcome_);
}

template <typename File>
absl::Status UploadJob<File>::CheckRejects() const {
  const std::string& path = command_.rejects;
  if (path.empty()) return absl::OkStatus();
  std::error_code error;
  if (std::filesystem::equivalent(command_.file, path, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--rejects ", path, " is the file that is sent; name another one"));
  }
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    return absl::OkStatus();  // a pipe or a device loses nothing
  }
  if (!command_.overwrite && !importing::IsRejects(path) && !CheckNewFile(path).ok()) {
    return absl::AlreadyExistsError(
        absl::StrCat(path,
                     " is there already, and is no file of rejected rows; name a new file, "
                     "or add --overwrite"));
  }
  // What is rejected would be lost if this showed only once all is sent.
  return OutputFile::Create(path).status();
}

template <typename File>
absl::Status UploadJob<File>::ReadAll() {
  ASSIGN_OR_RETURN(std::unique_ptr<typename File::Importer> importer,
                   File::Importer::Open(command_.file, profile_));
  ProgressBar bar(session_.terminal(), "Reading", 0);
  typename File::Line line;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, importer->Next(&line));
    if (!more) break;
    bar.Update(++outcome_.lines);
    if (line.rejected()) ++outcome_.unreadable_lines;
    for (v1::Problem& problem : line.problems) file_problems_.Add(std::move(problem));
  }
  if (outcome_.lines > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(command_.file, " has a header and no ",
                                                 std::string(outcome_.many), " below it"));
}

template <typename File>
absl::Status UploadJob<File>::Send(bool validate_only, v1::Submission::Mode mode,
                                   const std::string& id) {
  absl::StatusOr<v1::UploadFinished> finished = absl::UnknownError("");
  for (int attempt = 0; attempt < 3; ++attempt) {
    outcome_.report = file_problems_;
    finished =
        SendOnce(validate_only, mode, attempt == 0 ? id : client::RequestId(), outcome_.report);
    const bool forgotten = finished.status().code() == absl::StatusCode::kFailedPrecondition;
    if (!validate_only || !forgotten) break;
  }
  if (!finished.ok()) {
    // Going on helps neither with another file nor once the server gave up.
    const std::string reason = client::ErrorReason(finished.status());
    const bool over = reason == "REQUEST_ID_REUSED" || reason == "UPLOAD_DROPPED";
    if (validate_only || (!begun_ && command_.resume.empty())) return finished.status();
    if (over) {
      return absl::Status(finished.status().code(),
                          absl::StrCat(finished.status().message(),
                                       "\nTo send this file as a new upload, leave out --resume."));
    }
    return absl::Status(finished.status().code(),
                        absl::StrCat(finished.status().message(),
                                     "\nTo go on where it stopped, add: --resume ", id));
  }
  outcome_.finished = *std::move(finished);
  outcome_.report.Sort();
  return absl::OkStatus();
}

template <typename File>
absl::StatusOr<v1::UploadFinished> UploadJob<File>::SendOnce(bool validate_only,
                                                             v1::Submission::Mode mode,
                                                             const std::string& id,
                                                             ProblemReport& problems) {
  ASSIGN_OR_RETURN(const client::Connection* connection, session_.Connect());
  ASSIGN_OR_RETURN(std::unique_ptr<typename File::Importer> importer,
                   File::Importer::Open(command_.file, profile_));
  ProgressBar bar(session_.terminal(), validate_only ? "Checking" : "Sending",
                  outcome_.lines - outcome_.unreadable_lines);
  const bool takes_long = outcome_.lines > 20'000;
  if (takes_long && !validate_only && session_.terminal().watched) {
    bar.Say(absl::StrCat("If this is interrupted, send the file again with --resume ", id));
  }
  client::UploadOptions options;
  options.parent = command_.council;
  options.upload_id = id;
  options.mode = mode;
  options.validate_only = validate_only;
  options.add_suppliers = command_.add_suppliers;
  options.on_progress = [&](const client::UploadProgress& p) {
    begun_ |= p.acknowledged_lines > 0;
    bar.Update(p.acknowledged_lines);
  };
  options.on_problem = [&](const v1::Problem& problem) { problems.Add(problem); };
  options.on_retry = [&](const absl::Status& status, absl::Duration) {
    bar.Say(absl::StrCat("Connection lost (", status.message(), "); trying again."));
  };
  typename File::Line line;
  const std::function<absl::StatusOr<bool>(typename File::Sent&)> source =
      [&](typename File::Sent& out) -> absl::StatusOr<bool> {
    do {
      ASSIGN_OR_RETURN(const bool more, importer->Next(&line));
      if (!more) return false;
    } while (line.rejected());
    const bool confirmed = confirmed_rows_.count(line.row) > 0;
    typename File::Sent sent = ToSent(std::move(line));
    if (confirmed) Confirm(sent);
    out.Swap(&sent);
    return true;
  };
  return SendAll(*connection, options, source);
}

template <typename File>
absl::Status UploadJob<File>::WriteRejects() const {
  std::map<int64_t, std::vector<v1::Problem>> by_row;
  for (const v1::Problem& problem : outcome_.report.problems()) {
    by_row[problem.row()].push_back(problem);
  }
  ASSIGN_OR_RETURN(OutputFile out, OutputFile::Create(command_.rejects));
  ASSIGN_OR_RETURN(std::unique_ptr<typename File::Importer> importer,
                   File::Importer::Open(command_.file, profile_));
  importing::RejectsWriter writer(out.stream(), importer->detected());
  typename File::Line line;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, importer->Next(&line));
    if (!more) break;
    const bool held = outcome_.report.error_rows().count(line.row) > 0 ||
                      outcome_.report.rows_to_confirm().count(line.row) > 0;
    if (held) writer.Write(line.fields, by_row[line.row]);
  }
  return out.Commit();
}

template class UploadJob<PurchaseFile>;
template class UploadJob<OutcomeFile>;

std::string ReceiptWords(const UploadOutcome& outcome) {
  const v1::Submission& total = outcome.finished.total();
  const int64_t unreadable = outcome.unreadable_lines;
  const int64_t rejected = total.rejected_lines() + unreadable;
  const std::string counts =
      absl::StrCat(CountWords(total.created_lines()), " new, ", CountWords(total.corrected_lines()),
                   " corrected, ", CountWords(total.unchanged_lines()), " unchanged, ",
                   CountWords(total.rejected_lines()), " rejected by the service");
  // Those are no part of the receipt.
  const std::string unsent =
      unreadable == 0 ? ""
                      : absl::StrCat("; ", CountWords(unreadable),
                                     " more could not be sent, being wrong in the file itself");
  const std::string lines = CountOf(outcome.lines, outcome.one, outcome.many);
  std::string words;
  switch (outcome.kind) {
    case UploadOutcome::kRefused:
      return absl::StrCat("Nothing was saved: of ", lines, " ", CountWords(rejected),
                          rejected == 1 ? " has" : " have",
                          " to be mended first. Mend them and send the whole file again, or send "
                          "the others now with --valid-lines-only.");
    case UploadOutcome::kValidated:
      return absl::StrCat("Nothing was saved, as you asked. Of ", lines, " there would be ", counts,
                          unsent, ".");
    case UploadOutcome::kSent:
      words = absl::StrCat(CountOf(outcome.lines - unreadable, outcome.one, outcome.many),
                           " sent: ", counts, unsent, ".");
  }
  const auto& submissions = outcome.finished.submissions();
  if (submissions.size() == 1) {
    const v1::Submission& only = submissions[0];
    absl::StrAppend(&words, "\nReceipt ", CountWords(only.sequence()), " of ",
                    LastPart(only.name().substr(0, only.name().find("/submissions/"))), ": ",
                    LastPart(only.name()), ", content SHA-256 ", only.content_sha256(), ".");
  } else if (submissions.size() > 1) {
    absl::StrAppend(&words, "\n", CountWords(submissions.size()),
                    " receipts, one for each council; `--format json` shows them all.");
  }
  return words;
}

}  // namespace steelyard::cli
