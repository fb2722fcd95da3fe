#ifndef STEELYARD_SERVER_AUDIT_AUDIT_SERVICE_H_
#define STEELYARD_SERVER_AUDIT_AUDIT_SERVICE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/audit/checkpoint.h"
#include "server/audit/read_journal.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/audit_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/audit.h"

namespace steelyard::audit {

// Signs where the audit's chain stands. NOT_FOUND for an empty audit.
absl::StatusOr<Checkpoint> MakeCheckpoint(const ledger::AuditReader& reader, const SigningKey& key,
                                          absl::Time now);

// What is wrong with the store, if it is not the one that `checkpoint` was made
// of. To be asked after the whole chain was found good.
absl::StatusOr<std::optional<ledger::AuditFault>> CompareWith(const ledger::AuditReader& reader,
                                                              const Checkpoint& checkpoint);

// Proves that the audit is what was written. Owns nothing that it is given.
// Thread-safe.
class AuditService final : public v1::AuditService::CallbackService {
 public:
  AuditService(rpc::Unary& unary, const engine::Database& database, ReadJournal& journal,
               const SigningKey& key, const rpc::PageTokens& pages, Clock& clock)
      : unary_(unary),
        reader_(database),
        journal_(journal),
        key_(key),
        pages_(pages),
        clock_(clock) {}

  grpc::ServerUnaryReactor* GetAuditCheckpoint(grpc::CallbackServerContext* context,
                                               const v1::GetAuditCheckpointRequest* request,
                                               v1::AuditCheckpoint* reply) override;
  grpc::ServerUnaryReactor* VerifyAudit(grpc::CallbackServerContext* context,
                                        const v1::VerifyAuditRequest* request,
                                        v1::VerifyAuditResponse* reply) override;

 private:
  absl::Status DoGetCheckpoint(const rpc::Caller& caller,
                               const v1::GetAuditCheckpointRequest& request,
                               v1::AuditCheckpoint* reply);
  absl::Status DoVerify(const rpc::Caller& caller, const v1::VerifyAuditRequest& request,
                        v1::VerifyAuditResponse* reply);

  rpc::Unary& unary_;
  const ledger::AuditReader reader_;
  ReadJournal& journal_;
  const SigningKey& key_;
  const rpc::PageTokens& pages_;
  Clock& clock_;
};

}  // namespace steelyard::audit

#endif  // STEELYARD_SERVER_AUDIT_AUDIT_SERVICE_H_
