#ifndef STEELYARD_SERVER_BENCHMARKS_PRICE_FIGURES_H_
#define STEELYARD_SERVER_BENCHMARKS_PRICE_FIGURES_H_

#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/editions/combine.h"
#include "storage/editions/delivery.h"
#include "storage/model/policy.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// Councils that count on each side of a quantile: related bodies count once,
// so their number is taken off the councils of either side.
int64_t RelatedExcess(const editions::Figures& figures, const model::Registers& registers);

// Whether the figures may be shown at all. Atoms are safe when they are
// released; this holds the line should one be left with too little.
bool MayShow(const editions::Figures& figures, const model::Registers& registers,
             const model::Policy& policy);

// The figures as they are shown: totals, prices and shares rounded as the
// policy says, and quantiles left out that have fewer than min_councils
// councils at or on either side. `delivery` is what is shown of deliveries.
// Methods: docs/methods.md, `price-1`.
void ToProto(const editions::Figures& figures, const editions::DeliveryTotals& delivery,
             const model::Registers& registers, const model::Policy& policy, v1::PriceFigures* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_PRICE_FIGURES_H_
