// A client that goes away takes its call with it.

#include <atomic>
#include <memory>

#include "absl/time/clock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "server/gateway/gateway.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_client.h"
#include "tests/support/status_matchers.h"

namespace steelyard::gateway {
namespace {

constexpr absl::Duration kMost = absl::Seconds(20);

bool Eventually(const std::atomic<bool>& what) {
  for (const absl::Time until = absl::Now() + kMost; !what && absl::Now() < until;) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  return what;
}

// Answers a Ping when nobody waits for it any longer, or after a while.
class SlowService final : public v1::OperationsService::Service {
 public:
  grpc::Status Ping(grpc::ServerContext* context, const v1::PingRequest*,
                    v1::PingResponse*) override {
    began = true;
    for (const absl::Time until = absl::Now() + kMost;
         !context->IsCancelled() && absl::Now() < until;) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    cancelled = context->IsCancelled();
    return grpc::Status::OK;
  }

  std::atomic<bool> began{false};
  std::atomic<bool> cancelled{false};
};

TEST(GoneTest, AConnectClientThatGoesAwayCancelsItsCall) {
  SlowService service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  testing::FakeClock clock{absl::FromUnixSeconds(1'800'000'000)};
  GatewayOptions options;
  options.address = "127.0.0.1:0";
  ASSERT_OK_AND_ASSIGN(const auto gateway,
                       Gateway::Start(options, {.channel = server->InProcessChannel({}),
                                                .clock = clock,
                                                .healthy = [] { return true; },
                                                .figures = [] { return std::vector<Figure>{}; }}));
  for (const char* type : {"application/json", "application/grpc-web"}) {
    service.began = service.cancelled = false;
    testing::HttpConnection client(gateway->address());
    const std::string body = type[12] == 'j' ? "{}" : std::string(5, '\0');
    client.Send(testing::RequestText("POST", "/steelyard.v1.OperationsService/Ping",
                                     gateway->address(), {{"Content-Type", type}}, body));
    ASSERT_TRUE(Eventually(service.began));
    client.Reset();
    EXPECT_TRUE(Eventually(service.cancelled)) << type;
  }
}

}  // namespace
}  // namespace steelyard::gateway
