#include "storage/editions/atom.h"

#include <algorithm>
#include <utility>

#include "storage/base/checked.h"

namespace steelyard::editions {

void CouncilSum::Add(const model::PurchaseFact& fact) {
  CouncilSum one;
  one.lines = 1;
  one.units = fact.units;
  one.spend_micros = fact.spend_micros;
  one.min_unit_price = one.max_unit_price = fact.unit_price_micros;
  one.min_lead_days = one.max_lead_days = std::max(fact.lead_days, -1);
  Add(one);
}

void CouncilSum::Add(const CouncilSum& other) {
  if (other.lines == 0) return;
  min_unit_price =
      lines == 0 ? other.min_unit_price : std::min(min_unit_price, other.min_unit_price);
  max_unit_price = std::max(max_unit_price, other.max_unit_price);
  lines += other.lines;
  units += other.units;
  spend_micros += other.spend_micros;
  if (other.min_lead_days < 0) return;
  min_lead_days =
      min_lead_days < 0 ? other.min_lead_days : std::min(min_lead_days, other.min_lead_days);
  max_lead_days = std::max(max_lead_days, other.max_lead_days);
}

int64_t CouncilSum::mean_unit_price() const {
  return units > 0 ? Saturate(DivideHalfEven(spend_micros, units)) : 0;
}

size_t Atom::weight() const {
  return sizeof(Atom) + unit_prices.capacity() * sizeof(int64_t) +
         lead_days.capacity() * sizeof(int32_t) + councils.capacity() * sizeof(CouncilSum);
}

void AtomBuilder::Add(const model::PurchaseFact& fact) {
  unit_prices_.push_back(fact.unit_price_micros);
  if (fact.lead_days >= 0) lead_days_.push_back(fact.lead_days);
  CouncilSum& sum = councils_[fact.council];
  sum.council = fact.council;
  sum.Add(fact);
}

Atom AtomBuilder::Build() {
  Atom atom;
  atom.lines = static_cast<int64_t>(unit_prices_.size());
  atom.unit_prices = std::exchange(unit_prices_, {});
  atom.lead_days = std::exchange(lead_days_, {});
  std::sort(atom.unit_prices.begin(), atom.unit_prices.end());
  std::sort(atom.lead_days.begin(), atom.lead_days.end());
  atom.councils.reserve(councils_.size());
  for (const auto& [council, sum] : std::exchange(councils_, {})) {
    atom.councils.push_back(sum);
    atom.units += sum.units;
    atom.spend_micros += sum.spend_micros;
  }
  std::sort(atom.councils.begin(), atom.councils.end(),
            [](const CouncilSum& a, const CouncilSum& b) { return a.council < b.council; });
  return atom;
}

}  // namespace steelyard::editions
