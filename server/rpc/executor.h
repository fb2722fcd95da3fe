#ifndef STEELYARD_SERVER_RPC_EXECUTOR_H_
#define STEELYARD_SERVER_RPC_EXECUTOR_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "storage/base/clock.h"

namespace steelyard::rpc {

// A fixed number of threads and a cap on work in flight, so that too much work
// is refused at once instead of queued until nobody waits for it any more
// (RELIABILITY 0.6). Thread-safe.
class Executor {
 public:
  // Why a piece of work is called.
  enum class Turn {
    kRun,      // do it
    kExpired,  // its deadline passed while it waited: only say so
    kStopping  // the server stops: only say so
  };
  using Work = std::function<void(Turn)>;

  struct Options {
    int threads = 4;
    size_t max_in_flight = 64;  // queued and running
  };

  Executor(Clock& clock, const Options& options);
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  // As Stop().
  ~Executor();

  // Takes `work`, to be called exactly once on one of the threads, or returns
  // false at once and never calls it: too much in flight, or stopping.
  [[nodiscard]] bool Submit(absl::Time deadline, Work work);

  // Takes no more; calls what waits with kStopping; returns when all that ran
  // is done. Not from within work.
  void Stop();

  size_t in_flight() const;

 private:
  struct Item {
    absl::Time deadline;
    Work work;
  };

  void Loop();

  Clock& clock_;
  const size_t max_in_flight_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> queue_;
  size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_EXECUTOR_H_
