#ifndef STEELYARD_SERVER_BENCHMARKS_UPLIFT_H_
#define STEELYARD_SERVER_BENCHMARKS_UPLIFT_H_

#include <cstdint>
#include <string>

#include "server/benchmarks/provider_question.h"
#include "server/benchmarks/provider_tiling.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "storage/model/policy.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// Rises are shown to a tenth of a percent.
inline constexpr int64_t kRiseStep = 10;  // basis points

// A claimed rise of fees beside what fees and outcomes did: all but the draft
// reply and the receipt. Fees are compared like with like: the same council with
// the same group of providers at both times. What too few stand behind is left
// out. Formulas: docs/methods.md, `provider-1`.
v1::UpliftCheck CheckUplift(const UpliftQuestion& question, const OutcomeIndex& index,
                            const model::Registers& registers, const model::Policy& policy);

// A letter to the provider, ready to be edited. Says of fees and outcomes what
// `check` shows and nothing else, and names the edition.
std::string DraftReply(const v1::UpliftCheck& check, uint64_t edition);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_UPLIFT_H_
