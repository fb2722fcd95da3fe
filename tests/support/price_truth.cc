#include "tests/support/price_truth.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace steelyard::testing {
namespace {

__extension__ typedef __int128 Wide;
using ByCouncil = std::map<std::string, std::vector<int64_t>>;

constexpr int kPercents[] = {10, 25, 50, 75, 90};

// a / b, half to even; b > 0.
int64_t HalfEven(Wide a, Wide b) {
  Wide q = a / b;
  Wide r = a % b;
  if (r < 0) {
    r += b;
    --q;
  }
  if (2 * r > b || (2 * r == b && q % 2 != 0)) ++q;
  return static_cast<int64_t>(q);
}

// A type 7 quantile times 100: 100 x_lo + rest (x_hi - x_lo), all whole.
Wide Hundredfold(std::vector<int64_t> values, int percent) {
  std::sort(values.begin(), values.end());
  const size_t h = (values.size() - 1) * static_cast<size_t>(percent);
  const Wide low = values[h / 100];
  const Wide high = values[std::min(h / 100 + 1, values.size() - 1)];
  return 100 * low + static_cast<Wide>(h % 100) * (high - low);
}

// Whether enough councils have a value on either side of the quantile.
bool Enough(const ByCouncil& values, Wide hundredfold, int least) {
  int below = 0;
  int above = 0;
  for (const auto& [council, all] : values) {
    below += std::any_of(all.begin(), all.end(),
                         [&](int64_t v) { return Wide{100} * v <= hundredfold; });
    above += std::any_of(all.begin(), all.end(),
                         [&](int64_t v) { return Wide{100} * v >= hundredfold; });
  }
  return below >= least && above >= least;
}

std::vector<int64_t> All(const ByCouncil& values) {
  std::vector<int64_t> all;
  for (const auto& [council, some] : values) all.insert(all.end(), some.begin(), some.end());
  return all;
}

void SetPrices(const ByCouncil& values, const v1::Policy& policy, v1::PriceQuantiles* out) {
  using Q = v1::PriceQuantiles;
  void (Q::*const set[])(int64_t) = {&Q::set_p10_micros, &Q::set_p25_micros, &Q::set_p50_micros,
                                     &Q::set_p75_micros, &Q::set_p90_micros};
  for (int i = 0; i < 5; ++i) {
    const Wide quantile = Hundredfold(All(values), kPercents[i]);
    if (!Enough(values, quantile, policy.min_councils())) continue;
    (out->*set[i])(Shown(HalfEven(quantile, 100), policy.price_rounding_basis_points()));
  }
}

void SetDays(const ByCouncil& values, const v1::Policy& policy, v1::DayQuantiles* out) {
  using Q = v1::DayQuantiles;
  void (Q::*const set[])(double) = {&Q::set_p10_days, &Q::set_p25_days, &Q::set_p50_days,
                                    &Q::set_p75_days, &Q::set_p90_days};
  for (int i = 0; i < 5; ++i) {
    const Wide quantile = Hundredfold(All(values), kPercents[i]);
    if (!Enough(values, quantile, policy.min_councils())) continue;
    const double days = static_cast<double>(quantile) / 100;
    (out->*set[i])(std::round(days * 10) / 10);
  }
}

double ThreePlaces(double x) { return std::round(x * 1000) / 1000; }

// Wilson's interval in its textbook form.
void SetShare(int64_t count, int64_t of, const v1::Policy& policy, v1::Proportion* out) {
  const double z = 1.959963984540054;
  const double n = static_cast<double>(of);
  const double p = static_cast<double>(count) / n;
  const double middle = p + z * z / (2 * n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  out->set_value(ThreePlaces(p));
  out->set_lower(ThreePlaces(std::max(0.0, (middle - half) / scale)));
  out->set_upper(ThreePlaces(std::min(1.0, (middle + half) / scale)));
  out->set_denominator(Shown(of, policy.total_rounding_basis_points()));
}

void SetDelivery(const std::vector<const BoughtLine*>& lines, const v1::Policy& policy,
                 v1::PriceFigures* out) {
  int64_t due = 0, in_time = 0, ordered = 0, delivered = 0, looked_at = 0, rejected = 0;
  ByCouncil lead_days;
  for (const BoughtLine* line : lines) {
    looked_at += line->accepted_packs + line->rejected_packs;
    rejected += line->rejected_packs;
    if (line->deliveries.empty() && !line->promised_day) continue;
    int64_t came = 0, came_in_time = 0;
    int first = 0;
    for (const auto& [day, packs] : line->deliveries) {
      first = came == 0 ? day : std::min(first, day);
      came += packs;
      if (line->promised_day && day <= *line->promised_day) came_in_time += packs;
    }
    if (came > 0) lead_days[line->council].push_back(first - line->order_day);
    ordered += line->packs;
    delivered += std::min(came, line->packs);
    if (!line->promised_day) continue;
    ++due;
    in_time += came_in_time >= line->packs && line->rejected_packs == 0 ? 1 : 0;
  }
  v1::DeliveryFigures* d = out->mutable_delivery();
  if (due > 0) SetShare(in_time, due, policy, d->mutable_on_time_in_full());
  if (ordered > 0) {
    d->set_fill_rate(ThreePlaces(static_cast<double>(delivered) / static_cast<double>(ordered)));
  }
  if (!lead_days.empty()) SetDays(lead_days, policy, d->mutable_lead_time());
  if (looked_at > 0) {
    out->mutable_rejected()->set_value(
        ThreePlaces(static_cast<double>(rejected) / static_cast<double>(looked_at)));
  }
}

}  // namespace

int64_t BoughtLine::unit_price() const { return HalfEven(pack_price_micros, pack_content); }

int64_t MeanPrice(const std::vector<const BoughtLine*>& lines) {
  Wide spend = 0, units = 0;
  for (const BoughtLine* line : lines) {
    spend += Wide{line->packs} * line->pack_price_micros;
    units += line->units();
  }
  return units == 0 ? 0 : HalfEven(spend, units);
}

int64_t Shown(int64_t value, int basis_points) {
  const Wide size = value < 0 ? -Wide{value} : Wide{value};
  for (Wide decade = 1;; decade *= 10) {
    for (const int step : {1, 2, 5}) {
      const Wide base = decade * step;
      if (base * 10'000 < size * basis_points) continue;
      return static_cast<int64_t>(HalfEven(value, base) * base);
    }
  }
}

void HideShares(const v1::PriceFigures& shown, v1::PriceFigures* truth) {
  v1::DeliveryFigures* delivery = truth->mutable_delivery();
  if (!shown.delivery().has_on_time_in_full()) delivery->clear_on_time_in_full();
  if (!shown.delivery().has_fill_rate()) delivery->clear_fill_rate();
  if (!shown.has_rejected()) truth->clear_rejected();
}

v1::PriceFigures TrueFigures(const std::vector<const BoughtLine*>& lines,
                             const v1::Policy& policy) {
  v1::PriceFigures out;
  std::map<std::string, std::vector<const BoughtLine*>> by_council;
  Wide units = 0, spend = 0;
  ByCouncil prices;
  for (const BoughtLine* line : lines) {
    by_council[line->council].push_back(line);
    prices[line->council].push_back(line->unit_price());
    units += line->units();
    spend += Wide{line->packs} * line->pack_price_micros;
  }
  ByCouncil means;
  for (const auto& [council, own] : by_council) means[council] = {MeanPrice(own)};
  auto total = [&](Wide v) {
    return Shown(static_cast<int64_t>(v), policy.total_rounding_basis_points());
  };
  out.set_councils(static_cast<int64_t>(by_council.size()));
  out.set_lines(total(static_cast<Wide>(lines.size())));
  out.set_units(total(units));
  out.set_spend_micros(total(spend));
  out.set_mean_unit_price_micros(Shown(MeanPrice(lines), policy.price_rounding_basis_points()));
  SetPrices(prices, policy, out.mutable_line_quantiles());
  SetPrices(means, policy, out.mutable_council_quantiles());
  SetDelivery(lines, policy, &out);
  return out;
}

}  // namespace steelyard::testing
