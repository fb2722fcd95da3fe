#ifndef STEELYARD_SERVER_OUTCOMES_OUTCOME_LINES_H_
#define STEELYARD_SERVER_OUTCOMES_OUTCOME_LINES_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/lines/context.h"
#include "server/lines/line_batch.h"
#include "server/lines/upload_session.h"
#include "server/rpc/names.h"
#include "steelyard/v1/outcome_service.pb.h"
#include "storage/ledger/line_reader.h"

namespace steelyard::outcomes {

// What the lines of outcome reports are, for server/lines. Thread-safe.
struct OutcomeLines {
  using Proto = v1::OutcomeReport;
  using Content = model::OutcomeContent;
  using Line = ledger::OutcomeReader::Line;
  using UploadLine = v1::OutcomeLine;
  using UploadChunk = v1::OutcomeChunk;
  using UploadRequest = v1::UploadOutcomeReportsRequest;
  using UploadResponse = v1::UploadOutcomeReportsResponse;
  using Lines = google::protobuf::RepeatedPtrField<UploadLine>;

  static constexpr model::Resource kResource = model::Resource::kOutcomes;
  static constexpr std::string_view kUploadMethod =
      "/steelyard.v1.OutcomeService/UploadOutcomeReports";
  static constexpr std::string_view kCreate = "CreateOutcomeReport";
  static constexpr std::string_view kBatchCreate = "BatchCreateOutcomeReports";
  static constexpr std::string_view kUpdate = "UpdateOutcomeReport";
  static constexpr std::string_view kWithdraw = "WithdrawOutcomeReport";
  static constexpr std::string_view kField = "outcome_report";
  static constexpr std::string_view kKeyField = "outcome_report";
  static constexpr std::string_view kWhat = "an outcome report";

  static std::string Name(std::string_view council, std::string_view reference) {
    return rpc::OutcomeReportName(council, reference);
  }
  static absl::StatusOr<rpc::CouncilChild> Parse(std::string_view name, std::string_view field) {
    return rpc::ParseOutcomeReport(name, field);
  }

  template <typename Request>
  static const Proto& LineOf(const Request& request) {
    return request.outcome_report();
  }
  static Proto* LineOf(UploadLine& line) { return line.mutable_outcome_report(); }
  template <typename Reply>
  static Proto* Add(Reply& reply) {
    return reply.add_outcome_reports();
  }

  static void ToProto(const Content& content, std::string_view reference,
                      const model::Registers& registers, Proto* out);

  static lines::LineBatch Check(const lines::Setting& setting, const Lines& lines,
                                model::CouncilNo scope);
  static bool IsMutable(const google::protobuf::FieldDescriptor& field);
  // Refuses what looks like personal data.
  static absl::Status CheckReason(std::string_view reason);
  static absl::StatusOr<std::function<bool(const Line&)>> FilterOf(
      const v1::ListOutcomeReportsRequest& request, const directory::Resolver& resolver);

  // Options of an upload that are about purchases alone are refused.
  static absl::Status CheckStart(const v1::UploadStart& start);
  static absl::StatusOr<lines::LineBatch> CheckChunk(const lines::LineContext& context,
                                                     const lines::UploadSession& session,
                                                     const UploadChunk& chunk);
};

}  // namespace steelyard::outcomes

#endif  // STEELYARD_SERVER_OUTCOMES_OUTCOME_LINES_H_
