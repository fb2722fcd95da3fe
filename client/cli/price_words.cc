#include "client/cli/price_words.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "client/cli/words.h"

namespace steelyard::cli {

PriceWords::PriceWords(const v1::PriceBenchmark& benchmark, const std::vector<int64_t>& own)
    : unit_(EnumWords(benchmark.base_unit())), currency_(benchmark.currency_code()) {
  if (unit_ == "milliliter" || unit_ == "millilitre") {
    unit_ = "litre";
    base_units_ = 1'000;
  }
  std::vector<int64_t> prices;
  for (const int64_t micros : own) prices.push_back(Scaled(micros));
  for (const v1::PriceCell& cell : benchmark.cells()) {
    prices.push_back(Scaled(cell.figures().mean_unit_price_micros()));
    prices.push_back(Scaled(cell.figures().line_quantiles().p10_micros()));
    prices.push_back(Scaled(cell.figures().council_quantiles().p10_micros()));
  }
  decimals_ = PriceDecimals(prices);
}

std::string PriceWords::operator()(int64_t micros) const {
  return MoneyWords(Scaled(micros), currency_, decimals_);
}

std::string PriceWords::Total(int64_t micros) const {
  return MoneyWords(micros, currency_, TotalDecimals(micros));
}

std::string PriceWords::Units(int64_t base_units) const {
  return CountOf(WholeUnits(base_units), unit_, absl::StrCat(unit_, "s"));
}

int64_t PriceWords::Scaled(int64_t micros) const {
  const int64_t most = std::numeric_limits<int64_t>::max() / base_units_;
  return std::clamp(micros, -most, most) * base_units_;
}

}  // namespace steelyard::cli
