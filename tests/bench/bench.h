#ifndef STEELYARD_TESTS_BENCH_BENCH_H_
#define STEELYARD_TESTS_BENCH_BENCH_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "client/cpp/connection.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "tests/bench/measure.h"
#include "tests/bench/report.h"
#include "tests/bench/server_process.h"
#include "tests/bench/world.h"

namespace steelyard::bench {

// Looks now and then at how much memory the server takes. Ends with the object.
class MemoryWatch {
 public:
  MemoryWatch(const std::string& address, const std::string& token);
  ~MemoryWatch();
  double most_mib() const;

 private:
  void Run();

  std::unique_ptr<client::Connection> connection_;
  std::atomic<bool> stop_ = false;
  std::atomic<int64_t> most_bytes_ = 0;
  std::thread thread_;
};

// Takes one server through everything that is measured, in an order in which
// nothing disturbs what comes after it: the load, reads on a store at rest,
// then writes, then a restart. Not thread-safe.
class Bench {
 public:
  // `server` has a new store and is not started. `lines` is at least 1,000.
  Bench(const World& world, ServerProcess& server, int64_t lines, Report& report);
  ~Bench();

  absl::Status Run();

 private:
  // bench_writes.cc
  absl::Status Load();
  absl::Status WaitPublished();
  absl::Status WaitSettled();
  absl::Status MakeSubmitters();
  absl::Status MeasureUploads();
  absl::Status MeasureUnaryWrites();
  absl::Status MeasureFreshness();
  absl::Status MeasureUnderUpload();

  // bench_providers.cc
  absl::Status MeasureProviders();

  // bench_reads.cc
  absl::Status MeasureReads();
  absl::Status MeasureOne(std::string_view name, int64_t calls,
                          const std::function<absl::Status(int64_t)>& call);
  absl::Status MeasureReadsTogether();
  absl::Status MeasureRestart();
  absl::Status Ask(const client::Connection& connection,
                   const v1::GetPriceBenchmarkRequest& request);

  bool short_form() const { return lines_ < 100'000; }
  // The time that one figure may take.
  absl::Duration Time(double seconds) const {
    return absl::Seconds(short_form() ? seconds / 4 : seconds);
  }
  std::unique_ptr<client::Connection> Steward() const;

  const World& world_;
  ServerProcess& server_;
  const int64_t lines_;
  Report& report_;
  std::unique_ptr<client::Connection> steward_;
  std::vector<int> submitting_;  // bodies that have a token
  std::vector<std::unique_ptr<client::Connection>> submitters_;
  std::atomic<int64_t> answers_ = 0;
  std::atomic<int64_t> shown_ = 0;  // of them with figures
};

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_BENCH_H_
