#include "server/statistics/agreement.h"

namespace steelyard::statistics {

std::optional<double> Agreement(std::span<const int64_t> counts) {
  double n = 0;
  double squares = 0;
  for (const int64_t count : counts) {
    const auto c = static_cast<double>(count);
    n += c;
    squares += c * c;
  }
  if (n < 2) return std::nullopt;
  return (squares - n) / (n * (n - 1));
}

std::optional<double> FleissKappa(std::span<const std::vector<int64_t>> units) {
  std::vector<double> totals;
  double ratings = 0;
  double agreement = 0;
  double counted = 0;
  for (const std::vector<int64_t>& counts : units) {
    const std::optional<double> p = Agreement(counts);
    if (!p.has_value()) continue;
    agreement += *p;
    counted += 1;
    if (totals.size() < counts.size()) totals.resize(counts.size());
    for (size_t k = 0; k < counts.size(); ++k) {
      totals[k] += static_cast<double>(counts[k]);
      ratings += static_cast<double>(counts[k]);
    }
  }
  if (counted == 0) return std::nullopt;
  double chance = 0;
  for (const double total : totals) {
    if (total == ratings) return std::nullopt;
    chance += total / ratings * (total / ratings);
  }
  return (agreement / counted - chance) / (1 - chance);
}

}  // namespace steelyard::statistics
