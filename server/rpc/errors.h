#ifndef STEELYARD_SERVER_RPC_ERRORS_H_
#define STEELYARD_SERVER_RPC_ERRORS_H_

// Every error that a caller can get, one function each. Each carries, as
// payloads, ErrorInfo(reason, domain "steelyard.v1") and what else google.rpc
// has for it; `to_grpc.h` puts them on the wire. The words are for people,
// the reasons for programs. Pure functions, thread-safe.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "storage/model/problem.h"

namespace steelyard::rpc {

// One field that is not right: its path in the request, for example
// `requests[12].purchase.packs`, and a sentence that says what to do.
struct FieldViolation {
  std::string field;
  std::string description;
  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

}  // namespace steelyard::rpc

namespace steelyard::rpc::error {

inline constexpr std::string_view kDomain = "steelyard.v1";

// Most bytes of violations in one error. gRPC clients drop a reply whose
// trailers exceed 8 KiB, so what goes beyond is counted in the message and in
// ErrorInfo metadata `violations` (all) and `shown`.
inline constexpr size_t kMaxViolationBytes = 4096;

// UNAUTHENTICATED, the same for every reason.
absl::Status Unauthenticated();
// PERMISSION_DENIED: the role may never do this; `words` say who may.
absl::Status PermissionDenied(
    std::string_view words = "The role of this token does not allow this method.");

// INVALID_ARGUMENT, INVALID_FIELDS, with a BadRequest of all `violations`.
absl::Status InvalidFields(const std::vector<FieldViolation>& violations);
absl::Status InvalidField(std::string_view field, std::string_view description);
// The same from a row check; warnings are left out. INVALID_FIELDS, or
// CONFIRMATION_REQUIRED when all that is left wants the caller's word. A field
// is named `prefix` and the problem's field, where `#` in `prefix` stands for
// the problem's row less one: "requests[#].purchase.".
absl::Status Problems(std::span<const model::Problem> problems, std::string_view prefix = "");

// NOT_FOUND with a ResourceInfo. Says the same whether `name` is missing or
// somebody else's. The first takes the kind ("product") from the name's last
// collection; the second is for what is not a resource name.
absl::Status NotFound(std::string_view name);
absl::Status NotFound(std::string_view kind, std::string_view name);
// ALREADY_EXISTS with a ResourceInfo.
absl::Status AlreadyExists(std::string_view kind, std::string_view name);

// ABORTED.
absl::Status RequestIdReused();
absl::Status EtagMismatch(std::string_view name);
absl::Status UploadInUse(std::string_view upload_id);
// The same upload brought the same chunk with other content before.
absl::Status ChunkReused();

// FAILED_PRECONDITION with a PreconditionFailure on `name`.
absl::Status PurchaseWithdrawn(std::string_view name);
absl::Status ReportWithdrawn(std::string_view name);
absl::Status SupplierMerged(std::string_view name);
absl::Status LastSteward(std::string_view name);
absl::Status TokenRevoked(std::string_view name);
// Nothing came for `days` days.
absl::Status UploadDropped(std::string_view name, int64_t days);
absl::Status TooMuchUnfinished(std::string_view name, std::string_view words);
// It stands for a certificate, so it has no secret.
absl::Status TokenWithoutSecret(std::string_view name);

// One thing that stands in the way of a step: its reason for programs, and
// what is missing in words.
struct Obstacle {
  std::string reason;
  std::string words;
  friend bool operator==(const Obstacle&, const Obstacle&) = default;
};
// FAILED_PRECONDITION with a PreconditionFailure on `name` of all `obstacles`,
// at least one; its reason is that of the first.
absl::Status NotYet(std::string_view name, const std::vector<Obstacle>& obstacles);

// PERMISSION_DENIED: the council is not in the negotiation or circle, or does
// not lead it.
absl::Status NotAMember(
    std::string_view name,
    std::string_view words = "Your council is not a member of this negotiation; join it first.");
absl::Status NotLinkAuthority(std::string_view name);
absl::Status NotLead(std::string_view name);

// RESOURCE_EXHAUSTED with a RetryInfo.
absl::Status Overloaded();
absl::Status StoreReadOnly();
// With a QuotaFailure on `subject` as well: what was too much, in words, and
// when to come back.
absl::Status QuotaExceeded(std::string_view subject, std::string_view words, absl::Duration delay);
// `who` has `most` open upload streams already.
absl::Status TooManyUploads(std::string_view who, int most);
// Nothing is shown that cannot be put on record.
absl::Status NotRecorded();

// UNAVAILABLE with a RetryInfo: the write may have landed or not; the caller
// repeats it with the same request id.
absl::Status OutcomeUnknown();
// UNAVAILABLE with a RetryInfo: nothing was done.
absl::Status ShuttingDown();
// DEADLINE_EXCEEDED: dropped before it was begun.
absl::Status DeadlineExceeded();

// The reason of an error made here; empty for any other status.
std::string ReasonOf(const absl::Status& status);

}  // namespace steelyard::rpc::error

#endif  // STEELYARD_SERVER_RPC_ERRORS_H_
