#ifndef STEELYARD_SERVER_REGISTRY_PROVIDER_PROTO_H_
#define STEELYARD_SERVER_REGISTRY_PROVIDER_PROTO_H_

// Providers, establishments, measures and codes on the wire. Pure functions,
// thread-safe.

#include <vector>

#include "steelyard/v1/provider.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "storage/model/codes.h"
#include "storage/model/problem.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

// `registers` are those that the entry is of.
void ToProto(const model::Provider& provider, const model::Registers& registers, v1::Provider* out);
void ToProto(const model::Establishment& establishment, const model::Registers& registers,
             v1::Establishment* out);
void ToProto(const model::MeasureCode& measure, v1::Measure* out);
// Every coded list.
void CodesToProto(v1::ListCodesResponse* out);

// A provider as a caller describes it, without id and number. Adds what is
// wrong with it, by the rules of a register file, to `problems`; fields are
// named as in the message. Owners that are not in `registers` are left out.
model::Provider FromProto(const v1::Provider& provider, const model::Registers& registers,
                          std::vector<model::Problem>& problems);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_PROVIDER_PROTO_H_
