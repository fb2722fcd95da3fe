#include "server/purchases/purchase_service.h"

#include "server/lines/upload_reactor.h"

// Binds one unary method of the contract to what does it.
#define STEELYARD_UNARY(name, request_type, reply_type, fields, act)                              \
  grpc::ServerUnaryReactor* PurchaseServiceImpl::name(grpc::CallbackServerContext* context,       \
                                                      const v1::request_type* request,            \
                                                      v1::reply_type* reply) {                    \
    return unary_.Handle(                                                                         \
        context, request, reply,                                                                  \
        {"/steelyard.v1.PurchaseService/" #name, rpc::Fields::fields, rpc::Method::Run::kQueued}, \
        [this](const rpc::Caller& caller, const v1::request_type& asked, v1::reply_type* out) {   \
          return act(caller, asked, out);                                                         \
        });                                                                                       \
  }

namespace steelyard::purchases {

PurchaseServiceImpl::PurchaseServiceImpl(rpc::Unary& unary, const lines::LineContext& context,
                                         const rpc::PageTokens& page_tokens)
    : unary_(unary),
      context_(context),
      page_tokens_(page_tokens),
      ledger_(context.ledger),
      receipts_(context.ledger.database()),
      reads_(context, page_tokens),
      writes_(context, reads_) {}

// The checker names every missing field of a purchase itself, so the rules of
// the contract need not look into it.
STEELYARD_UNARY(CreatePurchase, CreatePurchaseRequest, Purchase, kTopLevel, writes_.Create)
STEELYARD_UNARY(BatchCreatePurchases, BatchCreatePurchasesRequest, BatchCreatePurchasesResponse,
                kTopLevel, writes_.BatchCreate)
STEELYARD_UNARY(ValidatePurchases, ValidatePurchasesRequest, ValidatePurchasesResponse, kTopLevel,
                reads_.Validate)
STEELYARD_UNARY(GetPurchase, GetPurchaseRequest, Purchase, kAll, reads_.Get)
STEELYARD_UNARY(ListPurchases, ListPurchasesRequest, ListPurchasesResponse, kAll, reads_.List)
STEELYARD_UNARY(UpdatePurchase, UpdatePurchaseRequest, Purchase, kTopLevel, writes_.Update)
STEELYARD_UNARY(WithdrawPurchase, WithdrawPurchaseRequest, Purchase, kAll, writes_.Withdraw)
STEELYARD_UNARY(ListPurchaseVersions, ListPurchaseVersionsRequest, ListPurchaseVersionsResponse,
                kAll, reads_.Versions)
STEELYARD_UNARY(GetSubmission, GetSubmissionRequest, Submission, kAll, Receipt)
STEELYARD_UNARY(ListSubmissions, ListSubmissionsRequest, ListSubmissionsResponse, kAll, Receipts)
STEELYARD_UNARY(GetPublicationStatus, GetPublicationStatusRequest, PublicationStatus, kAll,
                Publication)

grpc::ServerBidiReactor<v1::UploadPurchasesRequest, v1::UploadPurchasesResponse>*
PurchaseServiceImpl::UploadPurchases(grpc::CallbackServerContext* context) {
  return new lines::UploadReactor<PurchaseLines>(context, context_);
}

}  // namespace steelyard::purchases
