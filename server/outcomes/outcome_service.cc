#include "server/outcomes/outcome_service.h"

#include "server/lines/upload_reactor.h"

// Binds one unary method of the contract to what does it.
#define STEELYARD_UNARY(name, request_type, reply_type, fields, act)                             \
  grpc::ServerUnaryReactor* OutcomeServiceImpl::name(grpc::CallbackServerContext* context,       \
                                                     const v1::request_type* request,            \
                                                     v1::reply_type* reply) {                    \
    return unary_.Handle(                                                                        \
        context, request, reply,                                                                 \
        {"/steelyard.v1.OutcomeService/" #name, rpc::Fields::fields, rpc::Method::Run::kQueued}, \
        [this](const rpc::Caller& caller, const v1::request_type& asked, v1::reply_type* out) {  \
          return act(caller, asked, out);                                                        \
        });                                                                                      \
  }

namespace steelyard::outcomes {

OutcomeServiceImpl::OutcomeServiceImpl(rpc::Unary& unary, const lines::LineContext& context,
                                       const rpc::PageTokens& page_tokens)
    : unary_(unary), context_(context), reads_(context, page_tokens), writes_(context, reads_) {}

// The checker names every missing field of a report itself, so the rules of
// the contract need not look into it.
STEELYARD_UNARY(CreateOutcomeReport, CreateOutcomeReportRequest, OutcomeReport, kTopLevel,
                writes_.Create)
STEELYARD_UNARY(BatchCreateOutcomeReports, BatchCreateOutcomeReportsRequest,
                BatchCreateOutcomeReportsResponse, kTopLevel, writes_.BatchCreate)
STEELYARD_UNARY(ValidateOutcomeReports, ValidateOutcomeReportsRequest,
                ValidateOutcomeReportsResponse, kTopLevel, reads_.Validate)
STEELYARD_UNARY(GetOutcomeReport, GetOutcomeReportRequest, OutcomeReport, kAll, reads_.Get)
STEELYARD_UNARY(ListOutcomeReports, ListOutcomeReportsRequest, ListOutcomeReportsResponse,
                kTopLevel, reads_.List)
STEELYARD_UNARY(UpdateOutcomeReport, UpdateOutcomeReportRequest, OutcomeReport, kTopLevel,
                writes_.Update)
STEELYARD_UNARY(WithdrawOutcomeReport, WithdrawOutcomeReportRequest, OutcomeReport, kAll,
                writes_.Withdraw)
STEELYARD_UNARY(ListOutcomeReportVersions, ListOutcomeReportVersionsRequest,
                ListOutcomeReportVersionsResponse, kAll, reads_.Versions)

grpc::ServerBidiReactor<v1::UploadOutcomeReportsRequest, v1::UploadOutcomeReportsResponse>*
OutcomeServiceImpl::UploadOutcomeReports(grpc::CallbackServerContext* context) {
  return new lines::UploadReactor<OutcomeLines>(context, context_);
}

}  // namespace steelyard::outcomes
