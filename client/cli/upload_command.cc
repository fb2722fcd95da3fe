#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/problem_report.h"
#include "client/cli/upload_job.h"
#include "client/cli/words.h"
#include "client/import/profile.h"
#include "client/import/status_macros.h"

namespace steelyard::cli {
namespace {

struct Options {
  UploadCommand command;
  std::string profile{importing::kDefaultProfile};
  std::string errors;  // table, json or csv; empty for as --format says
};

Format ReportFormat(const Options& options, Format otherwise) {
  if (options.errors == "json") return Format::kJson;
  if (options.errors == "csv") return Format::kCsv;
  return options.errors == "table" ? Format::kTable : otherwise;
}

// The server's reply, with every problem in its list of problems.
v1::UploadFinished WholeReply(const UploadOutcome& outcome) {
  v1::UploadFinished reply = outcome.finished;
  reply.clear_problems();
  for (const v1::Problem& problem : outcome.report.problems()) *reply.add_problems() = problem;
  return reply;
}

void PrintOutcome(Session& session, const Options& options, const UploadOutcome& outcome) {
  Terminal& terminal = session.terminal();
  if (session.format() == Format::kJson && options.errors.empty()) {
    return session.PrintJson(WholeReply(outcome));
  }
  const std::string advice =
      options.command.rejects.empty()
          ? "Say --rejects FILE to get all rejected rows with the reasons in a column."
          : absl::StrCat("All rejected rows are in ", options.command.rejects, ".");
  const Format format = ReportFormat(options, session.format());
  outcome.report.Print(terminal, format, kReportRows, advice);
  // Where the report is for programs, words go beside it.
  std::ostream& words = format == Format::kTable ? terminal.out : terminal.err;
  PrintParagraphs(words, terminal.width, ReceiptWords(outcome));
  const size_t to_confirm = outcome.report.rows_to_confirm().size();
  if (to_confirm > 0) {
    words << CountOf(static_cast<int64_t>(to_confirm), "line has an unusual price and waits",
                     "lines have unusual prices and wait")
          << ": check, then send again with --confirm-prices.\n";
  }
  const bool written =
      !options.command.rejects.empty() && outcome.report.error_rows().size() + to_confirm > 0;
  if (!written) return;
  words << "Rejected rows are in " << options.command.rejects
        << (outcome.kind == UploadOutcome::kSent ? ": mend them there and send that file.\n"
                                                 : ", with the reasons.\n");
}

template <typename File>
absl::Status Upload(Session& session, Options& options) {
  ASSIGN_OR_RETURN(const importing::Profile profile, importing::LoadProfile(options.profile));
  ASSIGN_OR_RETURN(options.command.council, session.CouncilName(options.command.council));
  ASSIGN_OR_RETURN(const UploadOutcome outcome,
                   UploadJob<File>(session, profile, options.command).Run());
  PrintOutcome(session, options, outcome);
  if (outcome.kind == UploadOutcome::kRefused) {
    return absl::FailedPreconditionError("the file was refused; nothing was saved");
  }
  const bool invalid = outcome.kind == UploadOutcome::kValidated && outcome.report.errors() > 0 &&
                       !options.command.valid_lines_only;
  if (invalid) return absl::FailedPreconditionError("the file would be refused");
  return absl::OkStatus();
}

// The verb `upload` with the options that every kind of file has.
template <typename File>
CLI::App* AddUpload(CLI::App& noun, Action& chosen, const char* what,
                    const std::shared_ptr<Options>& options) {
  UploadCommand& command = options->command;
  CLI::App* upload = noun.add_subcommand("upload", what);
  upload->add_option("file", command.file, "CSV file, may be gzipped")->required();
  upload->add_option("--council", command.council,
                     "Council code; - for a file of many bodies (stewards); the token's own "
                     "council if not said");
  upload
      ->add_option("--profile", options->profile,
                   "How the file is laid out: a shipped profile, or FILE.toml")
      ->capture_default_str();
  upload->add_flag("--validate-only", command.validate_only,
                   "Save nothing, only say what is wrong");
  upload->add_flag("--valid-lines-only", command.valid_lines_only,
                   "Save the lines without errors; exit status 0 even if others are rejected");
  upload->add_option("--rejects", command.rejects,
                     "Write rejected rows there, with the reasons, to mend and send again");
  upload->add_flag("--overwrite", command.overwrite,
                   "Write them there even if that is another file already");
  upload->add_option("--errors", options->errors, "How to print the error report")
      ->option_text("table|json|csv")
      ->transform(CLI::Validator(OneOf({"table", "json", "csv"}), ""));
  upload->add_option("--resume", command.resume, "Go on with the upload that has this id");
  upload->callback([&chosen, options] {
    chosen = [options](Session& session) { return Upload<File>(session, *options); };
  });
  return upload;
}

}  // namespace

void AddUploadCommand(CLI::App& purchases, Action& chosen) {
  const auto options = std::make_shared<Options>();
  CLI::App* upload = AddUpload<PurchaseFile>(
      purchases, chosen, "Send a file of purchases; every problem of every row is reported at once",
      options);
  upload->add_flag("--add-suppliers", options->command.add_suppliers,
                   "Register suppliers that are not known yet under the names in the file");
  upload->add_flag("--confirm-prices", options->command.confirm_prices,
                   "Confirm the unusual prices: they were checked and are right");
}

void AddOutcomeUploadCommand(CLI::App& outcomes, Action& chosen) {
  const auto options = std::make_shared<Options>();
  options->profile = "outcomes";
  AddUpload<OutcomeFile>(outcomes, chosen,
                         "Send a file of outcome reports; every problem of every row is reported "
                         "at once. `steelyard registry list measures` says what to rate and when "
                         "to give which level",
                         options);
}

}  // namespace steelyard::cli
