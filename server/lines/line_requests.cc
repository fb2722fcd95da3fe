#include "server/lines/line_requests.h"

#include <charconv>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/field_mask_util.h"
#include "server/lines/receipts.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::lines {
namespace {

namespace error = rpc::error;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

constexpr size_t kMaxReasonBytes = 200;

uint32_t NumberIn(std::string_view text) {
  uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Whether `path` leads to a field below `descriptor`.
bool IsPath(const google::protobuf::Descriptor* descriptor, std::string_view path) {
  while (descriptor != nullptr) {
    const size_t dot = path.find('.');
    const FieldDescriptor* field = descriptor->FindFieldByName(std::string(path.substr(0, dot)));
    if (field == nullptr) return false;
    if (dot == path.npos) return true;
    if (field->is_repeated()) return false;
    descriptor = field->message_type();
    path.remove_prefix(dot + 1);
  }
  return false;
}

// The mask given, checked, or that of the fields that are set.
absl::StatusOr<FieldMask> MaskOf(const FieldMask& asked, const Message& correction,
                                 bool (*is_mutable)(const FieldDescriptor&),
                                 std::string_view what) {
  if (asked.paths_size() == 0) {
    FieldMask mask;
    std::vector<const FieldDescriptor*> set;
    correction.GetReflection()->ListFields(correction, &set);
    for (const FieldDescriptor* field : set) {
      if (is_mutable(*field)) mask.add_paths(field->name());
    }
    return mask;
  }
  const google::protobuf::Descriptor* descriptor = correction.GetDescriptor();
  std::vector<rpc::FieldViolation> violations;
  for (int i = 0; i < asked.paths_size(); ++i) {
    const std::string& path = asked.paths(i);
    const FieldDescriptor* field = descriptor->FindFieldByName(path.substr(0, path.find('.')));
    if (field == nullptr || !is_mutable(*field) || !IsPath(descriptor, path)) {
      violations.push_back({absl::StrCat("update_mask.paths[", i, "]"),
                            absl::StrCat("'", Printable(path, 80), "' is not a field of ", Av(what),
                                         " that can be corrected")});
    }
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  return asked;
}

}  // namespace

absl::Status CheckRequestId(std::string_view id) {
  if (model::IsUuid4(id)) return absl::OkStatus();
  return error::InvalidField("request_id", "give a UUID of version 4, the same for each repeat");
}

std::string BodyHash(std::string_view method, const Message& request) {
  return Sha256(absl::StrCat(Av(method), "\n", request.SerializeAsString()));
}

absl::Status CheckReason(std::string_view reason) {
  if (reason.size() <= kMaxReasonBytes && Printable(reason, kMaxReasonBytes * 4) == reason) {
    return absl::OkStatus();
  }
  return error::InvalidField("reason", "give at most 200 printable characters");
}

absl::StatusOr<std::optional<uint32_t>> ExpectedRevision(std::string_view etag,
                                                         const codec::LineRecord& current,
                                                         std::string_view name) {
  if (etag.empty()) return std::optional<uint32_t>();
  const uint32_t revision = NumberIn(etag.substr(1));
  if (revision == current.revision && etag != EtagOf(current)) return error::EtagMismatch(name);
  return std::optional(revision);
}

absl::Status MergeCorrection(const FieldMask& asked, const Message& correction,
                             bool (*is_mutable)(const FieldDescriptor&), std::string_view what,
                             Message* line) {
  ASSIGN_OR_RETURN(const FieldMask mask, MaskOf(asked, correction, is_mutable, what));
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(correction, mask, options, line);
  // It copies a number that is not set as 0, which says something else.
  const auto* reflection = correction.GetReflection();
  for (const std::string& path : mask.paths()) {
    const FieldDescriptor* field = correction.GetDescriptor()->FindFieldByName(path);
    if (field != nullptr && field->has_presence() && !reflection->HasField(correction, field)) {
      reflection->ClearField(line, field);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<model::Council> FindCouncil(const ledger::Ledger& ledger, std::string_view id,
                                           std::string_view name) {
  const auto registers = ledger.state()->registers;
  const model::Council* council = registers->FindCouncil(id);
  if (council == nullptr) return error::NotFound(name);
  return *council;
}

absl::StatusOr<model::Council> ParentCouncil(const ledger::Ledger& ledger,
                                             std::string_view parent) {
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(parent, "parent"));
  return FindCouncil(ledger, id, parent);
}

uint32_t Below(const rpc::Page& page) { return NumberIn(page.after); }

}  // namespace steelyard::lines
