#include "server/benchmarks/provider_field.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/funnel_figures.h"
#include "server/benchmarks/outcome_figures.h"
#include "server/benchmarks/shown.h"
#include "server/benchmarks/status_words.h"
#include "server/statistics/agreement.h"
#include "server/statistics/funnel.h"
#include "storage/base/text.h"

namespace steelyard::benchmarks {
namespace {

using editions::RatingCounts;
using statistics::Estimate;

constexpr double kScores[] = {3, 2, 1, 0};  // model::kScoreMap
// Variance of four ratings, one at each level, around their mean.
constexpr double kEvenVariance = 1.25;

int64_t BelowTarget(const RatingCounts& counts) { return counts.by_level[2] + counts.by_level[3]; }

Estimate EstimateOf(const RatingCounts& counts, double variance) {
  const auto score = ScoreOf(counts);
  return score ? statistics::ToEstimate(*score, variance) : Estimate{};
}

Estimate DrawOf(const statistics::Posterior& posterior) {
  return {posterior.mean, std::sqrt(posterior.variance)};
}

MeasureField MakeMeasure(const std::vector<FieldUnit>& units, size_t m) {
  MeasureField field;
  std::vector<statistics::Score> scores;
  std::vector<statistics::FunnelUnit> shares;
  int64_t ratings = 0;
  for (size_t i = 0; i < units.size(); ++i) {
    const auto& counts = units[i].ratings[m];
    const auto score = counts ? ScoreOf(*counts) : std::nullopt;
    if (!score) continue;
    field.units.push_back(i);
    scores.push_back(*score);
    shares.push_back(
        {static_cast<double>(BelowTarget(*counts)), static_cast<double>(counts->ranks())});
    ratings += counts->ranks();
  }
  if (field.units.empty()) return field;
  field.variance = RatingVariance(statistics::PooledVariance(scores), ratings);
  std::vector<Estimate> estimates;
  for (const auto& score : scores) {
    estimates.push_back(statistics::ToEstimate(score, field.variance));
  }
  // No trim: an outlier shall widen what units are drawn from, so that it is
  // drawn in less. The funnel, which looks for outliers, trims.
  field.prior = statistics::EstimateNormalPrior(estimates, statistics::Trim::kNone);
  std::vector<Estimate> draws;
  for (const Estimate& estimate : estimates) {
    field.posteriors.push_back(statistics::Shrink(estimate, field.prior));
    draws.push_back(DrawOf(field.posteriors.back()));
  }
  field.chances = statistics::RankChances(draws, kProviderRanking);
  const statistics::Funnel funnel = statistics::ProportionFunnel(shares);
  field.target = funnel.target;
  field.tau2 = funnel.dispersion.tau2;
  return field;
}

void SetShownFunnel(const MeasureField& field, const RatingCounts& counts,
                    const model::Policy& policy, v1::FunnelPosition* out) {
  const statistics::Limits limits =
      statistics::ProportionLimits(field.target, static_cast<double>(counts.ranks()), field.tau2);
  SetFunnel(BelowTarget(counts), counts.ranks(), field.target, field.tau2, limits,
            "ratings below target", out);
  out->set_ratings(ShownTotal(counts.ranks(), policy));
  out->set_below_target(ShownTotal(BelowTarget(counts), policy));
}

// The chance of what is answered among all units that are not its own. A
// provider that stands in the field as it is answered has been simulated
// already.
std::optional<statistics::RankChance> ChanceOf(const ProviderField& field, size_t m,
                                               const RatingCounts& counts,
                                               const statistics::Posterior& posterior,
                                               const std::vector<model::ProviderNo>& own,
                                               int64_t* compared) {
  const MeasureField& all = field.measure(m);
  std::vector<Estimate> draws;
  std::optional<size_t> self;
  size_t taken_out = 0;
  for (size_t i = 0; i < all.units.size(); ++i) {
    const FieldUnit& unit = field.units()[all.units[i]];
    if (std::binary_search(own.begin(), own.end(), unit.provider)) {
      ++taken_out;
      self = i;
      continue;
    }
    draws.push_back(DrawOf(all.posteriors[i]));
  }
  *compared = static_cast<int64_t>(draws.size()) + 1;
  if (draws.size() + 1 < kLeastRanked) return std::nullopt;
  if (taken_out == 1 && field.units()[all.units[*self]].ratings[m]->by_level == counts.by_level) {
    return all.chances[*self];
  }
  draws.push_back(DrawOf(posterior));
  return statistics::RankChances(draws, kProviderRanking).back();
}

void SetLevels(const RatingCounts& counts, const model::Policy& policy, v1::MeasureFigures* out) {
  for (size_t i = 0; i < counts.by_level.size(); ++i) {
    v1::LevelCount* level = out->add_levels();
    level->set_level(static_cast<v1::OutcomeReport::Level>(i + 1));
    level->set_ratings(ShownTotal(counts.by_level[i], policy));
  }
}

}  // namespace

bool MayShow(const FieldUnit& unit, const model::Registers& registers,
             const model::Policy& policy) {
  RelatedBodies bodies(registers);
  const int64_t contributors =
      std::count_if(unit.councils.begin(), unit.councils.end(),
                    [&](model::CouncilNo council) { return bodies.AddIsNew(council); });
  return unit.placements >= policy.min_placements && contributors >= policy.min_outcome_councils;
}

double RatingVariance(double pooled, int64_t ratings) {
  return std::max(pooled, kEvenVariance * 4 / static_cast<double>(ratings + 4));
}

std::optional<statistics::Score> ScoreOf(const RatingCounts& counts) {
  return statistics::ScoreOf(std::span(counts.by_level).first(model::kRankCount), kScores);
}

ProviderField::ProviderField(const OutcomeIndex& index, const model::Period& quarters) {
  std::map<model::ProviderNo, std::vector<const editions::OutcomeBlock*>> alone;
  for (const auto& block : index.blocks()) {
    if (block->group.kind == editions::ProviderGroup::Kind::kProvider) {
      alone[block->group.provider].push_back(block.get());
    }
  }
  for (const auto& [provider, blocks] : alone) {
    const ProviderTile tile = ProviderTiler(blocks, {}).Tile(quarters);
    if (tile.atoms.empty()) continue;
    FieldUnit& unit = units_.emplace_back();
    unit.provider = provider;
    unit.ratings = RatingsOf(tile);
    for (const editions::OutcomeAtom* atom : tile.atoms) {
      unit.placements += atom->placements;
      for (const auto& sum : atom->councils) {
        if (sum.reports > 0) unit.councils.push_back(sum.council);
      }
    }
    std::sort(unit.councils.begin(), unit.councils.end());
    unit.councils.erase(std::unique(unit.councils.begin(), unit.councils.end()),
                        unit.councils.end());
    unit.councils.shrink_to_fit();
  }
  for (size_t m = 0; m < measures_.size(); ++m) measures_[m] = MakeMeasure(units_, m);
}

size_t ProviderField::weight() const {
  size_t bytes = sizeof(*this);
  for (const FieldUnit& unit : units_) {
    bytes += sizeof(unit) + unit.councils.size() * sizeof(model::CouncilNo);
  }
  for (const MeasureField& measure : measures_) {
    bytes += measure.units.size() *
             (sizeof(size_t) + sizeof(statistics::Posterior) + sizeof(statistics::RankChance));
  }
  return bytes;
}

void ToProto(const ProviderField& field, model::Measure measure, const RatingCounts& counts,
             Standing standing, const std::vector<model::ProviderNo>& own,
             const model::Policy& policy, v1::MeasureFigures* out) {
  const auto m = static_cast<size_t>(measure);
  const MeasureField& all = field.measure(m);
  const model::Code& code = model::Measures()[m].code;
  out->set_measure(absl::StrCat("measures/", Av(code.id)));
  out->set_display_name(std::string(code.display_name));
  SetLevels(counts, policy, out);
  out->set_councils(counts.councils);
  if (const auto agreement = statistics::Agreement(counts.by_level)) {
    out->set_agreement(ThreePlaces(*agreement));
  }
  const auto score = ScoreOf(counts);
  if (!score) return;  // only ratings that are no rank
  out->set_score_map(std::string(model::kScoreMap));
  out->set_mean_score(ThreePlaces(score->mean));
  // Without a provider that is released by itself there is nothing to be drawn
  // to but the answer's own mean.
  const double variance =
      all.units.empty() ? RatingVariance(score->variance, score->ratings) : all.variance;
  const Estimate estimate = EstimateOf(counts, variance);
  const statistics::NormalPrior prior =
      all.units.empty()
          ? statistics::EstimateNormalPrior(std::span(&estimate, 1), statistics::Trim::kNone)
          : all.prior;
  const statistics::Posterior posterior = statistics::Shrink(estimate, prior);
  out->set_shrunk_score(ThreePlaces(posterior.mean));
  // The scale ends where its levels do.
  out->set_shrunk_lower(ThreePlaces(std::max(posterior.interval.low, 0.0)));
  out->set_shrunk_upper(ThreePlaces(std::min(posterior.interval.high, double{model::kMaxScore})));
  out->set_overall_score(ThreePlaces(prior.mean));
  out->set_compared_providers(static_cast<int64_t>(all.units.size()));
  if (standing == Standing::kPlain) return;
  *out->mutable_status() = LevelWord(posterior.interval.low, posterior.interval.high);
  if (standing == Standing::kAll || all.units.empty()) return;
  int64_t compared = 0;
  const auto chance = ChanceOf(field, m, counts, posterior, own, &compared);
  out->set_compared_providers(compared);
  if (chance) {
    out->set_best_quarter_probability(ThreePlaces(chance->best_quarter));
    out->set_worst_quarter_probability(ThreePlaces(chance->worst_quarter));
  }
  SetShownFunnel(all, counts, policy, out->mutable_funnel());
}

}  // namespace steelyard::benchmarks
