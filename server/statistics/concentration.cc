#include "server/statistics/concentration.h"

namespace steelyard::statistics {

double HerfindahlIndex(std::span<const int64_t> holdings) {
  double total = 0;
  for (const int64_t held : holdings) total += static_cast<double>(held);
  if (total <= 0) return 0;
  double sum = 0;
  for (const int64_t held : holdings) {
    const double percent = 100 * static_cast<double>(held) / total;
    sum += percent * percent;
  }
  return sum;
}

double HerfindahlFloor(std::span<const double> percent_shares) {
  double sum = 0;
  for (const double share : percent_shares) sum += share * share;
  return sum;
}

}  // namespace steelyard::statistics
