#ifndef STEELYARD_SERVER_LINES_LINE_REQUESTS_H_
#define STEELYARD_SERVER_LINES_LINE_REQUESTS_H_

// What requests about lines have in common, whatever the lines are. Errors are
// INVALID_ARGUMENT unless said otherwise. Thread-safe.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "server/lines/context.h"
#include "server/rpc/page_token.h"
#include "storage/codec/line_codec.h"

namespace steelyard::lines {

absl::Status CheckRequestId(std::string_view id);

// What was asked, for telling a repeat from another use of the same id.
std::string BodyHash(std::string_view method, const google::protobuf::Message& request);

// 1 to 200 printable characters.
absl::Status CheckReason(std::string_view reason);

// The revision that `etag` asks for, checked against that of `current`; nothing
// if it is empty. ABORTED (ETAG_MISMATCH) on `name` if it has the revision of
// `current` but is not its etag.
absl::StatusOr<std::optional<uint32_t>> ExpectedRevision(std::string_view etag,
                                                         const codec::LineRecord& current,
                                                         std::string_view name);

// Copies into `line` what a correction changes: the fields of `mask`, or, if
// that is empty, those that are set in `correction`. All must be `is_mutable`;
// `what` names a line: "a purchase".
absl::Status MergeCorrection(const google::protobuf::FieldMask& mask,
                             const google::protobuf::Message& correction,
                             bool (*is_mutable)(const google::protobuf::FieldDescriptor&),
                             std::string_view what, google::protobuf::Message* line);

// The council with this id. NOT_FOUND on `name` if there is none.
absl::StatusOr<model::Council> FindCouncil(const ledger::Ledger& ledger, std::string_view id,
                                           std::string_view name);
// The council that `parent` names. NOT_FOUND.
absl::StatusOr<model::Council> ParentCouncil(const ledger::Ledger& ledger, std::string_view parent);

// The number that a page begins below; 0 for the first page.
uint32_t Below(const rpc::Page& page);

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_LINE_REQUESTS_H_
