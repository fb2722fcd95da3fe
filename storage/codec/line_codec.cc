#include "storage/codec/line_codec.h"

#include <utility>

#include "absl/status/status.h"
#include "storage/base/bytes.h"

// line := flags:varint line:varint revision:varint sequence:varint
//         first_submission:varint submission:varint received:signed
//         [reason:text] content
//         the bracket only if it is withdrawn, which is flag 1

namespace steelyard::codec {

std::string EncodeLine(const LineRecord& l) {
  ByteWriter w;
  w.Reserve(24 + l.content.size());
  w.Varint(l.withdrawn ? 1 : 0).Varint(l.line.value).Varint(l.revision).Varint(l.sequence);
  w.Varint(l.first_submission).Varint(l.submission).Signed(l.received_day);
  if (l.withdrawn) w.Text(l.withdraw_reason);
  w.Raw(l.content);
  return std::move(w).str();
}

absl::StatusOr<LineRecord> DecodeLine(std::string_view bytes) {
  ByteReader r(bytes);
  LineRecord l;
  l.withdrawn = r.Varint() != 0;
  l.line.value = static_cast<uint32_t>(r.Varint());
  l.revision = static_cast<uint32_t>(r.Varint());
  l.sequence = r.Varint();
  l.first_submission = static_cast<uint32_t>(r.Varint());
  l.submission = static_cast<uint32_t>(r.Varint());
  l.received_day = static_cast<int32_t>(r.Signed());
  if (l.withdrawn) l.withdraw_reason = r.Text();
  if (!r.ok()) return absl::DataLossError("damaged line record");
  l.content = r.rest();
  return l;
}

}  // namespace steelyard::codec
