// What is on the wire beside well-formed calls: broken bytes, too much of
// them, services that must not be there.

#include <future>

#include "absl/strings/str_cat.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kGetPurchase[] = "/steelyard.v1.PurchaseService/GetPurchase";
constexpr char kCreatePurchase[] = "/steelyard.v1.PurchaseService/CreatePurchase";

class WireTest : public ContractTest {
 protected:
  // Calls a method with bytes as they are; the reply's bytes.
  Answer<std::string> CallRaw(const std::string& method, const std::string& bytes) {
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    const auto context = ContextOf(hackney_.secret());
    std::promise<grpc::Status> done;
    grpc::GenericStub stub(server_.channel());
    stub.UnaryCall(context.get(), method, grpc::StubOptions(), &request, &response,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    Answer<std::string> answer;
    answer.status = done.get_future().get();
    std::vector<grpc::Slice> slices;
    if (answer.status.ok() && response.Dump(&slices).ok()) {
      for (const grpc::Slice& s : slices) {
        answer.reply.append(reinterpret_cast<const char*>(s.begin()), s.size());
      }
    }
    return answer;
  }
  std::string CreateBytes(const std::string& reference) {
    v1::CreatePurchaseRequest request;
    request.set_parent(kHackney);
    request.set_request_id(NewUuid());
    *request.mutable_purchase() = Line(reference);
    return request.SerializeAsString();
  }
  // Whatever came before, the server still works for this caller.
  void ExpectUnharmed(int64_t lines) {
    EXPECT_THAT(hackney_.Call(&Operations::Ping, ""), Succeeds());
    EXPECT_EQ(ActiveLines(hackney_, kHackney), lines);
  }
};

TEST_F(WireTest, BytesThatAreNoMessageAreRefused) {
  for (const std::string& bytes :
       {std::string("\xFF\xFF\xFF\xFF\xFF"), std::string("\x0A\x7Fshort"),
        std::string("\x0A\x02\xC3\x28"), std::string("\x0A\x03\xED\xA0\x80"),
        std::string(1000, '\x0A'), std::string("\x0A\xFF\xFF\xFF\xFF\x0F")}) {
    EXPECT_FALSE(CallRaw(kGetPurchase, bytes).status.ok());
  }
  ExpectUnharmed(0);
}

TEST_F(WireTest, TextThatIsNotUtf8NeverGetsIn) {
  std::string bytes = CreateBytes("REFERENCE");
  bytes.replace(bytes.find("REFERENCE"), 2, "\xC3\x28");
  EXPECT_FALSE(CallRaw(kCreatePurchase, bytes).status.ok());
  bytes = CreateBytes("A1");
  bytes.replace(bytes.find("acme"), 2, "\xED\xA0");
  EXPECT_FALSE(CallRaw(kCreatePurchase, bytes).status.ok());
  ExpectUnharmed(0);
}

TEST_F(WireTest, ABrokenChunkIsNeverAcknowledged) {
  v1::UploadPurchasesRequest good = ChunkOf(0, Lines(2));
  // The C++ client sends what it is given, as one in another language might.
  good.mutable_chunk()->mutable_lines(1)->mutable_purchase()->set_reference("\xC3\x28");
  Upload upload(hackney_);
  ASSERT_TRUE(upload.Start(
      absl::StrCat("parent: 'councils/hck' mode: VALID_LINES upload_id: '", NewUuid(), "'")));
  EXPECT_FALSE(upload.Exchange(good).has_value());
  upload.End();
  ExpectUnharmed(0);
}

TEST_F(WireTest, FieldsNobodyKnowsAreNeitherKeptNorSentBack) {
  std::string bytes = CreateBytes("A1");
  // Field 3000, a string, beside the others and within the purchase.
  const std::string unknown("\xC2\xBB\x01\x06SMUGGL", 10);
  v1::CreatePurchaseRequest request;
  ASSERT_TRUE(request.ParseFromString(bytes));
  std::string purchase = request.purchase().SerializeAsString() + unknown;
  ASSERT_TRUE(request.mutable_purchase()->ParseFromString(purchase));
  const auto made = CallRaw(kCreatePurchase, request.SerializeAsString() + unknown);
  ASSERT_TRUE(made.status.ok()) << made.status.error_message();
  EXPECT_EQ(made.reply.find("SMUGGL"), std::string::npos);
  const auto got = CallRaw(
      kGetPurchase,
      Parse<v1::GetPurchaseRequest>("name: 'councils/hck/purchases/A1'").SerializeAsString());
  EXPECT_EQ(got.reply.find("SMUGGL"), std::string::npos);
  ExpectUnharmed(1);
}

TEST_F(WireTest, AMessageBeyondFourMebibytesIsRefused) {
  v1::ValidatePurchasesRequest request;
  request.set_parent(kHackney);
  v1::UploadLine* line = request.add_lines();
  *line->mutable_purchase() = Line("A1");
  line->mutable_purchase()->set_product(std::string(5 << 20, 'x'));
  EXPECT_EQ(hackney_.Call(&Purchases::ValidatePurchases, request).status.error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  Upload upload(hackney_);
  ASSERT_TRUE(upload.Start(
      absl::StrCat("parent: 'councils/hck' mode: VALID_LINES upload_id: '", NewUuid(), "'")));
  auto chunk = ChunkOf(0, {request.lines(0).purchase()});
  EXPECT_FALSE(upload.Exchange(chunk).has_value());
  upload.End();
  ExpectUnharmed(0);
}

TEST_F(WireTest, MoreLinesThanAValidationTakesAreRefused) {
  v1::ValidatePurchasesRequest request;
  request.set_parent(kHackney);
  for (const v1::Purchase& line : Lines(2001)) *request.add_lines()->mutable_purchase() = line;
  EXPECT_THAT(hackney_.Call(&Purchases::ValidatePurchases, request),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  request.clear_lines();
  EXPECT_THAT(hackney_.Call(&Purchases::ValidatePurchases, request),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(WireTest, AnErrorWithHundredsOfFaultsStillArrives) {
  v1::BatchCreatePurchasesRequest batch;
  batch.set_parent(kHackney);
  batch.set_request_id(NewUuid());
  for (int i = 0; i < 500; ++i) {
    *batch.add_requests()->mutable_purchase() = Line(absl::StrCat("A", i), "packs: 0");
  }
  const auto refused = hackney_.Call(&Purchases::BatchCreatePurchases, batch);
  EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(refused.status.error_message(), HasSubstr("(and 499 more)"));
  const auto info = DetailOf<google::rpc::ErrorInfo>(refused.status);
  EXPECT_EQ(info->metadata().at("violations"), "500");
  EXPECT_EQ(info->metadata().at("shown"), absl::StrCat(ViolationsOf(refused.status).size()));
}

TEST_F(WireTest, HealthIsThereAndReflectionIsNot) {
  const auto health = CallRaw("/grpc.health.v1.Health/Check", "");
  ASSERT_TRUE(health.status.ok());
  EXPECT_EQ(health.reply, "\x08\x01");  // SERVING
  for (const char* method :
       {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/grpc.channelz.v1.Channelz/GetServers", "/steelyard.v1.PurchaseService/DeletePurchase"}) {
    EXPECT_EQ(CallRaw(method, "").status.error_code(), StatusCode::UNIMPLEMENTED) << method;
  }
}

TEST_F(WireTest, TheStatusSaysHowTheServiceDoes) {
  hackney_.Call(&Purchases::CreatePurchase, Parse<v1::CreatePurchaseRequest>("parent: 'x'"));
  ASSERT_TRUE(CallRaw(kCreatePurchase, CreateBytes("A1")).status.ok());
  const auto status = steward_.Call(&Operations::GetStatus, "");
  ASSERT_THAT(status, Succeeds());
  EXPECT_TRUE(status.reply.writable());
  EXPECT_EQ(status.reply.purchase_lines(), 1);
  EXPECT_GT(status.reply.ledger_sequence(), 0);
  EXPECT_GT(status.reply.free_bytes(), 0);
  EXPECT_GT(status.reply.resident_bytes(), 1 << 20);
  EXPECT_FALSE(status.reply.version().empty());
  EXPECT_GT(status.reply.start_time().seconds(), 1'500'000'000);
}

TEST_F(WireTest, TheAuditSaysWhoDidWhatAndNoPrice) {
  ASSERT_TRUE(CallRaw(kCreatePurchase, CreateBytes("A1")).status.ok());
  const auto audit = As(v1::ROLE_AUDITOR).Call(&Operations::ListAuditEntries, "");
  ASSERT_THAT(audit, Succeeds());
  const std::string caller = hackney_.Call(&Access::GetCaller, "").reply.name();
  int found = 0;
  int64_t sequence = 0;
  for (const v1::AuditEntry& e : audit.reply.entries()) {
    EXPECT_GT(e.sequence(), sequence);
    sequence = e.sequence();
    if (e.action() != "CommitPurchases") continue;
    ++found;
    EXPECT_EQ(e.principal(), caller);
    EXPECT_EQ(e.resource(), kHackney);
    EXPECT_EQ(e.detail(), "1 lines");
  }
  EXPECT_EQ(found, 1);
  EXPECT_EQ(audit.reply.SerializeAsString().find("6000000"), std::string::npos);
}

}  // namespace
}  // namespace steelyard::contract
