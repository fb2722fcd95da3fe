#include "server/gateway/refusal.h"

#include <string>

#include "absl/strings/ascii.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/gateway/protocol.h"
#include "storage/base/text.h"

namespace steelyard::gateway {

grpc::Status ToGrpc(const absl::Status& status) {
  const auto code = static_cast<grpc::StatusCode>(status.code());
  const std::string message(status.message());
  google::rpc::ErrorInfo info;
  info.set_reason(absl::AsciiStrToUpper(Av(CodeName(code))));
  info.set_domain("steelyard.v1");
  google::rpc::Status rich;
  rich.set_code(static_cast<int>(code));
  rich.set_message(message);
  rich.add_details()->PackFrom(info);
  return {code, message, rich.SerializeAsString()};
}

absl::Status WrongToken() {
  return absl::UnauthenticatedError(
      "Send a valid token as `authorization: Bearer …`; this one is missing, unknown, expired or "
      "revoked.");
}

HttpResponse ConnectRefusal(const grpc::Status& status, const Origin& origin) {
  HttpResponse response{HttpStatusOf(status.error_code()), SecurityHeaders(origin),
                        ConnectError(status)};
  response.headers.emplace_back("Content-Type", "application/json");
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (response.status == 429 || response.status == 503) {
    response.headers.emplace_back("Retry-After", "1");
  }
  return response;
}

}  // namespace steelyard::gateway
