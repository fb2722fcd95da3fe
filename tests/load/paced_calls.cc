#include "tests/load/paced_calls.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "tests/support/test_server.h"

namespace steelyard::load {
namespace {

struct Call {
  std::unique_ptr<grpc::ClientContext> context;
  v1::Purchase reply;
  absl::Time due;
};

}  // namespace

double Tally::SuccessPercent() const {
  return calls() == 0 ? 0
                      : 100.0 * static_cast<double>(done_ms.size()) / static_cast<double>(calls());
}

double Tally::Percentile(double percent) const {
  if (done_ms.empty()) return 0;
  std::vector<double> sorted = done_ms;
  std::sort(sorted.begin(), sorted.end());
  const auto rank =
      static_cast<size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
  return sorted[std::clamp<size_t>(rank, 1, sorted.size()) - 1];
}

void Tally::Add(const Tally& other) {
  done_ms.insert(done_ms.end(), other.done_ms.begin(), other.done_ms.end());
  refused += other.refused;
  failed += other.failed;
}

Tally CallAtPace(const std::string& address, const std::string& secret, const std::string& name,
                 double calls_per_second, absl::Duration length) {
  grpc::ChannelArguments own_connection;
  own_connection.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  v1::PurchaseService::Stub stub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), own_connection));
  v1::GetPurchaseRequest request;
  request.set_name(name);

  std::mutex mutex;
  std::condition_variable all_back;
  Tally tally;
  int64_t under_way = 0;
  std::deque<Call> calls;  // grows while calls hold on to its elements
  const absl::Time start = absl::Now();
  const absl::Duration step = absl::Seconds(1 / calls_per_second);
  for (int64_t i = 0; i * step < length; ++i) {
    const absl::Time due = start + i * step;
    absl::SleepFor(due - absl::Now());
    Call* call;
    {
      std::lock_guard lock(mutex);
      call = &calls.emplace_back();
      ++under_way;
    }
    call->context = testing::ContextOf(secret);
    call->due = due;
    stub.async()->GetPurchase(
        call->context.get(), &request, &call->reply, [&, call](const grpc::Status& status) {
          const double took = absl::ToDoubleMilliseconds(absl::Now() - call->due);
          std::lock_guard lock(mutex);
          if (status.ok()) {
            tally.done_ms.push_back(took);
          } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
            ++tally.refused;
          } else {
            ++tally.failed;
          }
          if (--under_way == 0) all_back.notify_all();
        });
  }
  std::unique_lock lock(mutex);
  all_back.wait(lock, [&] { return under_way == 0; });
  return tally;
}

}  // namespace steelyard::load
