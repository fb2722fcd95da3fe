// What the attacks of RELIABILITY row 16 do to the server behind the shipped
// front, and to those who use it meanwhile.

#include <signal.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "tests/edge/attacks.h"
#include "tests/edge/front.h"
#include "tests/edge/tls_client.h"
#include "tests/support/http_client.h"
#include "tests/support/needs.h"

namespace steelyard::edge {
namespace {

constexpr int64_t kMaxGrowth = 64 << 20;
constexpr double kMaxCpuSeconds = 2;
constexpr double kMinSuccess = 0.99;
constexpr absl::Duration kMaxRecovery = absl::Seconds(1);
constexpr absl::Duration kPace = absl::Milliseconds(50);
// With a certificate: the files that the server needs for itself, and few
// connections from nginx beside them.
constexpr int kServerFiles = 256;

// Those who mean well, with a token of their own: what attackers call with
// another is no reason to refuse them.
struct Regular {
  const Front& front;
  std::string secret;
};

std::string Ask(const Regular& regular) {
  return testing::RequestText(
      "POST", "/steelyard.v1.OperationsService/Ping", regular.front.authority(),
      {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + regular.secret}}, "{}");
}

// One speaks gRPC, one Connect, all the time.
class Regulars {
 public:
  explicit Regulars(const Regular& who)
      : grpc_([this, &who] { CallGrpc(who); }), web_([this, &who] { CallWeb(who); }) {}
  ~Regulars() { Stop(); }
  void Stop() {
    stop_ = true;
    if (grpc_.joinable()) grpc_.join();
    if (web_.joinable()) web_.join();
  }
  int64_t tries() const { return tries_; }
  int64_t successes() const { return successes_; }

 private:
  void CallGrpc(const Regular& who) {
    const auto stub = v1::OperationsService::NewStub(who.front.Channel());
    while (!stop_) {
      grpc::ClientContext context;
      context.AddMetadata("authorization", "Bearer " + who.secret);
      context.set_wait_for_ready(true);
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
      v1::PingResponse reply;
      const grpc::Status status = stub->Ping(&context, {}, &reply);
      Count(status.ok(), absl::StrCat("gRPC ", status.error_code(), " ", status.error_message()));
    }
  }
  void CallWeb(const Regular& who) {
    std::unique_ptr<TlsClient> client;
    while (!stop_) {
      if (client == nullptr) client = TlsClient::Connect(who.front.address(), kHost, "http/1.1");
      const testing::HttpReply reply =
          client == nullptr ? testing::HttpReply{} : client->Ask(Ask(who));
      Count(reply.status == 200, absl::StrCat("HTTP ", reply.status));
      if (reply.status != 200 || reply.Get("connection") == "close") client = nullptr;
    }
  }
  void Count(bool success, const std::string& how) {
    ++tries_;
    if (success) ++successes_;
    if (!success && tries_ - successes_ <= 3) std::printf("  failed: %s\n", how.c_str());
    absl::SleepFor(kPace);
  }

  std::atomic<bool> stop_{false};
  std::atomic<int64_t> tries_{0};
  std::atomic<int64_t> successes_{0};
  std::thread grpc_;
  std::thread web_;
};

// How long after now somebody new is served.
absl::Duration Recovery(const Regular& who) {
  const absl::Time start = absl::Now();
  while (absl::Now() - start < absl::Seconds(20)) {
    const auto client = TlsClient::Connect(who.front.address(), kHost, "http/1.1");
    if (client != nullptr && client->Ask(Ask(who)).status == 200) break;
  }
  return absl::Now() - start;
}

// The most memory that a process has while this lives, above what it had.
class Growth {
 public:
  explicit Growth(const Process& process)
      : before_(process.ResidentBytes()), watch_([this, &process] {
          while (!stop_) {
            most_ = std::max<int64_t>(most_, process.ResidentBytes());
            absl::SleepFor(absl::Milliseconds(20));
          }
        }) {}
  ~Growth() { Stop(); }
  int64_t Stop() {
    stop_ = true;
    if (watch_.joinable()) watch_.join();
    return std::max<int64_t>(0, most_ - before_);
  }

 private:
  const int64_t before_;
  std::atomic<int64_t> most_{0};
  std::atomic<bool> stop_{false};
  std::thread watch_;
};

void Try(const Attack& attack, Front& front, const Regular& who, absl::Duration time) {
  const double cpu = front.server().CpuSeconds();
  const double nginx_cpu = front.nginx().CpuSeconds();
  Growth growth(front.server());
  Growth nginx_growth(front.nginx());
  Regulars regulars(who);
  const Target target{front.address(), "Bearer " + front.steward(), absl::Now() + time};
  const absl::Time start = absl::Now();
  const int64_t sent = attack.run(target);
  const absl::Duration took = absl::Now() - start;
  const absl::Duration recovery = Recovery(who);
  // An attack that has sent all it is about may be over early.
  if (absl::Now() < target.until) absl::SleepFor(target.until - absl::Now());
  regulars.Stop();
  const int64_t grown = growth.Stop();
  const double used = front.server().CpuSeconds() - cpu;
  const double success =
      static_cast<double>(regulars.successes()) / static_cast<double>(regulars.tries());
  std::printf(
      "%-30s %9lld %-11s %6.1f s %6.1f MiB %6.2f s %8lld of %-5lld %6.0f ms %8.1f MiB %6.2f s\n",
      attack.name, static_cast<long long>(sent), attack.unit, absl::ToDoubleSeconds(took),
      static_cast<double>(grown) / (1 << 20), used, static_cast<long long>(regulars.successes()),
      static_cast<long long>(regulars.tries()), absl::ToDoubleMilliseconds(recovery),
      static_cast<double>(nginx_growth.Stop()) / (1 << 20), front.nginx().CpuSeconds() - nginx_cpu);
  std::fflush(stdout);
  const double least = static_cast<double>(attack.least) +
                       static_cast<double>(attack.least_per_second) * absl::ToDoubleSeconds(time);
  EXPECT_GE(static_cast<double>(sent), least) << attack.name;
  EXPECT_LE(grown, kMaxGrowth) << attack.name;
  EXPECT_LE(used, kMaxCpuSeconds) << attack.name;
  EXPECT_GE(success, kMinSuccess) << attack.name;
  EXPECT_LE(recovery, kMaxRecovery) << attack.name;
  EXPECT_TRUE(front.ServerRuns()) << attack.name << ": " << front.server_log();
}

TEST(AbuseTest, AttacksThroughTheFrontCostTheServerLittle) {
  STEELYARD_NEEDS(Front::HasNginx(), "there is no nginx to test with: ./test installs it");
  signal(SIGPIPE, SIG_IGN);  // nginx closes on those who attack
  const char* full = std::getenv("STEELYARD_FULL");
  const absl::Duration time =
      full != nullptr && *full != '\0' ? absl::Seconds(10) : absl::Milliseconds(1500);
  Front front;
  const std::string failed = front.Start({.open_files = kServerFiles});
  ASSERT_EQ(failed, "");
  const Regular who{front, front.MakeToken(v1::ROLE_READER)};
  ASSERT_LT(Recovery(who), absl::Seconds(20));  // everything is warm
  std::printf("%-30s %21s %8s %10s %8s %17s %9s %12s %8s\n", "attack", "sent", "for", "server +",
              "CPU", "legitimate", "again", "nginx +", "CPU");
  for (const Attack& attack : Attacks()) Try(attack, front, who, time);
}

}  // namespace
}  // namespace steelyard::edge
