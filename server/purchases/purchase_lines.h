#ifndef STEELYARD_SERVER_PURCHASES_PURCHASE_LINES_H_
#define STEELYARD_SERVER_PURCHASES_PURCHASE_LINES_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/lines/context.h"
#include "server/lines/line_batch.h"
#include "server/lines/upload_session.h"
#include "server/rpc/names.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "storage/ledger/line_reader.h"

namespace steelyard::purchases {

// What the lines of purchases are, for server/lines. Thread-safe.
struct PurchaseLines {
  using Proto = v1::Purchase;
  using Content = model::PurchaseContent;
  using Line = ledger::PurchaseReader::Line;
  using UploadLine = v1::UploadLine;
  using UploadChunk = v1::UploadChunk;
  using UploadRequest = v1::UploadPurchasesRequest;
  using UploadResponse = v1::UploadPurchasesResponse;
  using Lines = google::protobuf::RepeatedPtrField<UploadLine>;

  static constexpr model::Resource kResource = model::Resource::kPurchases;
  static constexpr std::string_view kUploadMethod = "/steelyard.v1.PurchaseService/UploadPurchases";
  static constexpr std::string_view kCreate = "CreatePurchase";
  static constexpr std::string_view kBatchCreate = "BatchCreatePurchases";
  static constexpr std::string_view kUpdate = "UpdatePurchase";
  static constexpr std::string_view kWithdraw = "WithdrawPurchase";
  static constexpr std::string_view kField = "purchase";
  static constexpr std::string_view kKeyField = "purchase.reference";
  static constexpr std::string_view kWhat = "a purchase";

  static std::string Name(std::string_view council, std::string_view reference) {
    return rpc::PurchaseName(council, reference);
  }
  static absl::StatusOr<rpc::CouncilChild> Parse(std::string_view name, std::string_view field) {
    return rpc::ParsePurchase(name, field);
  }

  template <typename Request>
  static const Proto& LineOf(const Request& request) {
    return request.purchase();
  }
  static Proto* LineOf(UploadLine& line) { return line.mutable_purchase(); }
  template <typename Reply>
  static Proto* Add(Reply& reply) {
    return reply.add_purchases();
  }

  static void ToProto(const Content& content, std::string_view reference,
                      const model::Registers& registers, Proto* out);

  static lines::LineBatch Check(const lines::Setting& setting, const Lines& lines,
                                model::CouncilNo scope);
  static bool IsMutable(const google::protobuf::FieldDescriptor& field);
  static absl::Status CheckReason(std::string_view) { return absl::OkStatus(); }
  static absl::StatusOr<std::function<bool(const Line&)>> FilterOf(
      const v1::ListPurchasesRequest& request, const directory::Resolver& resolver);

  static absl::Status CheckStart(const v1::UploadStart&) { return absl::OkStatus(); }
  // Registers the suppliers that are not known yet, if the upload asks for it.
  static absl::StatusOr<lines::LineBatch> CheckChunk(const lines::LineContext& context,
                                                     const lines::UploadSession& session,
                                                     const UploadChunk& chunk);
};

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_PURCHASE_LINES_H_
