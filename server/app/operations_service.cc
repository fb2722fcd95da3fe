#include "server/app/operations_service.h"

#include <unistd.h>

#include <fstream>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

#define METHOD(name) "/steelyard.v1.OperationsService/" name

namespace steelyard::app {
namespace {

// Entries looked at for one page, however few pass its filter.
constexpr size_t kMostLooked = 50'000;

// Page tokens carry the key of the last entry; they are checked before they
// get here, so what does not parse is the first page.
codec::AuditPlace PlaceOf(const std::string& after) {
  return codec::DecodeAuditKey(after).value_or(codec::AuditPlace{});
}

// What a request wants to see of the audit.
struct AuditFilter {
  std::string principal;  // as it is stored
  std::string action;
  std::string resource_prefix;

  bool operator()(const model::AuditEntry& entry) const {
    return (principal.empty() || entry.principal == principal) &&
           (action.empty() || entry.action == action) &&
           entry.resource.starts_with(resource_prefix);
  }
};

void ToProto(const model::AuditEntry& entry, v1::AuditEntry* out) {
  out->set_sequence(static_cast<int64_t>(entry.sequence));
  rpc::MicrosToProto(entry.unix_micros, out->mutable_time());
  // What the service does by itself has no token.
  const bool is_token = entry.principal.starts_with('t');
  out->set_principal(is_token ? rpc::TokenName(entry.principal) : entry.principal);
  out->set_action(entry.action);
  out->set_resource(entry.resource);
  out->set_detail(entry.detail);
  out->set_index(static_cast<int32_t>(entry.index));
  out->set_chain_sha256(HexOf(entry.chain_sha256));
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
  AuditFilter filter{request.principal(), request.action(), request.resource_prefix()};
  if (request.principal().starts_with("tokens/")) {
    ASSIGN_OR_RETURN(filter.principal, rpc::ParseToken(request.principal(), "principal"));
  }
  std::optional<codec::AuditPlace> stopped;
  ASSIGN_OR_RETURN(const std::vector<model::AuditEntry> entries,
                   audit_.List(PlaceOf(page.after), static_cast<size_t>(page.size), filter,
                               kMostLooked, &stopped));
  for (const model::AuditEntry& entry : entries) ToProto(entry, reply->add_entries());
  if (stopped) {
    reply->set_next_page_token(
        pages_.Token(page, codec::AuditKey(stopped->sequence, stopped->index)));
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
