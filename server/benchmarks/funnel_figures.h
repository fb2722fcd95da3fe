#ifndef STEELYARD_SERVER_BENCHMARKS_FUNNEL_FIGURES_H_
#define STEELYARD_SERVER_BENCHMARKS_FUNNEL_FIGURES_H_

#include <cstdint>
#include <string_view>

#include "server/statistics/funnel.h"
#include "steelyard/v1/provider_benchmark.pb.h"

namespace steelyard::benchmarks {

// Where `count` of `of` (above 0) lies in a funnel of proportions with this
// target and over-dispersion, and these limits at its size
// (statistics/funnel.h), with the word for it.
// `what` is what is counted, as for FunnelWord. Counts are set as they are:
// whoever may not show them sets others. Pure, thread-safe.
void SetFunnel(int64_t count, int64_t of, double target, double tau2,
               const statistics::Limits& limits, std::string_view what, v1::FunnelPosition* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_FUNNEL_FIGURES_H_
