#ifndef STEELYARD_SERVER_RPC_AUTHORIZER_H_
#define STEELYARD_SERVER_RPC_AUTHORIZER_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
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

// Decides who may call what. Methods are full names with the leading slash,
// "/steelyard.v1.PurchaseService/GetPurchase"; an unknown one is refused.
// Implemented by auth; tests bring their own. Thread-safe.
class Authorizer {
 public:
  virtual ~Authorizer() = default;

  // The caller behind an `authorization` header. UNAUTHENTICATED;
  // PERMISSION_DENIED if the role may never call `method`.
  virtual absl::StatusOr<Caller> Admit(std::string_view method, std::string_view authorization) = 0;

  // Whether the council that `request` names is one the caller may act for in
  // `method`. INVALID_ARGUMENT if it names none; NOT_FOUND, the same for a
  // foreign council as for a missing one. Call it on the first message of a
  // stream too.
  virtual absl::Status CheckOwner(const Caller& caller, std::string_view method,
                                  const google::protobuf::Message& request) = 0;

  // Whether the caller's token still stands. Cheap: streams ask per message.
  virtual bool StillValid(const Caller& caller) = 0;
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_AUTHORIZER_H_
