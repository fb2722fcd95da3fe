#ifndef STEELYARD_SERVER_PURCHASES_PURCHASE_PROTO_H_
#define STEELYARD_SERVER_PURCHASES_PURCHASE_PROTO_H_

// Purchases and receipts from the store to the wire. Pure, thread-safe.

#include <string>

#include "steelyard/v1/purchase.pb.h"
#include "storage/ledger/line_reader.h"
#include "storage/model/registers.h"
#include "storage/model/submission.h"

namespace steelyard::purchases {

// Changes whenever the line does.
std::string EtagOf(const codec::LineRecord& record);

// What a council said, without what the server adds.
void ToProto(const model::PurchaseContent& content, const model::Registers& registers,
             v1::Purchase* out);

// A stored version. `created` and `updated` are the times of its submissions.
void ToProto(const model::Council& council, const ledger::PurchaseReader::Line& line,
             const model::Registers& registers, const model::Submission& created,
             const model::Submission& updated, v1::Purchase* out);

void ToProto(const model::Council& council, const model::Submission& submission,
             v1::Submission* out);
// Only the counts.
void ToProto(const model::LineCounts& counts, v1::Submission* out);

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_PURCHASE_PROTO_H_
