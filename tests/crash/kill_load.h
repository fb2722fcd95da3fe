#ifndef STEELYARD_TESTS_CRASH_KILL_LOAD_H_
#define STEELYARD_TESTS_CRASH_KILL_LOAD_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/cpp/connection.h"
#include "tests/crash/kill_oracle.h"

namespace steelyard::crash {

// Where workers wait while the server is killed and looked at. Thread-safe.
class Gate {
 public:
  // Waits while it is closed. False once the work is to end.
  bool Pass();
  void Open();
  void Close();
  // Lets everybody pass, and each finish what it has begun.
  void End();
  // Waits until so many workers wait here; false if they do not in time.
  bool WaitFor(int workers, absl::Duration longest);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;    // guarded by mutex_
  bool ending_ = false;  // guarded by mutex_
  int waiting_ = 0;      // guarded by mutex_
};

// One council and the way to the server as its submitter.
struct Submitter {
  std::string council;  // `councils/{council}`
  const client::Connection* connection = nullptr;
};

// Workers that send as fast as they can, go on through each crash, and tell an
// oracle. Each keeps to references of its own. Begins behind a closed gate.
class Load {
 public:
  // What is called must outlive this. `seed` decides what is sent.
  Load(Oracle& oracle, uint64_t seed) : oracle_(oracle), seed_(seed) {}
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() { Finish(); }

  // Uploads of VALID_LINES, some with lines that are refused.
  void AddValidLines(const Submitter& submitter);
  // Uploads taken WHOLE, some of them refused.
  void AddWhole(const Submitter& submitter);
  // Creations, updates and withdrawals, some repeated after their answer.
  void AddRequests(const Submitter& submitter);

  Gate& gate() { return gate_; }
  int workers() const { return static_cast<int>(threads_.size()); }
  // Ends when all that was begun is acknowledged.
  void Finish();
  // Lets the workers end at the next call that is cut off.
  void Abandon() { abandoned_ = true; }

  // Calls and streams that a crash cut off.
  int64_t cut_off() const { return cut_off_; }
  // Answers that no crash explains; the worker that gets one stops.
  std::vector<std::string> refusals() const;

 private:
  void Uploads(const Submitter& submitter, const std::string& worker, bool whole);
  void Requests(const Submitter& submitter, const std::string& worker);
  template <typename Request, typename Method>
  bool Send(const Submitter& submitter, Method method, const Request& request, size_t commit,
            bool twice);
  void Refused(const absl::Status& status);
  std::string NewWorker(const char* kind) const;

  Oracle& oracle_;
  const uint64_t seed_;
  Gate gate_;
  std::vector<std::thread> threads_;
  std::atomic<int64_t> cut_off_ = 0;
  std::atomic<bool> abandoned_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> refusals_;  // guarded by mutex_
};

}  // namespace steelyard::crash

#endif  // STEELYARD_TESTS_CRASH_KILL_LOAD_H_
