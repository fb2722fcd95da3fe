#include "server/benchmarks/price_figures.h"

#include <cmath>
#include <cstdlib>

#include "absl/container/flat_hash_set.h"
#include "server/statistics/proportion.h"
#include "server/statistics/rounding.h"
#include "storage/base/checked.h"

namespace steelyard::benchmarks {
namespace {

double ThreePlaces(double value) { return std::round(value * 1000.0) / 1000.0; }

int64_t RoundTotal(absl::int128 value, const model::Policy& policy) {
  return statistics::RoundToBase(Saturate(value), policy.total_rounding_basis_points);
}

int64_t RoundPrice(int64_t value, const model::Policy& policy) {
  return statistics::RoundToBase(value, policy.price_rounding_basis_points);
}

// Sets those of the five quantiles that have enough councils on either side.
template <typename Quantiles, typename Proto, typename Shown, typename... Setter>
void SetQuantiles(const Quantiles& quantiles, int64_t least, Shown shown, Proto* out,
                  Setter... setter) {
  size_t i = 0;
  auto set = [&](auto member) {
    const auto& q = quantiles[i++];
    if (q.councils_at_or_below >= least && q.councils_at_or_above >= least) {
      (out->*member)(shown(q.value));
    }
  };
  (set(setter), ...);
}

}  // namespace

int64_t RelatedExcess(const editions::Figures& figures, const model::Registers& registers) {
  absl::flat_hash_set<std::string_view> groups;
  int64_t excess = 0;
  for (const editions::CouncilSum& sum : figures.councils) {
    const model::Council* council = registers.FindCouncil(sum.council);
    if (council == nullptr || council->related_group.empty()) continue;
    if (!groups.insert(council->related_group).second) ++excess;
  }
  return excess;
}

bool MayShow(const editions::Figures& figures, const model::Registers& registers,
             const model::Policy& policy) {
  const auto councils = static_cast<int64_t>(figures.councils.size());
  return figures.lines > 0 && figures.units > 0 &&
         councils - RelatedExcess(figures, registers) >= policy.min_councils;
}

void ToProto(int64_t count, int64_t of, const model::Policy& policy, v1::Proportion* out) {
  if (of <= 0) return;
  const auto interval =
      statistics::WilsonInterval(static_cast<double>(count), static_cast<double>(of));
  out->set_value(ThreePlaces(static_cast<double>(count) / static_cast<double>(of)));
  out->set_lower(ThreePlaces(interval.low));
  out->set_upper(ThreePlaces(interval.high));
  out->set_denominator(RoundTotal(of, policy));
}

void ToProto(const editions::Figures& f, const model::Registers& registers,
             const model::Policy& policy, v1::PriceFigures* out) {
  out->set_councils(static_cast<int64_t>(f.councils.size()));
  out->set_lines(RoundTotal(f.lines, policy));
  out->set_units(RoundTotal(f.units, policy));
  out->set_spend_micros(RoundTotal(f.spend_micros, policy));
  out->set_mean_unit_price_micros(RoundPrice(f.mean_unit_price, policy));

  const int64_t least = policy.min_councils + RelatedExcess(f, registers);
  auto price = [&](int64_t value) { return RoundPrice(value, policy); };
  using P = v1::PriceQuantiles;
  SetQuantiles(f.line_prices, least, price, out->mutable_line_quantiles(), &P::set_p10_micros,
               &P::set_p25_micros, &P::set_p50_micros, &P::set_p75_micros, &P::set_p90_micros);
  SetQuantiles(f.council_prices, least, price, out->mutable_council_quantiles(), &P::set_p10_micros,
               &P::set_p25_micros, &P::set_p50_micros, &P::set_p75_micros, &P::set_p90_micros);

  const editions::DeliveryTotals& d = f.delivery;
  v1::DeliveryFigures* delivery = out->mutable_delivery();
  if (d.due_lines > 0) {
    ToProto(d.on_time_lines, d.due_lines, policy, delivery->mutable_on_time_in_full());
  }
  if (d.ordered_packs > 0) {
    delivery->set_fill_rate(
        ThreePlaces(static_cast<double>(d.delivered_packs) / static_cast<double>(d.ordered_packs)));
  }
  if (f.delivered_lines > 0) {
    auto days = [](double value) { return std::round(value * 10.0) / 10.0; };
    using D = v1::DayQuantiles;
    SetQuantiles(f.lead_days, least, days, delivery->mutable_lead_time(), &D::set_p10_days,
                 &D::set_p25_days, &D::set_p50_days, &D::set_p75_days, &D::set_p90_days);
  }
  if (d.looked_at_packs > 0) {
    ToProto(d.rejected_packs, d.looked_at_packs, policy, out->mutable_rejected());
  }
}

}  // namespace steelyard::benchmarks
