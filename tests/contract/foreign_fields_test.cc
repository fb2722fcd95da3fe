// Fields that are not a caller's to set: the server's own, and those that no
// contract knows. They are never stored, and never come out again.

#include "absl/strings/str_cat.h"
#include "google/protobuf/unknown_field_set.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMarker[] = "not-of-the-contract";
constexpr int kNoField = 9'000;

constexpr char kServersOwn[] = R"(
    name: "councils/cmd/purchases/X" create_time { seconds: 5 } update_time { seconds: 6 }
    etag: "not-of-the-contract" state: WITHDRAWN withdraw_reason: "not-of-the-contract" revision: 9
    submission: "councils/cmd/submissions/not-of-the-contract")";
constexpr char kReport[] = R"(
    provider: "Keys Group" service: "childrens-homes" quarter { year: 2024 quarter: 1 }
    placements: 12)";
constexpr char kReportName[] = "councils/hck/outcomeReports/keys.childrens-homes.2024-q1";

void AddUnknown(google::protobuf::Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(kNoField, kMarker);
}

// `line` with all that it must not have.
template <typename Line>
Line Dirty(Line line) {
  Merge(kServersOwn, line);
  AddUnknown(line);
  return line;
}

class ForeignFieldsTest : public ContractTest {
 protected:
  static v1::Purchase DirtyPurchase(const std::string& reference) {
    v1::Purchase line = Dirty(Line(reference));
    line.set_unit_price_micros(1);
    AddUnknown(*line.mutable_order_date());
    return line;
  }
  static v1::OutcomeReport DirtyReport(int placements = 12) {
    v1::OutcomeReport report = Dirty(Parse<v1::OutcomeReport>(kReport));
    report.set_placements(placements);
    AddUnknown(*report.mutable_quarter());
    return report;
  }

  // That nothing of what a caller must not set is in the line, or comes with it.
  template <typename Line>
  static void ExpectOwn(const Line& line, int revision) {
    EXPECT_THAT(line.name(), ::testing::StartsWith("councils/hck/"));
    EXPECT_THAT(line.submission(), ::testing::StartsWith("councils/hck/submissions/"));
    EXPECT_EQ(line.state(), Line::ACTIVE);
    EXPECT_EQ(line.revision(), revision);
    EXPECT_GT(line.create_time().seconds(), 1'500'000'000);
    EXPECT_GT(line.update_time().seconds(), 1'500'000'000);
    EXPECT_THAT(line.SerializeAsString(), Not(HasSubstr(kMarker)));
  }
  void ExpectPurchase(const std::string& reference, int revision = 1) {
    const std::string name = absl::StrCat("councils/hck/purchases/", reference);
    const auto got = hackney_.Call(&Purchases::GetPurchase, absl::StrCat("name: '", name, "'"));
    ASSERT_THAT(got, Succeeds());
    ExpectOwn(got.reply, revision);
    EXPECT_EQ(got.reply.unit_price_micros(), 120'000);
    const auto versions =
        hackney_.Call(&Purchases::ListPurchaseVersions, absl::StrCat("parent: '", name, "'"));
    EXPECT_EQ(versions.reply.purchases_size(), revision);
    EXPECT_THAT(versions.reply.SerializeAsString(), Not(HasSubstr(kMarker)));
    const auto list = hackney_.Call(&Purchases::ListPurchases, "parent: 'councils/hck'");
    EXPECT_THAT(list.reply.SerializeAsString(), Not(HasSubstr(kMarker)));
  }
  void ExpectReport(int revision) {
    const auto got =
        hackney_.Call(&Outcomes::GetOutcomeReport, absl::StrCat("name: '", kReportName, "'"));
    ASSERT_THAT(got, Succeeds());
    ExpectOwn(got.reply, revision);
    const auto versions = hackney_.Call(&Outcomes::ListOutcomeReportVersions,
                                        absl::StrCat("parent: '", kReportName, "'"));
    EXPECT_EQ(versions.reply.outcome_reports_size(), revision);
    EXPECT_THAT(versions.reply.SerializeAsString(), Not(HasSubstr(kMarker)));
    const auto list = hackney_.Call(&Outcomes::ListOutcomeReports, "parent: 'councils/hck'");
    EXPECT_THAT(list.reply.SerializeAsString(), Not(HasSubstr(kMarker)));
  }
  // What an upload of `line` counts.
  v1::Submission Send(const v1::Purchase& line) {
    Upload upload(hackney_);
    auto chunk = ChunkOf(0, {line});
    AddUnknown(chunk);
    AddUnknown(*chunk.mutable_chunk());
    AddUnknown(*chunk.mutable_chunk()->mutable_lines(0));
    EXPECT_TRUE(upload.Start(absl::StrCat("parent: 'councils/hck' upload_id: '", NewUuid(), "'")));
    const auto ack = upload.Exchange(chunk);
    EXPECT_TRUE(ack.has_value());
    EXPECT_THAT(ack->SerializeAsString(), Not(HasSubstr(kMarker)));
    const auto finished = upload.Finish(1);
    EXPECT_TRUE(finished.has_value());
    EXPECT_THAT(finished->SerializeAsString(), Not(HasSubstr(kMarker)));
    return finished->finished().total();
  }
  v1::Submission Send(const v1::OutcomeReport& report) {
    const auto context = ContextOf(hackney_.secret());
    v1::OutcomeService::Stub stub(hackney_.channel());
    const auto stream = stub.UploadOutcomeReports(context.get());
    v1::UploadOutcomeReportsRequest start, chunk, finish;
    start.mutable_start()->set_parent(kHackney);
    start.mutable_start()->set_upload_id(NewUuid());
    *chunk.mutable_chunk()->add_lines()->mutable_outcome_report() = report;
    AddUnknown(*chunk.mutable_chunk()->mutable_lines(0));
    finish.mutable_finish()->set_chunks(1);
    v1::UploadOutcomeReportsResponse reply;
    for (const auto& message : {start, chunk, finish}) {
      EXPECT_TRUE(stream->Write(message) && stream->Read(&reply));
      EXPECT_THAT(reply.SerializeAsString(), Not(HasSubstr(kMarker)));
    }
    return reply.finished().total();
  }
};

TEST_F(ForeignFieldsTest, AreNotTakenFromUploadedPurchases) {
  EXPECT_EQ(Send(DirtyPurchase("A1")).created_lines(), 1);
  ExpectPurchase("A1");
  // What is kept is what the line without them would have left.
  EXPECT_EQ(Send(Line("A1")).unchanged_lines(), 1);
}

TEST_F(ForeignFieldsTest, AreNotTakenFromABatchOfPurchases) {
  v1::BatchCreatePurchasesRequest request;
  request.set_parent(kHackney);
  request.set_request_id(NewUuid());
  *request.add_requests()->mutable_purchase() = DirtyPurchase("A1");
  AddUnknown(request);
  for (int i = 0; i < 2; ++i) {  // made, and made before
    const auto made = hackney_.Call(&Purchases::BatchCreatePurchases, request);
    ASSERT_THAT(made, Succeeds());
    ExpectOwn(made.reply.purchases(0), 1);
    EXPECT_THAT(made.reply.SerializeAsString(), Not(HasSubstr(kMarker)));
  }
  ExpectPurchase("A1");
  EXPECT_EQ(Send(Line("A1")).unchanged_lines(), 1);
}

TEST_F(ForeignFieldsTest, AreNotTakenFromACorrectedPurchase) {
  Send(Line("A1"));
  v1::UpdatePurchaseRequest request;
  request.set_request_id(NewUuid());
  *request.mutable_purchase() = DirtyPurchase("A1");
  request.mutable_purchase()->set_name("councils/hck/purchases/A1");
  request.mutable_purchase()->clear_etag();  // it would be compared
  request.mutable_purchase()->set_packs(11);
  request.mutable_update_mask()->add_paths("packs");
  const auto made = hackney_.Call(&Purchases::UpdatePurchase, request);
  ASSERT_THAT(made, Succeeds());
  ExpectOwn(made.reply, 2);
  ExpectPurchase("A1", 2);
  for (const char* field : {"create_time", "revision", "state", "submission", "name",
                            "unit_price_micros", "withdraw_reason"}) {
    request.set_request_id(NewUuid());
    request.mutable_update_mask()->clear_paths();
    request.mutable_update_mask()->add_paths(field);
    EXPECT_THAT(hackney_.Call(&Purchases::UpdatePurchase, request),
                Fails(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"))
        << field;
  }
  ExpectPurchase("A1", 2);
  EXPECT_EQ(Send(Line("A1", "packs: 11")).unchanged_lines(), 1);
}

TEST_F(ForeignFieldsTest, AreNotTakenFromOutcomeReports) {
  EXPECT_EQ(Send(DirtyReport()).created_lines(), 1);
  ExpectReport(1);
  EXPECT_EQ(Send(Parse<v1::OutcomeReport>(kReport)).unchanged_lines(), 1);

  v1::UpdateOutcomeReportRequest update;
  update.set_request_id(NewUuid());
  *update.mutable_outcome_report() = DirtyReport(13);
  update.mutable_outcome_report()->set_name(kReportName);
  update.mutable_outcome_report()->clear_etag();
  update.mutable_update_mask()->add_paths("placements");
  const auto corrected = hackney_.Call(&Outcomes::UpdateOutcomeReport, update);
  ASSERT_THAT(corrected, Succeeds());
  ExpectOwn(corrected.reply, 2);
  ExpectReport(2);
}

TEST_F(ForeignFieldsTest, AreNotTakenFromABatchOfOutcomeReports) {
  v1::BatchCreateOutcomeReportsRequest request;
  request.set_parent(kHackney);
  request.set_request_id(NewUuid());
  *request.add_requests()->mutable_outcome_report() = DirtyReport();
  AddUnknown(request);
  const auto made = hackney_.Call(&Outcomes::BatchCreateOutcomeReports, request);
  ASSERT_THAT(made, Succeeds());
  ExpectOwn(made.reply.outcome_reports(0), 1);
  EXPECT_THAT(made.reply.SerializeAsString(), Not(HasSubstr(kMarker)));
  ExpectReport(1);
  EXPECT_EQ(Send(Parse<v1::OutcomeReport>(kReport)).unchanged_lines(), 1);
}

}  // namespace
}  // namespace steelyard::contract
