#include "server/purchases/purchase_service.h"

#include <functional>

#include "server/purchases/purchase_proto.h"
#include "server/rpc/errors.h"
#include "storage/base/status_macros.h"

// Binds one unary method of the contract to the member function that does it.
#define STEELYARD_UNARY(name, request_type, reply_type, fields, member)                           \
  grpc::ServerUnaryReactor* PurchaseServiceImpl::name(grpc::CallbackServerContext* context,       \
                                                      const v1::request_type* request,            \
                                                      v1::reply_type* reply) {                    \
    return unary_.Handle(                                                                         \
        context, request, reply,                                                                  \
        {"/steelyard.v1.PurchaseService/" #name, rpc::Fields::fields, rpc::Method::Run::kQueued}, \
        std::bind_front(&PurchaseServiceImpl::member, this));                                     \
  }

namespace steelyard::purchases {

PurchaseServiceImpl::PurchaseServiceImpl(rpc::Unary& unary, const UploadContext& upload,
                                         const rpc::PageTokens& page_tokens)
    : unary_(unary),
      upload_(upload),
      page_tokens_(page_tokens),
      ledger_(upload.ledger),
      reader_(upload.ledger.database()),
      receipts_(upload.ledger.database()) {}

// The checker names every missing field of a purchase itself, so the rules of
// the contract need not look into it.
STEELYARD_UNARY(CreatePurchase, CreatePurchaseRequest, Purchase, kTopLevel, Create)
STEELYARD_UNARY(BatchCreatePurchases, BatchCreatePurchasesRequest, BatchCreatePurchasesResponse,
                kTopLevel, BatchCreate)
STEELYARD_UNARY(ValidatePurchases, ValidatePurchasesRequest, ValidatePurchasesResponse, kTopLevel,
                Validate)
STEELYARD_UNARY(GetPurchase, GetPurchaseRequest, Purchase, kAll, Get)
STEELYARD_UNARY(ListPurchases, ListPurchasesRequest, ListPurchasesResponse, kAll, List)
STEELYARD_UNARY(UpdatePurchase, UpdatePurchaseRequest, Purchase, kTopLevel, Update)
STEELYARD_UNARY(WithdrawPurchase, WithdrawPurchaseRequest, Purchase, kAll, Withdraw)
STEELYARD_UNARY(ListPurchaseVersions, ListPurchaseVersionsRequest, ListPurchaseVersionsResponse,
                kAll, Versions)
STEELYARD_UNARY(GetSubmission, GetSubmissionRequest, Submission, kAll, Receipt)
STEELYARD_UNARY(ListSubmissions, ListSubmissionsRequest, ListSubmissionsResponse, kAll, Receipts)
STEELYARD_UNARY(GetPublicationStatus, GetPublicationStatusRequest, PublicationStatus, kAll,
                Publication)

grpc::ServerBidiReactor<v1::UploadPurchasesRequest, v1::UploadPurchasesResponse>*
PurchaseServiceImpl::UploadPurchases(grpc::CallbackServerContext* context) {
  return new UploadReactor(context, upload_);
}

absl::StatusOr<model::Council> PurchaseServiceImpl::FindCouncil(std::string_view id,
                                                                std::string_view name) const {
  const model::Council* council = ledger_.state()->registers->FindCouncil(id);
  if (council == nullptr) return rpc::error::NotFound(name);
  return *council;
}

absl::Status PurchaseServiceImpl::Fill(const model::Council& council, const Line& line,
                                       v1::Purchase* reply) const {
  ASSIGN_OR_RETURN(auto created, receipts_.GetSubmission(council.no, line.record.first_submission));
  ASSIGN_OR_RETURN(auto updated, receipts_.GetSubmission(council.no, line.record.submission));
  if (!created || !updated) return absl::DataLossError("a submission's record is missing");
  ToProto(council, line, *ledger_.state()->registers, *created, *updated, reply);
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::FillRevision(const model::Council& council,
                                               const codec::RequestRecord::Line& made,
                                               v1::Purchase* reply) const {
  ASSIGN_OR_RETURN(auto line, reader_.GetRevision(council.no, made.reference, made.revision));
  if (!line) return absl::DataLossError("a version of a purchase is missing");
  return Fill(council, *line, reply);
}

}  // namespace steelyard::purchases
