#ifndef STEELYARD_SERVER_RPC_AUTHORIZER_H_
#define STEELYARD_SERVER_RPC_AUTHORIZER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/model/ids.h"
#include "storage/model/principal.h"

namespace google::protobuf {
class Message;
}

namespace steelyard::rpc {

// Who is calling. A plain value that stays true for the length of a call.
struct Caller {
  std::string token_id;  // as in model::Token
  model::Role role = model::Role::kReader;
  model::CouncilNo council;  // 0 unless submitter or reader
  friend bool operator==(const Caller&, const Caller&) = default;
};

// What a call brings to say who makes it. Lives as long as the call.
struct Credentials {
  Credentials() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): most callers have the header alone
  Credentials(std::string_view header) : authorization(header) {}
  Credentials(const char* header) : authorization(header) {}         // NOLINT
  Credentials(const std::string& header) : authorization(header) {}  // NOLINT

  // The one `authorization` header; empty if there is none, no credential of
  // any kind if there is more than one.
  std::string_view authorization;
  // Whether a client certificate was shown and found good, and the URIs that
  // it is for.
  bool certified = false;
  std::vector<std::string_view> certificate_uris;
};

// Decides who may call what. Methods are full names with the leading slash,
// "/steelyard.v1.PurchaseService/GetPurchase"; an unknown one is refused.
// Implemented by auth; tests bring their own. Thread-safe.
class Authorizer {
 public:
  virtual ~Authorizer() = default;

  // The caller behind `credentials`. UNAUTHENTICATED; PERMISSION_DENIED if the
  // role may never call `method`; RESOURCE_EXHAUSTED if it called too often.
  virtual absl::StatusOr<Caller> Admit(std::string_view method, const Credentials& credentials) = 0;

  // Whether the council that `request` names is one the caller may act for in
  // `method`. INVALID_ARGUMENT if it names none; NOT_FOUND, the same for a
  // foreign council as for a missing one. Call it on the first message of a
  // stream too.
  virtual absl::Status CheckOwner(const Caller& caller, std::string_view method,
                                  const google::protobuf::Message& request) = 0;

  // Whether the caller's token still stands, with the role and council that it
  // had. Cheap: streams ask per message.
  virtual bool StillValid(const Caller& caller) = 0;

  // Counts one more message of an open stream, and says how long to wait before
  // the next is taken. RESOURCE_EXHAUSTED if the caller sent far too many.
  virtual absl::StatusOr<absl::Duration> Pace(const Caller&) { return absl::ZeroDuration(); }

  // Puts on record that the caller is about to be shown what `request` asked
  // for, where the audit wants that. RESOURCE_EXHAUSTED if it cannot be
  // recorded: then it must not be shown.
  virtual absl::Status Looked(const Caller&, std::string_view /*method*/,
                              const google::protobuf::Message& /*request*/) {
    return absl::OkStatus();
  }
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_AUTHORIZER_H_
