#include "client/cpp/connection.h"

#include <fstream>
#include <set>

#include "client/cpp/request_id.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::client {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(RequestIdTest, IsARandomUuidOfVersion4) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = RequestId();
    EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                 "[0-9a-f]{12}"));
    EXPECT_TRUE(seen.insert(id).second);
  }
}

class TokenFileTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& text) {
    std::ofstream(folder_ / "token") << text;
    return folder_ / "token";
  }
  testing::TempDir folder_;
};

TEST_F(TokenFileTest, IsReadWithoutTheNewLineAtItsEnd) {
  ASSERT_OK_AND_ASSIGN(std::string token, ReadTokenFile(Write(" abc.def\r\n")));
  EXPECT_EQ(token, "abc.def");
}

TEST_F(TokenFileTest, IsRefusedWhenItHoldsNoTokenOrMoreThanOne) {
  EXPECT_THAT(ReadTokenFile(Write("\n")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadTokenFile(Write("a\nb\n")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ReadTokenFile(folder_ / "nothing"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nothing")));
}

TEST(ConnectionTest, SaysInWordsThatNobodyAnswers) {
  testing::TempDir folder;
  const std::string address = "unix:" + (folder / "nobody");
  Connection connection({.address = address, .connect_timeout = absl::Milliseconds(300)});
  EXPECT_THAT(connection.WaitUntilReady(), StatusIs(absl::StatusCode::kUnavailable,
                                                    HasSubstr("no server answers at " + address)));
}

TEST(ConnectionTest, ACallEndsAtItsDeadlineWhenNobodyAnswers) {
  testing::TempDir folder;
  Connection connection(
      {.address = "unix:" + (folder / "nobody"), .deadline = absl::Milliseconds(300)});
  EXPECT_THAT(connection.Call(&v1::RegistryService::Stub::GetCouncil, v1::GetCouncilRequest()),
              StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("did not answer in time")));
}

grpc::Status WithDetails(grpc::StatusCode code, const std::string& message,
                         std::initializer_list<const google::protobuf::Message*> details) {
  google::rpc::Status status;
  for (const auto* detail : details) status.add_details()->PackFrom(*detail);
  return {code, message, status.SerializeAsString()};
}

TEST(ErrorsTest, ListsEveryFieldAtFaultOnALineOfItsOwn) {
  google::rpc::BadRequest bad;
  for (const char* field : {"purchase.packs", "purchase.order_date"}) {
    auto& violation = *bad.add_field_violations();
    violation.set_field(field);
    violation.set_description("should be there");
  }
  const absl::Status status =
      ToStatus(WithDetails(grpc::StatusCode::INVALID_ARGUMENT, "two fields are wrong", {&bad}));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "two fields are wrong\n  purchase.packs: should be there\n"
            "  purchase.order_date: should be there");
}

TEST(ErrorsTest, DoesNotSayTwiceWhatTheMessageSays) {
  google::rpc::BadRequest bad;
  bad.add_field_violations()->set_description("Packs is 0; give more.");
  EXPECT_EQ(ToStatus(WithDetails(grpc::StatusCode::INVALID_ARGUMENT,
                                 "purchase.packs: Packs is 0; give more.", {&bad}))
                .message(),
            "purchase.packs: Packs is 0; give more.");
}

TEST(ErrorsTest, KeepsTheReasonForPrograms) {
  google::rpc::ErrorInfo info;
  info.set_reason("ETAG_MISMATCH");
  const absl::Status status =
      ToStatus(WithDetails(grpc::StatusCode::ABORTED, "somebody else changed the line", {&info}));
  EXPECT_EQ(ErrorReason(status), "ETAG_MISMATCH");
  EXPECT_EQ(status.message(), "somebody else changed the line");
  EXPECT_EQ(ErrorReason(absl::AbortedError("no details")), "");
}

TEST(ErrorsTest, SaysWhenToTryAgain) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_nanos(500);
  EXPECT_THAT(ToStatus(WithDetails(grpc::StatusCode::RESOURCE_EXHAUSTED, "", {&retry})),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("too much to do, or is out of space\n  try again in 1 second")));
}

TEST(ErrorsTest, IsOkOnlyForOk) {
  EXPECT_OK(ToStatus(grpc::Status::OK));
  EXPECT_THAT(ToStatus({grpc::StatusCode::UNAUTHENTICATED, ""}),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("expired or revoked")));
}

}  // namespace
}  // namespace steelyard::client
