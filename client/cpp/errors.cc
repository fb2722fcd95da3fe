#include "client/cpp/errors.h"

#include <string_view>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace steelyard::client {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kResourceInfoUrl[] = "type.googleapis.com/google.rpc.ResourceInfo";

// What went wrong in general, where the server's own words may be missing or
// mean nothing to a person.
std::string_view Opening(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAUTHENTICATED:
      return "the server does not accept this token or certificate: it is unknown, expired or "
             "revoked; ask a steward for a new one";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "this token may not do that";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "the server did not answer in time";
    case grpc::StatusCode::UNAVAILABLE:
      return "the server cannot be reached, or stopped while it was answering";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "the server does not know this request; it may be older than this program";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "the server has too much to do, or is out of space";
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS:
    case grpc::StatusCode::UNKNOWN:
      return "something went wrong in the server; give its operator these words";
    default:
      return "";
  }
}

void AddDetail(const google::protobuf::Any& detail, const std::string& message, std::string& text) {
  if (google::rpc::BadRequest bad; detail.UnpackTo(&bad)) {
    for (const auto& violation : bad.field_violations()) {
      // The first one may be the message itself.
      if (message.find(violation.description()) != std::string::npos) continue;
      absl::StrAppend(&text, "\n  ", violation.field(), violation.field().empty() ? "" : ": ",
                      violation.description());
    }
  } else if (google::rpc::PreconditionFailure failure; detail.UnpackTo(&failure)) {
    for (const auto& violation : failure.violations()) {
      if (message.find(violation.description()) == std::string::npos) {
        absl::StrAppend(&text, "\n  ", violation.description());
      }
    }
  } else if (google::rpc::RetryInfo retry; detail.UnpackTo(&retry)) {
    const int64_t seconds = retry.retry_delay().seconds() + (retry.retry_delay().nanos() > 0);
    absl::StrAppend(&text, "\n  try again in ", seconds, seconds == 1 ? " second" : " seconds");
  }
}

}  // namespace

absl::Status ToStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  std::string text;
  // Who may not do something is told why, in whole sentences.
  const bool is_said = status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
  // Of a token the server speaks to programs, in terms of HTTP.
  const bool is_said_here = status.error_code() == grpc::StatusCode::UNAUTHENTICATED;
  if (!is_said || status.error_message().empty()) text = Opening(status.error_code());
  if (!status.error_message().empty() && !is_said_here) {
    absl::StrAppend(&text, text.empty() ? "" : ": ", status.error_message());
  }
  if (text.empty()) text = "the server refused the request";
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  for (const google::protobuf::Any& detail : details.details()) {
    AddDetail(detail, status.error_message(), text);
  }
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), text);
  for (const google::protobuf::Any& detail : details.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

std::string ErrorReason(const absl::Status& status) {
  const auto payload = status.GetPayload(kErrorInfoUrl);
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return "";
  return info.reason();
}

std::string ErrorResource(const absl::Status& status) {
  const auto payload = status.GetPayload(kResourceInfoUrl);
  google::rpc::ResourceInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return "";
  return info.resource_name();
}

}  // namespace steelyard::client
