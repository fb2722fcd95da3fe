#include "server/statistics/proportion.h"

#include <algorithm>
#include <cmath>

namespace steelyard::statistics {

Interval WilsonInterval(double events, double trials, double z) {
  if (trials <= 0) return {0, 1};
  const double center = 2 * events + z * z;
  const double spread = z * std::sqrt(z * z + 4 * events * (1 - events / trials));
  const double scale = 2 * (trials + z * z);
  return {std::max(0.0, (center - spread) / scale), std::min(1.0, (center + spread) / scale)};
}

}  // namespace steelyard::statistics
