#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/request_id.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "storage/base/status_macros.h"
#include "tests/bench/bench.h"
#include "tests/bench/forms.h"
#include "tests/bench/loading.h"
#include "tests/bench/questions.h"

namespace steelyard::bench {
namespace {

// Each kind of write has batches of its own, so that every line is new.
enum Batch { kLoad, kSixteen, kUnary, kUnderUpload, kFresh };

constexpr int kSubmitters = 64;
constexpr int kUploaders = 16;
constexpr absl::Duration kMaxPublish = absl::Minutes(10);
constexpr absl::Duration kQuiet = absl::Seconds(3);
constexpr absl::Duration kMaxSettle = absl::Seconds(60);

std::string ParentOf(const Body& body) { return "councils/" + body.id; }

}  // namespace

MemoryWatch::MemoryWatch(const std::string& address, const std::string& token)
    : connection_(Connect(address, token)), thread_([this] { Run(); }) {}

MemoryWatch::~MemoryWatch() {
  stop_ = true;
  thread_.join();
}

double MemoryWatch::most_mib() const { return static_cast<double>(most_bytes_) / (1 << 20); }

void MemoryWatch::Run() {
  for (int i = 0; !stop_; ++i) {
    absl::SleepFor(absl::Milliseconds(20));
    if (i % 10 != 0) continue;
    if (const auto status = GetStatus(*connection_); status.ok()) {
      most_bytes_ = std::max<int64_t>(most_bytes_, status->resident_bytes());
    }
  }
}

absl::Status Bench::Load() {
  absl::Time start = absl::Now();
  RETURN_IF_ERROR(LoadRegisters(world_, *steward_));
  report_.Set("registers_ms", absl::ToDoubleMilliseconds(absl::Now() - start));

  struct Load load;
  load.batch = kLoad;
  load.lines = world_.Shares(lines_);
  absl::Time said = absl::Now();
  load.on_progress = [&](const client::UploadProgress& progress) {
    if (absl::Now() - said < absl::Seconds(5)) return;
    said = absl::Now();
    std::fprintf(stderr, "  %lld lines\n", static_cast<long long>(progress.acknowledged_lines));
  };
  const double cpu = server_.CpuMicros();
  start = absl::Now();
  RETURN_IF_ERROR(UploadLines(world_, *steward_, "councils/-", load));
  const absl::Time end = absl::Now();
  report_.Set("lines", static_cast<double>(lines_));
  report_.Set("upload_lines_per_s",
              static_cast<double>(lines_) / absl::ToDoubleSeconds(end - start));
  report_.Set("upload_cpu_us", (server_.CpuMicros() - cpu) / static_cast<double>(lines_));
  ASSIGN_OR_RETURN(const v1::ServiceStatus status, GetStatus(*steward_));
  report_.Set("store_bytes_at_once_per_line",
              static_cast<double>(status.store_bytes()) / static_cast<double>(lines_));
  RETURN_IF_ERROR(WaitPublished());
  report_.Set("load_cpu_us", (server_.CpuMicros() - cpu) / static_cast<double>(lines_));
  report_.Set("publish_lag_ms", absl::ToDoubleMilliseconds(absl::Now() - end));
  return absl::OkStatus();
}

absl::Status Bench::WaitPublished() {
  const absl::Time until = absl::Now() + kMaxPublish;
  while (absl::Now() < until) {
    ASSIGN_OR_RETURN(const v1::ServiceStatus status, GetStatus(*steward_));
    if (status.published_sequence() >= status.ledger_sequence()) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::DeadlineExceededError("the publisher does not catch up");
}

absl::Status Bench::WaitSettled() {
  const absl::Time until = absl::Now() + kMaxSettle;
  absl::Time since = absl::Now();
  int64_t bytes = 0;
  while (absl::Now() < until && absl::Now() - since < kQuiet) {
    ASSIGN_OR_RETURN(const v1::ServiceStatus status, GetStatus(*steward_));
    if (status.store_bytes() != bytes) since = absl::Now();
    bytes = status.store_bytes();
    absl::SleepFor(absl::Milliseconds(200));
  }
  report_.Set("store_bytes_per_line", static_cast<double>(bytes) / static_cast<double>(lines_));
  return absl::OkStatus();
}

absl::Status Bench::MakeSubmitters() {
  for (int i = 0; i < kSubmitters; ++i) {
    const int body = i * (World::kBodies / kSubmitters);
    ASSIGN_OR_RETURN(const std::string token,
                     MakeSubmitter(*steward_, world_.bodies()[static_cast<size_t>(body)]));
    submitting_.push_back(body);
    submitters_.push_back(Connect(server_.address(), token));
  }
  return absl::OkStatus();
}

absl::Status Bench::MeasureUploads() {
  const int64_t each = std::max<int64_t>(lines_ / 5 / kUploaders, 100);
  auto upload = [&](int uploader, int64_t) {
    const auto u = static_cast<size_t>(uploader);
    const auto body = static_cast<size_t>(submitting_[u]);
    struct Load load;
    load.batch = kSixteen;
    load.lines.resize(body + 1);
    load.lines[body] = each;
    return UploadLines(world_, *submitters_[u], ParentOf(world_.bodies()[body]), load);
  };
  ASSIGN_OR_RETURN(const Sample sample,
                   Measure(kUploaders, {.calls = 1, .time = absl::Minutes(1)}, upload));
  report_.Set("upload_16_lines_per_s", static_cast<double>(each) * sample.PerSecond());
  return WaitPublished();
}

absl::Status Bench::MeasureUnaryWrites() {
  constexpr int64_t kMost = 2'000;
  std::vector<std::vector<Line>> lines;
  for (const int body : submitting_) lines.push_back(world_.Lines(body, kUnary, kMost));
  auto create = [&](int caller, int64_t i) {
    const auto c = static_cast<size_t>(caller);
    v1::CreatePurchaseRequest request;
    request.set_parent(ParentOf(world_.bodies()[static_cast<size_t>(submitting_[c])]));
    ToPurchase(world_, lines[c][static_cast<size_t>(i)], request.mutable_purchase());
    request.set_request_id(client::RequestId());
    return submitters_[c]->Call(&v1::PurchaseService::Stub::CreatePurchase, request).status();
  };
  const double cpu = server_.CpuMicros();
  ASSIGN_OR_RETURN(const Sample sample,
                   Measure(kSubmitters, {.calls = kMost, .time = Time(4)}, create));
  report_.Set("unary_write_rps_64", sample.PerSecond());
  report_.Set("unary_write_p99_us", sample.Quantile(0.99));
  report_.Set("unary_write_cpu_us",
              (server_.CpuMicros() - cpu) / static_cast<double>(sample.micros.size()));
  return WaitPublished();
}

absl::Status Bench::MeasureFreshness() {
  constexpr size_t kStride = 10;  // a line each of 40 bodies
  std::vector<double> waits;
  const absl::Time until = absl::Now() + Time(30);
  for (int round = 0; round < 100 && absl::Now() < until; ++round) {
    struct Load load;
    load.batch = kFresh + round;
    load.lines.resize(World::kBodies);
    for (size_t b = static_cast<size_t>(round) % kStride; b < load.lines.size(); b += kStride) {
      load.lines[b] = 1;
    }
    int64_t sequence = 0;
    absl::Time acknowledged;
    load.on_progress = [&](const client::UploadProgress& progress) {
      sequence = progress.ledger_sequence;
      acknowledged = absl::Now();
    };
    RETURN_IF_ERROR(UploadLines(world_, *steward_, "councils/-", load));
    while (true) {
      ASSIGN_OR_RETURN(const v1::ServiceStatus status, GetStatus(*steward_));
      if (status.published_sequence() >= sequence) break;
      absl::SleepFor(absl::Milliseconds(1));
    }
    waits.push_back(absl::ToDoubleMicroseconds(absl::Now() - acknowledged));
  }
  std::sort(waits.begin(), waits.end());
  const Sample sample{waits, absl::ZeroDuration()};
  report_.Set("freshness_p50_ms", sample.Quantile(0.5) / 1'000);
  report_.Set("freshness_p99_ms", sample.Quantile(0.99) / 1'000);
  return absl::OkStatus();
}

absl::Status Bench::MeasureUnderUpload() {
  std::atomic<bool> stop = false;
  struct Load load;
  load.batch = kUnderUpload;
  load.lines = world_.Shares(lines_);
  load.stop = &stop;
  absl::Status uploaded;
  const auto uploader = Steward();
  std::thread thread([&] { uploaded = UploadLines(world_, *uploader, "councils/-", load); });
  const auto reader = Steward();
  const absl::StatusOr<Sample> sample =
      Measure(1, {.calls = INT64_MAX, .time = Time(8)},
              [&](int, int64_t i) { return Ask(*reader, YearOf(world_, i)); });
  stop = true;
  thread.join();
  RETURN_IF_ERROR(uploaded);
  RETURN_IF_ERROR(sample.status());
  report_.Set("benchmark_p99_under_upload_us", sample->Quantile(0.99));
  return WaitPublished();
}

}  // namespace steelyard::bench
