#include "tests/attack/facts.h"

#include <algorithm>
#include <cmath>

namespace steelyard::attack {
namespace {

// Of the policy; whoever attacks knows it.
constexpr int kTotalBasisPoints = 100;
constexpr int kPriceBasisPoints = 10;
constexpr double kMicros = 1e6;

double UnitOf(double value, int basis_points) {
  for (double decade = 1;; decade *= 10) {
    for (double step : {1.0, 2.0, 5.0}) {
      if (decade * step * 10'000 >= value * basis_points) return decade * step;
    }
  }
}

int MonthOf(const v1::Month& month) {
  return (month.year() - Country::kFirstYear) * 12 + month.month() - 1;
}

Range Narrow(const Range& a, const Range& b) {
  return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

}  // namespace

Range RangeOf(int64_t shown, int basis_points) {
  const auto value = static_cast<double>(shown);
  const double unit = UnitOf(value, basis_points);
  if (unit == 1) return {value, value};
  // Just above, the unit may be the next one.
  const double above = UnitOf(value + unit, basis_points);
  return {value - unit / 2, value + above / 2};
}

Facts::Facts(const Country& country, const std::vector<v1::Area>& areas) : country_(country) {
  for (const v1::Area& area : areas) parents_[area.name()] = area.parent();
}

uint64_t Facts::BuyersOf(const v1::PriceCell& cell) const {
  uint64_t buyers = 0;
  for (size_t b = 0; b < country_.buyers().size(); ++b) {
    const Buyer& buyer = country_.buyers()[b];
    bool in_area = false;
    for (std::string area = "areas/" + buyer.area; !area.empty() && !in_area;) {
      in_area = std::count(cell.areas().begin(), cell.areas().end(), area) > 0;
      const auto parent = parents_.find(area);
      area = parent == parents_.end() ? "" : parent->second;
    }
    const auto& types = cell.authority_types();
    const bool of_type = types.empty() || std::count(types.begin(), types.end(), buyer.type) > 0;
    if (in_area && of_type) buyers |= uint64_t{1} << b;
  }
  return buyers;
}

void Facts::Learn(int product, const v1::PriceBenchmark& reply, uint64_t suppliers) {
  for (const v1::PriceCell& cell : reply.cells()) {
    if (!cell.has_figures()) continue;
    ++answers_;
    // Which of the months are in it is not said.
    if (cell.answer() == v1::PriceCell::PART_OF_PERIOD ||
        cell.answer() == v1::PriceCell::PART_OF_PERIOD_AND_WIDER_GROUP) {
      continue;
    }
    Learn(
        {product, BuyersOf(cell), MonthOf(cell.from_month()), MonthOf(cell.to_month()), suppliers},
        cell.figures());
  }
}

void Facts::Learn(const Scope& scope, const v1::PriceFigures& f) {
  const Range units = RangeOf(f.units(), kTotalBasisPoints);
  const Range micros = RangeOf(f.spend_micros(), kTotalBasisPoints);
  const Range mean = RangeOf(f.mean_unit_price_micros(), kPriceBasisPoints);
  // The mean was itself rounded to a micro.
  const Range price{(mean.low - 0.5) / kMicros, (mean.high + 0.5) / kMicros};
  Fact fact;
  fact.spend = Narrow({micros.low / kMicros, micros.high / kMicros},
                      {units.low * price.low, units.high * price.high});
  fact.units = Narrow(units, {fact.spend.low / price.high, fact.spend.high / price.low});
  figures_.emplace(scope, f);
  auto [known, added] = facts_.try_emplace(scope, fact);
  if (!added) {
    known->second.spend = Narrow(known->second.spend, fact.spend);
    known->second.units = Narrow(known->second.units, fact.units);
  }
  const auto empty = [](const Range& r) { return r.low > r.high + 1e-9 * std::abs(r.high); };
  if (empty(known->second.spend) || empty(known->second.units)) ++contradictions_;
}

}  // namespace steelyard::attack
