#ifndef STEELYARD_TESTS_LOAD_PACED_CALLS_H_
#define STEELYARD_TESTS_LOAD_PACED_CALLS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace steelyard::load {

// What became of calls: how long each took that was done, from when it was due,
// and how many were not.
struct Tally {
  std::vector<double> done_ms;
  int64_t refused = 0;  // RESOURCE_EXHAUSTED
  int64_t failed = 0;   // anything else

  int64_t calls() const { return static_cast<int64_t>(done_ms.size()) + refused + failed; }
  double SuccessPercent() const;
  // The value that `percent` of the calls that were done do not exceed.
  double Percentile(double percent) const;
  void Add(const Tally& other);
};

// Calls GetPurchase of `name` at a fixed pace, whether earlier calls came back
// or not, on a connection of its own: an open loop, which hides no wait.
Tally CallAtPace(const std::string& address, const std::string& secret, const std::string& name,
                 double calls_per_second, absl::Duration length);

}  // namespace steelyard::load

#endif  // STEELYARD_TESTS_LOAD_PACED_CALLS_H_
