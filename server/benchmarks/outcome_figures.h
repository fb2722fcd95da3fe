#ifndef STEELYARD_SERVER_BENCHMARKS_OUTCOME_FIGURES_H_
#define STEELYARD_SERVER_BENCHMARKS_OUTCOME_FIGURES_H_

#include <array>
#include <optional>

#include "server/benchmarks/provider_tiling.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "storage/editions/outcome_atom.h"
#include "storage/model/policy.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// The figures of a tile's atoms together. In the ratings `councils` is the most
// that rated within one run: at least so many did.
editions::OutcomeFigures FiguresOf(const ProviderTile& tile);

// The same of ratings alone, which is cheaper.
std::array<std::optional<editions::RatingCounts>, model::kMeasureCount> RatingsOf(
    const ProviderTile& tile);

// Whether the figures may be shown at all. Atoms are safe when they are
// released; this holds the line should one be left with too little.
bool MayShow(const editions::OutcomeFigures& figures, const model::Registers& registers,
             const model::Policy& policy);

// The same of the ratings in one measure.
bool MayShow(const std::optional<editions::RatingCounts>& counts, const model::Policy& policy);

// The figures as they are shown, but for the ratings (provider_field.h):
// totals, fees and shares rounded as the policy says, what is not there left
// out, and quantiles left out that have fewer than min_outcome_councils
// councils at or on either side. Methods: docs/methods.md, `provider-1`.
void ToProto(const editions::OutcomeFigures& figures, const model::Registers& registers,
             const model::Policy& policy, v1::ProviderFigures* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_OUTCOME_FIGURES_H_
