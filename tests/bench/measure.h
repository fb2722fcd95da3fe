#ifndef STEELYARD_TESTS_BENCH_MEASURE_H_
#define STEELYARD_TESTS_BENCH_MEASURE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace steelyard::bench {

// What calls took.
struct Sample {
  std::vector<double> micros;  // of each call, ascending
  absl::Duration elapsed;      // from the first call to the last answer

  // The share `p` (0 to 1) of calls took no longer; 0 without calls.
  double Quantile(double p) const;
  double PerSecond() const;
};

// How much is measured: until either is reached.
struct Limits {
  int64_t calls = 0;  // of each caller
  absl::Duration time;
};

// One call: of caller 0 to callers-1, its `i`th.
using Caller = std::function<absl::Status(int caller, int64_t i)>;

// Lets `callers` threads call again and again, each without a pause. The first
// error ends it.
absl::StatusOr<Sample> Measure(int callers, const Limits& limits, const Caller& call);

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_MEASURE_H_
