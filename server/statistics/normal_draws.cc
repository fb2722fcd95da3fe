#include "server/statistics/normal_draws.h"

#include <array>
#include <cmath>

namespace steelyard::statistics {
namespace {

// Coefficients from the constant term upwards.
using Polynomial = std::array<double, 8>;

constexpr Polynomial kMiddleAbove = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                     1.9715909503065514427e3, 1.3731693765509461125e4,
                                     4.5921953931549871457e4, 6.7265770927008700853e4,
                                     3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr Polynomial kMiddleBelow = {1,
                                     4.2313330701600911252e1,
                                     6.8718700749205790830e2,
                                     5.3941960214247511077e3,
                                     2.1213794301586595867e4,
                                     3.9307895800092710610e4,
                                     2.8729085735721942674e4,
                                     5.2264952788528545610e3};
constexpr Polynomial kTailAbove = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                   5.76949722146069140550e0,  3.64784832476320460504e0,
                                   1.27045825245236838258e0,  2.41780725177450611770e-1,
                                   2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr Polynomial kTailBelow = {1,
                                   2.05319162663775882187e0,
                                   1.67638483018380384940e0,
                                   6.89767334985100004550e-1,
                                   1.48103976427480074590e-1,
                                   1.51986665636164571966e-2,
                                   5.47593808499534494600e-4,
                                   1.05075007164441684324e-9};

double At(const Polynomial& p, double x) {
  double sum = p[7];
  for (int i = 6; i >= 0; --i) sum = sum * x + p[static_cast<size_t>(i)];
  return sum;
}

// ln x for x > 0. The library's own may differ in the last bit between
// machines. x = m 2^e with m near 1, ln m = 2 atanh((m - 1) / (m + 1)).
double Log(double x) {
  constexpr double kLn2 = 0.693147180559945309417;
  constexpr double kRootHalf = 0.707106781186547524401;
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < kRootHalf) {
    m *= 2;
    --exponent;
  }
  const double t = (m - 1) / (m + 1);
  const double t2 = t * t;
  double sum = 0;
  for (int k = 21; k >= 1; k -= 2) sum = sum * t2 + 1.0 / k;
  return 2 * t * sum + exponent * kLn2;
}

}  // namespace

double NormalFromBits(uint32_t bits) {
  const double p = (bits + 0.5) * 0x1p-32;
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * At(kMiddleAbove, r) / At(kMiddleBelow, r);
  }
  // p and 1 - p are at least 2^-33, so AS 241's third range is never met.
  const double r = std::sqrt(-Log(q < 0 ? p : 1 - p)) - 1.6;
  const double x = At(kTailAbove, r) / At(kTailBelow, r);
  return q < 0 ? -x : x;
}

}  // namespace steelyard::statistics
