#include "server/rpc/unary.h"

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "server/rpc/errors.h"
#include "server/rpc/server_options.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"

namespace steelyard::rpc {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kWithdraw = "/steelyard.v1.PurchaseService/WithdrawPurchase";

// Knows the header "Bearer good" and owns `councils/abc`; notes what it is
// asked.
class FakeAuthorizer final : public Authorizer {
 public:
  absl::StatusOr<Caller> Admit(std::string_view method, const Credentials& credentials) override {
    Note("admit");
    EXPECT_EQ(method, kWithdraw);
    if (credentials.authorization != "Bearer good") return error::Unauthenticated();
    return Caller{"t1", model::Role::kSubmitter, model::CouncilNo{1}};
  }
  absl::Status CheckOwner(const Caller&, std::string_view,
                          const google::protobuf::Message& request) override {
    Note("owner");
    const auto& name = dynamic_cast<const v1::WithdrawPurchaseRequest&>(request).name();
    if (name.empty()) return error::InvalidField("name", "Required, but not given.");
    return name.starts_with("councils/abc/") ? absl::OkStatus() : error::NotFound(name);
  }
  bool StillValid(const Caller&) override { return true; }

  void Note(std::string step) {
    std::lock_guard lock(mutex_);
    steps_.push_back(std::move(step));
  }
  std::vector<std::string> steps() {
    std::lock_guard lock(mutex_);
    return steps_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> steps_;
};

class Service final : public v1::PurchaseService::CallbackService {
 public:
  using Act =
      std::function<absl::Status(const Caller&, const v1::WithdrawPurchaseRequest&, v1::Purchase*)>;
  Service(Unary& unary, Method method) : unary_(unary), method_(method) {}
  grpc::ServerUnaryReactor* WithdrawPurchase(grpc::CallbackServerContext* context,
                                             const v1::WithdrawPurchaseRequest* request,
                                             v1::Purchase* reply) override {
    return unary_.Handle(context, request, reply, method_, std::ref(act));
  }

  Act act;

 private:
  Unary& unary_;
  const Method method_;
};

class UnaryTest : public ::testing::TestWithParam<Method::Run> {
 protected:
  void SetUp() override {
    service_.act = [this](const Caller& caller, const v1::WithdrawPurchaseRequest& request,
                          v1::Purchase* reply) {
      authorizer_.Note("act");
      EXPECT_EQ(caller.token_id, "t1");
      reply->set_name(request.name());
      return absl::OkStatus();
    };
    grpc::ServerBuilder builder;
    ApplyServerOptions(builder, {});
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    stub_ = v1::PurchaseService::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                             grpc::InsecureChannelCredentials()));
  }
  void TearDown() override { server_->Shutdown(); }

  struct Call {
    std::vector<std::string> authorizations = {"Bearer good"};
    absl::Duration timeout = absl::Seconds(20);
  };
  grpc::Status Withdraw(const v1::WithdrawPurchaseRequest& request, const Call& call) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(absl::ToChronoTime(absl::Now() + call.timeout));
    for (const std::string& value : call.authorizations) {
      context.AddMetadata("authorization", value);
    }
    reply_.Clear();
    return stub_->WithdrawPurchase(&context, request, &reply_);
  }
  grpc::Status Withdraw(const v1::WithdrawPurchaseRequest& request) {
    return Withdraw(request, Call());
  }

  static v1::WithdrawPurchaseRequest Good() {
    v1::WithdrawPurchaseRequest request;
    request.set_name("councils/abc/purchases/1");
    request.set_reason("typed twice");
    request.set_request_id("3f0b8f3e-5d1a-4c3e-9c67-0a3c5d1e2f4b");
    return request;
  }

  static std::vector<std::string> FieldsOf(const grpc::Status& status) {
    google::rpc::Status details;
    EXPECT_TRUE(details.ParseFromString(status.error_details()));
    std::vector<std::string> fields;
    for (const auto& any : details.details()) {
      google::rpc::BadRequest bad;
      if (!any.Is<google::rpc::BadRequest>() || !any.UnpackTo(&bad)) continue;
      for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
    }
    return fields;
  }

  SystemClock clock_;
  FakeAuthorizer authorizer_;
  Executor executor_{clock_, {.threads = 1, .max_in_flight = 2}};
  Unary unary_{authorizer_, executor_, clock_};
  Service service_{unary_, {.name = kWithdraw, .run = GetParam()}};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::PurchaseService::Stub> stub_;
  v1::Purchase reply_;
};

TEST_P(UnaryTest, AuthenticatesThenAuthorizesThenActs) {
  const grpc::Status status = Withdraw(Good());
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply_.name(), "councils/abc/purchases/1");
  EXPECT_THAT(authorizer_.steps(), ElementsAre("admit", "owner", "act"));
}

TEST_P(UnaryTest, NobodyGetsFurtherThanTheDoorWithoutAToken) {
  using Headers = std::vector<std::string>;
  for (const Headers& headers :
       {Headers{}, Headers{"Bearer bad"}, Headers{"Bearer good", "Bearer good"}}) {
    const grpc::Status status = Withdraw({}, {.authorizations = headers});
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  }
  EXPECT_THAT(authorizer_.steps(), ElementsAre("admit", "admit", "admit"));
}

TEST_P(UnaryTest, AForeignNameIsNotFoundBeforeAnythingIsValidated) {
  v1::WithdrawPurchaseRequest request;
  request.set_name("councils/xyz/purchases/1");
  EXPECT_EQ(Withdraw(request).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(authorizer_.steps(), ElementsAre("admit", "owner"));
}

TEST_P(UnaryTest, NamesEveryMissingField) {
  v1::WithdrawPurchaseRequest request = Good();
  request.clear_reason();
  request.clear_request_id();
  grpc::Status status = Withdraw(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(status), ElementsAre("reason", "request_id"));

  status = Withdraw({});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(status), ElementsAre("name", "reason", "request_id"));
  EXPECT_THAT(authorizer_.steps(), ::testing::Not(::testing::Contains("act")));
}

TEST_P(UnaryTest, WhatTheServiceSaysReachesTheCallerWithItsDetails) {
  service_.act = [](const Caller&, const v1::WithdrawPurchaseRequest&, v1::Purchase*) {
    return error::EtagMismatch("councils/abc/purchases/1");
  };
  const grpc::Status status = Withdraw(Good());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_THAT(status.error_details(), ::testing::HasSubstr("ETAG_MISMATCH"));
}

INSTANTIATE_TEST_SUITE_P(EachRun, UnaryTest,
                         ::testing::Values(Method::Run::kQueued, Method::Run::kInline));

// Holds the one thread of the executor until the test lets go.
class QueueTest : public UnaryTest {
 protected:
  std::thread Occupy() {
    service_.act = [this](const Caller&, const v1::WithdrawPurchaseRequest&, v1::Purchase*) {
      ++acts_;
      begun_.set_value();
      gate_.wait();
      return absl::OkStatus();
    };
    std::thread caller([this] {
      grpc::ClientContext context;
      context.set_wait_for_ready(true);
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
      context.AddMetadata("authorization", "Bearer good");
      v1::Purchase reply;
      const grpc::Status status = stub_->WithdrawPurchase(&context, Good(), &reply);
      EXPECT_TRUE(status.ok()) << status.error_message();
    });
    begun_.get_future().wait();
    return caller;
  }

  std::atomic<int> acts_ = 0;
  std::promise<void> begun_;
  std::promise<void> release_;
  std::shared_future<void> gate_ = release_.get_future().share();
};

TEST_P(QueueTest, RefusesAtOnceWhatItCannotQueue) {
  std::thread first = Occupy();
  ASSERT_TRUE(executor_.Submit(absl::InfiniteFuture(), [](Executor::Turn) {}));
  const absl::Time start = absl::Now();
  const grpc::Status status = Withdraw(Good());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_details(), ::testing::HasSubstr("OVERLOADED"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  release_.set_value();
  first.join();
}

TEST_P(QueueTest, DropsWorkThatNobodyWaitsForAnyMore) {
  std::thread first = Occupy();
  EXPECT_EQ(Withdraw(Good(), {.timeout = absl::Milliseconds(200)}).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  // The server counts the deadline from when the call reached it, so its own is
  // a little later than the client's.
  absl::SleepFor(absl::Milliseconds(500));
  release_.set_value();
  first.join();
  while (executor_.in_flight() > 0) std::this_thread::yield();
  EXPECT_EQ(acts_, 1);
}

INSTANTIATE_TEST_SUITE_P(Queued, QueueTest, ::testing::Values(Method::Run::kQueued));

}  // namespace
}  // namespace steelyard::rpc
