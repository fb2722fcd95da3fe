#include "server/rpc/request_key.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::rpc {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

v1::WithdrawPurchaseRequest Request(
    std::string request_id = "3f0b8f3e-5d1a-4c3e-9c67-0a3c5d1e2f4b") {
  v1::WithdrawPurchaseRequest request;
  request.set_name("councils/abc/purchases/1");
  request.set_reason("typed twice");
  request.set_request_id(std::move(request_id));
  return request;
}

TEST(RequestKeyTest, HoldsTheUuidsBytesInEitherCase) {
  ASSERT_OK_AND_ASSIGN(const RequestKey lower, ReadRequestKey(Request()));
  EXPECT_EQ(HexOf(lower.id), "3f0b8f3e5d1a4c3e9c670a3c5d1e2f4b");
  ASSERT_OK_AND_ASSIGN(const RequestKey upper,
                       ReadRequestKey(Request("3F0B8F3E-5D1A-4C3E-9C67-0A3C5D1E2F4B")));
  EXPECT_EQ(upper.id, lower.id);
  EXPECT_EQ(upper.body_sha256, lower.body_sha256);
}

TEST(RequestKeyTest, RefusesWhatIsNoUuid4) {
  for (const char* bad :
       {"", "1", "3f0b8f3e-5d1a-1c3e-9c67-0a3c5d1e2f4b", "3f0b8f3e5d1a4c3e9c670a3c5d1e2f4b"}) {
    EXPECT_THAT(ReadRequestKey(Request(bad)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("request_id: Must be")))
        << bad;
  }
}

TEST(RequestKeyTest, AnotherBodyOrTypeHasAnotherHash) {
  const std::string hash = ReadRequestKey(Request())->body_sha256;
  EXPECT_EQ(hash.size(), 32u);
  v1::WithdrawPurchaseRequest other = Request();
  other.set_reason("typed thrice");
  EXPECT_NE(ReadRequestKey(other)->body_sha256, hash);
  v1::GetPurchaseRequest get;
  v1::GetSubmissionRequest same_bytes;
  EXPECT_NE(Fingerprint(get, {}), Fingerprint(same_bytes, {}));
}

TEST(FingerprintTest, LeavesOutWhatItIsTold) {
  v1::ListPurchasesRequest a;
  a.set_parent("councils/abc");
  a.set_page_size(3);
  v1::ListPurchasesRequest b = a;
  b.set_page_size(7);
  EXPECT_EQ(Fingerprint(a, {"page_size"}), Fingerprint(b, {"page_size"}));
  EXPECT_NE(Fingerprint(a, {}), Fingerprint(b, {}));
}

TEST(FingerprintDeathTest, AFieldThatIsNotThereEndsTheProgram) {
  EXPECT_DEATH(Fingerprint(v1::GetPurchaseRequest(), {"page_size"}), "field_missing");
}

}  // namespace
}  // namespace steelyard::rpc
