#ifndef STEELYARD_SERVER_BENCHMARKS_PROVISION_H_
#define STEELYARD_SERVER_BENCHMARKS_PROVISION_H_

#include "server/benchmarks/provider_question.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// Most owners that an answer lists.
inline constexpr size_t kMostOwners = 25;

// What the public registers of establishments say on a day: places, judgements
// and how far places are in few hands. An inspectorate's register is whole, so
// of each kind of service the newest one at or before the day counts, with the
// establishments that are active or suspended in it, and owners are those of
// its day. The index of concentration is over ultimate owners; places whose
// provider is not named count in the whole and for no owner, so it is the least
// that the index can be. Nothing of it is of councils' reports. Pure,
// thread-safe; looks at every establishment once (a millisecond for thousands).
v1::Provision ProvisionOf(const ProvisionQuestion& question, const model::Registers& registers);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_PROVISION_H_
