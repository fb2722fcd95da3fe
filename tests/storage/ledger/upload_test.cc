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
    return ledger_->Execute(AppendChunk{
        {kNow, "t1"}, scope, Id('u'), index, std::move(lines), std::move(refused), Body('s')});
  }
  absl::StatusOr<Outcome> Finish(uint32_t chunks, model::CouncilNo scope = kCouncil) {
    return ledger_->Execute(FinishUpload{{kNow, "t1"}, scope, Id('u'), chunks});
  }
  // Another upload of that id, begun at `when`, with one chunk of `lines`.
  absl::StatusOr<Outcome> BeginOther(char id, int64_t when) {
    return ledger_->Execute(
        OpenUpload{{when, "t1"}, kCouncil, Id(id), Body(id), SubmissionMode::kWhole});
  }
  absl::StatusOr<Outcome> ChunkOfOther(char id, int64_t when, std::vector<LineDraft> lines = {}) {
    return ledger_->Execute(
        AppendChunk{{when, "t1"}, kCouncil, Id(id), 0, std::move(lines), {}, Body('s')});
  }
  std::vector<std::string> StagingKeys() {
    std::vector<std::string> keys;
    for (auto it = database_->Scan(engine::Family::kStaging, "", ""); it->Valid(); it->Next()) {
      keys.emplace_back(it->key());
    }
    return keys;
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
  // Nothing stays staged but the upload's own record and what its chunks were.
  EXPECT_EQ(StagingKeys(), (std::vector<std::string>{codec::UploadKey(kCouncil, Id('u')),
                                                     codec::UploadHashKey(kCouncil, Id('u'), 0),
                                                     codec::UploadHashKey(kCouncil, Id('u'), 1)}));
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

TEST_F(UploadTest, AChunkThatComesAgainWithOtherContentIsRefused) {
  for (const SubmissionMode mode : {SubmissionMode::kWhole, SubmissionMode::kValidLines}) {
    const char id = mode == SubmissionMode::kWhole ? 'w' : 'v';
    const auto send = [&](char content) {
      return ledger_->Execute(
          AppendChunk{{kNow, "t1"}, kCouncil, Id(id), 0, {Draft("PO-1", 1)}, {}, Body(content)});
    };
    ASSERT_OK(ledger_->Execute(OpenUpload{{kNow, "t1"}, kCouncil, Id(id), Body('u'), mode}));
    ASSERT_OK(send('a'));
    Reopen();
    ASSERT_OK_AND_ASSIGN(Outcome same, send('a'));
    EXPECT_TRUE(same.replayed);
    EXPECT_THAT(send('b'), StatusIs(absl::StatusCode::kAborted, kChunkReused));
    ASSERT_OK(ledger_->Execute(FinishUpload{{kNow, "t1"}, kCouncil, Id(id), 1}));
    EXPECT_OK(send('a'));
    EXPECT_THAT(send('b'), StatusIs(absl::StatusCode::kAborted, kChunkReused));
  }
}

TEST_F(UploadTest, UnfinishedUploadsHoldOnlySoMuch) {
  for (size_t i = 0; i < kMaxStagedUploads; ++i) {
    ASSERT_OK(BeginOther(static_cast<char>('A' + i), kNow));
  }
  EXPECT_THAT(Begin(SubmissionMode::kWhole),
              StatusIs(absl::StatusCode::kFailedPrecondition, kTooMuchStaged));
  // Others are not held back by it: what is taken at once, other councils, and
  // whoever goes on.
  EXPECT_OK(Begin(SubmissionMode::kValidLines));
  EXPECT_OK(Begin(SubmissionMode::kWhole, kOther));
  EXPECT_OK(BeginOther('A', kNow));
  ASSERT_OK(ledger_->Execute(FinishUpload{{kNow, "t1"}, kCouncil, Id('A'), 0}));
  EXPECT_OK(BeginOther('z', kNow));
}

TEST_F(UploadTest, StagedLinesOfACouncilAreCountedTogether) {
  // As if three uploads had brought all but one of the lines.
  std::vector<codec::StagedUpload> staged = {{Id('A'), kNow, kMaxStagedLines - 1}};
  engine::Batch batch;
  batch.Put(engine::Family::kStaging, codec::StagedUploadsKey(kCouncil), codec::Encode(staged));
  ASSERT_OK(database_->Commit(std::move(batch)));
  ASSERT_OK(Begin(SubmissionMode::kWhole));
  EXPECT_THAT(Chunk(0, {Draft("PO-1", 1), Draft("PO-2", 2)}),
              StatusIs(absl::StatusCode::kFailedPrecondition, kTooMuchStaged));
  EXPECT_OK(Chunk(0, {Draft("PO-1", 1)}));
}

TEST_F(UploadTest, AnUploadThatWasGivenUpIsDroppedWhenTheNextBegins) {
  ASSERT_OK(BeginOther('A', kNow));
  ASSERT_OK(ChunkOfOther('A', kNow, {Draft("PO-1", 1)}));
  ASSERT_OK(BeginOther('B', kNow));
  ASSERT_OK(ChunkOfOther('B', kNow + 1, {Draft("PO-2", 1)}));
  ASSERT_OK(BeginOther('C', kNow + kDropAfterMicros));  // A alone is old enough
  Reopen();
  EXPECT_EQ(StagingKeys(),
            (std::vector<std::string>{
                codec::StagedUploadsKey(kCouncil), codec::UploadKey(kCouncil, Id('A')),
                codec::UploadKey(kCouncil, Id('B')), codec::UploadChunkKey(kCouncil, Id('B'), 0),
                codec::UploadHashKey(kCouncil, Id('B'), 0), codec::UploadKey(kCouncil, Id('C'))}));
  const auto dropped = StatusIs(absl::StatusCode::kFailedPrecondition, kUploadDropped);
  EXPECT_THAT(BeginOther('A', kNow), dropped);
  EXPECT_THAT(ChunkOfOther('A', kNow), dropped);
  EXPECT_THAT(ledger_->Execute(FinishUpload{{kNow, "t1"}, kCouncil, Id('A'), 1}), dropped);
  EXPECT_FALSE(Has("PO-1"));
  ASSERT_OK(ledger_->Execute(FinishUpload{{kNow, "t1"}, kCouncil, Id('B'), 1}));
  EXPECT_TRUE(Has("PO-2"));
  // It is in the audit.
  std::vector<std::string> actions;
  for (auto it = database_->Scan(engine::Family::kAudit, "", ""); it->Valid(); it->Next()) {
    ASSERT_OK_AND_ASSIGN(const auto entry, codec::DecodeAudit(it->key(), it->value()));
    if (entry.principal == "system" && entry.action == "DropUpload") {
      actions.push_back(entry.resource + " " + entry.detail);
    }
  }
  EXPECT_EQ(actions, std::vector<std::string>{"councils/abc " + codec::UuidText(Id('A'))});
}

TEST_F(UploadTest, AnUploadOfBeforeStagedOnesWereCountedGoesOn) {
  ASSERT_OK(Begin(SubmissionMode::kWhole));
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1)}));
  engine::Batch batch;
  batch.Delete(engine::Family::kStaging, codec::StagedUploadsKey(kCouncil));
  batch.Delete(engine::Family::kStaging, codec::UploadHashKey(kCouncil, Id('u'), 0));
  ASSERT_OK(database_->Commit(std::move(batch)));
  Reopen();
  ASSERT_OK(Chunk(0, {Draft("PO-1", 1)}));
  ASSERT_OK(Chunk(1, {Draft("PO-2", 1)}));
  ASSERT_OK(Finish(2));
  EXPECT_TRUE(Has("PO-1") && Has("PO-2"));
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
