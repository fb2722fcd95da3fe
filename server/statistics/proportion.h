#ifndef STEELYARD_SERVER_STATISTICS_PROPORTION_H_
#define STEELYARD_SERVER_STATISTICS_PROPORTION_H_

namespace steelyard::statistics {

// Standard normal quantiles of two-sided 95 % and 99.8 % intervals.
inline constexpr double kZ95 = 1.959963984540054;
inline constexpr double kZ998 = 3.0902323061678132;

struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

// Wilson's score interval for `events` of `trials` (0 <= events <= trials):
//   (2 x + z^2 -+ z sqrt(z^2 + 4 x (1 - x / n))) / (2 (n + z^2)),
// within 0 and 1; all of 0 to 1 when there are no trials. Source: Wilson,
// JASA 22 (1927); Newcombe, Statistics in Medicine 17 (1998), method 3.
Interval WilsonInterval(double events, double trials, double z = kZ95);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_PROPORTION_H_
