#include "server/app/operations_service.h"

#include <unistd.h>

#include <charconv>
#include <fstream>
#include <functional>
#include <utility>
#include <vector>

#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

#define METHOD(name) "/steelyard.v1.OperationsService/" name

namespace steelyard::app {
namespace {

// Page tokens carry the last sequence in decimal; they are checked before they
// get here, so what does not parse is the first page.
uint64_t SequenceOf(const std::string& after) {
  uint64_t sequence = 0;
  std::from_chars(after.data(), after.data() + after.size(), sequence);
  return sequence;
}

void ToProto(const model::AuditEntry& entry, v1::AuditEntry* out) {
  out->set_sequence(static_cast<int64_t>(entry.sequence));
  rpc::MicrosToProto(entry.unix_micros, out->mutable_time());
  // What the service does by itself has no token.
  const bool is_token = entry.principal.starts_with('t');
  out->set_principal(is_token ? rpc::TokenName(entry.principal) : entry.principal);
  out->set_action(entry.action);
  out->set_resource(entry.resource);
  out->set_detail(entry.detail);
}

}  // namespace

OperationsService::OperationsService(rpc::Unary& unary, const ledger::Ledger& ledger,
                                     const rpc::PageTokens& pages, std::string version,
                                     absl::Time start)
    : unary_(unary),
      ledger_(ledger),
      pages_(pages),
      audit_(ledger.database()),
      publication_(ledger.database()),
      version_(std::move(version)),
      start_(start) {}

grpc::ServerUnaryReactor* OperationsService::Ping(grpc::CallbackServerContext* context,
                                                  const v1::PingRequest* request,
                                                  v1::PingResponse* reply) {
  return unary_.Handle(context, request, reply,
                       {.name = METHOD("Ping"), .run = rpc::Method::Run::kInline},
                       [](const rpc::Caller&, const v1::PingRequest&, v1::PingResponse*) {
                         return absl::OkStatus();
                       });
}

grpc::ServerUnaryReactor* OperationsService::GetStatus(grpc::CallbackServerContext* context,
                                                       const v1::GetStatusRequest* request,
                                                       v1::ServiceStatus* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("GetStatus")},
                       std::bind_front(&OperationsService::DoGetStatus, this));
}

grpc::ServerUnaryReactor* OperationsService::ListAuditEntries(
    grpc::CallbackServerContext* context, const v1::ListAuditEntriesRequest* request,
    v1::ListAuditEntriesResponse* reply) {
  return unary_.Handle(context, request, reply, {.name = METHOD("ListAuditEntries")},
                       std::bind_front(&OperationsService::DoListAuditEntries, this));
}

absl::Status OperationsService::DoGetStatus(const rpc::Caller&, const v1::GetStatusRequest&,
                                            v1::ServiceStatus* reply) {
  ASSIGN_OR_RETURN(const ledger::PublishedHead published, publication_.Head());
  // After the publisher's, so that it is never behind it.
  const auto state = ledger_.state();
  const engine::Database& database = ledger_.database();
  reply->set_version(version_);
  rpc::MicrosToProto(absl::ToUnixMicros(start_), reply->mutable_start_time());
  reply->set_ledger_sequence(static_cast<int64_t>(state->head.sequence));
  reply->set_published_sequence(static_cast<int64_t>(published.sequence));
  reply->set_edition(static_cast<int64_t>(published.edition));
  reply->set_writable(database.healthy() && database.writable());
  reply->set_free_bytes(database.free_bytes());
  reply->set_store_bytes(database.disk_bytes());
  reply->set_purchase_lines(static_cast<int64_t>(state->head.lines));
  reply->set_resident_bytes(ResidentBytes());
  return absl::OkStatus();
}

absl::Status OperationsService::DoListAuditEntries(const rpc::Caller&,
                                                   const v1::ListAuditEntriesRequest& request,
                                                   v1::ListAuditEntriesResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, pages_.Open(request));
  const size_t size = page.size;
  // One more than shown tells whether there is a next page.
  ASSIGN_OR_RETURN(const std::vector<model::AuditEntry> entries,
                   audit_.List(SequenceOf(page.after), size + 1));
  for (size_t i = 0; i < entries.size() && i < size; ++i) {
    ToProto(entries[i], reply->add_entries());
  }
  if (entries.size() > size) {
    reply->set_next_page_token(pages_.Token(page, std::to_string(entries[size - 1].sequence)));
  }
  return absl::OkStatus();
}

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  if (!(statm >> total_pages >> resident_pages)) return 0;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

}  // namespace steelyard::app
