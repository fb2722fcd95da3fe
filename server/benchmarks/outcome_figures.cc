#include "server/benchmarks/outcome_figures.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "server/benchmarks/shown.h"
#include "server/rpc/names.h"
#include "server/statistics/quantile.h"
#include "server/statistics/rounding.h"
#include "storage/model/codes.h"

namespace steelyard::benchmarks {
namespace {

using editions::OutcomeCouncilSum;
using editions::OutcomeFigures;

// A quantile of `sorted` (one value a report), shown if enough councils lie at
// or on either side of it. `lowest` and `highest` are of a council's reports,
// -1 for one that has none.
class SidedQuantiles {
 public:
  SidedQuantiles(std::span<const int64_t> sorted, const std::vector<OutcomeCouncilSum>& councils,
                 int64_t OutcomeCouncilSum::*lowest, int64_t OutcomeCouncilSum::*highest,
                 int64_t least)
      : sorted_(sorted), councils_(councils), lowest_(lowest), highest_(highest), least_(least) {}

  template <typename Set>
  void Give(int32_t basis_points, const Set& set) const {
    if (sorted_.empty()) return;
    const auto quantile = statistics::SortedQuantile(sorted_, basis_points);
    const int64_t floor = quantile.Floor();
    const int64_t ceiling = quantile.Ceiling();
    int64_t below = 0, above = 0;
    for (const OutcomeCouncilSum& sum : councils_) {
      if (sum.*lowest_ < 0) continue;
      below += sum.*lowest_ <= floor ? 1 : 0;
      above += sum.*highest_ >= ceiling ? 1 : 0;
    }
    if (below >= least_ && above >= least_) set(quantile.Rounded());
  }

 private:
  const std::span<const int64_t> sorted_;
  const std::vector<OutcomeCouncilSum>& councils_;
  int64_t OutcomeCouncilSum::*const lowest_;
  int64_t OutcomeCouncilSum::*const highest_;
  const int64_t least_;
};

double Kilometers(int64_t meters) { return std::round(static_cast<double>(meters) / 100) / 10; }

void SetSufficiency(const OutcomeFigures& f, int64_t least, const model::Policy& policy,
                    v1::ProviderFigures* out) {
  if (!f.offers && !f.no_alternative && !f.nearest_shown) return;
  v1::SufficiencyFigures* shown = out->mutable_sufficiency();
  if (f.offers && f.offers->of > 0) {
    ToProto(f.offers->events, f.offers->of, policy, shown->mutable_offers_per_referral());
  }
  if (f.no_alternative && f.no_alternative->of > 0) {
    ToProto(f.no_alternative->events, f.no_alternative->of, policy,
            shown->mutable_no_alternative());
  }
  if (!f.nearest_shown) return;
  const SidedQuantiles quantiles(f.nearest_meters, f.councils,
                                 &OutcomeCouncilSum::min_nearest_meters,
                                 &OutcomeCouncilSum::max_nearest_meters, least);
  quantiles.Give(2'500, [&](int64_t m) { shown->set_nearest_offer_p25_km(Kilometers(m)); });
  quantiles.Give(5'000, [&](int64_t m) { shown->set_nearest_offer_p50_km(Kilometers(m)); });
  quantiles.Give(7'500, [&](int64_t m) { shown->set_nearest_offer_p75_km(Kilometers(m)); });
}

void SetFees(const OutcomeFigures& f, int64_t least, const model::Policy& policy,
             v1::ProviderFigures* out) {
  if (!f.fees_shown && !f.extras_shown) return;
  absl::int128 fees = 0;
  int64_t placements = 0;
  for (const OutcomeCouncilSum& sum : f.councils) {
    fees += sum.fee_micros;
    placements += sum.fee_placements;
  }
  v1::FeeFigures* shown = out->mutable_fees();
  if (placements > 0) {
    shown->set_mean_micros(ShownPrice(statistics::WeightedMean(fees, placements), policy));
  }
  const SidedQuantiles quantiles(f.weekly_fees, f.councils, &OutcomeCouncilSum::min_fee_micros,
                                 &OutcomeCouncilSum::max_fee_micros, least);
  const auto give = [&](int32_t basis_points, void (v1::FeeFigures::*set)(int64_t)) {
    quantiles.Give(basis_points,
                   [&](int64_t micros) { (shown->*set)(ShownPrice(micros, policy)); });
  };
  give(1'000, &v1::FeeFigures::set_p10_micros);
  give(2'500, &v1::FeeFigures::set_p25_micros);
  give(5'000, &v1::FeeFigures::set_p50_micros);
  give(7'500, &v1::FeeFigures::set_p75_micros);
  give(9'000, &v1::FeeFigures::set_p90_micros);
  if (f.extras_shown && f.extras_placements > 0) {
    shown->set_mean_extras_micros(
        ShownPrice(statistics::WeightedMean(f.extras_micros, f.extras_placements), policy));
  }
}

void SetIntentions(const OutcomeFigures& f, const model::Policy& policy, v1::ProviderFigures* out) {
  if (!f.intentions) return;
  for (size_t i = 0; i < model::kIntentionCount; ++i) {
    v1::IntentionCount* count = out->add_intentions();
    count->set_intention(static_cast<v1::OutcomeReport::Intention>(i + 1));
    count->set_reports(ShownTotal((*f.intentions)[i], policy));
  }
}

// The most pressing first.
void SetPriorities(const OutcomeFigures& f, const model::Policy& policy, v1::ProviderFigures* out) {
  std::vector<size_t> order;
  for (size_t i = 0; i < editions::kPriorityCount; ++i) {
    if (f.priorities[i] && f.priorities[i]->reports > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return f.priorities[a]->points > f.priorities[b]->points;
  });
  for (size_t i : order) {
    const model::Code& code = model::Priorities()[i];
    v1::PriorityCount* count = out->add_priorities();
    count->set_priority(std::string(code.id));
    count->set_display_name(std::string(code.display_name));
    count->set_reports(ShownTotal(f.priorities[i]->reports, policy));
    count->set_points(ShownTotal(f.priorities[i]->points, policy));
  }
}

// Councils whose reports are in the sums.
int64_t CountReporting(const OutcomeFigures& figures) {
  return std::count_if(figures.councils.begin(), figures.councils.end(),
                       [](const OutcomeCouncilSum& sum) { return sum.reports > 0; });
}

}  // namespace

std::array<std::optional<editions::RatingCounts>, model::kMeasureCount> RatingsOf(
    const ProviderTile& tile) {
  std::array<std::optional<editions::RatingCounts>, model::kMeasureCount> out;
  for (size_t m = 0; m < out.size(); ++m) {
    for (const ProviderTile::RunAtoms& run : tile.runs) {
      int64_t councils = 0;
      for (size_t i = run.first; i < run.first + run.count; ++i) {
        const auto& counts = tile.atoms[i]->ratings[m];
        if (!counts) continue;
        if (!out[m]) out[m].emplace();
        for (size_t l = 0; l < counts->by_level.size(); ++l) {
          out[m]->by_level[l] += counts->by_level[l];
        }
        councils += counts->councils;
      }
      if (out[m]) out[m]->councils = std::max(out[m]->councils, councils);
    }
  }
  return out;
}

OutcomeFigures FiguresOf(const ProviderTile& tile) {
  OutcomeFigures figures = editions::Combine(tile.atoms);
  figures.ratings = RatingsOf(tile);
  return figures;
}

bool MayShow(const OutcomeFigures& figures, const model::Registers& registers,
             const model::Policy& policy) {
  return figures.reports > 0 && figures.placements >= policy.min_placements &&
         CountReporting(figures) - CountRelated(figures.councils, registers) >=
             policy.min_outcome_councils;
}

bool MayShow(const std::optional<editions::RatingCounts>& counts, const model::Policy& policy) {
  return counts && counts->councils >= policy.min_outcome_councils;
}

void ToProto(const OutcomeFigures& f, const model::Registers& registers,
             const model::Policy& policy, v1::ProviderFigures* out) {
  out->set_councils(CountReporting(f));
  out->set_reports(ShownTotal(f.reports, policy));
  out->set_placements(ShownTotal(f.placements, policy));
  if (f.spend_shown) out->set_spend_micros(ShownTotal(f.spend_micros, policy));
  if (f.endings && f.endings->of > 0) {
    ToProto(f.endings->events, f.endings->of, policy, out->mutable_unplanned_endings());
  }
  const int64_t least = policy.min_outcome_councils + CountRelated(f.councils, registers);
  SetSufficiency(f, least, policy, out);
  SetFees(f, least, policy, out);
  SetIntentions(f, policy, out);
  SetPriorities(f, policy, out);
}

}  // namespace steelyard::benchmarks
