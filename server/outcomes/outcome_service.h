#ifndef STEELYARD_SERVER_OUTCOMES_OUTCOME_SERVICE_H_
#define STEELYARD_SERVER_OUTCOMES_OUTCOME_SERVICE_H_

#include "server/lines/line_reads.h"
#include "server/lines/line_writes.h"
#include "server/outcomes/outcome_lines.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/outcome_service.grpc.pb.h"

namespace steelyard::outcomes {

// Implements OutcomeService: authorize, translate, one store. Thread-safe;
// everything given to it must outlive it.
class OutcomeServiceImpl final : public v1::OutcomeService::CallbackService {
 public:
  OutcomeServiceImpl(rpc::Unary& unary, const lines::LineContext& context,
                     const rpc::PageTokens& page_tokens);

  grpc::ServerUnaryReactor* CreateOutcomeReport(grpc::CallbackServerContext* context,
                                                const v1::CreateOutcomeReportRequest* request,
                                                v1::OutcomeReport* reply) override;
  grpc::ServerUnaryReactor* BatchCreateOutcomeReports(
      grpc::CallbackServerContext* context, const v1::BatchCreateOutcomeReportsRequest* request,
      v1::BatchCreateOutcomeReportsResponse* reply) override;
  grpc::ServerBidiReactor<v1::UploadOutcomeReportsRequest, v1::UploadOutcomeReportsResponse>*
  UploadOutcomeReports(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ValidateOutcomeReports(
      grpc::CallbackServerContext* context, const v1::ValidateOutcomeReportsRequest* request,
      v1::ValidateOutcomeReportsResponse* reply) override;
  grpc::ServerUnaryReactor* GetOutcomeReport(grpc::CallbackServerContext* context,
                                             const v1::GetOutcomeReportRequest* request,
                                             v1::OutcomeReport* reply) override;
  grpc::ServerUnaryReactor* ListOutcomeReports(grpc::CallbackServerContext* context,
                                               const v1::ListOutcomeReportsRequest* request,
                                               v1::ListOutcomeReportsResponse* reply) override;
  grpc::ServerUnaryReactor* UpdateOutcomeReport(grpc::CallbackServerContext* context,
                                                const v1::UpdateOutcomeReportRequest* request,
                                                v1::OutcomeReport* reply) override;
  grpc::ServerUnaryReactor* WithdrawOutcomeReport(grpc::CallbackServerContext* context,
                                                  const v1::WithdrawOutcomeReportRequest* request,
                                                  v1::OutcomeReport* reply) override;
  grpc::ServerUnaryReactor* ListOutcomeReportVersions(
      grpc::CallbackServerContext* context, const v1::ListOutcomeReportVersionsRequest* request,
      v1::ListOutcomeReportVersionsResponse* reply) override;

 private:
  rpc::Unary& unary_;
  const lines::LineContext context_;
  const lines::LineReads<OutcomeLines> reads_;
  const lines::LineWrites<OutcomeLines> writes_;
};

}  // namespace steelyard::outcomes

#endif  // STEELYARD_SERVER_OUTCOMES_OUTCOME_SERVICE_H_
