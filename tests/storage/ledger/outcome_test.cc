#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/ledger/audit.h"
#include "storage/ledger/outcome_fact_reader.h"
#include "storage/ledger/publication_log.h"
#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::ledger {
namespace {

using model::Resource;
using model::SubmissionMode;
using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using Kind = LineOutcome::Kind;

const codec::OutcomeYear kYear{model::Service::kFostering, 2019};

class OutcomeLedgerTest : public LedgerTest {
 protected:
  static model::OutcomeContent Report(int64_t placements, int month = 10) {
    model::OutcomeContent c;
    c.provider.value = 4;
    c.service = model::Service::kFostering;
    c.quarter = *model::Month::FromYm(2019, month);
    c.placements = placements;
    c.ratings[0] = model::Level::kGood;
    return c;
  }
  static LineDraft Draft(const std::string& reference, int64_t placements, int month = 10,
                         model::CouncilNo council = kCouncil) {
    return MakeDraft(council, 1, reference, Report(placements, month), kToday);
  }
  static CommitLines Create(char request, std::vector<LineDraft> lines) {
    CommitLines c = LedgerTest::Create(request, std::move(lines));
    c.resource = Resource::kOutcomes;
    return c;
  }
  OutcomeReader outcomes() const { return OutcomeReader(*database_); }
  OutcomeFactReader facts() const { return OutcomeFactReader(*database_); }
};

TEST_F(OutcomeLedgerTest, ReportIsKeptApartFromPurchases) {
  ASSERT_OK(ledger_->Execute(LedgerTest::Create('p', {LedgerTest::Draft("A", 10)})));
  ASSERT_OK_AND_ASSIGN(Outcome done, ledger_->Execute(Create('a', {Draft("A", 12)})));
  EXPECT_EQ(done.lines[0].kind, Kind::kCreated);
  EXPECT_EQ(done.submissions[0].resource, Resource::kOutcomes);
  Reopen();
  ASSERT_OK_AND_ASSIGN(auto report, outcomes().Get(kCouncil, "A"));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->content, Report(12));
  EXPECT_EQ(report->record.line.value, 2u) << "lines and reports are counted together";
  ASSERT_OK_AND_ASSIGN(auto purchase, reader().Get(kCouncil, "A"));
  EXPECT_EQ(purchase->content.packs, 10);
  EXPECT_EQ(ledger_->state()->head.lines, 1u);
  EXPECT_EQ(ledger_->state()->head.reports, 1u);
  ASSERT_OK_AND_ASSIGN(auto listed, receipts().Submissions(kCouncil, 0, 10));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].resource, Resource::kOutcomes);
  EXPECT_EQ(listed[1].resource, Resource::kPurchases);
  ASSERT_OK_AND_ASSIGN(auto audit, AuditReader(*database_).List({}, 10));
  EXPECT_EQ(audit.back().action, "CommitOutcomeReports");
}

TEST_F(OutcomeLedgerTest, CorrectionAndWithdrawalEndTheFormerFact) {
  ASSERT_OK_AND_ASSIGN(Outcome made, ledger_->Execute(Create('a', {Draft("A", 12)})));
  CommitLines correction = Create('b', {Draft("A", 13)});
  correction.rule = CommitLines::Rule::kExisting;
  correction.expected_revision = 1;
  ASSERT_OK_AND_ASSIGN(Outcome corrected, ledger_->Execute(correction));
  WithdrawLine withdraw{{kNow, "t1"}, kCouncil, Id('w'), Body('w'), "A", "twice", 2};
  withdraw.resource = Resource::kOutcomes;
  ASSERT_OK_AND_ASSIGN(Outcome withdrawn, ledger_->Execute(withdraw));
  Reopen();
  ASSERT_OK_AND_ASSIGN(auto versions, outcomes().Versions(kCouncil, "A", 0, 10));
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_TRUE(versions[0].record.withdrawn);
  EXPECT_EQ(versions[2].content.placements, 12);
  ASSERT_OK_AND_ASSIGN(auto dated, facts().Read(kYear, nullptr));
  ASSERT_EQ(dated.size(), 2u);
  EXPECT_EQ(dated[0].fact.placements, 12);
  EXPECT_EQ(dated[0].fact.sequence, made.sequence);
  EXPECT_EQ(dated[0].end_sequence, corrected.sequence);
  EXPECT_EQ(dated[1].fact.placements, 13);
  EXPECT_EQ(dated[1].end_sequence, withdrawn.sequence);
  EXPECT_TRUE(dated[1].StoodAt(corrected.sequence));
  ASSERT_OK_AND_ASSIGN(auto head, receipts().Head(kCouncil));
  EXPECT_EQ(head.active_lines, 0u);
}

// What a report is about is its key, so there is no other to send it under.
TEST_F(OutcomeLedgerTest, AWithdrawnReportMayBeSentAgain) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("A", 12)})));
  WithdrawLine withdraw{{kNow, "t1"}, kCouncil, Id('w'), Body('w'), "A", "twice", {}};
  withdraw.resource = Resource::kOutcomes;
  ASSERT_OK(ledger_->Execute(withdraw));
  CommitLines correction = Create('c', {Draft("A", 13)});
  correction.rule = CommitLines::Rule::kExisting;
  EXPECT_THAT(ledger_->Execute(correction),
              StatusIs(absl::StatusCode::kFailedPrecondition, kLineWithdrawn));
  ASSERT_OK_AND_ASSIGN(Outcome again, ledger_->Execute(Create('b', {Draft("A", 12)})));
  EXPECT_EQ(again.lines[0].kind, Kind::kCorrected);
  EXPECT_EQ(again.lines[0].revision, 3u);
  EXPECT_THAT(ledger_->Execute(Create('d', {Draft("A", 12)})),
              StatusIs(absl::StatusCode::kAlreadyExists, kReferenceTaken));
  ASSERT_OK_AND_ASSIGN(auto report, outcomes().Get(kCouncil, "A"));
  EXPECT_FALSE(report->record.withdrawn);
  EXPECT_EQ(report->record.line.value, 1u);
  ASSERT_OK_AND_ASSIGN(auto dated, facts().Read(kYear, nullptr));
  ASSERT_EQ(dated.size(), 2u) << "the first, which ended, and the one that stands";
  EXPECT_EQ(dated[0].end_sequence, DatedOutcomeFact::kStill);
  ASSERT_OK_AND_ASSIGN(auto head, receipts().Head(kCouncil));
  EXPECT_EQ(head.active_lines, 1u);
  EXPECT_EQ(head.lines, 1u);
  EXPECT_EQ(ledger_->state()->head.reports, 1u);
}

TEST_F(OutcomeLedgerTest, ASnapshotShowsTheFactsOfItsMoment) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("A", 12)})));
  const auto snapshot = database_->TakeSnapshot();
  ASSERT_OK(ledger_->Execute(Create('b', {Draft("B", 9)})));
  ASSERT_OK_AND_ASSIGN(auto then, facts().Read(kYear, snapshot.get()));
  EXPECT_EQ(then.size(), 1u);
  ASSERT_OK_AND_ASSIGN(auto now, facts().Read(kYear, nullptr));
  ASSERT_EQ(now.size(), 2u);
  EXPECT_EQ(now[1].fact.council, kCouncil);
  EXPECT_EQ(now[1].fact.service, model::Service::kFostering);
  EXPECT_EQ(now[1].fact.quarter, *model::Month::FromYm(2019, 10));
  EXPECT_EQ(now[1].end_sequence, DatedOutcomeFact::kStill);
}

TEST_F(OutcomeLedgerTest, OwnOutcomesAreOneCouncilsOfThePeriod) {
  ASSERT_OK(ledger_->Execute(Create('a', {Draft("A", 12, 10), Draft("B", 9, 4)})));
  CommitLines foreign = Create('c', {Draft("C", 70, 10, kOther)});
  foreign.council = kOther;
  ASSERT_OK(ledger_->Execute(foreign));
  const model::Period late{*model::Month::FromYm(2018, 12), *model::Month::FromYm(2020, 1)};
  const OwnOutcomes own(*database_, kCouncil);
  ASSERT_OK_AND_ASSIGN(auto all, own.Read(model::Service::kFostering, late));
  EXPECT_EQ(all.size(), 2u);
  ASSERT_OK_AND_ASSIGN(
      auto some, own.Read(model::Service::kFostering, {*model::Month::FromYm(2019, 7), late.last}));
  ASSERT_EQ(some.size(), 1u);
  EXPECT_EQ(some[0].placements, 12);
  ASSERT_OK_AND_ASSIGN(auto none, own.Read(model::Service::kAdoption, late));
  EXPECT_TRUE(none.empty());
}

TEST_F(OutcomeLedgerTest, CommitsSayWhichServicesAndYearsTheyTouched) {
  ASSERT_OK_AND_ASSIGN(Outcome done, ledger_->Execute(Create('a', {Draft("A", 12)})));
  ASSERT_OK_AND_ASSIGN(auto touched, PublicationLog(*database_).TouchedAfter(0, nullptr));
  ASSERT_EQ(touched.size(), 1u);
  EXPECT_EQ(touched[0].sequence, done.sequence);
  EXPECT_TRUE(touched[0].series.empty());
  EXPECT_THAT(touched[0].outcomes, ElementsAre(kYear));
}

TEST_F(OutcomeLedgerTest, UploadsOfBothModesTakeReports) {
  char id = 'u';
  for (SubmissionMode mode : {SubmissionMode::kWhole, SubmissionMode::kValidLines}) {
    const std::string reference(1, id);
    OpenUpload open{{kNow, "t1"}, kCouncil, Id(id), Body('u'), mode};
    open.resource = Resource::kOutcomes;
    ASSERT_OK(ledger_->Execute(open));
    ASSERT_OK(ledger_->Execute(
        AppendChunk{{kNow, "t1"}, kCouncil, Id(id), 0, {Draft(reference, 12)}, {}}));
    Reopen();
    ASSERT_OK_AND_ASSIGN(Outcome done,
                         ledger_->Execute(FinishUpload{{kNow, "t1"}, kCouncil, Id(id), 1}));
    ASSERT_EQ(done.submissions.size(), 1u);
    EXPECT_EQ(done.submissions[0].resource, Resource::kOutcomes);
    EXPECT_EQ(done.submissions[0].counts.created, 1);
    ASSERT_OK_AND_ASSIGN(auto report, outcomes().Get(kCouncil, reference));
    ASSERT_TRUE(report);
    EXPECT_EQ(report->content.placements, 12);
    ++id;
  }
  ASSERT_OK_AND_ASSIGN(auto dated, facts().Read(kYear, nullptr));
  EXPECT_EQ(dated.size(), 2u);
}

TEST_F(OutcomeLedgerTest, AnUploadIsOfOneResource) {
  OpenUpload open{{kNow, "t1"}, kCouncil, Id('u'), Body('u'), SubmissionMode::kWhole};
  ASSERT_OK(ledger_->Execute(open));
  open.resource = Resource::kOutcomes;
  EXPECT_THAT(ledger_->Execute(open), StatusIs(absl::StatusCode::kAborted, kRequestIdReused));
}

}  // namespace
}  // namespace steelyard::ledger
