// What one council has, another cannot reach by any handle that it got hold of.

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;

class TenancyTest : public ContractTest {
 protected:
  Answer<v1::Purchase> Send(const Client& council, const std::string& parent,
                            const std::string& reference, const std::string& request_id) {
    v1::CreatePurchaseRequest request;
    request.set_parent(parent);
    request.set_request_id(request_id);
    *request.mutable_purchase() = Line(reference);
    return council.Call(&Purchases::CreatePurchase, request);
  }
};

TEST_F(TenancyTest, AnIdempotencyKeyOfAnotherCouncilIsANewKey) {
  const std::string id = NewUuid();
  const auto hackney = Send(hackney_, kHackney, "A1", id);
  ASSERT_THAT(hackney, Succeeds());
  const auto camden = Send(camden_, kCamden, "A1", id);
  ASSERT_THAT(camden, Succeeds());
  EXPECT_EQ(camden.reply.name(), "councils/cmd/purchases/A1");
  EXPECT_NE(camden.reply.submission(), hackney.reply.submission());
  EXPECT_EQ(ActiveLines(camden_, kCamden), 1);
  // Nor does it tell that the other council used it for something else.
  EXPECT_THAT(Send(camden_, kCamden, "A2", NewUuid()), Succeeds());
}

TEST_F(TenancyTest, AReceiptOfAnotherCouncilIsNotFoundUnderEitherName) {
  const std::string id = NewUuid();
  ASSERT_THAT(Send(hackney_, kHackney, "A1", id), Succeeds());
  for (const char* council : {kHackney, kCamden}) {
    EXPECT_THAT(camden_.Call(&Purchases::GetSubmission,
                             absl::StrCat("name: '", council, "/submissions/", id, "'")),
                Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  }
}

TEST_F(TenancyTest, APageOfAnotherCouncilsListDoesNotContinue) {
  for (const char* reference : {"A1", "A2", "A3"}) {
    ASSERT_THAT(Send(hackney_, kHackney, reference, NewUuid()), Succeeds());
    ASSERT_THAT(Send(camden_, kCamden, reference, NewUuid()), Succeeds());
  }
  const auto first =
      hackney_.Call(&Purchases::ListPurchases, "parent: 'councils/hck' page_size: 1");
  ASSERT_THAT(first, Succeeds());
  v1::ListPurchasesRequest stolen;
  stolen.set_page_size(1);
  stolen.set_page_token(first.reply.next_page_token());
  stolen.set_parent(kHackney);
  EXPECT_THAT(camden_.Call(&Purchases::ListPurchases, stolen),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  stolen.set_parent(kCamden);
  EXPECT_THAT(camden_.Call(&Purchases::ListPurchases, stolen),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(TenancyTest, AnUploadOfAnotherCouncilCannotBeTakenUp) {
  const std::string id = NewUuid();
  Upload mine(hackney_);
  ASSERT_TRUE(
      mine.Start(absl::StrCat("parent: 'councils/hck' upload_id: '", id, "' mode: VALID_LINES")));
  ASSERT_TRUE(mine.Chunk(0, Lines(3)));
  Upload theirs(camden_);
  EXPECT_FALSE(
      theirs.Start(absl::StrCat("parent: 'councils/hck' upload_id: '", id, "' mode: VALID_LINES")));
  EXPECT_EQ(theirs.End().error_code(), StatusCode::NOT_FOUND);
  // The same id under their own name is an upload of their own, and empty.
  Upload own(camden_);
  const auto started =
      own.Start(absl::StrCat("parent: 'councils/cmd' upload_id: '", id, "' mode: VALID_LINES"));
  ASSERT_TRUE(started.has_value());
  EXPECT_EQ(started->started().next_chunk(), 0);
  EXPECT_TRUE(mine.Finish(1));
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 3);
  EXPECT_EQ(ActiveLines(camden_, kCamden), 0);
}

TEST_F(TenancyTest, ALineOfAnotherCouncilWithinABatchOfOnesOwnIsRefused) {
  v1::BatchCreatePurchasesRequest request;
  request.set_parent(kCamden);
  request.set_request_id(NewUuid());
  *request.add_requests()->mutable_purchase() = Line("B1");
  request.mutable_requests(0)->set_parent(kHackney);
  EXPECT_FALSE(camden_.Call(&Purchases::BatchCreatePurchases, request).status.ok());
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 0);
  EXPECT_EQ(ActiveLines(camden_, kCamden), 0);
}

// The report that the tests below are about.
constexpr char kReport[] = R"(
    provider: "Keys Group" service: "childrens-homes" quarter { year: 2024 quarter: 1 }
    placements: 12)";
constexpr char kReportName[] = "councils/hck/outcomeReports/keys.childrens-homes.2024-q1";

// How each method answers a caller that names Hackney's report.
std::vector<std::string> AnswersAbout(const std::string& name, const Client& caller) {
  const std::string of_name = absl::StrCat("name: '", name, "' ");
  const grpc::Status answers[] = {
      caller.Call(&Outcomes::GetOutcomeReport, of_name).status,
      caller.Call(&Outcomes::ListOutcomeReports, "parent: 'councils/hck'").status,
      caller
          .Call(&Outcomes::UpdateOutcomeReport,
                absl::StrCat("request_id: '$uuid' outcome_report { ", of_name, "placements: 3 }"))
          .status,
      caller
          .Call(&Outcomes::WithdrawOutcomeReport,
                of_name + "reason: 'typed by mistake' request_id: '$uuid'")
          .status,
      caller.Call(&Outcomes::ListOutcomeReportVersions, absl::StrCat("parent: '", name, "'"))
          .status,
      caller
          .Call(&Outcomes::CreateOutcomeReport,
                absl::StrCat("parent: 'councils/hck' request_id: '$uuid' outcome_report {", kReport,
                             "}"))
          .status,
  };
  std::vector<std::string> words;
  for (const grpc::Status& s : answers) {
    words.push_back(absl::StrCat(s.error_code(), " ", s.error_message(), " ", s.error_details()));
  }
  return words;
}

TEST_F(TenancyTest, AnotherCouncilsReportLooksLikeAMissingOne) {
  const auto missing = AnswersAbout(kReportName, camden_);
  for (const std::string& answer : missing) {
    EXPECT_EQ(answer.substr(0, 2), absl::StrCat(static_cast<int>(StatusCode::NOT_FOUND), " "));
  }
  v1::CreateOutcomeReportRequest create;
  create.set_parent(kHackney);
  create.set_request_id(NewUuid());
  Merge(kReport, *create.mutable_outcome_report());
  ASSERT_THAT(hackney_.Call(&Outcomes::CreateOutcomeReport, create), Succeeds());
  ASSERT_THAT(hackney_.Call(&Outcomes::GetOutcomeReport, absl::StrCat("name: '", kReportName, "'")),
              Succeeds());
  EXPECT_EQ(AnswersAbout(kReportName, camden_), missing);
  // Its request id is a new one for the other council.
  create.set_parent(kCamden);
  create.mutable_outcome_report()->set_placements(5);
  const auto own = camden_.Call(&Outcomes::CreateOutcomeReport, create);
  ASSERT_THAT(own, Succeeds());
  EXPECT_EQ(own.reply.name(), "councils/cmd/outcomeReports/keys.childrens-homes.2024-q1");
  EXPECT_EQ(hackney_.Call(&Outcomes::GetOutcomeReport, absl::StrCat("name: '", kReportName, "'"))
                .reply.placements(),
            12);
}

TEST_F(TenancyTest, APageOfAnotherCouncilsReportsDoesNotContinue) {
  for (const char* council : {kHackney, kCamden}) {
    for (int quarter = 1; quarter <= 3; ++quarter) {
      v1::CreateOutcomeReportRequest create;
      create.set_parent(council);
      create.set_request_id(NewUuid());
      Merge(kReport, *create.mutable_outcome_report());
      create.mutable_outcome_report()->mutable_quarter()->set_quarter(quarter);
      const Client& client = council == std::string(kHackney) ? hackney_ : camden_;
      ASSERT_THAT(client.Call(&Outcomes::CreateOutcomeReport, create), Succeeds());
    }
  }
  const auto first =
      hackney_.Call(&Outcomes::ListOutcomeReports, "parent: 'councils/hck' page_size: 1");
  ASSERT_THAT(first, Succeeds());
  v1::ListOutcomeReportsRequest stolen;
  stolen.set_page_size(1);
  stolen.set_page_token(first.reply.next_page_token());
  ASSERT_FALSE(stolen.page_token().empty());
  stolen.set_parent(kHackney);
  EXPECT_THAT(camden_.Call(&Outcomes::ListOutcomeReports, stolen),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  stolen.set_parent(kCamden);
  EXPECT_THAT(camden_.Call(&Outcomes::ListOutcomeReports, stolen),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  v1::ListOutcomeReportVersionsRequest versions;
  versions.set_parent("councils/cmd/outcomeReports/keys.childrens-homes.2024-q1");
  versions.set_page_token(stolen.page_token());
  EXPECT_THAT(camden_.Call(&Outcomes::ListOutcomeReportVersions, versions),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(TenancyTest, ARoleOfTheSubGroupReadsNobodysRows) {
  ASSERT_THAT(Send(hackney_, kHackney, "A1", NewUuid()), Succeeds());
  for (const Client& other : {As(v1::ROLE_ANALYST), As(v1::ROLE_AUDITOR), steward_}) {
    EXPECT_THAT(other.Call(&Purchases::GetPurchase, "name: 'councils/hck/purchases/A1'"),
                Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
    EXPECT_THAT(other.Call(&Purchases::ListPurchases, "parent: 'councils/hck'"),
                Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
  }
}

TEST_F(TenancyTest, WhatTheServerSetsIsNotSetByWhoAsksForAToken) {
  const auto made = steward_.Call(
      &Access::CreateToken,
      "request_id: '$uuid' token { name: 'tokens/t0000000000000000' role: ROLE_READER council: "
      "'councils/hck' display_name: 'x' create_time { seconds: 1 } expire_time { seconds: "
      "9999999999 } revoke_time { seconds: 1 } last_use_time { seconds: 1 } "
      "prior_secret_expire_time { seconds: 9999999999 } }");
  ASSERT_THAT(made, Succeeds());
  EXPECT_NE(made.reply.token().name(), "tokens/t0000000000000000");
  EXPECT_GT(made.reply.token().create_time().seconds(), 1'500'000'000);
  EXPECT_LT(made.reply.token().expire_time().seconds(), 9'000'000'000);
  EXPECT_FALSE(made.reply.token().has_revoke_time());
  EXPECT_FALSE(made.reply.token().has_last_use_time());
  EXPECT_FALSE(made.reply.token().has_prior_secret_expire_time());
  EXPECT_THAT(Client(server_.channel(), made.reply.secret()).Call(&Access::GetCaller, ""),
              Succeeds());
}

}  // namespace
}  // namespace steelyard::contract
