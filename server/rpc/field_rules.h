#ifndef STEELYARD_SERVER_RPC_FIELD_RULES_H_
#define STEELYARD_SERVER_RPC_FIELD_RULES_H_

// Reads google.api.field_behavior, so that the contract's comment and its
// check cannot drift apart.

#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/rpc/errors.h"

namespace steelyard::rpc {

// How deep REQUIRED is enforced.
enum class Fields {
  kAll,      // in nested and repeated messages too
  kTopLevel  // only in the request itself: the service checks what is in it
};

// What the annotations ask, worked out once for each message type. Thread-safe.
//
// AIP's exceptions hold: the resource beside an `update_mask` (FieldMask) may
// be partial (134); an element of `requests` may leave to the batch what the
// batch itself has (233); an `etag` is never cleared (154).
class FieldRules {
 public:
  FieldRules();
  ~FieldRules();

  // Every REQUIRED field of `request` that is not set: for a field without
  // presence, one that holds 0, false or nothing.
  std::vector<FieldViolation> Missing(const google::protobuf::Message& request,
                                      Fields depth = Fields::kAll);

  // Whether any OUTPUT_ONLY field is set, at any depth.
  bool HasOutputOnly(const google::protobuf::Message& request);

  // Clears them.
  void ClearOutputOnly(google::protobuf::Message& request);

 private:
  struct Plan;
  using Descriptor = google::protobuf::Descriptor;

  const Plan& PlanOf(const Descriptor& type);
  // `batch`: the message whose `requests` this one is of, or null.
  void AddMissing(const google::protobuf::Message& message, Fields depth, const Descriptor* batch,
                  const std::string& path, std::vector<FieldViolation>& out);

  std::shared_mutex mutex_;
  absl::flat_hash_map<const Descriptor*, std::unique_ptr<Plan>> plans_;
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_FIELD_RULES_H_
