#ifndef STEELYARD_TESTS_SERVER_REGISTRY_SERVED_REGISTRY_H_
#define STEELYARD_TESTS_SERVER_REGISTRY_SERVED_REGISTRY_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/registry/registry_service.h"
#include "server/rpc/server_options.h"
#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/fake_clock.h"

namespace steelyard::registry {

// Lets everybody do everything: who may do what is auth's to test.
class OpenDoor final : public rpc::Authorizer {
 public:
  absl::StatusOr<rpc::Caller> Admit(std::string_view, const rpc::Credentials&) override {
    return rpc::Caller{"t1", model::Role::kSteward, {}};
  }
  absl::Status CheckOwner(const rpc::Caller&, std::string_view,
                          const google::protobuf::Message&) override {
    return absl::OkStatus();
  }
  bool StillValid(const rpc::Caller&) override { return true; }
};

// The service over a real ledger and a real server on loopback.
class ServedRegistry : public ledger::LedgerTest {
 protected:
  using Stub = v1::RegistryService::Stub;

  void SetUp() override {
    Open(true);
    Serve();
  }
  void TearDown() override { Stop(); }

  void Serve() {
    ASSERT_OK_AND_ASSIGN(
        directory_, directory::Directory::Open([this] { return ledger_->state()->registers; }));
    executor_ = std::make_unique<rpc::Executor>(clock_, rpc::Executor::Options{});
    unary_ = std::make_unique<rpc::Unary>(door_, *executor_, clock_);
    service_ =
        std::make_unique<RegistryServiceImpl>(*unary_, *ledger_, *directory_, pages_, clock_);
    grpc::ServerBuilder builder;
    rpc::ApplyServerOptions(builder, {});
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    stub_ = v1::RegistryService::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                             grpc::InsecureChannelCredentials()));
  }

  void Stop() {
    if (server_ != nullptr) server_->Shutdown();
    if (executor_ != nullptr) executor_->Stop();
  }

  // Stops the server and starts it again on what it left.
  void Restart() {
    Stop();
    server_.reset();
    Reopen();
    Serve();
  }

  // Calls `method`; the reply's status is in status_.
  template <typename Request, typename Reply>
  Reply Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
             const Request& request) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    Reply reply;
    status_ = ((*stub_).*method)(&context, request, &reply);
    return reply;
  }

  Stub& stub() { return *stub_; }

  static std::string NewId() {
    static std::atomic<int> count = 0;
    char text[37];
    snprintf(text, sizeof text, "3f0b8f3e-5d1a-4c3e-9c67-%012d", ++count);
    return text;
  }

  v1::LoadRegisterResponse Load(v1::LoadRegisterRequest::Register which, const std::string& csv,
                                const std::string& id = NewId()) {
    v1::LoadRegisterRequest request;
    request.set_register_(which);
    request.set_csv(csv);
    request.set_request_id(id);
    return Call(&Stub::LoadRegister, request);
  }

  v1::Supplier Create(const v1::Supplier& supplier, const std::string& id = NewId()) {
    v1::CreateSupplierRequest request;
    *request.mutable_supplier() = supplier;
    request.set_request_id(id);
    return Call(&Stub::CreateSupplier, request);
  }
  v1::Supplier Create(const std::string& display_name) {
    v1::Supplier supplier;
    supplier.set_display_name(display_name);
    return Create(supplier);
  }

  v1::Supplier Merge(const std::string& from, const std::string& into,
                     const std::string& id = NewId()) {
    v1::MergeSuppliersRequest request;
    request.set_name("suppliers/" + from);
    request.set_into("suppliers/" + into);
    request.set_request_id(id);
    return Call(&Stub::MergeSuppliers, request);
  }

  v1::Supplier Get(const std::string& id) {
    v1::GetSupplierRequest request;
    request.set_name("suppliers/" + id);
    return Call(&Stub::GetSupplier, request);
  }

  // Field to description of the last call's violations.
  std::map<std::string, std::string> Violations() const {
    google::rpc::Status details;
    EXPECT_TRUE(details.ParseFromString(status_.error_details()));
    std::map<std::string, std::string> fields;
    for (const auto& any : details.details()) {
      google::rpc::BadRequest bad;
      if (!any.UnpackTo(&bad)) continue;
      for (const auto& v : bad.field_violations()) fields[v.field()] = v.description();
    }
    return fields;
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'590'000'000)};  // 2020-05-20
  grpc::Status status_;
  std::unique_ptr<directory::Directory> directory_;

 private:
  OpenDoor door_;
  const rpc::PageTokens pages_{std::string(32, 'k')};
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<rpc::Unary> unary_;
  std::unique_ptr<RegistryServiceImpl> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

#define EXPECT_CALL_OK EXPECT_TRUE(status_.ok()) << status_.error_message()
#define ASSERT_CALL_OK ASSERT_TRUE(status_.ok()) << status_.error_message()

}  // namespace steelyard::registry

#endif  // STEELYARD_TESTS_SERVER_REGISTRY_SERVED_REGISTRY_H_
