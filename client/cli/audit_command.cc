#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/cli/commands.h"
#include "client/cli/output_file.h"
#include "client/cli/parse.h"
#include "client/cli/words.h"
#include "client/import/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/audit_service.grpc.pb.h"
#include "steelyard/v1/operations_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Operations = v1::OperationsService::Stub;
using Audit = v1::AuditService::Stub;

constexpr char kTitle[] = "steelyard-audit-checkpoint-1";

struct AuditOptions {
  std::string principal;
  std::string action;
  std::string resource;
  std::string council;
  std::string checkpoint;
  std::string out;
  std::string since;
  bool newest = false;
  int limit = 0;
};

// What the audit may say besides the methods of the contract; docs/audit.md.
constexpr const char* kOtherActions[] = {
    "AppendChunk",  "CommitOutcomeReports", "CommitPurchases", "EndSession",
    "FinishUpload", "OpenUpload",           "PutPolicy",       "PutRegisters",
    "RecordUse",    "RefuseUpload",         "SignIn",          "SignOut"};

std::set<std::string> KnownActions() {
  std::set<std::string> actions(std::begin(kOtherActions), std::end(kOtherActions));
  for (const char* file : {"access", "audit", "benchmark", "circle", "negotiation", "operations",
                           "outcome", "purchase", "registry", "spend"}) {
    const auto* found = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
        absl::StrCat("steelyard/v1/", file, "_service.proto"));
    for (int i = 0; found != nullptr && i < found->service_count(); ++i) {
      for (int m = 0; m < found->service(i)->method_count(); ++m) {
        actions.insert(found->service(i)->method(m)->name());
      }
    }
  }
  return actions;
}

absl::Status CheckAction(const AuditOptions& options) {
  const std::set<std::string> known = KnownActions();
  if (options.action.empty() || known.count(options.action) > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("there is no action '", options.action,
                                                 "'; there are ", absl::StrJoin(known, ", ")));
}

v1::ListAuditEntriesRequest RequestOf(const AuditOptions& options) {
  v1::ListAuditEntriesRequest request;
  if (!options.principal.empty()) {
    request.set_principal(options.principal.front() == 't'
                              ? ResourceName("tokens", options.principal)
                              : options.principal);
  }
  request.set_action(options.action);
  request.set_resource_prefix(options.resource);
  return request;
}

// What is of a council: what was done to its own or shown of it, and whatever
// its tokens did, under whatever name.
class CouncilFilter {
 public:
  static absl::StatusOr<CouncilFilter> Make(Session& session, const std::string& council) {
    CouncilFilter filter;
    if (council.empty()) return filter;
    filter.council_ = ResourceName("councils", absl::AsciiStrToLower(council));
    ASSIGN_OR_RETURN(
        const v1::ListTokensResponse all,
        CallPages(session, &v1::AccessService::Stub::ListTokens, v1::ListTokensRequest(), 0,
                  [](auto& reply) { return reply.mutable_tokens(); }));
    for (const v1::Token& token : all.tokens()) {
      if (token.council() == filter.council_) filter.tokens_.insert(token.name());
    }
    return filter;
  }
  bool Takes(const v1::AuditEntry& entry) const {
    return council_.empty() || entry.resource() == council_ || entry.detail() == council_ ||
           absl::StartsWith(entry.resource(), council_ + "/") ||
           tokens_.count(entry.principal()) > 0;
  }

 private:
  std::string council_;
  std::set<std::string> tokens_;
};

// The entries that were asked for: the first of them, or with --newest the
// last, newest first.
absl::StatusOr<v1::ListAuditEntriesResponse> Entries(Session& session,
                                                     const AuditOptions& options) {
  RETURN_IF_ERROR(CheckAction(options));
  int64_t since = 0;
  if (!options.since.empty()) {
    ASSIGN_OR_RETURN(const google::type::Date day, ParseDate(options.since));
    since = absl::ToUnixSeconds(
        absl::FromCivil(absl::CivilDay(day.year(), day.month(), day.day()), absl::UTCTimeZone()));
  }
  ASSIGN_OR_RETURN(const CouncilFilter filter, CouncilFilter::Make(session, options.council));
  const size_t limit = static_cast<size_t>(options.limit);
  v1::ListAuditEntriesRequest request = RequestOf(options);
  request.set_page_size(500);
  std::deque<v1::AuditEntry> entries;
  bool full = false;
  do {
    ASSIGN_OR_RETURN(const v1::ListAuditEntriesResponse page,
                     session.Call(&Operations::ListAuditEntries, request));
    for (const v1::AuditEntry& entry : page.entries()) {
      if (entry.time().seconds() < since || !filter.Takes(entry) || full) continue;
      entries.push_back(entry);
      if (limit > 0 && options.newest && entries.size() > limit) entries.pop_front();
      full = limit > 0 && !options.newest && entries.size() == limit;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && !full);
  if (options.newest) std::reverse(entries.begin(), entries.end());
  v1::ListAuditEntriesResponse reply;
  for (v1::AuditEntry& entry : entries) *reply.add_entries() = std::move(entry);
  return reply;
}

absl::Status List(Session& session, const AuditOptions& options) {
  ASSIGN_OR_RETURN(const v1::ListAuditEntriesResponse all, Entries(session, options));
  Grid grid({{"Sequence", "sequence", GridColumn::kNumber},
             {"When", "time"},
             {"Who", "principal"},
             {"What", "action"},
             {"To what", "resource", GridColumn::kWrapped},
             {"Detail", "detail", GridColumn::kWrapped}});
  for (const v1::AuditEntry& entry : all.entries()) {
    grid.Add({{CountWords(entry.sequence()), absl::StrCat(entry.sequence())},
              {TimeWords(entry.time()), RawTime(entry.time())},
              LastPart(entry.principal()),
              entry.action(),
              entry.resource(),
              entry.detail()});
  }
  session.Print(all, grid);
  return absl::OkStatus();
}

// Every entry as a line of JSON, with its hash, page by page: an audit may be
// larger than memory.
absl::Status WriteEntries(Session& session, const AuditOptions& options, std::ostream& out,
                          int64_t& entries) {
  v1::ListAuditEntriesRequest request = RequestOf(options);
  request.set_page_size(500);
  google::protobuf::util::JsonPrintOptions json;
  json.always_print_primitive_fields = true;
  do {
    ASSIGN_OR_RETURN(const v1::ListAuditEntriesResponse page,
                     session.Call(&Operations::ListAuditEntries, request));
    for (const v1::AuditEntry& entry : page.entries()) {
      std::string line;
      if (!google::protobuf::util::MessageToJsonString(entry, &line, json).ok()) {
        return absl::InternalError("an entry cannot be written as JSON");
      }
      out << line << "\n";
      ++entries;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

absl::Status Export(Session& session, const AuditOptions& options) {
  RETURN_IF_ERROR(CheckAction(options));
  int64_t entries = 0;
  if (options.out.empty()) {
    return WriteEntries(session, options, session.terminal().out, entries);
  }
  RETURN_IF_ERROR(CheckNewFile(options.out));
  ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(options.out));
  RETURN_IF_ERROR(WriteEntries(session, options, file.stream(), entries));
  RETURN_IF_ERROR(file.Commit());
  session.Say(absl::StrCat("Wrote ", CountWords(entries), " entries to ", options.out, "."));
  return absl::OkStatus();
}

// The text that is signed, and the two lines after it: docs/audit.md.
std::string TextOf(const v1::AuditCheckpoint& c) {
  return absl::StrCat(kTitle, "\nsequence ", c.sequence(), "\nindex ", c.index(), "\nchain ",
                      c.chain_sha256(), "\ntime ",
                      google::protobuf::util::TimeUtil::ToString(c.sign_time()), "\nkey ",
                      c.public_key(), "\nsignature ", c.signature(), "\n");
}

absl::StatusOr<v1::AuditCheckpoint> ReadCheckpoint(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError("cannot read " + path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  v1::AuditCheckpoint c;
  int64_t index = 0;
  int64_t sequence = 0;
  for (const auto& line : absl::StrSplit(text, '\n')) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    const auto& [word, value] = parts;
    if (word == "sequence" && absl::SimpleAtoi(value, &sequence)) c.set_sequence(sequence);
    if (word == "index" && absl::SimpleAtoi(value, &index)) c.set_index(static_cast<int>(index));
    if (word == "chain") c.set_chain_sha256(value);
    if (word == "time") {
      google::protobuf::util::TimeUtil::FromString(value, c.mutable_sign_time());
    }
    if (word == "key") c.set_public_key(value);
    if (word == "signature") c.set_signature(value);
  }
  if (TextOf(c) != text) return absl::InvalidArgumentError(path + " is not a checkpoint");
  return c;
}

absl::Status MakeCheckpoint(Session& session, const AuditOptions& options) {
  RETURN_IF_ERROR(CheckNewFile(options.out));
  ASSIGN_OR_RETURN(const v1::AuditCheckpoint checkpoint,
                   session.Call(&Audit::GetAuditCheckpoint, v1::GetAuditCheckpointRequest()));
  if (options.out.empty()) {
    session.terminal().out << TextOf(checkpoint);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(options.out));
  file.stream() << TextOf(checkpoint);
  RETURN_IF_ERROR(file.Commit());
  session.Say(absl::StrCat("The checkpoint is in ", options.out,
                           "; keep it where whoever runs the service cannot reach it."));
  return absl::OkStatus();
}

absl::Status Verify(Session& session, const AuditOptions& options) {
  v1::VerifyAuditRequest request;
  request.set_page_size(500);
  if (!options.checkpoint.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_checkpoint(), ReadCheckpoint(options.checkpoint));
  }
  v1::VerifyAuditResponse reply;
  do {
    ASSIGN_OR_RETURN(reply, session.Call(&Audit::VerifyAudit, request));
    request.set_page_token(reply.next_page_token());
  } while (!request.page_token().empty());
  if (session.format() == Format::kJson) session.PrintJson(reply);
  if (reply.has_fault()) {
    return absl::DataLossError(
        absl::StrCat("the audit is not what was written: ", reply.fault().message()));
  }
  session.Say(absl::StrCat("The audit is sound: ", CountWords(reply.entries()), " entries",
                           options.checkpoint.empty()
                               ? "."
                               : ", and it continues the one that the checkpoint was made of."));
  return absl::OkStatus();
}

}  // namespace

void AddAuditCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<AuditOptions>();
  CLI::App* audit = app.add_subcommand("audit", "What was done with the service, and who looked");
  audit->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const AuditOptions&)) {
    CLI::App* command = audit->add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  CLI::App* list = verb("list", "List the audit, oldest first", &List);
  list->add_option("--limit", options->limit, "Most entries; all if 0")->check(ZeroOrMore());
  list->add_option("--since", options->since, "Only from this day on, 2026-01-31 (UTC)")
      ->check(CheckWith(&ParseDate));
  list->add_flag("--newest", options->newest, "Newest first");
  list->add_option("--council", options->council,
                   "Only of this council: what was done to its own or shown of it, and what its "
                   "tokens did");
  CLI::App* exported = verb("export", "Write the audit as lines of JSON, with hashes", &Export);
  for (CLI::App* command : {list, exported}) {
    command->add_option("--principal", options->principal, "Only what this token did");
    command->add_option("--action", options->action, "Only this action, such as GetPurchase");
    command->add_option("--resource", options->resource,
                        "Only of names that begin so, such as councils/ken");
  }
  CLI::App* verify = verb("verify", "Find the first entry that was changed, if any", &Verify);
  verify->add_option("--checkpoint", options->checkpoint, "Compare with this file, too");
  CLI::App* checkpoint =
      verb("checkpoint", "Have the server sign where the audit stands", &MakeCheckpoint);
  for (CLI::App* command : {exported, checkpoint}) {
    command->add_option("--out", options->out, "Write to this new file");
  }
}

}  // namespace steelyard::cli
