#ifndef STEELYARD_SERVER_PURCHASES_PURCHASE_SERVICE_H_
#define STEELYARD_SERVER_PURCHASES_PURCHASE_SERVICE_H_

#include "server/directory/directory.h"
#include "server/purchases/upload_reactor.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/line_reader.h"
#include "storage/ledger/receipt_reader.h"

namespace steelyard::purchases {

// Implements PurchaseService: authorize, translate, one store. Thread-safe;
// everything given to it must outlive it.
class PurchaseServiceImpl final : public v1::PurchaseService::CallbackService {
 public:
  PurchaseServiceImpl(rpc::Unary& unary, const UploadContext& upload,
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
  using Line = ledger::PurchaseReader::Line;

  // Writes (purchase_writes.cc).
  absl::Status Create(const rpc::Caller& caller, const v1::CreatePurchaseRequest& request,
                      v1::Purchase* reply);
  absl::Status BatchCreate(const rpc::Caller& caller,
                           const v1::BatchCreatePurchasesRequest& request,
                           v1::BatchCreatePurchasesResponse* reply);
  absl::Status Update(const rpc::Caller& caller, const v1::UpdatePurchaseRequest& request,
                      v1::Purchase* reply);
  absl::Status Withdraw(const rpc::Caller& caller, const v1::WithdrawPurchaseRequest& request,
                        v1::Purchase* reply);
  absl::StatusOr<ledger::LineDraft> Correction(const Line& current,
                                               const v1::UpdatePurchaseRequest& request,
                                               model::CouncilNo council);
  ledger::Meta Now(const rpc::Caller& caller);

  // Reads (purchase_reads.cc).
  absl::Status Validate(const rpc::Caller& caller, const v1::ValidatePurchasesRequest& request,
                        v1::ValidatePurchasesResponse* reply);
  absl::Status Get(const rpc::Caller& caller, const v1::GetPurchaseRequest& request,
                   v1::Purchase* reply);
  absl::Status List(const rpc::Caller& caller, const v1::ListPurchasesRequest& request,
                    v1::ListPurchasesResponse* reply);
  absl::Status Versions(const rpc::Caller& caller, const v1::ListPurchaseVersionsRequest& request,
                        v1::ListPurchaseVersionsResponse* reply);
  absl::Status Receipt(const rpc::Caller& caller, const v1::GetSubmissionRequest& request,
                       v1::Submission* reply);
  absl::Status Receipts(const rpc::Caller& caller, const v1::ListSubmissionsRequest& request,
                        v1::ListSubmissionsResponse* reply);
  absl::Status Publication(const rpc::Caller& caller,
                           const v1::GetPublicationStatusRequest& request,
                           v1::PublicationStatus* reply);

  // The council with this id. NOT_FOUND on `name` if there is none.
  absl::StatusOr<model::Council> FindCouncil(std::string_view id, std::string_view name) const;
  // Fills in a stored version with the times of its submissions.
  absl::Status Fill(const model::Council& council, const Line& line, v1::Purchase* reply) const;
  // The version that a request made when it was first done.
  absl::Status FillRevision(const model::Council& council, const codec::RequestRecord::Line& line,
                            v1::Purchase* reply) const;

  rpc::Unary& unary_;
  const UploadContext upload_;
  const rpc::PageTokens& page_tokens_;
  ledger::Ledger& ledger_;
  const ledger::PurchaseReader reader_;
  const ledger::ReceiptReader receipts_;
};

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_PURCHASE_SERVICE_H_
