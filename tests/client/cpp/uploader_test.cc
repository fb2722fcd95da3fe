#include "client/cpp/uploader.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/request_id.h"
#include "gmock/gmock.h"
#include "tests/client/cpp/fake_purchase_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::client {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class UploaderTest : public ::testing::Test {
 protected:
  UploaderTest() {
    options_.parent = "councils/ken";
    options_.upload_id = RequestId();
    options_.max_chunk_lines = 10;
    options_.chunks_in_flight = 3;
    options_.on_problem = [this](const v1::Problem& p) { problem_rows_.push_back(p.row()); };
    options_.on_progress = [this](const UploadProgress& p) {
      acknowledged_.push_back(p.acknowledged_lines);
    };
  }

  // Lines line-1 to line-`n`, those in `bad` with an error.
  LineSource Lines(int n, std::vector<int> bad = {}) {
    return [n, bad, i = 0](v1::UploadLine& line) mutable -> absl::StatusOr<bool> {
      if (i == n) return false;
      ++i;
      const bool is_bad = std::find(bad.begin(), bad.end(), i) != bad.end();
      line.set_row(i);
      line.mutable_purchase()->set_reference(absl::StrCat(is_bad ? "bad-" : "line-", i));
      return true;
    };
  }

  static std::vector<std::string> References(int n, std::vector<int> bad = {}) {
    std::vector<std::string> all;
    for (int i = 1; i <= n; ++i) {
      const bool is_bad = std::find(bad.begin(), bad.end(), i) != bad.end();
      all.push_back(absl::StrCat(is_bad ? "bad-" : "line-", i));
    }
    return all;
  }

  testing::TempDir folder_;
  FakePurchaseServer server_{folder_.path()};
  Connection connection_{server_.options()};
  UploadOptions options_;
  std::vector<int64_t> problem_rows_;
  std::vector<int64_t> acknowledged_;
};

TEST_F(UploaderTest, SendsEveryLineOnceInOrderWithTheToken) {
  ASSERT_OK_AND_ASSIGN(v1::UploadFinished finished, Upload(connection_, options_, Lines(95)));
  EXPECT_EQ(finished.total().received_lines(), 95);
  EXPECT_EQ(server_.references(), References(95));
  EXPECT_EQ(server_.authorization(), "Bearer sesame");
  EXPECT_EQ(server_.streams(), 1);
  EXPECT_THAT(acknowledged_, ElementsAre(10, 20, 30, 40, 50, 60, 70, 80, 90, 95));
}

TEST_F(UploaderTest, AnEmptyFileIsFinishedWithNoChunk) {
  ASSERT_OK_AND_ASSIGN(v1::UploadFinished finished, Upload(connection_, options_, Lines(0)));
  EXPECT_EQ(finished.total().received_lines(), 0);
}

TEST_F(UploaderTest, GoesOnAfterABrokenStream) {
  server_.BreakAt(4);
  ASSERT_OK(Upload(connection_, options_, Lines(95)));
  EXPECT_EQ(server_.references(), References(95));
  EXPECT_EQ(server_.streams(), 2);
}

TEST_F(UploaderTest, ReportsTheProblemsOfAChunkWhoseAckWasLost) {
  server_.LoseAckOf(2);
  ASSERT_OK(Upload(connection_, options_, Lines(95, {5, 23, 28, 61})));
  EXPECT_EQ(server_.references(), References(95, {5, 23, 28, 61}));
  EXPECT_THAT(problem_rows_, ElementsAre(5, 23, 28, 61));
  EXPECT_EQ(acknowledged_.back(), 95);
}

TEST_F(UploaderTest, GoesOnWhenTheServerIsRestarted) {
  int64_t stopped_at = 0;
  options_.on_progress = [&](const UploadProgress& p) {
    if (p.acknowledged_lines >= 50 && stopped_at == 0) {
      stopped_at = p.acknowledged_lines;
      server_.Stop();
      server_.Start();
    }
  };
  ASSERT_OK(Upload(connection_, options_, Lines(400)));
  EXPECT_EQ(stopped_at, 50);
  EXPECT_EQ(server_.references(), References(400));
  EXPECT_GE(server_.streams(), 2);
}

TEST_F(UploaderTest, ASecondProcessResumesWhereTheFirstStopped) {
  auto first = [lines = Lines(95, {3}),
                n = 0](v1::UploadLine& line) mutable -> absl::StatusOr<bool> {
    if (++n > 35) return absl::DataLossError("the file broke off");
    return lines(line);
  };
  options_.chunks_in_flight = 1;
  EXPECT_THAT(Upload(connection_, options_, first), StatusIs(absl::StatusCode::kDataLoss));
  const size_t kept = server_.references().size();
  EXPECT_GE(kept, 20u);
  acknowledged_.clear();
  problem_rows_.clear();
  ASSERT_OK(Upload(connection_, options_, Lines(95, {3})));
  EXPECT_EQ(server_.references(), References(95, {3}));
  EXPECT_THAT(problem_rows_, ElementsAre(3));
  EXPECT_EQ(acknowledged_.back(), 95);
}

TEST_F(UploaderTest, RefusesToResumeWithOtherLines) {
  ASSERT_OK(Upload(connection_, options_, Lines(60)));
  EXPECT_THAT(Upload(connection_, options_, Lines(95, {3})),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("other lines")));
  EXPECT_EQ(server_.references(), References(60));
}

TEST_F(UploaderTest, RefusesToResumeWithAShorterFile) {
  ASSERT_OK(Upload(connection_, options_, Lines(60)));
  EXPECT_THAT(Upload(connection_, options_, Lines(20)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("more lines")));
}

TEST_F(UploaderTest, SaysSoWhenTheServerForgotAValidation) {
  server_.ForgetOnBreak();
  server_.BreakAt(4);
  EXPECT_THAT(Upload(connection_, options_, Lines(95)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("begin it again")));
}

TEST_F(UploaderTest, GivesUpAfterTheTimeItWasGiven) {
  server_.Refuse({grpc::StatusCode::UNAVAILABLE, "not now"});
  options_.give_up_after = absl::Milliseconds(600);
  std::vector<absl::Duration> waits;
  options_.on_retry = [&](const absl::Status&, absl::Duration wait) { waits.push_back(wait); };
  EXPECT_THAT(Upload(connection_, options_, Lines(5)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("not now")));
  EXPECT_GE(waits.size(), 1u);
  EXPECT_LE(waits.size(), 4u);
}

TEST_F(UploaderTest, DoesNotTryAgainWhatCannotHelp) {
  server_.Refuse({grpc::StatusCode::PERMISSION_DENIED, "readers do not send"});
  EXPECT_THAT(Upload(connection_, options_, Lines(5)),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("readers do not send")));
  EXPECT_EQ(server_.streams(), 1);
}

TEST_F(UploaderTest, LeavesAStreamThatSaysNothing) {
  server_.BeSilentOnce();
  options_.answer_timeout = absl::Milliseconds(200);
  ASSERT_OK(Upload(connection_, options_, Lines(25)));
  EXPECT_EQ(server_.references(), References(25));
  EXPECT_EQ(server_.streams(), 2);
}

TEST_F(UploaderTest, CutsChunksByBytesTooAndLosesNoLine) {
  options_.max_chunk_lines = 2'000;
  options_.max_chunk_bytes = 64 * 1024;
  const auto source = [i = 0](v1::UploadLine& line) mutable -> absl::StatusOr<bool> {
    if (i == 500) return false;
    line.mutable_purchase()->set_reference(absl::StrCat("line-", ++i));
    line.mutable_purchase()->set_product(std::string(1'000, 'x'));
    return true;
  };
  ASSERT_OK(Upload(connection_, options_, source));
  EXPECT_EQ(server_.references(), References(500));
  EXPECT_LE(server_.largest_chunk_bytes(), 64u * 1024 + 64);
  EXPECT_GE(server_.largest_chunk_bytes(), 60u * 1024);
}

}  // namespace
}  // namespace steelyard::client
