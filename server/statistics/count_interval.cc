#include "server/statistics/count_interval.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace steelyard::statistics {
namespace {

double Cube(double x) { return x * x * x; }

}  // namespace

// Half a chi-square quantile with 2 a degrees of freedom is a gamma quantile
// with shape a.
Interval ExactCountInterval(double events, const Level& level) {
  return {events > 0 ? boost::math::gamma_p_inv(events, level.tail) : 0,
          boost::math::gamma_q_inv(events + 1, level.tail)};
}

Interval ByarCountInterval(double events, const Level& level) {
  const double above = events + 1;
  const double low =
      events > 0 ? events * Cube(1 - 1 / (9 * events) - level.z / (3 * std::sqrt(events))) : 0;
  return {std::max(0.0, low), above * Cube(1 - 1 / (9 * above) + level.z / (3 * std::sqrt(above)))};
}

Interval CountInterval(double events, const Level& level) {
  return events < 10 ? ExactCountInterval(events, level) : ByarCountInterval(events, level);
}

}  // namespace steelyard::statistics
