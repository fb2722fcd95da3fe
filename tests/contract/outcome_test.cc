// Outcome reports: the life that purchases have, for what councils say of
// providers.

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kReport[] = R"(
    provider: "Keys Group" service: "childrens-homes" quarter { year: 2024 quarter: 1 }
    placements: 12
    ratings { measure: "safeguarding" level: GOOD }
    ratings { measure: "measures/value" level: OTHER }
    spend_micros: 640000000000 weekly_fee_micros: 4500000000 weekly_extras_micros: 310500000
    unplanned_endings: 2 referrals: 9 offers: 4 nearest_offer_meters: 31500 no_alternative: true
    intention: MOVE_TO_SMALLER_LOCAL priorities: "fee-transparency" priorities: "extras")";
constexpr char kName[] = "councils/hck/outcomeReports/keys.childrens-homes.2024-q1";

v1::OutcomeReport Report(const std::string& changes = "") {
  auto report = Parse<v1::OutcomeReport>(kReport);
  Merge(changes, report);
  return report;
}

class OutcomeTest : public ContractTest {
 protected:
  static v1::CreateOutcomeReportRequest NewReport(const std::string& changes = "") {
    v1::CreateOutcomeReportRequest request;
    request.set_parent(kHackney);
    request.set_request_id(NewUuid());
    *request.mutable_outcome_report() = Report(changes);
    return request;
  }
  v1::OutcomeReport Create(const std::string& changes = "") {
    const auto made = hackney_.Call(&Outcomes::CreateOutcomeReport, NewReport(changes));
    EXPECT_THAT(made, Succeeds());
    return made.reply;
  }
  Answer<v1::OutcomeReport> Get(const Client& client, const std::string& name = kName) {
    v1::GetOutcomeReportRequest request;
    request.set_name(name);
    return client.Call(&Outcomes::GetOutcomeReport, request);
  }
  Answer<v1::OutcomeReport> Correct(const std::string& text) {
    v1::UpdateOutcomeReportRequest request;
    request.mutable_outcome_report()->set_name(kName);
    request.set_request_id(NewUuid());
    Merge(text, request);
    return hackney_.Call(&Outcomes::UpdateOutcomeReport, request);
  }
  Answer<v1::OutcomeReport> Withdraw(const std::string& text) {
    v1::WithdrawOutcomeReportRequest request;
    request.set_name(kName);
    request.set_request_id(NewUuid());
    Merge(text, request);
    return hackney_.Call(&Outcomes::WithdrawOutcomeReport, request);
  }
  std::vector<std::string> Ids(const std::string& filter) {
    const auto list = hackney_.Call(&Outcomes::ListOutcomeReports,
                                    absl::StrCat("parent: 'councils/hck' ", filter));
    EXPECT_THAT(list, Succeeds());
    std::vector<std::string> ids;
    for (const auto& r : list.reply.outcome_reports()) {
      ids.push_back(r.name().substr(r.name().rfind('/') + 1));
    }
    return ids;
  }
};

TEST_F(OutcomeTest, AReportIsKeptAsItWasSent) {
  const v1::OutcomeReport made = Create();
  EXPECT_EQ(made.name(), kName);
  EXPECT_EQ(made.state(), v1::OutcomeReport::ACTIVE);
  EXPECT_EQ(made.revision(), 1);
  EXPECT_GT(made.create_time().seconds(), 0);
  const auto got = Get(hackney_);
  ASSERT_THAT(got, Succeeds());
  EXPECT_EQ(got.reply.SerializeAsString(), made.SerializeAsString());

  auto expected = Report("provider: 'providers/keys' currency_code: 'GBP'");
  expected.mutable_ratings(0)->set_measure("measures/safeguarding");
  v1::OutcomeReport content = made;
  content.clear_name();
  content.clear_create_time();
  content.clear_update_time();
  content.clear_etag();
  content.clear_state();
  content.clear_revision();
  content.clear_submission();
  EXPECT_EQ(content.DebugString(), expected.DebugString());

  const auto receipt =
      hackney_.Call(&Purchases::GetSubmission, absl::StrCat("name: '", made.submission(), "'"));
  ASSERT_THAT(receipt, Succeeds());
  EXPECT_EQ(receipt.reply.resource(), "outcomeReports");
  EXPECT_EQ(receipt.reply.created_lines(), 1);
}

TEST_F(OutcomeTest, AnotherCouncilFindsNothing) {
  Create();
  EXPECT_THAT(Get(camden_), Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(camden_.Call(&Outcomes::ListOutcomeReports, "parent: 'councils/hck'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(Get(As(v1::ROLE_ANALYST)), Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
}

TEST_F(OutcomeTest, OnlyOneReportForAProviderServiceAndQuarter) {
  const v1::CreateOutcomeReportRequest request = NewReport();
  const auto first = hackney_.Call(&Outcomes::CreateOutcomeReport, request);
  ASSERT_THAT(first, Succeeds());
  // The same request again is the same answer.
  EXPECT_EQ(hackney_.Call(&Outcomes::CreateOutcomeReport, request).reply.SerializeAsString(),
            first.reply.SerializeAsString());
  auto other = request;
  other.mutable_outcome_report()->set_placements(20);
  EXPECT_THAT(hackney_.Call(&Outcomes::CreateOutcomeReport, other),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  EXPECT_THAT(hackney_.Call(&Outcomes::CreateOutcomeReport, NewReport("provider: 'keys'")),
              Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
}

TEST_F(OutcomeTest, ACorrectionKeepsTheFormerVersion) {
  const v1::OutcomeReport made = Create();
  const auto corrected = Correct(
      "outcome_report { placements: 14 ratings { measure: 'health' "
      "level: INADEQUATE } }");
  ASSERT_THAT(corrected, Succeeds());
  EXPECT_EQ(corrected.reply.placements(), 14);
  EXPECT_EQ(corrected.reply.revision(), 2);
  ASSERT_THAT(corrected.reply.ratings(), SizeIs(1));
  EXPECT_EQ(corrected.reply.ratings(0).measure(), "measures/health");
  EXPECT_EQ(corrected.reply.spend_micros(), made.spend_micros());

  const auto cleared =
      Correct("outcome_report {} update_mask { paths: 'spend_micros' paths: 'no_alternative' }");
  ASSERT_THAT(cleared, Succeeds());
  EXPECT_FALSE(cleared.reply.has_spend_micros());
  EXPECT_FALSE(cleared.reply.has_no_alternative());

  const auto versions =
      hackney_.Call(&Outcomes::ListOutcomeReportVersions, absl::StrCat("parent: '", kName, "'"));
  ASSERT_THAT(versions, Succeeds());
  ASSERT_THAT(versions.reply.outcome_reports(), SizeIs(3));
  EXPECT_EQ(versions.reply.outcome_reports(0).revision(), 3);
  EXPECT_EQ(versions.reply.outcome_reports(2).placements(), 12);
}

TEST_F(OutcomeTest, WhatAReportIsAboutCannotBeCorrected) {
  Create();
  const auto moved = Correct(
      "outcome_report { provider: 'priory' } update_mask { paths: 'provider' "
      "paths: 'quarter' }");
  EXPECT_THAT(moved, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(moved.status),
              ElementsAre(HasSubstr("update_mask.paths[0]: 'provider' is not a field of an outcome "
                                    "report that can be corrected"),
                          HasSubstr("'quarter'")));
}

TEST_F(OutcomeTest, ACorrectionIsCheckedAsANewReportIs) {
  Create();
  const auto bad = Correct("outcome_report { unplanned_endings: 13 }");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(
      ViolationsOf(bad.status),
      ElementsAre("outcome_report.unplanned_endings ENDINGS_ABOVE_PLACEMENTS: Unplanned "
                  "endings is 13, more than the 12 placements of the quarter; check both."));
  EXPECT_EQ(Get(hackney_).reply.revision(), 1);
}

TEST_F(OutcomeTest, AStaleEtagIsRefused) {
  const v1::OutcomeReport made = Create();
  ASSERT_THAT(Correct("outcome_report { placements: 13 }"), Succeeds());
  const std::string stale =
      absl::StrCat("outcome_report { placements: 14 etag: '", made.etag(), "' }");
  EXPECT_THAT(Correct(stale), Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
}

TEST_F(OutcomeTest, AWithdrawnReportIsKeptAndMayBeSentAnew) {
  Create();
  const auto named = Withdraw("reason: 'Child A moved, NHS number 943 476 5919'");
  EXPECT_THAT(named, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(named.status), ElementsAre(HasSubstr("reason: holds what looks like")));

  const auto gone = Withdraw("reason: 'Sent for the wrong quarter'");
  ASSERT_THAT(gone, Succeeds());
  EXPECT_EQ(gone.reply.state(), v1::OutcomeReport::WITHDRAWN);
  EXPECT_EQ(gone.reply.withdraw_reason(), "Sent for the wrong quarter");
  EXPECT_THAT(Ids(""), IsEmpty());
  EXPECT_THAT(Ids("show_withdrawn: true"), ElementsAre("keys.childrens-homes.2024-q1"));
  EXPECT_THAT(Correct("outcome_report { placements: 13 }"),
              Fails(StatusCode::FAILED_PRECONDITION, "REPORT_WITHDRAWN"));

  const v1::OutcomeReport again = Create("placements: 15");
  EXPECT_EQ(again.state(), v1::OutcomeReport::ACTIVE);
  EXPECT_EQ(again.revision(), 3);
}

TEST_F(OutcomeTest, ABatchIsTakenWholeOrNotAtAll) {
  v1::BatchCreateOutcomeReportsRequest batch;
  batch.set_parent(kHackney);
  batch.set_request_id(NewUuid());
  for (const char* changes : {"", "quarter { quarter: 2 }", "placements: 3"}) {
    *batch.add_requests()->mutable_outcome_report() = Report(changes);
  }
  const auto refused = hackney_.Call(&Outcomes::BatchCreateOutcomeReports, batch);
  EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(refused.status),
              ElementsAre(HasSubstr("requests[2].outcome_report.placements COHORT_TOO_SMALL")));
  EXPECT_THAT(Ids(""), IsEmpty());

  *batch.mutable_requests(2)->mutable_outcome_report() = Report("placements: 30");
  batch.set_request_id(NewUuid());
  const auto repeated = hackney_.Call(&Outcomes::BatchCreateOutcomeReports, batch);
  EXPECT_THAT(ViolationsOf(repeated.status),
              ElementsAre("requests[2].outcome_report: is the same as in requests[0]"));

  batch.mutable_requests()->RemoveLast();
  batch.set_request_id(NewUuid());
  const auto taken = hackney_.Call(&Outcomes::BatchCreateOutcomeReports, batch);
  ASSERT_THAT(taken, Succeeds());
  EXPECT_THAT(taken.reply.outcome_reports(), SizeIs(2));
  EXPECT_EQ(taken.reply.submission().created_lines(), 2);
  EXPECT_EQ(taken.reply.submission().resource(), "outcomeReports");
}

TEST_F(OutcomeTest, AListIsPagedAndFiltered) {
  for (const char* changes :
       {"", "quarter { quarter: 2 }", "quarter { quarter: 3 }", "provider: 'priory'",
        "provider: 'priory' service: 'special-schools'"}) {
    Create(changes);
  }
  EXPECT_THAT(Ids("provider: 'Priory Group'"),
              ElementsAre("priory.childrens-homes.2024-q1", "priory.special-schools.2024-q1"));
  EXPECT_THAT(Ids("service: 'special-schools'"), ElementsAre("priory.special-schools.2024-q1"));
  EXPECT_THAT(Ids("from_quarter { year: 2024 quarter: 2 } to_quarter { year: 2024 quarter: 2 }"),
              ElementsAre("keys.childrens-homes.2024-q2"));

  std::vector<std::string> names;
  std::string token;
  do {
    const auto page = hackney_.Call(
        &Outcomes::ListOutcomeReports,
        absl::StrCat("parent: 'councils/hck' page_size: 2 page_token: '", token, "'"));
    ASSERT_THAT(page, Succeeds());
    for (const auto& r : page.reply.outcome_reports()) names.push_back(r.name());
    token = page.reply.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(names, SizeIs(5));

  const auto bad = hackney_.Call(&Outcomes::ListOutcomeReports,
                                 "parent: 'councils/hck' provider: 'nobody' service: 'x' "
                                 "from_quarter { year: 2024 quarter: 5 }");
  EXPECT_THAT(ViolationsOf(bad.status),
              ElementsAre("provider: no such provider", "service: no such kind of service",
                          "from_quarter: give a quarter from 2000-Q1 to 2100-Q4"));
}

// One UploadOutcomeReports stream: start, one chunk, finish.
class OutcomeUploadTest : public OutcomeTest {
 protected:
  Answer<v1::UploadOutcomeReportsResponse> Send(const Client& client, const std::string& start,
                                                const std::vector<v1::OutcomeLine>& lines) {
    const auto context = ContextOf(client.secret());
    Outcomes stub(client.channel());
    const auto stream = stub.UploadOutcomeReports(context.get());
    Answer<v1::UploadOutcomeReportsResponse> answer;
    v1::UploadOutcomeReportsRequest request;
    Merge(start, *request.mutable_start());
    bool open = stream->Write(request) && stream->Read(&answer.reply);
    if (open) {
      for (const v1::OutcomeLine& line : lines) *request.mutable_chunk()->add_lines() = line;
      open = stream->Write(request) && stream->Read(&answer.reply);
    }
    if (open) {
      chunk_ = answer.reply.chunk();
      request.mutable_finish()->set_chunks(1);
      if (stream->Write(request)) stream->Read(&answer.reply);
    }
    stream->WritesDone();
    answer.status = stream->Finish();
    return answer;
  }
  static v1::OutcomeLine Line(int64_t row, const std::string& changes,
                              const std::string& council = "") {
    v1::OutcomeLine line;
    line.set_row(row);
    line.set_council(council);
    *line.mutable_outcome_report() = Report(changes);
    return line;
  }

  v1::UploadChunkAck chunk_;  // of the last stream
};

TEST_F(OutcomeUploadTest, AFileOfManyCouncilsIsTakenWithAReceiptForEach) {
  const auto sent = Send(steward_, "parent: 'councils/-' upload_id: '$uuid' mode: VALID_LINES",
                         {Line(2, "", "Hackney"), Line(3, "", "cmd"), Line(4, "", "Atlantis"),
                          Line(5, "placements: 2", "cmd"), Line(6, "placements: 19", "Hackney")});
  ASSERT_THAT(sent, Succeeds());
  EXPECT_THAT(WordsOf(chunk_.problems()),
              ElementsAre(HasSubstr("row 4 council COUNCIL_UNKNOWN: Council 'Atlantis' is not "
                                    "registered"),
                          HasSubstr("row 5 placements COHORT_TOO_SMALL"),
                          HasSubstr("row 6  REPORT_REPEATED: Report "
                                    "'keys.childrens-homes.2024-q1' stands on an earlier row")));
  const v1::UploadFinished& finished = sent.reply.finished();
  EXPECT_EQ(finished.total().created_lines(), 2);
  EXPECT_EQ(finished.total().rejected_lines(), 3);
  EXPECT_THAT(finished.submissions(), SizeIs(2));
  EXPECT_EQ(Get(hackney_).reply.placements(), 12);
}

TEST_F(OutcomeUploadTest, AReportSentAgainIsACorrection) {
  const std::string start = "parent: 'councils/hck' upload_id: '$uuid'";
  ASSERT_THAT(Send(hackney_, start, {Line(2, ""), Line(3, "quarter { quarter: 2 }")}), Succeeds());
  const auto again = Send(hackney_, start,
                          {Line(2, ""), Line(3,
                                             "quarter { quarter: 2 } "
                                             "placements: 40")});
  ASSERT_THAT(again, Succeeds());
  EXPECT_EQ(again.reply.finished().total().unchanged_lines(), 1);
  EXPECT_EQ(again.reply.finished().total().corrected_lines(), 1);
}

TEST_F(OutcomeUploadTest, SuppliersCannotBeAddedByAReport) {
  const auto refused =
      Send(hackney_, "parent: 'councils/hck' upload_id: '$uuid' add_suppliers: true", {});
  EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(refused.status),
              ElementsAre("start.add_suppliers: must not be set: outcome reports name registered "
                          "providers"));
}

TEST_F(OutcomeUploadTest, AnEmptyReportNamesAllThatIsMissing) {
  const auto checked = hackney_.Call(&Outcomes::ValidateOutcomeReports,
                                     "parent: 'councils/hck' lines { row: 7 outcome_report {} }");
  ASSERT_THAT(checked, Succeeds());
  EXPECT_THAT(WordsOf(checked.reply.problems()),
              ElementsAre(HasSubstr("row 7 provider PROVIDER_MISSING"),
                          HasSubstr("row 7 service SERVICE_MISSING"),
                          HasSubstr("row 7 quarter QUARTER_MISSING"),
                          HasSubstr("row 7 placements REPORT_EMPTY")));
  EXPECT_EQ(checked.reply.total().rejected_lines(), 1);
}

}  // namespace
}  // namespace steelyard::contract
