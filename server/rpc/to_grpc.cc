#include "server/rpc/to_grpc.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/rpc/errors.h"
#include "sodium.h"
#include "storage/base/log.h"
#include "storage/base/text.h"

namespace steelyard::rpc {
namespace {

// gRPC sends the message beside the details, within the same 8 KiB.
constexpr size_t kMaxMessageBytes = 1024;

std::string IncidentId() {
  char bytes[8];
  randombytes_buf(bytes, sizeof bytes);
  return HexOf({bytes, sizeof bytes});
}

google::rpc::ErrorInfo Info(std::string_view reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(error::kDomain));
  return info;
}

grpc::Status Send(absl::StatusCode code, std::string message, google::rpc::Status details) {
  details.set_code(static_cast<int>(code));
  details.set_message(message);
  return {static_cast<grpc::StatusCode>(code), std::move(message), details.SerializeAsString()};
}

grpc::Status Incident(const absl::Status& status) {
  const std::string id = IncidentId();
  Log(LogLevel::kError, "incident",
      {{"incident", id}, {"status", Printable(Sv(status.ToString()), kMaxMessageBytes)}});
  google::rpc::ErrorInfo info = Info("INTERNAL");
  (*info.mutable_metadata())["incident"] = id;
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  return Send(status.code(), absl::StrCat("Internal error, incident ", id, "."),
              std::move(details));
}

grpc::Status WithPayloads(const absl::Status& status) {
  std::vector<std::pair<std::string, std::string>> payloads;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& bytes) {
    payloads.emplace_back(std::string(url), std::string(bytes));
  });
  // Abseil walks them in a random order; equal errors have equal bytes.
  std::sort(payloads.begin(), payloads.end());
  google::rpc::Status details;
  for (auto& [url, bytes] : payloads) {
    auto* any = details.add_details();
    any->set_type_url(std::move(url));
    any->set_value(std::move(bytes));
  }
  if (error::ReasonOf(status).empty()) {
    details.add_details()->PackFrom(Info(Sv(absl::StatusCodeToString(status.code()))));
  }
  return Send(status.code(), Printable(Sv(status.message()), kMaxMessageBytes), std::move(details));
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return grpc::Status::OK;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
      return Incident(status);
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
      if (!error::ReasonOf(status).empty()) return WithPayloads(status);
      Log(LogLevel::kWarning, "store_refused",
          {{"status", Printable(Sv(status.ToString()), kMaxMessageBytes)}});
      return WithPayloads(absl::IsUnavailable(status) ? error::OutcomeUnknown()
                                                      : error::StoreReadOnly());
    default:
      return WithPayloads(status);
  }
}

}  // namespace steelyard::rpc
