#include "server/benchmarks/position.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/statistics/rounding.h"
#include "storage/base/checked.h"

namespace steelyard::benchmarks {
namespace {

// Share of councils with a lower mean, to the nearest 5 %; nothing where fewer
// than `cell.least` lie on either side. The own mean is rounded as prices are, so
// that a council cannot feel its way along the others' means.
std::optional<int32_t> PercentileRank(int64_t own_mean, const AnswerCell& cell,
                                      const model::Policy& policy) {
  const int64_t mean = statistics::RoundToBase(own_mean, policy.price_rounding_basis_points);
  const std::vector<int64_t>& means = cell.council_means;
  const auto low = std::lower_bound(means.begin(), means.end(), mean);
  const auto high = std::upper_bound(means.begin(), means.end(), mean);
  const int64_t below = low - means.begin();
  const int64_t above = means.end() - high;
  if (below < cell.least || above < cell.least) return std::nullopt;
  const double share = static_cast<double>(below) / static_cast<double>(means.size());
  return static_cast<int32_t>(std::lround(share * 20.0)) * 5;
}

int64_t Saving(const std::vector<model::PurchaseFact>& own, int64_t target_micros) {
  absl::int128 saving = 0;
  for (const model::PurchaseFact& f : own) {
    const absl::int128 least = absl::int128(f.units) * target_micros;
    if (f.spend_micros > least) saving += f.spend_micros - least;
  }
  return Saturate(saving);
}

// £234.50, or EUR 1,234: whole from 1,000 on and half away from zero, as
// programs show the figure that stands beside it. Not negative.
std::string Money(int64_t micros, model::Currency currency) {
  constexpr int64_t kThousand = 1'000'000'000;
  const bool is_whole = micros >= kThousand;
  const int64_t step = is_whole ? 1'000'000 : 10'000;
  const int64_t rounded = micros / step + (micros % step >= step / 2 ? 1 : 0);
  const int64_t cents = is_whole ? rounded * 100 : rounded;
  std::string whole = absl::StrCat(cents / 100);
  for (size_t at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, ",");
  const std::string sign = currency == model::Currency::Gbp() ? "£" : currency.code() + " ";
  return is_whole ? sign + whole : absl::StrFormat("%s%s.%02d", sign, whole, cents % 100);
}

std::string Advice(const v1::OwnFigures& own, const v1::PriceFigures* shown,
                   model::Currency currency) {
  if (own.lines() == 0) return "You have no lines of this product in these months.";
  if (shown == nullptr) {
    return "There are too few councils to compare with; ask for a longer period or a wider area.";
  }
  if (!own.has_gap_to_median_micros()) {
    return "There are too few councils to compare your mean price with the median.";
  }
  const std::string saving = Money(own.saving_to_median_micros(), currency);
  if (own.gap_to_median_micros() <= 0) {
    return own.saving_to_median_micros() > 0
               ? absl::StrCat(
                     "You pay no more than the median council; lines dearer than the median line "
                     "cost "
                     "you ",
                     saving, " more than it.")
               : std::string(
                     "You pay no more than the median council, and for no line more than for the "
                     "median line.");
  }
  const int64_t median = shown->council_quantiles().p50_micros();
  const double percent = median == 0 ? 0
                                     : 100.0 * static_cast<double>(own.gap_to_median_micros()) /
                                           static_cast<double>(median);
  return absl::StrFormat(
      "You pay %.0f%% more than the median council. Ask your supplier for the price of the median "
      "line: had none of your lines cost more, you would have saved %s.",
      percent, saving);
}

}  // namespace

void SetOwnFigures(const std::vector<model::PurchaseFact>& own, const AnswerCell& cell,
                   const v1::PriceFigures* shown, const model::Policy& policy,
                   model::Currency currency, v1::OwnFigures* out) {
  absl::int128 units = 0;
  absl::int128 spend = 0;
  for (const model::PurchaseFact& f : own) {
    units += f.units;
    spend += f.spend_micros;
  }
  const int64_t mean = statistics::WeightedMean(spend, units);
  out->set_lines(static_cast<int64_t>(own.size()));
  out->set_units(Saturate(units));
  out->set_spend_micros(Saturate(spend));
  out->set_mean_unit_price_micros(mean);
  if (shown != nullptr && !own.empty()) {
    if (const auto rank = PercentileRank(mean, cell, policy)) {
      out->set_percentile_rank(*rank);
    }
    if (shown->council_quantiles().has_p50_micros()) {
      out->set_gap_to_median_micros(mean - shown->council_quantiles().p50_micros());
    }
    if (shown->line_quantiles().has_p50_micros()) {
      out->set_saving_to_median_micros(Saving(own, shown->line_quantiles().p50_micros()));
    }
    if (shown->line_quantiles().has_p10_micros()) {
      out->set_saving_to_p10_micros(Saving(own, shown->line_quantiles().p10_micros()));
    }
  }
  out->set_advice(Advice(*out, shown, currency));
}

}  // namespace steelyard::benchmarks
