#include <utility>

#include "absl/time/clock.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "storage/base/status_macros.h"
#include "tests/bench/bench.h"
#include "tests/bench/loading.h"
#include "tests/bench/questions.h"

namespace steelyard::bench {
namespace {

constexpr int kCallers = 16;

absl::Status Ping(const client::Connection& connection) {
  return connection.Call(&v1::OperationsService::Stub::Ping, v1::PingRequest()).status();
}

}  // namespace

Bench::Bench(const World& world, ServerProcess& server, int64_t lines, Report& report)
    : world_(world), server_(server), lines_(lines), report_(report) {}

Bench::~Bench() = default;

absl::Status Bench::Run() {
  RETURN_IF_ERROR(server_.Start());
  steward_ = Steward();
  {
    const MemoryWatch memory(server_.address(), server_.steward_token());
    RETURN_IF_ERROR(Load());
    RETURN_IF_ERROR(WaitSettled());
    RETURN_IF_ERROR(MakeSubmitters());
    RETURN_IF_ERROR(MeasureReads());
    RETURN_IF_ERROR(MeasureReadsTogether());
    RETURN_IF_ERROR(MeasureUploads());
    RETURN_IF_ERROR(MeasureUnaryWrites());
    RETURN_IF_ERROR(MeasureFreshness());
    RETURN_IF_ERROR(MeasureUnderUpload());
    report_.Set("rss_mib", memory.most_mib());
  }
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
  const auto position = [&](int64_t i) {
    v1::GetCouncilPositionRequest request;
    request.set_council("councils/" + world_.bodies()[static_cast<size_t>(submitting_[1])].id);
    *request.mutable_benchmark() = YearOf(world_, i);
    return submitters_[1]->Call(&v1::BenchmarkService::Stub::GetCouncilPosition, request).status();
  };
  struct Kind {
    std::string_view key;
    std::function<absl::Status(int64_t)> call;
  };
  const Kind kinds[] = {
      {"empty_rpc_p50_us", [&](int64_t) { return Ping(*steward_); }},
      {"benchmark_p50_us", [&](int64_t i) { return Ask(*steward_, YearOf(world_, i)); }},
      {"benchmark_hot_p50_us", [&](int64_t) { return Ask(*steward_, YearOfMostBought(world_)); }},
      {"trend_p50_us", [&](int64_t i) { return Ask(*steward_, TrendOf(world_, i)); }},
      {"region_p50_us", [&](int64_t i) { return Ask(*steward_, RegionOf(world_, i)); }},
      {"savings_p50_us", position},
  };
  for (const Kind& kind : kinds) {
    auto call = [&](int, int64_t i) { return kind.call(i); };
    // Every product once: what is asked often is in memory.
    const Limits warm_up{.calls = World::kGoods, .time = Time(4)};
    RETURN_IF_ERROR(Measure(1, warm_up, call).status());
    answers_ = shown_ = 0;
    ASSIGN_OR_RETURN(const Sample sample,
                     Measure(1, {.calls = 4 * World::kGoods, .time = Time(4)}, call));
    report_.Set(kind.key, sample.Quantile(0.5));
    if (kind.key != "benchmark_p50_us") continue;
    report_.Set("benchmark_p99_us", sample.Quantile(0.99));
    report_.Set("benchmarks_shown_percent",
                100.0 * static_cast<double>(shown_) / static_cast<double>(answers_));
  }
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
    return Ask(connection(caller), YearOf(world_, i + caller * (World::kGoods / kCallers)));
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
  RETURN_IF_ERROR(Ask(*steward_, YearOfMostBought(world_)));
  report_.Set("restart_ms", absl::ToDoubleMilliseconds(absl::Now() - start));
  return absl::OkStatus();
}

}  // namespace steelyard::bench
