#ifndef STEELYARD_SERVER_OUTCOMES_OUTCOME_PROTO_H_
#define STEELYARD_SERVER_OUTCOMES_OUTCOME_PROTO_H_

// Outcome reports from the store to the wire. Pure, thread-safe.

#include "steelyard/v1/outcome.pb.h"
#include "storage/model/outcome.h"
#include "storage/model/registers.h"

namespace steelyard::outcomes {

// What a council said, without what the server adds.
void ToProto(const model::OutcomeContent& content, const model::Registers& registers,
             v1::OutcomeReport* out);

}  // namespace steelyard::outcomes

#endif  // STEELYARD_SERVER_OUTCOMES_OUTCOME_PROTO_H_
