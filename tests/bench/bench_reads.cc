#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "tests/bench/bench.h"
#include "tests/bench/loading.h"
#include "tests/bench/questions.h"

namespace steelyard::bench {
namespace {

constexpr int kCallers = 16;
constexpr int64_t kMost = 4 * World::kGoods;  // calls behind one figure

// Where each figure's questions begin among those of a year.
constexpr int64_t kPositions = kMost;
constexpr int64_t kTogether = kPositions + kMost;
constexpr int64_t kWarmUp = kYears - 3 * World::kGoods;

// What it is at, with the time since the start, for whoever waits.
class Diary {
 public:
  void Say(const char* what) const {
    std::fprintf(stderr, "%6.1f s  %s\n", absl::ToDoubleSeconds(absl::Now() - start_), what);
  }

 private:
  const absl::Time start_ = absl::Now();
};

absl::Status Ping(const client::Connection& connection) {
  return connection.Call(&v1::OperationsService::Stub::Ping, v1::PingRequest()).status();
}

}  // namespace

Bench::Bench(const World& world, ServerProcess& server, int64_t lines, Report& report)
    : world_(world), server_(server), lines_(lines), report_(report) {}

Bench::~Bench() = default;

absl::Status Bench::Run() {
  const Diary diary;
  RETURN_IF_ERROR(server_.Start());
  steward_ = Steward();
  {
    const MemoryWatch memory(server_.address(), server_.steward_token());
    diary.Say("loading");
    RETURN_IF_ERROR(Load());
    diary.Say("waiting until the store is at rest");
    RETURN_IF_ERROR(WaitSettled());
    RETURN_IF_ERROR(MakeSubmitters());
    diary.Say("one caller reads");
    RETURN_IF_ERROR(MeasureReads());
    diary.Say("16 callers read");
    RETURN_IF_ERROR(MeasureReadsTogether());
    diary.Say("providers: loading and reading");
    RETURN_IF_ERROR(MeasureProviders());
    diary.Say("16 clients upload");
    RETURN_IF_ERROR(MeasureUploads());
    diary.Say("64 callers write");
    RETURN_IF_ERROR(MeasureUnaryWrites());
    diary.Say("how soon it is published");
    RETURN_IF_ERROR(MeasureFreshness());
    diary.Say("reading during an upload");
    RETURN_IF_ERROR(MeasureUnderUpload());
    report_.Set("rss_mib", memory.most_mib());
  }
  diary.Say("restart");
  return MeasureRestart();
}

std::unique_ptr<client::Connection> Bench::Steward() const {
  return Connect(server_.address(), server_.steward_token());
}

absl::Status Bench::Ask(const client::Connection& connection,
                        const v1::GetPriceBenchmarkRequest& request) {
  ASSIGN_OR_RETURN(const v1::PriceBenchmark reply,
                   connection.Call(&v1::BenchmarkService::Stub::GetPriceBenchmark, request));
  ++answers_;
  if (reply.cells(0).has_figures()) ++shown_;
  return absl::OkStatus();
}

absl::Status Bench::MeasureReads() {
  const auto ask_year = [&](int64_t i) { return Ask(*steward_, YearOf(world_, i)); };
  const auto ask_hot = [&](int64_t i) { return Ask(*steward_, YearOfMostBought(world_, i)); };
  const auto ask_position = [&](int64_t i) {
    v1::GetCouncilPositionRequest request;
    request.set_council("councils/" + world_.bodies()[static_cast<size_t>(submitting_[1])].id);
    *request.mutable_benchmark() = YearOf(world_, kPositions + i);
    return submitters_[1]->Call(&v1::BenchmarkService::Stub::GetCouncilPosition, request).status();
  };
  // Each year of each product once: what is asked often is in memory.
  RETURN_IF_ERROR(Measure(1, {.calls = 3 * World::kGoods, .time = Time(8)}, [&](int, int64_t i) {
                    return ask_year(kWarmUp + i);
                  }).status());
  RETURN_IF_ERROR(MeasureOne("empty_rpc", kMost, [&](int64_t) { return Ping(*steward_); }));
  answers_ = shown_ = 0;
  RETURN_IF_ERROR(MeasureOne("benchmark", kMost, ask_year));
  report_.Set("benchmarks_shown_percent",
              100.0 * static_cast<double>(shown_) / static_cast<double>(answers_));
  RETURN_IF_ERROR(MeasureOne("benchmark_hot_first", kWindows, ask_hot));
  RETURN_IF_ERROR(MeasureOne("benchmark_hot", kMost, ask_hot));
  RETURN_IF_ERROR(MeasureOne("trend", World::kGoods,
                             [&](int64_t i) { return Ask(*steward_, TrendOf(world_, i)); }));
  RETURN_IF_ERROR(
      MeasureOne("region", kMost, [&](int64_t i) { return Ask(*steward_, RegionOf(world_, i)); }));
  return MeasureOne("savings", kMost, ask_position);
}

absl::Status Bench::MeasureOne(std::string_view name, int64_t calls,
                               const std::function<absl::Status(int64_t)>& call) {
  const double cpu = server_.CpuMicros();
  ASSIGN_OR_RETURN(const Sample sample, Measure(1, {.calls = calls, .time = Time(4)},
                                                [&](int, int64_t i) { return call(i); }));
  report_.Set(absl::StrCat(Av(name), "_p50_us"), sample.Quantile(0.5));
  report_.Set(absl::StrCat(Av(name), "_p99_us"), sample.Quantile(0.99));
  report_.Set(absl::StrCat(Av(name), "_cpu_us"),
              (server_.CpuMicros() - cpu) / static_cast<double>(sample.micros.size()));
  return absl::OkStatus();
}

absl::Status Bench::MeasureReadsTogether() {
  std::vector<std::unique_ptr<client::Connection>> connections;
  for (int i = 0; i < kCallers; ++i) connections.push_back(Steward());
  const auto connection = [&](int caller) -> const client::Connection& {
    return *connections[static_cast<size_t>(caller)];
  };
  auto ping = [&](int caller, int64_t) { return Ping(connection(caller)); };
  auto ask = [&](int caller, int64_t i) {
    return Ask(connection(caller), YearOf(world_, kTogether + i * kCallers + caller));
  };
  const std::pair<std::string_view, Caller> kinds[] = {{"empty_rpc_rps_16", ping},
                                                       {"benchmark_rps_16", ask}};
  for (const auto& [key, call] : kinds) {
    RETURN_IF_ERROR(Measure(kCallers, {.calls = 50, .time = Time(2)}, call).status());
    ASSIGN_OR_RETURN(const Sample sample,
                     Measure(kCallers, {.calls = INT64_MAX, .time = Time(4)}, call));
    report_.Set(key, sample.PerSecond());
  }
  return absl::OkStatus();
}

absl::Status Bench::MeasureRestart() {
  RETURN_IF_ERROR(server_.Stop());
  const absl::Time start = absl::Now();
  RETURN_IF_ERROR(server_.Start());
  steward_ = Steward();
  RETURN_IF_ERROR(Ask(*steward_, YearOfMostBought(world_, 0)));
  report_.Set("restart_ms", absl::ToDoubleMilliseconds(absl::Now() - start));
  return absl::OkStatus();
}

}  // namespace steelyard::bench
