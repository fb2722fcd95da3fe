#ifndef STEELYARD_SERVER_BENCHMARKS_POSITION_H_
#define STEELYARD_SERVER_BENCHMARKS_POSITION_H_

#include <vector>

#include "server/benchmarks/answer_cache.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/model/policy.h"
#include "storage/model/purchase.h"

namespace steelyard::benchmarks {

// Sets a council's own figures over the facts of one cell's months, beside
// what that cell shows; `shown` is null if it is not available.
//   saving to a target price t = sum over its lines of
//     max(0, spend - units x t)                            (METHODS T18)
//   percentile rank = share of councils whose mean is lower, in steps of 5 %
void SetOwnFigures(const std::vector<model::PurchaseFact>& own, const AnswerCell& cell,
                   const v1::PriceFigures* shown, const model::Policy& policy,
                   model::Currency currency, v1::OwnFigures* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_POSITION_H_
