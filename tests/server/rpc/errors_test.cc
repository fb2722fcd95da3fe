#include "server/rpc/errors.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "server/rpc/to_grpc.h"
#include "tests/support/status_matchers.h"

namespace steelyard::rpc {
namespace {

using model::Problem;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), status.error_code());
  EXPECT_EQ(details.message(), status.error_message());
  return details;
}

// The one detail of its type; fails if there is none or there are two.
template <typename Detail>
Detail The(const grpc::Status& status) {
  Detail found;
  int count = 0;
  const google::rpc::Status details = DetailsOf(status);
  for (const auto& any : details.details()) {
    if (any.Is<Detail>() && any.UnpackTo(&found)) ++count;
  }
  EXPECT_EQ(count, 1) << Detail::descriptor()->full_name();
  return found;
}

struct Case {
  absl::Status status;
  absl::StatusCode code;
  std::string reason;
};

TEST(ErrorsTest, EachErrorHasItsCodeItsReasonAndOurDomainOnTheWire) {
  using absl::StatusCode;
  const std::vector<Case> cases = {
      {error::Unauthenticated(), StatusCode::kUnauthenticated, "UNAUTHENTICATED"},
      {error::PermissionDenied(), StatusCode::kPermissionDenied, "PERMISSION_DENIED"},
      {error::InvalidField("a", "b"), StatusCode::kInvalidArgument, "INVALID_FIELDS"},
      {error::NotFound("councils/abc"), StatusCode::kNotFound, "NOT_FOUND"},
      {error::AlreadyExists("supplier", "x"), StatusCode::kAlreadyExists, "ALREADY_EXISTS"},
      {error::RequestIdReused(), StatusCode::kAborted, "REQUEST_ID_REUSED"},
      {error::EtagMismatch("councils/a/purchases/1"), StatusCode::kAborted, "ETAG_MISMATCH"},
      {error::UploadInUse("u"), StatusCode::kAborted, "UPLOAD_IN_USE"},
      {error::NotYet("n", {{"NOT_SENT", "Send it."}}), StatusCode::kFailedPrecondition, "NOT_SENT"},
      {error::NotAMember("negotiations/n"), StatusCode::kPermissionDenied, "NOT_A_MEMBER"},
      {error::NotLinkAuthority("n"), StatusCode::kPermissionDenied, "NOT_LINK_AUTHORITY"},
      {error::PurchaseWithdrawn("p"), StatusCode::kFailedPrecondition, "PURCHASE_WITHDRAWN"},
      {error::SupplierMerged("s"), StatusCode::kFailedPrecondition, "SUPPLIER_MERGED"},
      {error::LastSteward("t"), StatusCode::kFailedPrecondition, "LAST_STEWARD"},
      {error::Overloaded(), StatusCode::kResourceExhausted, "OVERLOADED"},
      {error::StoreReadOnly(), StatusCode::kResourceExhausted, "STORE_READ_ONLY"},
      {error::OutcomeUnknown(), StatusCode::kUnavailable, "OUTCOME_UNKNOWN"},
      {error::ShuttingDown(), StatusCode::kUnavailable, "SHUTTING_DOWN"},
      {error::DeadlineExceeded(), StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.reason);
    EXPECT_EQ(c.status.code(), c.code);
    EXPECT_EQ(error::ReasonOf(c.status), c.reason);
    const grpc::Status wire = ToGrpc(c.status);
    EXPECT_EQ(static_cast<int>(wire.error_code()), static_cast<int>(c.code));
    const auto info = The<google::rpc::ErrorInfo>(wire);
    EXPECT_EQ(info.reason(), c.reason);
    EXPECT_EQ(info.domain(), "steelyard.v1");
  }
}

TEST(ErrorsTest, AllThatStandsInTheWayIsSaid) {
  const grpc::Status status = ToGrpc(error::NotYet(
      "negotiations/n", {{"REPLY_DUE", "Wait for the reply."}, {"QUORUM_MISSING", "Two more."}}));
  EXPECT_EQ(status.error_message(), "Wait for the reply. Two more.");
  const auto failure = The<google::rpc::PreconditionFailure>(status);
  ASSERT_EQ(failure.violations_size(), 2);
  EXPECT_EQ(failure.violations(0).type(), "REPLY_DUE");
  EXPECT_EQ(failure.violations(1).subject(), "negotiations/n");
  EXPECT_EQ(failure.violations(1).description(), "Two more.");
}

TEST(ErrorsTest, WhatMayBeTriedAgainSaysWhen) {
  for (const absl::Status& status : {error::Overloaded(), error::StoreReadOnly(),
                                     error::OutcomeUnknown(), error::ShuttingDown()}) {
    EXPECT_GE(The<google::rpc::RetryInfo>(ToGrpc(status)).retry_delay().seconds(), 1);
  }
}

TEST(ErrorsTest, InvalidFieldsListsEveryViolationInOrder) {
  const grpc::Status wire = ToGrpc(
      error::InvalidFields({{"parent", "Required."}, {"purchase.packs", "Must be 1 or more."}}));
  const auto bad = The<google::rpc::BadRequest>(wire);
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(0).field(), "parent");
  EXPECT_EQ(bad.field_violations(1).field(), "purchase.packs");
  EXPECT_EQ(bad.field_violations(1).description(), "Must be 1 or more.");
  EXPECT_EQ(wire.error_message(), "parent: Required. (and 1 more)");
}

TEST(ErrorsTest, MoreViolationsThanTrailersHoldAreCounted) {
  std::vector<FieldViolation> many;
  for (int i = 0; i < 1500; ++i) many.push_back({absl::StrCat("requests[", i, "].x"), "No."});
  const grpc::Status wire = ToGrpc(error::InvalidFields(many));
  const auto info = The<google::rpc::ErrorInfo>(wire);
  EXPECT_EQ(info.metadata().at("violations"), "1500");
  const int shown = The<google::rpc::BadRequest>(wire).field_violations_size();
  EXPECT_EQ(info.metadata().at("shown"), absl::StrCat(shown));
  EXPECT_GT(shown, 50);
  EXPECT_LT(wire.error_details().size() + wire.error_message().size(), 6000u);
}

TEST(ErrorsTest, ALongFieldIsCutAndMadePrintable) {
  const grpc::Status wire =
      ToGrpc(error::InvalidField("a\r\nb" + std::string(9000, 'x'), std::string(9000, 'y')));
  const auto bad = The<google::rpc::BadRequest>(wire);
  EXPECT_THAT(bad.field_violations(0).field(), HasSubstr("a\\x0d\\x0ab"));
  EXPECT_LT(wire.error_details().size(), 3000u);
}

Problem MakeProblem(int64_t row, std::string field, Problem::Severity severity, std::string code) {
  Problem problem;
  problem.row = row;
  problem.field = std::move(field);
  problem.severity = severity;
  problem.code = std::move(code);
  problem.message = "Mend it.";
  return problem;
}

TEST(ErrorsTest, ProblemsNameTheFieldOfTheirRequestAndLeaveWarningsOut) {
  const std::vector<Problem> problems = {
      MakeProblem(13, "packs", Problem::Severity::kError, "PACKS_RANGE"),
      MakeProblem(14, "vat", Problem::Severity::kWarning, "VAT_ODD"),
      MakeProblem(15, "", Problem::Severity::kConfirm, "PRICE_UNUSUAL")};
  const absl::Status status = error::Problems(problems, "requests[#].purchase.");
  EXPECT_EQ(error::ReasonOf(status), "INVALID_FIELDS");
  const auto bad = The<google::rpc::BadRequest>(ToGrpc(status));
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(0).field(), "requests[12].purchase.packs");
  EXPECT_EQ(bad.field_violations(0).reason(), "PACKS_RANGE");
  EXPECT_EQ(bad.field_violations(1).field(), "requests[14].purchase");
}

TEST(ErrorsTest, ProblemsThatOnlyWantAWordSaySo) {
  const std::vector<Problem> problems = {
      MakeProblem(1, "pack_price_micros", Problem::Severity::kConfirm, "PRICE_UNUSUAL")};
  const absl::Status status = error::Problems(problems, "purchase.");
  EXPECT_EQ(error::ReasonOf(status), "CONFIRMATION_REQUIRED");
  EXPECT_EQ(The<google::rpc::BadRequest>(ToGrpc(status)).field_violations(0).field(),
            "purchase.pack_price_micros");
}

TEST(ErrorsTest, NotFoundTakesTheKindFromTheName) {
  const auto kind = [](std::string_view name) {
    return The<google::rpc::ResourceInfo>(ToGrpc(error::NotFound(name))).resource_type();
  };
  EXPECT_EQ(kind("councils/abc"), "steelyard.v1/council");
  EXPECT_EQ(kind("councils/abc/purchases/PO-1"), "steelyard.v1/purchase");
  EXPECT_EQ(kind("councils/abc/submissions/1"), "steelyard.v1/submission");
  EXPECT_EQ(kind("nonsense"), "steelyard.v1/resource");
  EXPECT_EQ(kind(""), "steelyard.v1/resource");
  EXPECT_EQ(kind("/"), "steelyard.v1/resource");
}

TEST(ErrorsTest, PreconditionNamesItsSubject) {
  const auto failure =
      The<google::rpc::PreconditionFailure>(ToGrpc(error::LastSteward("tokens/t0")));
  ASSERT_EQ(failure.violations_size(), 1);
  EXPECT_EQ(failure.violations(0).subject(), "tokens/t0");
  EXPECT_EQ(failure.violations(0).type(), "LAST_STEWARD");
}

TEST(ToGrpcTest, OkIsOk) { EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok()); }

TEST(ToGrpcTest, EqualErrorsHaveEqualBytes) {
  const std::string first = ToGrpc(error::NotFound("councils/abc")).error_details();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ToGrpc(error::NotFound("councils/abc")).error_details(), first);
  }
}

TEST(ToGrpcTest, InternalTextStaysInTheLogUnderAnIncident) {
  for (const absl::Status& status :
       {absl::InternalError("/data/000123.sst is bad"), absl::DataLossError("key 0x31 is bad"),
        absl::UnknownError("who knows")}) {
    ::testing::internal::CaptureStderr();
    const grpc::Status wire = ToGrpc(status);
    const std::string log = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(wire.error_message(), MatchesRegex("Internal error, incident [0-9a-f]{16}\\."));
    EXPECT_THAT(wire.error_details(), Not(HasSubstr(std::string(status.message()))));
    const auto info = The<google::rpc::ErrorInfo>(wire);
    EXPECT_EQ(info.reason(), "INTERNAL");
    EXPECT_THAT(log, HasSubstr(info.metadata().at("incident")));
    EXPECT_THAT(log, HasSubstr(std::string(status.message())));
  }
}

TEST(ToGrpcTest, TheStoresOwnRefusalsBecomeOursWithoutItsText) {
  const grpc::Status unknown = ToGrpc(absl::UnavailableError("fsync of /data failed"));
  EXPECT_EQ(The<google::rpc::ErrorInfo>(unknown).reason(), "OUTCOME_UNKNOWN");
  EXPECT_THAT(unknown.error_message(), Not(HasSubstr("fsync")));
  const grpc::Status full = ToGrpc(absl::ResourceExhaustedError("no space on /data"));
  EXPECT_EQ(The<google::rpc::ErrorInfo>(full).reason(), "STORE_READ_ONLY");
  EXPECT_THAT(full.error_message(), Not(HasSubstr("/data")));
}

TEST(ToGrpcTest, AnErrorWithoutInfoGetsItsCodeAsReason) {
  const grpc::Status wire = ToGrpc(absl::FailedPreconditionError("not\nyet"));
  EXPECT_EQ(The<google::rpc::ErrorInfo>(wire).reason(), "FAILED_PRECONDITION");
  EXPECT_EQ(wire.error_message(), "not\\x0ayet");
}

}  // namespace
}  // namespace steelyard::rpc
