#include "server/benchmarks/price_figures.h"

#include <cmath>

#include "server/benchmarks/shown.h"

namespace steelyard::benchmarks {
namespace {

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
  return CountRelated(figures.councils, registers);
}

bool MayShow(const editions::Figures& figures, const model::Registers& registers,
             const model::Policy& policy) {
  const auto councils = static_cast<int64_t>(figures.councils.size());
  return figures.lines > 0 && figures.units > 0 &&
         councils - RelatedExcess(figures, registers) >= policy.min_councils;
}

void ToProto(const editions::Figures& f, const editions::DeliveryTotals& d,
             const model::Registers& registers, const model::Policy& policy,
             v1::PriceFigures* out) {
  out->set_councils(static_cast<int64_t>(f.councils.size()));
  out->set_lines(ShownTotal(f.lines, policy));
  out->set_units(ShownTotal(f.units, policy));
  out->set_spend_micros(ShownTotal(f.spend_micros, policy));
  out->set_mean_unit_price_micros(ShownPrice(f.mean_unit_price, policy));

  const int64_t least = policy.min_councils + RelatedExcess(f, registers);
  auto price = [&](int64_t value) { return ShownPrice(value, policy); };
  using P = v1::PriceQuantiles;
  SetQuantiles(f.line_prices, least, price, out->mutable_line_quantiles(), &P::set_p10_micros,
               &P::set_p25_micros, &P::set_p50_micros, &P::set_p75_micros, &P::set_p90_micros);
  SetQuantiles(f.council_prices, least, price, out->mutable_council_quantiles(), &P::set_p10_micros,
               &P::set_p25_micros, &P::set_p50_micros, &P::set_p75_micros, &P::set_p90_micros);

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
    // The share alone: of how many packs would say what was bought, and packs of
    // one delivery are no independent draws, so there is no interval.
    out->mutable_rejected()->set_value(ThreePlaces(static_cast<double>(d.rejected_packs) /
                                                   static_cast<double>(d.looked_at_packs)));
  }
}

}  // namespace steelyard::benchmarks
