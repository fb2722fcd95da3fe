#ifndef STEELYARD_SERVER_BENCHMARKS_POSITION_H_
#define STEELYARD_SERVER_BENCHMARKS_POSITION_H_

#include <vector>

#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/editions/combine.h"
#include "storage/model/policy.h"
#include "storage/model/purchase.h"

namespace steelyard::benchmarks {

// Sets a council's own figures over the facts of one cell's months, beside
// what that cell shows. `figures` is null if the cell is not available;
// `least` is the fewest councils that must lie on either side for a rank.
//   saving to a target price t = sum over its lines of
//     max(0, spend - units x t)                            (METHODS T18)
//   percentile rank = share of councils whose mean is lower, in steps of 5 %
void SetOwnFigures(const std::vector<model::PurchaseFact>& own, const v1::PriceFigures* shown,
                   const editions::Figures* figures, const model::Policy& policy, int64_t least,
                   model::Currency currency, v1::OwnFigures* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_POSITION_H_
