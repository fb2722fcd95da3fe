#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::ledger {
namespace {

using ::steelyard::testing::StatusIs;
using Kind = LineOutcome::Kind;
using model::SubmissionMode;
using model::SubmissionState;

class UploadTest : public LedgerTest {
 protected:
  absl::StatusOr<Outcome> Begin(SubmissionMode mode, model::CouncilNo scope = kCouncil) {
    return ledger_->Execute(OpenUpload{{kNow, "t1"}, scope, Id('u'), Body('u'), mode});
  }
  absl::StatusOr<Outcome> Chunk(uint32_t index, std::vector<LineDraft> lines,
                                std::vector<Refused> refused = {},
                                model::CouncilNo scope = kCouncil) {
    return ledger_->Execute(
        AppendChunk{{kNow, "t1"}, scope, Id('u'), index, std::move(lines), std::move(refused)});
  }
  absl::StatusOr<Outcome> Finish(uint32_t chunks, model::CouncilNo scope = kCouncil) {
    return ledger_->Execute(FinishUpload{{kNow, "t1"}, scope, Id('u'), chunks});
  }
  bool Has(const std::string& reference, model::CouncilNo council = kCouncil) {
    return reader().Get(council, reference)->has_value();
  }
};

TEST_F(UploadTest, WholeUploadShowsNothingBeforeItsEnd) {
  ASSERT_OK(Begin(SubmissionMode::kWhole));
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1), Draft("PO-2", 2)}));
  EXPECT_FALSE(Has("PO-1"));
  Reopen();
  ASSERT_OK(Chunk(1, {Draft("PO-3", 3)}));
  ASSERT_OK_AND_ASSIGN(Outcome done, Finish(2));
  ASSERT_EQ(done.submissions.size(), 1u);
  EXPECT_EQ(done.submissions[0].state, SubmissionState::kCommitted);
  EXPECT_EQ(done.submissions[0].counts.created, 3);
  EXPECT_EQ(done.upload.total.received(), 3);
  EXPECT_TRUE(Has("PO-1") && Has("PO-2") && Has("PO-3"));
  // Nothing stays staged but the upload's own record.
  auto it = database_->Scan(engine::Family::kStaging, "", "");
  ASSERT_TRUE(it->Valid());
  it->Next();
  EXPECT_FALSE(it->Valid());
}

TEST_F(UploadTest, OneRejectedLineRefusesTheWhole) {
  ASSERT_OK(Begin(SubmissionMode::kWhole));
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1)}, {{kCouncil, 1, 0}}));
  ASSERT_OK_AND_ASSIGN(Outcome done, Finish(1));
  EXPECT_EQ(done.submissions[0].state, SubmissionState::kRefused);
  EXPECT_EQ(done.submissions[0].counts.rejected, 1);
  EXPECT_FALSE(Has("PO-1"));
  Reopen();
  ASSERT_OK_AND_ASSIGN(Outcome again, Finish(1));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.submissions, done.submissions);
}

TEST_F(UploadTest, DuplicateWithOtherContentRefusesTheWholeAndNamesTheRow) {
  ASSERT_OK(Begin(SubmissionMode::kWhole));
  LineDraft twin = Draft("PO-1", 2);
  twin.row = 9;
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1), Draft("PO-1", 1)}));
  ASSERT_OK(Chunk(1, {twin}));
  ASSERT_OK_AND_ASSIGN(Outcome done, Finish(2));
  EXPECT_EQ(done.submissions[0].state, SubmissionState::kRefused);
  ASSERT_EQ(done.lines.size(), 1u);
  EXPECT_EQ(done.lines[0].kind, Kind::kDuplicate);
  EXPECT_EQ(done.lines[0].row, 9);
}

TEST_F(UploadTest, ValidLinesCountAtOnceAndResumeAfterAKill) {
  ASSERT_OK(Begin(SubmissionMode::kValidLines));
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1)}, {{kCouncil, 2, 1}}));
  EXPECT_TRUE(Has("PO-1"));
  Reopen();
  ASSERT_OK_AND_ASSIGN(Outcome resumed, Begin(SubmissionMode::kValidLines));
  EXPECT_TRUE(resumed.replayed);
  EXPECT_EQ(resumed.upload.next_chunk, 1u);
  ASSERT_OK_AND_ASSIGN(Outcome repeat, Chunk(0, {Draft("PO-1", 1)}));
  EXPECT_TRUE(repeat.replayed);
  ASSERT_OK(Chunk(1, {Draft("PO-1", 1), Draft("PO-1", 7), Draft("PO-2", 2)}));
  ASSERT_OK_AND_ASSIGN(Outcome done, Finish(2));
  const model::LineCounts& counts = done.submissions[0].counts;
  EXPECT_EQ(counts.created, 2);
  EXPECT_EQ(counts.unchanged, 1);
  EXPECT_EQ(counts.rejected, 3);  // two before, and PO-1 with other content
  EXPECT_EQ(counts.warnings, 1);
  EXPECT_EQ(done.upload.total, counts);
  EXPECT_EQ(done.submissions[0].state, SubmissionState::kCommitted);
}

TEST_F(UploadTest, SecondUploadOfTheSameLinesIsUnchanged) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 1), Draft("PO-2", 2)})));
  ASSERT_OK(Begin(SubmissionMode::kWhole));
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1), Draft("PO-2", 3)}));
  ASSERT_OK_AND_ASSIGN(Outcome done, Finish(1));
  EXPECT_EQ(done.submissions[0].counts.unchanged, 1);
  EXPECT_EQ(done.submissions[0].counts.corrected, 1);
}

TEST_F(UploadTest, ManyBodiesGetAReceiptEach) {
  constexpr model::CouncilNo kMany{0};
  ASSERT_OK(Begin(SubmissionMode::kValidLines, kMany));
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1), Draft("PO-1", 2, kOther)}, {{{}, 1, 0}}, kMany));
  ASSERT_OK(Chunk(1, {Draft("PO-2", 1, kOther)}, {}, kMany));
  ASSERT_OK_AND_ASSIGN(Outcome done, Finish(2, kMany));
  ASSERT_EQ(done.submissions.size(), 2u);
  EXPECT_EQ(done.submissions[0].counts.created, 1);
  EXPECT_EQ(done.submissions[1].counts.created, 2);
  EXPECT_EQ(done.upload.total.created, 3);
  EXPECT_EQ(done.upload.total.rejected, 1);
  ASSERT_OK_AND_ASSIGN(auto found, receipts().FindSubmission(kOther, Id('u')));
  EXPECT_EQ(found, done.submissions[1]);
}

TEST_F(UploadTest, ChunksOutOfOrderAndOtherOptionsAreRefused) {
  EXPECT_THAT(Chunk(0, {}), StatusIs(absl::StatusCode::kNotFound, kUploadNotFound));
  ASSERT_OK(Begin(SubmissionMode::kWhole));
  EXPECT_THAT(Chunk(1, {}), StatusIs(absl::StatusCode::kFailedPrecondition, kChunkGap));
  EXPECT_THAT(Finish(1), StatusIs(absl::StatusCode::kFailedPrecondition, kChunkGap));
  OpenUpload other{{kNow, "t1"}, kCouncil, Id('u'), Body('v'), SubmissionMode::kWhole};
  EXPECT_THAT(ledger_->Execute(other), StatusIs(absl::StatusCode::kAborted, kRequestIdReused));
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1)}));
  ASSERT_OK(Finish(1));
  EXPECT_THAT(Chunk(1, {}), StatusIs(absl::StatusCode::kFailedPrecondition, kUploadFinished));
}

TEST_F(UploadTest, WithdrawnLineIsNotTakenAgain) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 1)})));
  ASSERT_OK(ledger_->Execute(
      WithdrawLine{{kNow, "t1"}, kCouncil, Id('w'), Body('w'), "PO-1", "twice", {}}));
  ASSERT_OK(Begin(SubmissionMode::kValidLines));
  ASSERT_OK_AND_ASSIGN(Outcome done, Chunk(0, {Draft("PO-1", 1)}));
  EXPECT_EQ(done.lines[0].kind, Kind::kWithdrawn);
  EXPECT_EQ(done.upload.total.rejected, 1);
}

}  // namespace
}  // namespace steelyard::ledger
