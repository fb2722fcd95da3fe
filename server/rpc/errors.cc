#include "server/rpc/errors.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "storage/base/text.h"

namespace steelyard::rpc::error {
namespace {

constexpr std::string_view kTypePrefix = "type.googleapis.com/";

template <typename Detail>
std::string TypeUrl() {
  return absl::StrCat(Av(kTypePrefix), Detail::descriptor()->full_name());
}

template <typename Detail>
void Attach(absl::Status& status, const Detail& detail) {
  status.SetPayload(TypeUrl<Detail>(), absl::Cord(detail.SerializeAsString()));
}

using Metadata = std::initializer_list<std::pair<std::string, std::string>>;

absl::Status Make(absl::StatusCode code, std::string_view reason, std::string_view message,
                  Metadata metadata = {}) {
  absl::Status status(code, Av(message));
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(kDomain));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  Attach(status, info);
  return status;
}

absl::Status WithRetry(absl::Status status, absl::Duration delay) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(delay % absl::Seconds(1))));
  Attach(status, retry);
  return status;
}

absl::Status WithResource(absl::Status status, std::string_view kind, std::string_view name) {
  google::rpc::ResourceInfo resource;
  resource.set_resource_type(absl::StrCat(Av(kDomain), "/", Av(kind)));
  resource.set_resource_name(Printable(name));
  Attach(status, resource);
  return status;
}

absl::Status Precondition(std::string_view reason, std::string_view name,
                          std::string_view description) {
  return NotYet(name, {{std::string(reason), std::string(description)}});
}

google::rpc::BadRequest::FieldViolation ToProto(const FieldViolation& violation) {
  google::rpc::BadRequest::FieldViolation out;
  out.set_field(Printable(violation.field));
  out.set_description(Printable(violation.description, 400));
  return out;
}

// INVALID_ARGUMENT over at least one violation; as many as fit are sent, in
// their order.
absl::Status BadFields(std::string_view reason,
                       std::vector<google::rpc::BadRequest::FieldViolation> violations) {
  google::rpc::BadRequest bad;
  size_t bytes = 0;
  for (auto& violation : violations) {
    bytes += violation.ByteSizeLong();
    if (bytes > kMaxViolationBytes) break;
    *bad.add_field_violations() = violation;
  }
  const auto& first = violations.front();
  std::string message =
      absl::StrCat(first.field(), first.field().empty() ? "" : ": ", first.description());
  if (violations.size() > 1) absl::StrAppend(&message, " (and ", violations.size() - 1, " more)");
  absl::Status status = Make(absl::StatusCode::kInvalidArgument, reason, message,
                             {{"violations", absl::StrCat(violations.size())},
                              {"shown", absl::StrCat(bad.field_violations_size())}});
  Attach(status, bad);
  return status;
}

// "products/x" is a product, "councils/c/purchases/r" a purchase.
std::string KindOf(std::string_view name) {
  std::string_view collection;
  while (true) {
    const size_t slash = name.find('/');
    if (slash == std::string_view::npos) break;
    collection = name.substr(0, slash);
    const size_t next = name.find('/', slash + 1);
    if (next == std::string_view::npos) break;
    name.remove_prefix(next + 1);
  }
  if (collection.size() > 1 && collection.back() == 's') collection.remove_suffix(1);
  return collection.empty() ? "resource" : std::string(collection);
}

}  // namespace

absl::Status Unauthenticated() {
  return Make(absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED",
              "Send a valid token as `authorization: Bearer …`; this one is missing, unknown, "
              "expired or revoked.");
}

absl::Status PermissionDenied(std::string_view words) {
  return Make(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", words);
}

absl::Status InvalidFields(const std::vector<FieldViolation>& violations) {
  std::vector<google::rpc::BadRequest::FieldViolation> out;
  for (const FieldViolation& violation : violations) out.push_back(ToProto(violation));
  if (out.empty()) return absl::InternalError("InvalidFields without a field");
  return BadFields("INVALID_FIELDS", std::move(out));
}

absl::Status InvalidField(std::string_view field, std::string_view description) {
  return InvalidFields({{std::string(field), std::string(description)}});
}

absl::Status Problems(std::span<const model::Problem> problems, std::string_view prefix) {
  std::vector<google::rpc::BadRequest::FieldViolation> out;
  bool only_confirm = true;
  for (const model::Problem& problem : problems) {
    if (problem.severity == model::Problem::Severity::kWarning) continue;
    only_confirm &= problem.severity == model::Problem::Severity::kConfirm;
    std::string field = absl::StrCat(
        absl::StrReplaceAll(Av(prefix), {{"#", absl::StrCat(problem.row - 1)}}), problem.field);
    if (!field.empty() && field.back() == '.') field.pop_back();
    out.push_back(ToProto({std::move(field), problem.message}));
    out.back().set_reason(problem.code);
  }
  if (out.empty()) return absl::InternalError("Problems without an error");
  return BadFields(only_confirm ? "CONFIRMATION_REQUIRED" : "INVALID_FIELDS", std::move(out));
}

absl::Status NotFound(std::string_view name) { return NotFound(KindOf(name), name); }

absl::Status NotFound(std::string_view kind, std::string_view name) {
  return WithResource(Make(absl::StatusCode::kNotFound, "NOT_FOUND",
                           absl::StrCat("There is no ", Av(kind), " `", Printable(name), "`.")),
                      kind, name);
}

absl::Status AlreadyExists(std::string_view kind, std::string_view name) {
  return WithResource(
      Make(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS",
           absl::StrCat("There already is a ", Av(kind), " `", Printable(name), "`.")),
      kind, name);
}

absl::Status RequestIdReused() {
  return Make(absl::StatusCode::kAborted, "REQUEST_ID_REUSED",
              "This request id was used for something else; take a new one for a new request.");
}

absl::Status ChunkReused() {
  return Make(absl::StatusCode::kAborted, "REQUEST_ID_REUSED",
              "This upload was begun with other lines. Go on with the file as it was, or send this "
              "one as a new upload; lines that are there already do no harm.");
}

absl::Status EtagMismatch(std::string_view name) {
  return WithResource(
      Make(absl::StatusCode::kAborted, "ETAG_MISMATCH",
           absl::StrCat("`", Printable(name), "` changed meanwhile; read it again and repeat.")),
      KindOf(name), name);
}

absl::Status UploadInUse(std::string_view upload_id) {
  return Make(absl::StatusCode::kAborted, "UPLOAD_IN_USE",
              "Another stream is sending this upload; end it first.",
              {{"upload_id", Printable(upload_id)}});
}

absl::Status PurchaseWithdrawn(std::string_view name) {
  return Precondition("PURCHASE_WITHDRAWN", name, "The purchase is withdrawn and cannot change.");
}

absl::Status ReportWithdrawn(std::string_view name) {
  return Precondition("REPORT_WITHDRAWN", name,
                      "The report is withdrawn and cannot change; create it again.");
}

absl::Status SupplierMerged(std::string_view name) {
  return Precondition("SUPPLIER_MERGED", name, "The supplier was merged into another one.");
}

absl::Status LastSteward(std::string_view name) {
  return Precondition(
      "LAST_STEWARD", name,
      "No other steward's token with a secret would be good for another day; make one "
      "first.");
}

absl::Status TokenRevoked(std::string_view name) {
  return Precondition("TOKEN_REVOKED", name, "The token is revoked for good; make another one.");
}

absl::Status UploadDropped(std::string_view name, int64_t days) {
  return Precondition("UPLOAD_DROPPED", name,
                      absl::StrCat("This upload got nothing for ", days,
                                   " days before its end and was dropped; nothing of it was saved. "
                                   "Send the whole file again as a new upload."));
}

absl::Status TooMuchUnfinished(std::string_view name, std::string_view words) {
  return Precondition("TOO_MUCH_UNFINISHED", name, words);
}

absl::Status TokenWithoutSecret(std::string_view name) {
  return Precondition("TOKEN_WITHOUT_SECRET", name,
                      "This stands for a certificate and has no secret; renew the certificate.");
}

absl::Status NotYet(std::string_view name, const std::vector<Obstacle>& obstacles) {
  if (obstacles.empty()) return absl::InternalError("NotYet without an obstacle");
  google::rpc::PreconditionFailure failure;
  std::string message;
  for (const Obstacle& obstacle : obstacles) {
    auto* violation = failure.add_violations();
    violation->set_type(obstacle.reason);
    violation->set_subject(Printable(name));
    violation->set_description(obstacle.words);
    absl::StrAppend(&message, message.empty() ? "" : " ", obstacle.words);
  }
  absl::Status status =
      Make(absl::StatusCode::kFailedPrecondition, obstacles.front().reason, message);
  Attach(status, failure);
  return status;
}

absl::Status NotAMember(std::string_view name, std::string_view words) {
  return WithResource(Make(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER", words),
                      KindOf(name), name);
}

absl::Status NotLinkAuthority(std::string_view name) {
  return WithResource(Make(absl::StatusCode::kPermissionDenied, "NOT_LINK_AUTHORITY",
                           "Only the council that leads this negotiation can do this."),
                      KindOf(name), name);
}

absl::Status NotLead(std::string_view name) {
  return WithResource(Make(absl::StatusCode::kPermissionDenied, "NOT_LEAD",
                           "Only the council that leads this circle can do this."),
                      KindOf(name), name);
}

absl::Status Overloaded() {
  return WithRetry(Make(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                        "Too much is asked at once; try again in a moment."),
                   absl::Seconds(1));
}

absl::Status StoreReadOnly() {
  return WithRetry(Make(absl::StatusCode::kResourceExhausted, "STORE_READ_ONLY",
                        "The service takes nothing new for now because its disk is nearly full."),
                   absl::Minutes(1));
}

absl::Status QuotaExceeded(std::string_view subject, std::string_view words, absl::Duration delay) {
  absl::Status status =
      WithRetry(Make(absl::StatusCode::kResourceExhausted, "QUOTA_EXCEEDED", words), delay);
  google::rpc::QuotaFailure failure;
  auto* violation = failure.add_violations();
  violation->set_subject(std::string(subject));
  violation->set_description(std::string(words));
  Attach(status, failure);
  return status;
}

absl::Status TooManyUploads(std::string_view who, int most) {
  return WithRetry(Make(absl::StatusCode::kResourceExhausted, "TOO_MANY_UPLOADS",
                        absl::StrCat(Av(who), " is sending ", most,
                                     " uploads already, the most at a time; let one of them end "
                                     "first.")),
                   absl::Seconds(1));
}

absl::Status NotRecorded() {
  return WithRetry(Make(absl::StatusCode::kResourceExhausted, "NOT_RECORDED",
                        "Every look at this is put on record, which is not possible just now; try "
                        "again in a moment."),
                   absl::Seconds(1));
}

absl::Status OutcomeUnknown() {
  return WithRetry(Make(absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN",
                        "This may have been saved or not; repeat it with the same request id."),
                   absl::Seconds(1));
}

absl::Status ShuttingDown() {
  return WithRetry(Make(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                        "The service is stopping; nothing was done."),
                   absl::Seconds(5));
}

absl::Status DeadlineExceeded() {
  return Make(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
              "The time allowed passed before the work began; nothing was done.");
}

std::string ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(TypeUrl<google::rpc::ErrorInfo>());
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return "";
  return info.reason();
}

}  // namespace steelyard::rpc::error
