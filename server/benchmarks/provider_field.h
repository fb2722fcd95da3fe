#ifndef STEELYARD_SERVER_BENCHMARKS_PROVIDER_FIELD_H_
#define STEELYARD_SERVER_BENCHMARKS_PROVIDER_FIELD_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "server/benchmarks/provider_tiling.h"
#include "server/statistics/ordinal_score.h"
#include "server/statistics/ranking.h"
#include "server/statistics/shrinkage.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "storage/editions/outcome_atom.h"
#include "storage/model/codes.h"
#include "storage/model/policy.h"

namespace steelyard::benchmarks {

// Draws of the ranking simulation. Part of the method `provider-1`.
inline constexpr statistics::RankingOptions kProviderRanking = {
    .higher_is_better = true, .draws = 1'000, .seed = 20'050'321};
// Fewer have no quarters to be in.
inline constexpr size_t kLeastRanked = 4;

// One provider that is released by itself.
struct FieldUnit {
  model::ProviderNo provider;
  std::vector<model::CouncilNo> councils;  // behind its figures, ascending
  int64_t placements = 0;
  std::array<std::optional<editions::RatingCounts>, model::kMeasureCount> ratings;
};

// As MayShow of figures (outcome_figures.h).
bool MayShow(const FieldUnit& unit, const model::Registers& registers, const model::Policy& policy);

// All providers in one measure.
struct MeasureField {
  std::vector<size_t> units;  // of ProviderField::units(), those with a rating that is a rank
  double variance = 0;        // of single ratings of one provider
  statistics::NormalPrior prior;
  std::vector<statistics::Posterior> posteriors;  // one for each of `units`
  std::vector<statistics::RankChance> chances;    // likewise
  double target = 0;                              // share of ratings below target
  double tau2 = 0;                                // over-dispersion of the shares
};

// The providers of a service and period that are released by themselves, which
// every answer about one of them is held against. Costs some tenths of a second
// for hundreds of providers, so it is worked out once and kept. It follows from
// immutable blocks alone. Immutable once built; any thread may read it.
class ProviderField {
 public:
  // `quarters` are whole quarters.
  ProviderField(const OutcomeIndex& index, const model::Period& quarters);

  // By provider.
  const std::vector<FieldUnit>& units() const { return units_; }
  const MeasureField& measure(size_t measure) const { return measures_[measure]; }

  size_t weight() const;  // bytes, about

 private:
  std::vector<FieldUnit> units_;
  std::array<MeasureField, model::kMeasureCount> measures_;
};

// How much of a measure's figures an answer gets.
enum class Standing : uint8_t {
  kPlain,   // counts and means, as of a quarter
  kAll,     // and a status: all providers together have no place among themselves
  kPlaced,  // and the place among the others
};

// Sets the figures of one measure as they are shown. `counts` has a rating.
// `own` are the providers, ascending, that the counts are of: compared are all
// others and what is answered as one. Formulas: docs/methods.md, `provider-1`.
void ToProto(const ProviderField& field, model::Measure measure,
             const editions::RatingCounts& counts, Standing standing,
             const std::vector<model::ProviderNo>& own, const model::Policy& policy,
             v1::MeasureFigures* out);

// What single ratings of one provider differ by: the variance pooled over
// providers, but at least what four more ratings, one at each level, would
// bring to `ratings` that are all alike. Without the floor a handful of
// unanimous ratings would look certain.
double RatingVariance(double pooled, int64_t ratings);

// The mean score; nothing without a rating that is a rank.
std::optional<statistics::Score> ScoreOf(const editions::RatingCounts& counts);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_PROVIDER_FIELD_H_
