#ifndef STEELYARD_SERVER_BENCHMARKS_PROVIDER_CHARTS_H_
#define STEELYARD_SERVER_BENCHMARKS_PROVIDER_CHARTS_H_

#include <array>
#include <optional>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "storage/editions/outcome_atom.h"
#include "storage/model/codes.h"
#include "storage/model/time.h"

namespace steelyard::benchmarks {

// Ratings of one cell of quarters; nothing where they cannot be shown.
struct QuarterRatings {
  model::Period quarters;
  std::array<std::optional<editions::RatingCounts>, model::kMeasureCount> ratings;
};

// Fewer points make no chart: their limits would say nothing.
inline constexpr size_t kLeastChartPoints = 5;

// One XmR chart of the mean score for each measure, over the newest cells that
// follow each other without a gap. `cells` are in the order of time.
void AddCharts(const std::vector<QuarterRatings>& cells,
               google::protobuf::RepeatedPtrField<v1::MeasureChart>* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_PROVIDER_CHARTS_H_
