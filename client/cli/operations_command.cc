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

}  // namespace

void AddOperationsCommands(CLI::App& app, Action& chosen) {
  app.add_subcommand("status", "How the service is doing")->callback([&chosen] {
    chosen = &ShowStatus;
  });
}

}  // namespace steelyard::cli
