#ifndef STEELYARD_SERVER_LINES_RECEIPTS_H_
#define STEELYARD_SERVER_LINES_RECEIPTS_H_

// Receipts from the store to the wire. Pure, thread-safe.

#include <string>

#include "steelyard/v1/purchase.pb.h"
#include "storage/codec/line_codec.h"
#include "storage/model/registers.h"
#include "storage/model/submission.h"

namespace steelyard::lines {

// Changes whenever the line does.
std::string EtagOf(const codec::LineRecord& record);

void ToProto(const model::Council& council, const model::Submission& submission,
             v1::Submission* out);
// Only the counts.
void ToProto(const model::LineCounts& counts, v1::Submission* out);

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_RECEIPTS_H_
