#ifndef STEELYARD_TESTS_SERVER_APP_SERVED_LEDGER_H_
#define STEELYARD_TESTS_SERVER_APP_SERVED_LEDGER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "server/app/access_service.h"
#include "server/app/operations_service.h"
#include "server/audit/read_journal.h"
#include "server/auth/authenticator.h"
#include "server/auth/secret.h"
#include "server/auth/session_tokens.h"
#include "server/rpc/executor.h"
#include "server/rpc/page_token.h"
#include "server/rpc/server_options.h"
#include "server/rpc/unary.h"
#include "storage/engine/commit_mark.h"
#include "storage/engine/database.h"
#include "storage/ledger/ledger.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::app {

// The real services over a real ledger and a real server on loopback, with
// councils abc and xyz and one steward.
class ServedLedger : public ::testing::Test {
 protected:
  void SetUp() override {
    engine::OpenOptions options;
    options.create_if_missing = true;
    options.ballast_bytes = 0;
    options.min_free_bytes = 0;
    ASSERT_OK_AND_ASSIGN(database_, engine::Database::Open(dir_ / "store", options));
    ASSERT_OK_AND_ASSIGN(engine::CommitMark mark, engine::CommitMark::Open(dir_ / "commits.mark"));
    mark_ = std::make_unique<engine::CommitMark>(std::move(mark));
    ASSERT_OK(ledger::Ledger::Create(*database_));
    ASSERT_OK_AND_ASSIGN(ledger_, ledger::Ledger::Open(*database_, *mark_));
    ledger::PutRegisters registers;
    registers.meta = {absl::ToUnixMicros(clock_.Now()), "system"};
    for (const char* id : {"abc", "xyz"}) {
      model::Council council;
      council.id = id;
      registers.councils.push_back(council);
    }
    ASSERT_OK(ledger_->Execute(registers));
    steward_ = AddToken(model::Role::kSteward, "first steward");
    Serve();
  }

  void TearDown() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  // Puts a token into the ledger as `init` does; returns its secret.
  std::string AddToken(model::Role role, const std::string& display_name) {
    const auth::NewSecret made = auth::MakeSecret();
    ledger::PutToken command;
    command.meta = {absl::ToUnixMicros(clock_.Now()), "system"};
    command.request = std::string(16, static_cast<char>(++requests_));
    command.body_sha256 = std::string(32, 'b');
    command.token.id = made.token_id;
    command.token.secret_hash = made.hash;
    command.token.role = role;
    command.token.display_name = display_name;
    command.token.create_unix_micros = command.meta.unix_micros;
    command.token.expire_unix_micros = absl::ToUnixMicros(clock_.Now() + absl::Hours(24 * 90));
    EXPECT_OK(ledger_->Execute(command).status());
    return made.secret;
  }

  // Calls a stub's method with a token: Call(steward_, [&](auto* context) {...}).
  grpc::Status Call(const std::string& secret,
                    const std::function<grpc::Status(grpc::ClientContext*)>& method) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    context.AddMetadata("authorization", "Bearer " + secret);
    return method(&context);
  }

  // A new UUID of version 4 at each call.
  std::string RequestId() {
    char text[37];
    snprintf(text, sizeof text, "3f0b8f3e-5d1a-4c3e-9c67-%012d", ++requests_);
    return text;
  }

  static std::string ReasonOf(const grpc::Status& status) {
    google::rpc::Status details;
    EXPECT_TRUE(details.ParseFromString(status.error_details()));
    google::rpc::ErrorInfo info;
    for (const auto& any : details.details()) {
      if (any.Is<google::rpc::ErrorInfo>()) any.UnpackTo(&info);
    }
    return info.reason();
  }

  static std::vector<std::string> FieldsOf(const grpc::Status& status) {
    google::rpc::Status details;
    EXPECT_TRUE(details.ParseFromString(status.error_details()));
    google::rpc::BadRequest bad;
    for (const auto& any : details.details()) {
      if (any.Is<google::rpc::BadRequest>()) any.UnpackTo(&bad);
    }
    std::vector<std::string> fields;
    for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
    return fields;
  }

  testing::TempDir dir_;
  testing::FakeClock clock_{absl::FromUnixSeconds(1'600'000'000)};
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::CommitMark> mark_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::string steward_;
  std::unique_ptr<v1::AccessService::Stub> access_;
  std::unique_ptr<v1::OperationsService::Stub> operations_;

 private:
  void Serve() {
    grpc::ServerBuilder builder;
    rpc::ApplyServerOptions(builder, {});
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    journal_ = std::make_unique<audit::ReadJournal>(*ledger_, clock_,
                                                    absl::flat_hash_map<std::string, int64_t>());
    access_service_ = std::make_unique<AccessService>(
        unary_, *ledger_, *journal_, sessions_, pages_, clock_,
        [](const model::Policy&, model::ProductNo) { return publisher::PolicyPreview(); });
    operations_service_ = std::make_unique<OperationsService>(unary_, *ledger_, pages_, "1.2.3",
                                                              absl::FromUnixSeconds(1'500'000'000));
    builder.RegisterService(access_service_.get());
    builder.RegisterService(operations_service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                             grpc::InsecureChannelCredentials());
    access_ = v1::AccessService::NewStub(channel);
    operations_ = v1::OperationsService::NewStub(channel);
  }

  int requests_ = 0;
  auth::Authenticator authenticator_{clock_, [this] { return ledger_->state()->tokens; },
                                     [this] { return ledger_->state()->registers; }};
  rpc::Executor executor_{clock_, {}};
  rpc::Unary unary_{authenticator_, executor_, clock_};
  const rpc::PageTokens pages_{std::string(32, 'k')};
  std::unique_ptr<audit::ReadJournal> journal_;
  auth::SessionTokens sessions_{clock_};
  std::unique_ptr<AccessService> access_service_;
  std::unique_ptr<OperationsService> operations_service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace steelyard::app

#endif  // STEELYARD_TESTS_SERVER_APP_SERVED_LEDGER_H_
