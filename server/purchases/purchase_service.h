#ifndef STEELYARD_SERVER_PURCHASES_PURCHASE_SERVICE_H_
#define STEELYARD_SERVER_PURCHASES_PURCHASE_SERVICE_H_

#include "server/lines/line_reads.h"
#include "server/lines/line_writes.h"
#include "server/purchases/purchase_lines.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/receipt_reader.h"

namespace steelyard::purchases {

// Implements PurchaseService: authorize, translate, one store. Thread-safe;
// everything given to it must outlive it.
class PurchaseServiceImpl final : public v1::PurchaseService::CallbackService {
 public:
  PurchaseServiceImpl(rpc::Unary& unary, const lines::LineContext& context,
                      const rpc::PageTokens& page_tokens);

  grpc::ServerUnaryReactor* CreatePurchase(grpc::CallbackServerContext* context,
                                           const v1::CreatePurchaseRequest* request,
                                           v1::Purchase* reply) override;
  grpc::ServerUnaryReactor* BatchCreatePurchases(grpc::CallbackServerContext* context,
                                                 const v1::BatchCreatePurchasesRequest* request,
                                                 v1::BatchCreatePurchasesResponse* reply) override;
  grpc::ServerBidiReactor<v1::UploadPurchasesRequest, v1::UploadPurchasesResponse>* UploadPurchases(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ValidatePurchases(grpc::CallbackServerContext* context,
                                              const v1::ValidatePurchasesRequest* request,
                                              v1::ValidatePurchasesResponse* reply) override;
  grpc::ServerUnaryReactor* GetPurchase(grpc::CallbackServerContext* context,
                                        const v1::GetPurchaseRequest* request,
                                        v1::Purchase* reply) override;
  grpc::ServerUnaryReactor* ListPurchases(grpc::CallbackServerContext* context,
                                          const v1::ListPurchasesRequest* request,
                                          v1::ListPurchasesResponse* reply) override;
  grpc::ServerUnaryReactor* UpdatePurchase(grpc::CallbackServerContext* context,
                                           const v1::UpdatePurchaseRequest* request,
                                           v1::Purchase* reply) override;
  grpc::ServerUnaryReactor* WithdrawPurchase(grpc::CallbackServerContext* context,
                                             const v1::WithdrawPurchaseRequest* request,
                                             v1::Purchase* reply) override;
  grpc::ServerUnaryReactor* ListPurchaseVersions(grpc::CallbackServerContext* context,
                                                 const v1::ListPurchaseVersionsRequest* request,
                                                 v1::ListPurchaseVersionsResponse* reply) override;
  grpc::ServerUnaryReactor* GetSubmission(grpc::CallbackServerContext* context,
                                          const v1::GetSubmissionRequest* request,
                                          v1::Submission* reply) override;
  grpc::ServerUnaryReactor* ListSubmissions(grpc::CallbackServerContext* context,
                                            const v1::ListSubmissionsRequest* request,
                                            v1::ListSubmissionsResponse* reply) override;
  grpc::ServerUnaryReactor* GetPublicationStatus(grpc::CallbackServerContext* context,
                                                 const v1::GetPublicationStatusRequest* request,
                                                 v1::PublicationStatus* reply) override;

 private:
  // What every line has in common is in server/lines; these are of receipts.
  absl::Status Receipt(const rpc::Caller& caller, const v1::GetSubmissionRequest& request,
                       v1::Submission* reply);
  absl::Status Receipts(const rpc::Caller& caller, const v1::ListSubmissionsRequest& request,
                        v1::ListSubmissionsResponse* reply);
  absl::Status Publication(const rpc::Caller& caller,
                           const v1::GetPublicationStatusRequest& request,
                           v1::PublicationStatus* reply);

  rpc::Unary& unary_;
  const lines::LineContext context_;
  const rpc::PageTokens& page_tokens_;
  ledger::Ledger& ledger_;
  const ledger::ReceiptReader receipts_;
  const lines::LineReads<PurchaseLines> reads_;
  const lines::LineWrites<PurchaseLines> writes_;
};

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_PURCHASE_SERVICE_H_
