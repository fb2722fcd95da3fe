#ifndef STEELYARD_SERVER_BENCHMARKS_SUPPLIER_SCORECARDS_H_
#define STEELYARD_SERVER_BENCHMARKS_SUPPLIER_SCORECARDS_H_

#include <memory>
#include <vector>

#include "server/benchmarks/question.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/editions/block.h"
#include "storage/model/policy.h"

namespace steelyard::benchmarks {

// What councils pay each supplier of a product that is shown by name, largest
// spend first, and all others together, last. Whole runs of months only, those
// of `blocks` that touch the question's period: figures of a supplier are over
// the runs in which it is named. Sets all of `out` but the
// receipt, and what changes with the registers and the policy in force.
void SupplierScorecards(const Question& question,
                        const std::vector<std::shared_ptr<const editions::YearBlock>>& blocks,
                        const model::Registers& registers, const model::Policy& policy,
                        v1::ListSupplierScorecardsResponse* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_SUPPLIER_SCORECARDS_H_
