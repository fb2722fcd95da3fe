#include "client/cli/upload_job.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>

#include "client/import/profile.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::cli {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Takes uploads: refuses lines of product `unknown`, asks about prices of
// 1,000 and more, and forgets a validation once if it is told to.
class FakeServer final : public v1::PurchaseService::Service {
 public:
  explicit FakeServer(const std::string& address) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeServer() override { server_->Shutdown(std::chrono::system_clock::now()); }

  grpc::Status UploadPurchases(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::UploadPurchasesResponse, v1::UploadPurchasesRequest>* stream)
      override {
    v1::UploadPurchasesRequest request;
    v1::UploadStart start;
    int64_t received = 0, rejected = 0;
    while (stream->Read(&request)) {
      v1::UploadPurchasesResponse reply;
      if (request.has_start()) {
        start = request.start();
        if (start.parent() == refuse_council) return {grpc::StatusCode::NOT_FOUND, "no such"};
        starts.push_back(start);
        reply.mutable_started()->set_next_chunk(0);
      } else if (request.has_chunk()) {
        if (std::exchange(forget_once, false)) return {grpc::StatusCode::FAILED_PRECONDITION, "?"};
        if (other_lines) return OtherLines();
        reply.mutable_chunk()->set_index(request.chunk().index());
        for (const v1::UploadLine& line : request.chunk().lines()) {
          ++received;
          councils.push_back(line.council());
          rejected += Check(line, *reply.mutable_chunk());
          if (!start.validate_only()) references.push_back(line.purchase().reference());
          if (line.purchase().price_confirmed()) confirmed.push_back(line.row());
        }
      } else {
        Finish(start, received, rejected, *reply.mutable_finished());
      }
      stream->Write(reply);
    }
    return grpc::Status::OK;
  }

  std::vector<v1::UploadStart> starts;
  std::vector<std::string> references;  // of uploads that were not validations
  std::vector<int64_t> confirmed;       // rows
  std::vector<std::string> councils;    // of lines
  bool forget_once = false;
  bool other_lines = false;  // an upload was begun with other lines
  std::string refuse_council;

 private:
  static grpc::Status OtherLines() {
    google::rpc::ErrorInfo info;
    info.set_reason("REQUEST_ID_REUSED");
    google::rpc::Status details;
    details.add_details()->PackFrom(info);
    return {grpc::StatusCode::ABORTED, "This upload was begun with other lines.",
            details.SerializeAsString()};
  }

  static bool Check(const v1::UploadLine& line, v1::UploadChunkAck& ack) {
    const bool unknown = line.purchase().product() == "unknown";
    const bool dear = line.purchase().pack_price_micros() >= 1'000'000'000;
    if (!unknown && (!dear || line.purchase().price_confirmed())) return false;
    v1::Problem& problem = *ack.add_problems();
    problem.set_row(line.row());
    problem.set_severity(unknown ? v1::Problem::ERROR : v1::Problem::CONFIRM);
    problem.set_code(unknown ? "PRODUCT_UNKNOWN" : "PRICE_UNUSUAL");
    problem.set_message(unknown ? "no such product" : "very dear");
    return true;
  }

  static void Finish(const v1::UploadStart& start, int64_t received, int64_t rejected,
                     v1::UploadFinished& finished) {
    finished.mutable_total()->set_received_lines(received);
    finished.mutable_total()->set_created_lines(received - rejected);
    finished.mutable_total()->set_rejected_lines(rejected);
    if (start.validate_only()) return;
    v1::Submission& submission = *finished.add_submissions();
    submission.set_name(start.parent() + "/submissions/" + start.upload_id());
    submission.set_sequence(17);
    submission.set_content_sha256("abc");
    const bool refused = rejected > 0 && start.mode() == v1::Submission::WHOLE;
    submission.set_state(refused ? v1::Submission::REFUSED : v1::Submission::COMMITTED);
  }

  std::unique_ptr<grpc::Server> server_;
};

class UploadJobTest : public ::testing::Test {
 protected:
  UploadJobTest() {
    std::ofstream(folder_ / "token") << "secret";
    options_.server = address_;
    options_.token_file = folder_ / "token";
    command_.file = folder_ / "march.csv";
    command_.council = "councils/ken";
  }

  void WriteFile(const std::string& rows) {
    std::ofstream(command_.file)
        << "Reference,Product,Supplier,Order date,Packs,Pack content,Pack price\n"
        << rows;
  }
  absl::StatusOr<UploadOutcome> Send() {
    Terminal terminal{.out = out_, .err = out_};
    Session session(options_, terminal);
    const auto profile = importing::LoadProfile("steelyard");
    if (!profile.ok()) return profile.status();
    return UploadJob<PurchaseFile>(session, *profile, command_).Run();
  }
  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::string Line(const std::string& reference, const std::string& product,
                          const std::string& price, const std::string& date = "2020-04-01") {
    return reference + "," + product + ",Acme," + date + ",10,100," + price + "\n";
  }

  testing::TempDir folder_;
  const std::string address_ = "unix:" + (folder_ / "server");
  FakeServer server_{address_};
  GlobalOptions options_;
  UploadCommand command_;
  std::ostringstream out_;
};

TEST_F(UploadJobTest, SendsAGoodFileWholeAndTellsTheReceipt) {
  WriteFile(Line("a", "glove", "2.50") + Line("b", "glove", "2.50"));
  ASSERT_OK_AND_ASSIGN(const UploadOutcome outcome, Send());
  EXPECT_EQ(outcome.kind, UploadOutcome::kSent);
  EXPECT_THAT(server_.references, ElementsAre("a", "b"));
  EXPECT_EQ(server_.starts[0].mode(), v1::Submission::WHOLE);
  EXPECT_EQ(ReceiptWords(outcome),
            "2 lines sent: 2 new, 0 corrected, 0 unchanged, 0 rejected by the service.\n"
            "Receipt 17 of ken: " +
                server_.starts[0].upload_id() + ", content SHA-256 abc.");
}

TEST_F(UploadJobTest, AFileThatCannotBeReadWholeIsOnlyCheckedSoThatAllProblemsAreKnown) {
  WriteFile(Line("a", "glove", "2.50") + Line("b", "glove", "2.50", "never") +
            Line("c", "unknown", "2.50"));
  ASSERT_OK_AND_ASSIGN(const UploadOutcome outcome, Send());
  EXPECT_EQ(outcome.kind, UploadOutcome::kRefused);
  EXPECT_THAT(server_.references, IsEmpty());
  ASSERT_EQ(server_.starts.size(), 1u);
  EXPECT_TRUE(server_.starts[0].validate_only());
  EXPECT_EQ(outcome.report.error_rows(), (std::set<int64_t>{3, 4}));
  EXPECT_THAT(ReceiptWords(outcome),
              HasSubstr("Nothing was saved: of 3 lines 2 have to be mended"));
}

TEST_F(UploadJobTest, ValidLinesAreSentAndRejectedRowsWrittenToMend) {
  WriteFile(Line("a", "glove", "2.50") + Line("b", "glove", "2.50", "never") +
            Line("c", "unknown", "2.50"));
  command_.valid_lines_only = true;
  command_.rejects = folder_ / "rejects.csv";
  ASSERT_OK_AND_ASSIGN(const UploadOutcome outcome, Send());
  EXPECT_EQ(outcome.kind, UploadOutcome::kSent);
  EXPECT_THAT(server_.references, ElementsAre("a", "c"));
  EXPECT_THAT(
      ReceiptWords(outcome),
      HasSubstr("2 lines sent: 1 new, 0 corrected, 0 unchanged, 1 rejected by the service; 1 "
                "more could not be sent"));
  const std::string rejects = Read(command_.rejects);
  EXPECT_THAT(rejects, HasSubstr("\"reason\""));
  EXPECT_THAT(rejects, HasSubstr("\"b\""));
  EXPECT_THAT(rejects, HasSubstr("no such product"));
  EXPECT_THAT(rejects, Not(HasSubstr("\"a\"")));
}

TEST_F(UploadJobTest, RejectedRowsNeverTakeThePlaceOfTheFileThatIsSent) {
  WriteFile(Line("a", "unknown", "2.50"));
  const std::string link = folder_ / "link.csv";
  std::filesystem::create_symlink(command_.file, link);
  for (const std::string& path : {command_.file, link}) {
    command_.rejects = path;
    EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kInvalidArgument,
                                 HasSubstr("is the file that is sent; name another one")));
  }
  EXPECT_THAT(Read(command_.file), HasSubstr("a,unknown"));
  EXPECT_THAT(server_.starts, IsEmpty());
}

TEST_F(UploadJobTest, NothingIsSentIfRejectedRowsCannotBeWritten) {
  WriteFile(Line("a", "unknown", "2.50"));
  command_.rejects = folder_ / "missing/rejects.csv";
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot write")));
  EXPECT_THAT(server_.starts, IsEmpty());
}

TEST_F(UploadJobTest, RejectedRowsTakeThePlaceOfEarlierOnesAndOfNothingElse) {
  WriteFile(Line("a", "unknown", "2.50"));
  command_.rejects = folder_ / "rejects.csv";
  std::ofstream(command_.rejects) << "my own notes\n";
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("add --overwrite")));
  EXPECT_EQ(Read(command_.rejects), "my own notes\n");
  EXPECT_THAT(server_.starts, IsEmpty());
  command_.overwrite = true;
  ASSERT_OK(Send());
  EXPECT_THAT(Read(command_.rejects), HasSubstr("no such product"));
  command_.overwrite = false;
  ASSERT_OK(Send());
}

TEST_F(UploadJobTest, AFileWithoutALineIsAnError) {
  WriteFile("");
  EXPECT_THAT(Send(), StatusIs(absl::StatusCode::kInvalidArgument,
                               HasSubstr("has a header and no lines below it")));
}

TEST_F(UploadJobTest, WhereNothingWasBegunThereIsNothingToGoOnWith) {
  WriteFile(Line("a", "glove", "2.50"));
  server_.refuse_council = "councils/ken";
  const auto sent = Send();
  EXPECT_THAT(sent, StatusIs(absl::StatusCode::kNotFound, Not(HasSubstr("--resume"))));
}

TEST_F(UploadJobTest, EachLineIsSentWithTheCouncilThatItsRowNames) {
  std::ofstream(command_.file)
      << "Reference,Product,Supplier,Order date,Packs,Pack content,Pack price,Council\n"
         "a,glove,Acme,2020-04-01,10,100,2.50,ess\nb,glove,Acme,2020-04-01,10,100,2.50,\n";
  ASSERT_OK(Send());
  EXPECT_THAT(server_.councils, ElementsAre("ess", ""));
}

TEST_F(UploadJobTest, OnlyPricesThatTheServerAsksAboutAreConfirmed) {
  WriteFile(Line("a", "glove", "2.50") + Line("b", "glove", "1200.00"));
  command_.confirm_prices = true;
  ASSERT_OK_AND_ASSIGN(const UploadOutcome outcome, Send());
  EXPECT_THAT(server_.confirmed, ElementsAre(3));
  EXPECT_THAT(server_.references, ElementsAre("a", "b"));
  EXPECT_TRUE(outcome.report.rows_to_confirm().empty());
}

TEST_F(UploadJobTest, ServerErrorsRefuseTheWholeFile) {
  WriteFile(Line("a", "glove", "2.50") + Line("c", "unknown", "2.50"));
  ASSERT_OK_AND_ASSIGN(const UploadOutcome outcome, Send());
  EXPECT_EQ(outcome.kind, UploadOutcome::kRefused);
}

TEST_F(UploadJobTest, AValidationThatTheServerForgotIsBegunAgain) {
  WriteFile(Line("a", "glove", "2.50") + Line("c", "unknown", "2.50"));
  command_.validate_only = true;
  server_.forget_once = true;
  ASSERT_OK_AND_ASSIGN(const UploadOutcome outcome, Send());
  EXPECT_EQ(outcome.kind, UploadOutcome::kValidated);
  ASSERT_EQ(server_.starts.size(), 2u);
  EXPECT_NE(server_.starts[0].upload_id(), server_.starts[1].upload_id());
  EXPECT_EQ(outcome.report.problems().size(), 1u);
}

TEST_F(UploadJobTest, AnUploadThatFailsSaysHowToGoOn) {
  WriteFile(Line("a", "glove", "2.50"));
  command_.resume = "0a0a0a0a-0000-4000-8000-000000000000";
  server_.forget_once = true;
  const auto outcome = Send();
  EXPECT_THAT(outcome, steelyard::testing::StatusIs(
                           absl::StatusCode::kFailedPrecondition,
                           HasSubstr("--resume 0a0a0a0a-0000-4000-8000-000000000000")));
}

TEST_F(UploadJobTest, AFileThatWasEditedIsNotToldToGoOn) {
  WriteFile(Line("a", "glove", "2.50"));
  command_.resume = "0a0a0a0a-0000-4000-8000-000000000000";
  server_.other_lines = true;
  const auto outcome = Send();
  EXPECT_THAT(outcome,
              steelyard::testing::StatusIs(
                  absl::StatusCode::kAborted,
                  HasSubstr("begun with other lines.\nTo send this file as a new upload, leave out "
                            "--resume.")));
  EXPECT_THAT(outcome.status().message(), Not(HasSubstr("0a0a0a0a")));
}

}  // namespace
}  // namespace steelyard::cli
