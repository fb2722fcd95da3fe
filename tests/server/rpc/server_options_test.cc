#include "server/rpc/server_options.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "steelyard/v1/registry_service.grpc.pb.h"

namespace steelyard::rpc {
namespace {

// Says how many bytes came.
class EchoService final : public v1::RegistryService::CallbackService {
 public:
  grpc::ServerUnaryReactor* SearchProducts(grpc::CallbackServerContext* context,
                                           const v1::SearchProductsRequest* request,
                                           v1::SearchProductsResponse* reply) override {
    reply->add_products()->set_display_name(std::to_string(request->query().size()));
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class ServerOptionsTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  void Start(const ServerOptions& options) {
    grpc::ServerBuilder builder;
    ApplyServerOptions(builder, options);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(port_),
                                   grpc::InsecureChannelCredentials());
  }

  static void Prepare(grpc::ClientContext& context) {
    context.set_wait_for_ready(true);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  }

  grpc::Status Search(size_t query_bytes, size_t metadata_bytes = 0) {
    grpc::ClientContext context;
    Prepare(context);
    if (metadata_bytes > 0) context.AddMetadata("x-big", std::string(metadata_bytes, 'x'));
    v1::SearchProductsRequest request;
    request.set_query(std::string(query_bytes, 'q'));
    return v1::RegistryService::NewStub(channel_)->SearchProducts(&context, request, &reply_);
  }

  grpc::Status SendCompressed(grpc_compression_algorithm algorithm, size_t bytes) {
    grpc::ClientContext context;
    Prepare(context);
    context.set_compression_algorithm(algorithm);
    v1::SearchProductsRequest request;
    request.set_query(std::string(bytes, 'q'));
    return v1::RegistryService::NewStub(channel_)->SearchProducts(&context, request, &reply_);
  }

  // The code of a method called with an empty message.
  grpc::StatusCode CallEmpty(const std::string& method) {
    grpc::ClientContext context;
    Prepare(context);
    grpc::GenericStub stub(channel_);
    grpc::CompletionQueue queue;
    auto call = stub.PrepareUnaryCall(&context, method, grpc::ByteBuffer(nullptr, 0), &queue);
    call->StartCall();
    grpc::ByteBuffer reply;
    grpc::Status status;
    call->Finish(&reply, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status.error_code();
  }

  EchoService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  v1::SearchProductsResponse reply_;
};

TEST_F(ServerOptionsTest, TwoServersCannotShareAPort) {
  Start({});
  grpc::ServerBuilder second;
  ApplyServerOptions(second, {});
  int port = 0;
  second.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(),
                          &port);
  EchoService other;
  second.RegisterService(&other);
  EXPECT_EQ(second.BuildAndStart(), nullptr);
}

TEST_F(ServerOptionsTest, TakesAMessageUpToTheLimitAndNoMore) {
  Start({});
  EXPECT_TRUE(Search(kMaxReceiveBytes - 16).ok());
  EXPECT_EQ(Search(kMaxReceiveBytes + 1).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Search(3).ok());
  EXPECT_EQ(reply_.products(0).display_name(), "3");
}

TEST_F(ServerOptionsTest, ASmallMessageCannotBecomeALargeOne) {
  Start({});
  ASSERT_TRUE(Search(3).ok());
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    for (const size_t bytes : {size_t{1000}, size_t{16} << 20}) {
      const grpc::Status status = SendCompressed(algorithm, bytes);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
    }
  }
  EXPECT_TRUE(Search(3).ok());
}

TEST_F(ServerOptionsTest, TakesMetadataUpToTheLimitAndNoMore) {
  Start({});
  EXPECT_TRUE(Search(1, kMaxMetadataBytes / 2).ok());
  EXPECT_EQ(Search(1, 2 * kMaxMetadataBytes).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServerOptionsTest, AnswersHealth) {
  Start({});
  ASSERT_NE(server_->GetHealthCheckService(), nullptr);
  EXPECT_EQ(CallEmpty("/grpc.health.v1.Health/Check"), grpc::StatusCode::OK);
}

TEST_F(ServerOptionsTest, ReflectionIsThereOnlyIfAskedFor) {
  constexpr char kMethod[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  Start({});
  EXPECT_EQ(CallEmpty(kMethod), grpc::StatusCode::UNIMPLEMENTED);
  server_->Shutdown();
  Start({.reflection = true});
  EXPECT_EQ(CallEmpty(kMethod), grpc::StatusCode::OK);
  EXPECT_NE(google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
                "grpc.health.v1.Health"),
            nullptr);
}

}  // namespace
}  // namespace steelyard::rpc
