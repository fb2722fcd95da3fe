#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/payment_parts.h"
#include "client/cli/problem_report.h"
#include "client/cli/spend_grids.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/payments.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/spend_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::SpendService::Stub;

struct Options {
  std::string file;
  std::string council;
  std::string source;
  std::string profile = "payments";
  bool validate_only = false;
};

// A file as it was read.
struct ReadFile {
  std::vector<v1::PublishedPayment> payments;
  std::vector<v1::Problem> problems;
  int64_t rows = 0;
};

absl::StatusOr<ReadFile> Read(const Options& options) {
  ASSIGN_OR_RETURN(const importing::Profile profile, importing::LoadProfile(options.profile));
  ASSIGN_OR_RETURN(const auto importer, importing::PaymentImporter::Open(options.file, profile));
  ReadFile file;
  importing::ImportedPayment row;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, importer->Next(&row));
    if (!more) return file;
    ++file.rows;
    for (v1::Problem& problem : row.problems) file.problems.push_back(problem);
    if (!row.rejected()) file.payments.push_back(std::move(row.payment));
  }
}

// One entry for each name, whatever parts it is in.
void MergeNames(v1::ImportPaymentsResponse& whole) {
  std::map<std::string, v1::MatchedName> names;
  for (const v1::MatchedName& name : whole.names()) {
    const std::string key = absl::StrCat(name.supplier_name(), "\n", name.provider());
    const auto [it, first] = names.try_emplace(key, name);
    if (first) continue;
    it->second.set_payments(it->second.payments() + name.payments());
    it->second.set_amount_micros(it->second.amount_micros() + name.amount_micros());
  }
  whole.clear_names();
  for (auto& [key, name] : names) *whole.add_names() = std::move(name);
  std::stable_sort(
      whole.mutable_names()->begin(), whole.mutable_names()->end(),
      [](const auto& a, const auto& b) { return a.amount_micros() > b.amount_micros(); });
}

// Adds up what the server said of each part.
void AddReply(const v1::ImportPaymentsResponse& part, v1::ImportPaymentsResponse& whole) {
  const bool unchanged = part.unchanged() && whole.unchanged();
  const int64_t received = whole.received_payments() + part.received_payments();
  const int64_t kept = whole.kept_payments() + part.kept_payments();
  const int64_t refused = whole.refused_payments() + part.refused_payments();
  const int64_t credits = whole.credit_notes() + part.credit_notes();
  const int64_t matched = whole.matched_payments() + part.matched_payments();
  const int64_t micros = whole.matched_amount_micros() + part.matched_amount_micros();
  whole.MergeFrom(part);
  whole.set_unchanged(unchanged);
  whole.set_received_payments(received);
  whole.set_kept_payments(kept);
  whole.set_refused_payments(refused);
  whole.set_credit_notes(credits);
  whole.set_matched_payments(matched);
  whole.set_matched_amount_micros(micros);
}

void PrintWords(Session& session, const Options& options, const ReadFile& file, size_t parts,
                const v1::ImportPaymentsResponse& reply) {
  const int64_t refused = file.rows - reply.kept_payments();
  session.Say(absl::StrCat(options.validate_only ? "Nothing was kept, as you asked. " : "",
                           CountWords(file.rows),
                           " rows: ", CountOf(reply.kept_payments(), "payment", "payments"),
                           options.validate_only ? " could be kept, " : " kept, ",
                           CountOf(reply.credit_notes(), "credit note", "credit notes"),
                           " among them; ", CountOf(refused, "row", "rows"), " refused."));
  if (!options.validate_only && reply.unchanged() && reply.kept_payments() > 0) {
    session.Say("All of it was there before; nothing has changed.");
  }
  if (parts > 1) session.Say(absl::StrCat("Sent as ", parts, " sources, by quarter."));
  session.SayWrapped(
      absl::StrCat(CountOf(reply.matched_payments(), "payment is", "payments are"),
                   " of known providers: ", MoneyWords(reply.matched_amount_micros(), "GBP", 2),
                   ". Names that are only alike do not count until a steward says whose "
                   "they are (steelyard spend names)."));
}

absl::Status Import(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(ReadFile file, Read(options));
  ASSIGN_OR_RETURN(const std::string council, session.CouncilName(options.council));
  const std::string source = options.source.empty() ? SourceName(options.file) : options.source;
  const std::vector<PaymentPart> parts = SplitPayments(source, std::move(file.payments));
  v1::ImportPaymentsResponse whole;
  whole.set_unchanged(true);
  for (const PaymentPart& part : parts) {
    v1::ImportPaymentsRequest request;
    request.set_parent(council);
    request.set_source(part.source);
    for (const v1::PublishedPayment& payment : part.payments) *request.add_payments() = payment;
    request.set_validate_only(options.validate_only);
    request.set_request_id(client::RequestId());
    ASSIGN_OR_RETURN(const v1::ImportPaymentsResponse reply,
                     session.Call(&Stub::ImportPayments, request));
    AddReply(reply, whole);
  }
  MergeNames(whole);
  for (const v1::Problem& problem : file.problems) *whole.add_problems() = problem;
  ProblemReport report;
  for (const v1::Problem& problem : whole.problems()) report.Add(problem);
  report.Sort();
  if (session.format() == Format::kTable) {
    report.Print(session.terminal(), session.format(), kReportRows,
                 "Say --format json to get them all.");
  }
  session.Print(whole, GridOf(whole.names()));
  PrintWords(session, options, file, parts.size(), whole);
  if (whole.kept_payments() > 0) return absl::OkStatus();
  return absl::FailedPreconditionError("no payment of the file can be kept");
}

}  // namespace

void AddSpendImportCommand(CLI::App& spend, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = spend.add_subcommand(
      "import", "Send a file of published payments; sent again it replaces what it held");
  command->add_option("file", options->file, "CSV file, may be gzipped")->required();
  command->add_option("--council", options->council,
                      "Council that published it; the token's own council if not said");
  command->add_option("--source", options->source,
                      "What names the file, for when it is sent again; its own name if not said");
  command
      ->add_option("--profile", options->profile,
                   "How the file is laid out: a shipped profile, or FILE.toml")
      ->capture_default_str();
  command->add_flag("--validate-only", options->validate_only,
                    "Keep nothing, only say what would be matched and what is wrong");
  command->callback([&chosen, options] {
    chosen = [options](Session& session) { return Import(session, *options); };
  });
}

}  // namespace steelyard::cli
