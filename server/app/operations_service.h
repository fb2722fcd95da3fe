#ifndef STEELYARD_SERVER_APP_OPERATIONS_SERVICE_H_
#define STEELYARD_SERVER_APP_OPERATIONS_SERVICE_H_

#include <string>

#include "absl/time/time.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "storage/ledger/audit.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::app {

// How the service is doing and what was done with it. Owns nothing that it is
// given. Thread-safe.
class OperationsService final : public v1::OperationsService::CallbackService {
 public:
  OperationsService(rpc::Unary& unary, const ledger::Ledger& ledger, const rpc::PageTokens& pages,
                    std::string version, absl::Time start);

  grpc::ServerUnaryReactor* Ping(grpc::CallbackServerContext* context,
                                 const v1::PingRequest* request, v1::PingResponse* reply) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::ServiceStatus* reply) override;
  grpc::ServerUnaryReactor* ListAuditEntries(grpc::CallbackServerContext* context,
                                             const v1::ListAuditEntriesRequest* request,
                                             v1::ListAuditEntriesResponse* reply) override;

 private:
  absl::Status DoGetStatus(const rpc::Caller& caller, const v1::GetStatusRequest& request,
                           v1::ServiceStatus* reply);
  absl::Status DoListAuditEntries(const rpc::Caller& caller,
                                  const v1::ListAuditEntriesRequest& request,
                                  v1::ListAuditEntriesResponse* reply);

  rpc::Unary& unary_;
  const ledger::Ledger& ledger_;
  const rpc::PageTokens& pages_;
  const ledger::AuditReader audit_;
  const ledger::PublicationLog publication_;
  const std::string version_;
  const absl::Time start_;
};

// Resident memory of this process, bytes; 0 if the system does not say.
int64_t ResidentBytes();

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_OPERATIONS_SERVICE_H_
