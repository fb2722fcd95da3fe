#ifndef STEELYARD_STORAGE_CODEC_LINE_CODEC_H_
#define STEELYARD_STORAGE_CODEC_LINE_CODEC_H_

// A line as it is stored, whatever it is of: a purchase or an outcome report.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/model/ids.h"

namespace steelyard::codec {

// One version of a line.
struct LineRecord {
  model::LineNo line;
  uint32_t revision = 1;
  uint64_t sequence = 0;          // ledger sequence that made this version
  uint32_t first_submission = 0;  // number of the submission that made the line
  uint32_t submission = 0;        // number of the one that made this version
  int32_t received_day = 0;       // model::Day: decides what was due
  bool withdrawn = false;
  std::string withdraw_reason;
  std::string content;  // EncodeContent

  friend bool operator==(const LineRecord&, const LineRecord&) = default;
};

std::string EncodeLine(const LineRecord& record);
// DATA_LOSS for bytes that EncodeLine did not write; `content` is not looked
// into.
absl::StatusOr<LineRecord> DecodeLine(std::string_view bytes);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_LINE_CODEC_H_
