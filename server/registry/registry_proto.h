#ifndef STEELYARD_SERVER_REGISTRY_REGISTRY_PROTO_H_
#define STEELYARD_SERVER_REGISTRY_REGISTRY_PROTO_H_

// Register entries on the wire. Pure functions, thread-safe.

#include <vector>

#include "server/directory/merge_proposals.h"
#include "server/registry/register_csv.h"
#include "steelyard/v1/registry.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "storage/model/problem.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

// `registers` are those that the entry is of.
void ToProto(const model::Area& area, const model::Registers& registers, v1::Area* out);
void ToProto(const model::Council& council, const model::Registers& registers, v1::Council* out);
void ToProto(const model::Product& product, const model::Registers& registers, v1::Product* out);
void ToProto(const model::Supplier& supplier, const model::Registers& registers, v1::Supplier* out);
void ToProto(const directory::MergeProposal& proposal, const model::Registers& registers,
             v1::MergeProposal* out);

// A supplier as a caller describes it, without id, number and merge. Adds what
// is wrong with it, by the rules of a register file, to `problems`; fields are
// named as in the message. Owners that are not in `registers` are left out.
model::Supplier FromProto(const v1::Supplier& supplier, const model::Registers& registers,
                          std::vector<model::Problem>& problems);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTRY_PROTO_H_
