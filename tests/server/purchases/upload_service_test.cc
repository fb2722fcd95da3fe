// Uploads over the wire, with a clock and tokens that the test sets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/auth/authenticator.h"
#include "server/auth/secret.h"
#include "server/lines/upload_stream.h"
#include "server/purchases/purchase_service.h"
#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/fake_clock.h"

namespace steelyard::purchases {
namespace {

using ledger::kCouncil;

class UploadServiceTest : public ledger::LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    token_.id = secret_.token_id;
    token_.secret_hash = secret_.hash;
    token_.role = model::Role::kSubmitter;
    token_.council = kCouncil;
    token_.expire_unix_micros = absl::ToUnixMicros(clock_.Now() + absl::Minutes(1));
    PutToken();
    authenticator_ = std::make_unique<auth::Authenticator>(
        clock_, [this] { return ledger_->state()->tokens; },
        [this] { return ledger_->state()->registers; });
    ASSERT_OK_AND_ASSIGN(
        directory_, directory::Directory::Open([this] { return ledger_->state()->registers; }));
    watch_ = std::make_unique<lines::UploadWatch>(clock_);
    unary_ = std::make_unique<rpc::Unary>(*authenticator_, executor_, clock_);
    service_ = std::make_unique<PurchaseServiceImpl>(
        *unary_,
        lines::LineContext{*ledger_, *directory_, clock_, *authenticator_, executor_, *watch_},
        page_tokens_);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::PurchaseService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
    context_.AddMetadata("authorization", "Bearer " + secret_.secret);
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    stream_ = stub_->UploadPurchases(&context_);
    v1::UploadPurchasesRequest start;
    start.mutable_start()->set_parent("councils/abc");
    start.mutable_start()->set_upload_id("0a0a0a0a-0000-4000-8000-000000000000");
    start.mutable_start()->set_mode(v1::Submission::VALID_LINES);
    ASSERT_TRUE(Exchange(start));
    ASSERT_TRUE(SendChunk(0));
  }
  void TearDown() override {
    context_.TryCancel();
    server_->Shutdown();
    executor_.Stop();
    server_->Wait();
  }

  void PutToken() {
    ledger::PutToken put;
    put.meta = {absl::ToUnixMicros(clock_.Now()), "t1"};
    put.token = token_;
    ASSERT_OK(ledger_->Execute(std::move(put)));
  }
  bool Exchange(const v1::UploadPurchasesRequest& request) {
    v1::UploadPurchasesResponse reply;
    return stream_->Write(request) && stream_->Read(&reply);
  }
  // A chunk of one line, which has many problems and is counted.
  bool SendChunk(int64_t index) {
    v1::UploadPurchasesRequest request;
    request.mutable_chunk()->set_index(index);
    request.mutable_chunk()->add_lines()->mutable_purchase();
    return Exchange(request);
  }
  uint64_t Sequence() const { return ledger_->state()->head.sequence; }
  // The next message is refused as it is of no caller, or the watch was quicker.
  void ExpectRefused() {
    const uint64_t before = Sequence();
    EXPECT_FALSE(SendChunk(1));
    const grpc::StatusCode code = stream_->Finish().error_code();
    EXPECT_TRUE(code == grpc::StatusCode::UNAUTHENTICATED || code == grpc::StatusCode::CANCELLED)
        << code;
    EXPECT_EQ(Sequence(), before);
  }

  testing::FakeClock clock_{absl::FromUnixMicros(ledger::kNow)};
  const auth::NewSecret secret_ = auth::MakeSecret();
  model::Token token_;
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::unique_ptr<directory::Directory> directory_;
  rpc::Executor executor_{clock_, {}};
  std::unique_ptr<rpc::Unary> unary_;
  rpc::PageTokens page_tokens_{std::string(32, 'k')};
  std::unique_ptr<lines::UploadWatch> watch_;
  std::unique_ptr<PurchaseServiceImpl> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::PurchaseService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::UploadPurchasesRequest, v1::UploadPurchasesResponse>>
      stream_;
};

TEST_F(UploadServiceTest, AStreamThatSaysNothingForTooLongIsEnded) {
  // One that says something now and then is not.
  for (int i = 1; i <= 4; ++i) {
    clock_.Advance(absl::Seconds(6));
    ASSERT_TRUE(SendChunk(i)) << i;
  }
  auto ended = std::async(std::launch::async, [this] {
    v1::UploadPurchasesResponse reply;
    return !stream_->Read(&reply);
  });
  do {
    clock_.Advance(absl::Seconds(11));
  } while (ended.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready);
  EXPECT_TRUE(ended.get());
  EXPECT_EQ(stream_->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(UploadServiceTest, ATokenThatExpiresEndsAnOpenUpload) {
  clock_.Advance(absl::Minutes(2));
  ExpectRefused();
}

TEST_F(UploadServiceTest, ATokenWhoseRoleChangesEndsAnOpenUpload) {
  token_.role = model::Role::kReader;
  PutToken();
  ExpectRefused();
}

TEST_F(UploadServiceTest, ATokenWhoseCouncilChangesEndsAnOpenUpload) {
  token_.council = ledger::kOther;
  PutToken();
  ExpectRefused();
}

}  // namespace
}  // namespace steelyard::purchases
