#include "server/lines/receipts.h"

#include "absl/strings/str_cat.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"
#include "storage/codec/keys.h"

namespace steelyard::lines {

std::string EtagOf(const codec::LineRecord& record) {
  ByteWriter sum;
  sum.Fixed32(Crc32c(codec::EncodeLine(record)));
  return absl::StrCat("\"", record.revision, "-", HexOf(sum.str()), "\"");
}

void ToProto(const model::LineCounts& counts, v1::Submission* out) {
  out->set_received_lines(counts.received());
  out->set_created_lines(counts.created);
  out->set_corrected_lines(counts.corrected);
  out->set_unchanged_lines(counts.unchanged);
  out->set_rejected_lines(counts.rejected);
  out->set_warnings(counts.warnings);
}

void ToProto(const model::Council& council, const model::Submission& s, v1::Submission* out) {
  out->set_name(rpc::SubmissionName(council.id, codec::UuidText(s.id)));
  rpc::MicrosToProto(s.create_unix_micros, out->mutable_create_time());
  rpc::MicrosToProto(s.update_unix_micros, out->mutable_update_time());
  out->set_mode(static_cast<v1::Submission::Mode>(s.mode));
  out->set_state(static_cast<v1::Submission::State>(s.state));
  ToProto(s.counts, out);
  out->set_sequence(static_cast<int64_t>(s.sequence));
  out->set_content_sha256(HexOf(s.content_sha256));
  out->set_running_sha256(HexOf(s.running_sha256));
  out->set_resource(s.resource == model::Resource::kPurchases ? "purchases" : "outcomeReports");
}

}  // namespace steelyard::lines
