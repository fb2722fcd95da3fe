#ifndef STEELYARD_SERVER_GATEWAY_METRICS_H_
#define STEELYARD_SERVER_GATEWAY_METRICS_H_

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/time/time.h"

namespace steelyard::gateway {

// A figure that somebody else keeps. Names as Prometheus has them; a counter's
// ends in `_total`.
struct Figure {
  std::string name;
  std::string help;
  double value = 0;
};

// Counts calls and pages. Labels come from closed sets alone, namely methods of
// the contract, protocols and codes: never a council, a token or an address.
// Thread-safe.
class Metrics {
 public:
  // `method` must be one of the contract, or "" where it is unknown.
  void CountCall(std::string_view protocol, std::string_view method, std::string_view code,
                 absl::Duration took);
  void CountPage(int status);

  // All of it in Prometheus' text format 0.0.4, with `figures` beside it.
  std::string Text(const std::vector<Figure>& figures) const;

 private:
  // Upper bounds, seconds; the last bucket has none.
  static constexpr std::array<double, 9> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025,
                                                    0.1,   0.5,    2,     10};
  struct Times {
    std::array<int64_t, kBounds.size() + 1> buckets{};
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> calls_;
  std::map<std::string, Times> times_;  // by method
  std::map<int, int64_t> pages_;        // by status
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_METRICS_H_
