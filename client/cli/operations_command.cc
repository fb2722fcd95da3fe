#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/words.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/operations_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::OperationsService::Stub;

Cell Count(int64_t count) { return {CountWords(count), absl::StrCat(count)}; }
Cell Bytes(int64_t bytes) { return {BytesWords(bytes), absl::StrCat(bytes)}; }

absl::Status ShowStatus(Session& session) {
  ASSIGN_OR_RETURN(const v1::ServiceStatus status,
                   session.Call(&Stub::GetStatus, v1::GetStatusRequest()));
  const int64_t behind = status.ledger_sequence() - status.published_sequence();
  Grid grid({{"Of the service", "field"}, {"", "value", GridColumn::kWrapped}});
  grid.Add({{"Version", "version"}, status.version()});
  grid.Add({{"Running since", "start_time"},
            {TimeWords(status.start_time()), RawTime(status.start_time())}});
  grid.Add({{"Takes submissions", "writable"},
            {status.writable() ? "yes" : "no: its disk is nearly full",
             status.writable() ? "true" : "false"}});
  grid.Add({{"Purchase lines", "purchase_lines"}, Count(status.purchase_lines())});
  grid.Add({{"Newest edition", "edition"}, Count(status.edition())});
  grid.Add({{"Ledger sequence", "ledger_sequence"}, Count(status.ledger_sequence())});
  grid.Add({{"Looked at by the publisher", "published_sequence"},
            {behind <= 0 ? "all of it" : absl::StrCat("all but the newest ", CountWords(behind)),
             absl::StrCat(status.published_sequence())}});
  grid.Add({{"Store on disk", "store_bytes"}, Bytes(status.store_bytes())});
  grid.Add({{"Free on its disk", "free_bytes"}, Bytes(status.free_bytes())});
  grid.Add({{"Memory", "resident_bytes"}, Bytes(status.resident_bytes())});
  session.Print(status, grid);
  return absl::OkStatus();
}

absl::Status ListAudit(Session& session, int limit) {
  ASSIGN_OR_RETURN(v1::ListAuditEntriesResponse all,
                   CallPages(session, &Stub::ListAuditEntries, v1::ListAuditEntriesRequest(), limit,
                             [](auto& reply) { return reply.mutable_entries(); }));
  Grid grid({{"Sequence", "sequence", GridColumn::kNumber},
             {"When", "time"},
             {"Who", "principal"},
             {"What", "action"},
             {"To what", "resource", GridColumn::kWrapped},
             {"Detail", "detail", GridColumn::kWrapped}});
  for (const v1::AuditEntry& entry : all.entries()) {
    grid.Add({Count(entry.sequence()),
              {TimeWords(entry.time()), RawTime(entry.time())},
              LastPart(entry.principal()),
              entry.action(),
              entry.resource(),
              entry.detail()});
  }
  session.Print(all, grid);
  return absl::OkStatus();
}

}  // namespace

void AddOperationsCommands(CLI::App& app, Action& chosen) {
  app.add_subcommand("status", "How the service is doing")->callback([&chosen] {
    chosen = &ShowStatus;
  });
  CLI::App* audit = app.add_subcommand("audit", "What was done with the service");
  audit->require_subcommand(1);
  auto limit = std::make_shared<int>(0);
  CLI::App* list = audit->add_subcommand("list", "List the audit, oldest first");
  list->add_option("--limit", *limit, "Most entries; all if 0")->check(CLI::NonNegativeNumber);
  list->callback([&chosen, limit] {
    chosen = [limit](Session& session) { return ListAudit(session, *limit); };
  });
}

}  // namespace steelyard::cli
