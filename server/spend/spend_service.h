#ifndef STEELYARD_SERVER_SPEND_SPEND_SERVICE_H_
#define STEELYARD_SERVER_SPEND_SPEND_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/rpc/page_token.h"
#include "server/rpc/request_key.h"
#include "server/rpc/unary.h"
#include "server/spend/ranking.h"
#include "server/spend/spend_book.h"
#include "steelyard/v1/spend_service.grpc.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::spend {

// What is submitted in confidence, as far as this service may see it; any
// thread may call them.
struct Confidential {
  // What one council submitted, in whole quarters of the period.
  std::function<absl::StatusOr<std::vector<SubmittedSpend>>(model::CouncilNo council,
                                                            const model::Period& quarters)>
      submitted;
  // The members of a negotiation (its id) that show each other what they
  // submitted of `provider` in these quarters, if `caller` is one of them and
  // the talks are about that; nobody otherwise.
  std::function<absl::StatusOr<std::vector<model::CouncilNo>>(
      std::string_view negotiation, model::CouncilNo caller, model::ProviderNo provider,
      const model::Period& quarters)>
      circle;
  // `caller` is about to be shown what a council submitted, by `action`; what
  // is looked at is `resource` (rpc::LookName). RESOURCE_EXHAUSTED if that
  // cannot be put on record: then it must not be shown.
  std::function<absl::Status(const rpc::Caller& caller, std::string_view action,
                             std::string_view resource)>
      looked;
};

// Implements SpendService. Thread-safe; everything given to it must outlive
// it.
class SpendServiceImpl final : public v1::SpendService::CallbackService {
 public:
  SpendServiceImpl(rpc::Unary& unary, ledger::Ledger& ledger, SpendBook& book,
                   const rpc::PageTokens& page_tokens, Clock& clock, Confidential confidential)
      : unary_(unary),
        ledger_(ledger),
        book_(book),
        page_tokens_(page_tokens),
        clock_(clock),
        confidential_(std::move(confidential)) {}

  grpc::ServerUnaryReactor* ImportPayments(grpc::CallbackServerContext* context,
                                           const v1::ImportPaymentsRequest* request,
                                           v1::ImportPaymentsResponse* reply) override;
  grpc::ServerUnaryReactor* ListPaymentSources(grpc::CallbackServerContext* context,
                                               const v1::ListPaymentSourcesRequest* request,
                                               v1::ListPaymentSourcesResponse* reply) override;
  grpc::ServerUnaryReactor* ListSpend(grpc::CallbackServerContext* context,
                                      const v1::ListSpendRequest* request,
                                      v1::ListSpendResponse* reply) override;
  grpc::ServerUnaryReactor* ListTopSpendingCouncils(
      grpc::CallbackServerContext* context, const v1::ListTopSpendingCouncilsRequest* request,
      v1::ListTopSpendingCouncilsResponse* reply) override;
  grpc::ServerUnaryReactor* ListNameProposals(grpc::CallbackServerContext* context,
                                              const v1::ListNameProposalsRequest* request,
                                              v1::ListNameProposalsResponse* reply) override;
  grpc::ServerUnaryReactor* DecideName(grpc::CallbackServerContext* context,
                                       const v1::DecideNameRequest* request,
                                       v1::NameDecision* reply) override;
  grpc::ServerUnaryReactor* ListNameDecisions(grpc::CallbackServerContext* context,
                                              const v1::ListNameDecisionsRequest* request,
                                              v1::ListNameDecisionsResponse* reply) override;

  // What ListTopSpendingCouncils answers `caller`; packs of negotiations ask
  // here too.
  absl::StatusOr<v1::ListTopSpendingCouncilsResponse> TopSpendingCouncils(
      const rpc::Caller& caller, const v1::ListTopSpendingCouncilsRequest& request);

 private:
  // Reads (spend_reads.cc).
  absl::Status DoListPaymentSources(const rpc::Caller& caller,
                                    const v1::ListPaymentSourcesRequest& request,
                                    v1::ListPaymentSourcesResponse* reply);
  absl::Status DoListSpend(const rpc::Caller& caller, const v1::ListSpendRequest& request,
                           v1::ListSpendResponse* reply);
  absl::Status DoListTopSpendingCouncils(const rpc::Caller& caller,
                                         const v1::ListTopSpendingCouncilsRequest& request,
                                         v1::ListTopSpendingCouncilsResponse* reply);
  absl::Status DoListNameProposals(const rpc::Caller& caller,
                                   const v1::ListNameProposalsRequest& request,
                                   v1::ListNameProposalsResponse* reply);
  absl::Status DoListNameDecisions(const rpc::Caller& caller,
                                   const v1::ListNameDecisionsRequest& request,
                                   v1::ListNameDecisionsResponse* reply);
  // What the members of the caller's circle submitted; empty outside one.
  absl::StatusOr<CircleSpend> InCircle(const rpc::Caller& caller, std::string_view negotiation,
                                       model::ProviderNo provider,
                                       const model::Period& quarters) const;

  // Puts on record whose submitted spend the caller is about to be shown in a
  // negotiation.
  absl::Status RecordLooks(const rpc::Caller& caller, std::string_view negotiation,
                           const v1::ListTopSpendingCouncilsResponse& reply,
                           const model::Registers& registers) const;

  // Writes (spend_writes.cc).
  absl::Status DoImportPayments(const rpc::Caller& caller, const v1::ImportPaymentsRequest& request,
                                v1::ImportPaymentsResponse* reply);
  absl::Status DoDecideName(const rpc::Caller& caller, const v1::DecideNameRequest& request,
                            v1::NameDecision* reply);
  // Keeps the source unless it is kept already; true if it was.
  absl::StatusOr<bool> Keep(const rpc::Caller& caller, const rpc::RequestKey& key,
                            const model::PaymentSource& source);
  // Writes the version after the newest one of a document, unless that is the
  // same; returns whether it was. `key` is that of the request.
  absl::StatusOr<bool> Write(const rpc::Caller& caller, const rpc::RequestKey& key,
                             ledger::PutDocument document);

  rpc::Unary& unary_;
  ledger::Ledger& ledger_;
  SpendBook& book_;
  const rpc::PageTokens& page_tokens_;
  Clock& clock_;
  const Confidential confidential_;
};

}  // namespace steelyard::spend

#endif  // STEELYARD_SERVER_SPEND_SPEND_SERVICE_H_
