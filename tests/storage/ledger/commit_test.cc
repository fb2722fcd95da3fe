#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "storage/ledger/audit.h"
#include "storage/ledger/fact_reader.h"
#include "storage/ledger/publication_log.h"
#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::ledger {
namespace {

using ::steelyard::testing::StatusIs;
using Kind = LineOutcome::Kind;

const codec::SeriesYear kSeries{model::ProductNo{7}, model::Currency::Gbp(), 2020};

TEST_F(LedgerTest, CreatedLineSurvivesReopening) {
  ASSERT_OK_AND_ASSIGN(Outcome done, ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  EXPECT_EQ(done.lines[0].kind, Kind::kCreated);
  EXPECT_EQ(done.submissions[0].sequence, 1u);
  Reopen();
  ASSERT_OK_AND_ASSIGN(auto line, reader().Get(kCouncil, "PO-1"));
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->content, Boxes(10));
  EXPECT_EQ(line->record.revision, 1u);
  EXPECT_EQ(ledger_->state()->head.lines, 1u);
  ASSERT_OK_AND_ASSIGN(auto none, reader().Get(kOther, "PO-1"));
  EXPECT_FALSE(none.has_value());
}

TEST_F(LedgerTest, RepeatedRequestGetsTheFirstResult) {
  ASSERT_OK_AND_ASSIGN(Outcome first, ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  Reopen();
  ASSERT_OK_AND_ASSIGN(Outcome again, ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.submissions, first.submissions);
  EXPECT_EQ(again.request, first.request);
  EXPECT_EQ(ledger_->state()->head.sequence, first.sequence);
}

TEST_F(LedgerTest, RequestIdForSomethingElseIsRefused) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  CommitLines other = Create('a', {Draft("PO-2", 10)});
  other.body_sha256 = Body('b');
  EXPECT_THAT(ledger_->Execute(other), StatusIs(absl::StatusCode::kAborted, kRequestIdReused));
  // Another council's key is its own.
  EXPECT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10, kOther)}, kOther)));
}

TEST_F(LedgerTest, OneTakenReferenceRefusesTheWholeBatch) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  EXPECT_THAT(ledger_->Execute(Create('b', {Draft("PO-2", 1), Draft("PO-1", 11)})),
              StatusIs(absl::StatusCode::kAlreadyExists, kReferenceTaken));
  ASSERT_OK_AND_ASSIGN(auto line, reader().Get(kCouncil, "PO-2"));
  EXPECT_FALSE(line.has_value());
}

TEST_F(LedgerTest, CorrectionKeepsTheFormerVersionAndItsFact) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  CommitLines correction = Create('b', {Draft("PO-1", 12, kCouncil, 8)});
  correction.rule = CommitLines::Rule::kExisting;
  correction.expected_revision = 1;
  ASSERT_OK_AND_ASSIGN(Outcome done, ledger_->Execute(correction));
  EXPECT_EQ(done.lines[0].kind, Kind::kCorrected);
  EXPECT_EQ(done.lines[0].revision, 2u);

  ASSERT_OK_AND_ASSIGN(auto versions, reader().Versions(kCouncil, "PO-1", 0, 10));
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].content.packs, 12);
  EXPECT_EQ(versions[1].content.packs, 10);
  ASSERT_OK_AND_ASSIGN(auto first, reader().GetRevision(kCouncil, "PO-1", 1));
  EXPECT_EQ(first->content.packs, 10);

  ASSERT_OK_AND_ASSIGN(auto facts, FactReader(*database_).Read(kSeries, nullptr));
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].end_sequence, done.sequence);
  EXPECT_TRUE(facts[0].StoodAt(done.sequence - 1));
  EXPECT_FALSE(facts[0].StoodAt(done.sequence));
  codec::SeriesYear moved = kSeries;
  moved.product.value = 8;
  ASSERT_OK_AND_ASSIGN(auto now, FactReader(*database_).Read(moved, nullptr));
  ASSERT_EQ(now.size(), 1u);
  EXPECT_TRUE(now[0].StoodAt(done.sequence));

  correction.request = Id('c');
  EXPECT_THAT(ledger_->Execute(correction), StatusIs(absl::StatusCode::kAborted, kEtagMismatch));
}

TEST_F(LedgerTest, CorrectingWhatIsNotThereIsNotFound) {
  CommitLines correction = Create('b', {Draft("PO-1", 12)});
  correction.rule = CommitLines::Rule::kExisting;
  EXPECT_THAT(ledger_->Execute(correction), StatusIs(absl::StatusCode::kNotFound, kLineNotFound));
}

TEST_F(LedgerTest, WithdrawnLineCountsNowhereAndIsKept) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  const WithdrawLine withdraw{{kNow, "t1"}, kCouncil, Id('w'), Body('w'), "PO-1", "twice", 1};
  ASSERT_OK_AND_ASSIGN(Outcome done, ledger_->Execute(withdraw));
  EXPECT_EQ(done.lines[0].revision, 2u);
  ASSERT_OK_AND_ASSIGN(auto line, reader().Get(kCouncil, "PO-1"));
  EXPECT_TRUE(line->record.withdrawn);
  EXPECT_EQ(line->record.withdraw_reason, "twice");
  ASSERT_OK_AND_ASSIGN(auto facts, FactReader(*database_).Read(kSeries, nullptr));
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_NE(facts[0].end_sequence, DatedFact::kStill);
  ASSERT_OK_AND_ASSIGN(auto head, receipts().Head(kCouncil));
  EXPECT_EQ(head.active_lines, 0u);
  ASSERT_OK_AND_ASSIGN(Outcome again, ledger_->Execute(withdraw));
  EXPECT_TRUE(again.replayed);
}

TEST_F(LedgerTest, ReceiptsChainAndAuditSaysWho) {
  ASSERT_OK_AND_ASSIGN(Outcome one, ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  ASSERT_OK_AND_ASSIGN(Outcome two, ledger_->Execute(Create('b', {Draft("PO-2", 10)})));
  EXPECT_EQ(two.submissions[0].sequence, 2u);
  EXPECT_NE(one.submissions[0].running_sha256, two.submissions[0].running_sha256);
  ASSERT_OK_AND_ASSIGN(auto found, receipts().FindSubmission(kCouncil, Id('a')));
  EXPECT_EQ(found, one.submissions[0]);
  ASSERT_OK_AND_ASSIGN(auto listed, receipts().Submissions(kCouncil, 0, 10));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0], two.submissions[0]);
  ASSERT_OK_AND_ASSIGN(auto audit, AuditReader(*database_).List({}, 10));
  ASSERT_EQ(audit.size(), 3u);
  EXPECT_EQ(audit[2].principal, "t1");
  EXPECT_EQ(audit[2].resource, "councils/abc");
}

TEST_F(LedgerTest, CommitsSayWhatTheyTouched) {
  ASSERT_OK_AND_ASSIGN(Outcome done, ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  ASSERT_OK_AND_ASSIGN(auto touched, PublicationLog(*database_).TouchedAfter(0, nullptr));
  ASSERT_EQ(touched.size(), 1u);
  EXPECT_EQ(touched[0].sequence, done.sequence);
  EXPECT_THAT(touched[0].series, ::testing::ElementsAre(kSeries));
}

TEST_F(LedgerTest, ConcurrentRepeatsMakeOneRecord) {
  std::vector<std::thread> threads;
  std::vector<absl::StatusOr<Outcome>> outcomes(32, absl::UnknownError(""));
  for (size_t i = 0; i < outcomes.size(); ++i) {
    threads.emplace_back(
        [&, i] { outcomes[i] = ledger_->Execute(Create('a', {Draft("PO-1", 10)})); });
  }
  for (std::thread& t : threads) t.join();
  int made = 0;
  for (const auto& outcome : outcomes) {
    ASSERT_OK(outcome);
    made += outcome->replayed ? 0 : 1;
    EXPECT_EQ(outcome->submissions, outcomes[0]->submissions);
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(ledger_->state()->head.lines, 1u);
}

TEST_F(LedgerTest, ManyLinesAreFoundInTheOrderAskedForEachOfItsCouncil) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10), Draft("PO-2", 4)})));
  ASSERT_OK(ledger_->Execute(Create('b', {Draft("PO-1", 7, kOther)}, kOther)));
  ASSERT_OK_AND_ASSIGN(
      const auto found,
      FindRecords(*database_, model::Resource::kPurchases,
                  std::vector<LineName>{
                      {kCouncil, "PO-2"}, {kOther, "PO-2"}, {kOther, "PO-1"}, {kCouncil, "PO-1"}}));
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0]->content, Draft("PO-2", 4).content);
  EXPECT_FALSE(found[1].has_value());
  EXPECT_EQ(found[2]->content, Draft("PO-1", 7).content);
  EXPECT_EQ(found[3]->content, Draft("PO-1", 10).content);
}

TEST_F(LedgerTest, StoreBehindItsMarkDoesNotOpen) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
  const uint64_t sequence = ledger_->state()->head.sequence;
  ledger_.reset();
  ASSERT_OK(mark_->Append(sequence + 3, Body('x')));
  EXPECT_THAT(Ledger::Open(*database_, *mark_),
              StatusIs(absl::StatusCode::kDataLoss, ::testing::HasSubstr("3 are missing")));
}

// Frozen: the same commands give the same chain on any machine.
TEST_F(LedgerTest, SameCommandsGiveTheSameHash) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10), Draft("PO-2", 4)})));
  const std::string hash = ledger_->state()->head.running_sha256;
  ledger_.reset();
  mark_.reset();
  database_.reset();
  std::filesystem::remove_all(dir_ / "store");
  std::filesystem::remove(dir_ / "commits.mark");
  SetUp();
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10), Draft("PO-2", 4)})));
  EXPECT_EQ(ledger_->state()->head.running_sha256, hash);
}

}  // namespace
}  // namespace steelyard::ledger
