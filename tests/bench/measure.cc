#include "tests/bench/measure.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <thread>
#include <utility>

namespace steelyard::bench {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

double Sample::Quantile(double p) const {
  if (micros.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(p * static_cast<double>(micros.size())));
  return micros[std::max<size_t>(rank, 1) - 1];
}

double Sample::PerSecond() const {
  return static_cast<double>(micros.size()) / absl::ToDoubleSeconds(elapsed);
}

absl::StatusOr<Sample> Measure(int callers, const Limits& limits, const Caller& call) {
  Sample sample;
  absl::Status failed;
  std::mutex mutex;  // guards the two above
  std::atomic<bool> stop = false;
  const Clock::time_point start = Clock::now();
  const Clock::time_point end = start + absl::ToChronoNanoseconds(limits.time);
  auto run = [&](int caller) {
    std::vector<double> micros;
    absl::Status status;
    Clock::time_point before = Clock::now();
    for (int64_t i = 0; i < limits.calls && before < end && status.ok() && !stop; ++i) {
      status = call(caller, i);
      const Clock::time_point after = Clock::now();
      micros.push_back(std::chrono::duration<double, std::micro>(after - before).count());
      before = after;
    }
    if (!status.ok()) stop = true;
    const std::lock_guard lock(mutex);
    failed.Update(status);
    sample.micros.insert(sample.micros.end(), micros.begin(), micros.end());
  };
  std::vector<std::thread> threads;
  for (int caller = 1; caller < callers; ++caller) threads.emplace_back(run, caller);
  run(0);
  for (std::thread& thread : threads) thread.join();
  sample.elapsed = absl::FromChrono(Clock::now() - start);
  if (!failed.ok()) return failed;
  std::sort(sample.micros.begin(), sample.micros.end());
  return sample;
}

}  // namespace steelyard::bench
