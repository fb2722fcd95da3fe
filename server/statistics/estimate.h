#ifndef STEELYARD_SERVER_STATISTICS_ESTIMATE_H_
#define STEELYARD_SERVER_STATISTICS_ESTIMATE_H_

namespace steelyard::statistics {

// What was measured of a unit (a provider, an owner), and how sure that is.
struct Estimate {
  double value = 0;
  double standard_error = 0;  // in the unit of `value`, not negative
};

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_ESTIMATE_H_
