#ifndef STEELYARD_SERVER_GATEWAY_RATE_H_
#define STEELYARD_SERVER_GATEWAY_RATE_H_

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "storage/base/clock.h"

namespace steelyard::gateway {

// Counts tries by who makes them: so many at once, then one for each `refill`.
// There is no limit of all together: it would let few keep everybody out, and
// what is tried here has 256 bits. Thread-safe.
class TryLimit {
 public:
  struct Limits {
    int burst = 10;
    absl::Duration refill = absl::Seconds(30);
    size_t most_known = 10'000;  // who is new beyond it is not counted
  };

  TryLimit(Clock& clock, const Limits& limits) : clock_(clock), limits_(limits) {}

  // Whether `who` may try now.
  bool MayTry(std::string_view who);
  // Counts a try.
  void Count(std::string_view who);

 private:
  struct Bucket {
    double spent = 0;
    absl::Time since;
  };

  // What is spent of a bucket at `now`.
  double Spent(const Bucket& bucket, absl::Time now) const;

  Clock& clock_;
  const Limits limits_;
  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

// A cap on what is under way at once, in all and for each caller. Thread-safe.
class InFlight {
 public:
  enum class Answer { kTaken, kTooManyOfCaller, kTooMany };

  InFlight(size_t most, size_t most_of_caller) : most_(most), most_of_caller_(most_of_caller) {}

  // Counts one of `caller`, if there is room. Then Leave() it once.
  Answer Enter(const std::string& caller);
  void Leave(const std::string& caller);

  size_t count();
  // Returns when nothing is under way.
  void WaitEmpty();

 private:
  const size_t most_;
  const size_t most_of_caller_;
  std::mutex mutex_;
  std::condition_variable empty_;
  std::map<std::string, size_t> callers_;
  size_t count_ = 0;
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_RATE_H_
