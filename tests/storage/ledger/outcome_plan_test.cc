#include "storage/ledger/outcome_plan.h"

#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::ledger {
namespace {

using ::steelyard::testing::StatusIs;

constexpr codec::OutcomeYear kYear{model::Service::kFostering, 2024};
const model::Month kSpring = *model::Month::FromYm(2024, 4);

class OutcomePlanTest : public LedgerTest {
 protected:
  OutcomePlan Plan() const {
    OutcomePlan plan;
    plan.groups = {{3, {}}, {1, {70'000}}};
    plan.members = {{{{5}, kSpring}, 1}, {{{70'000}, kSpring}, 2}};
    plan.waiting = {kSpring.Plus(3)};
    return plan;
  }

  std::string Bytes(const std::string& key) {
    const auto bytes = database_->Get(engine::Family::kPublisher, key);
    return bytes.ok() && *bytes ? HexOf(**bytes) : "";
  }
};

// Frozen on disk.
TEST_F(OutcomePlanTest, PlansComeBack) {
  engine::Batch batch;
  OutcomeLog::PutPlan(kYear, Plan(), batch);
  ASSERT_OK(database_->Commit(std::move(batch)));
  const OutcomeLog log(*database_);
  ASSERT_OK_AND_ASSIGN(const OutcomePlan plan, log.ReadPlan(kYear));
  EXPECT_EQ(plan, Plan());
  ASSERT_OK_AND_ASSIGN(const auto all, log.Plans());
  EXPECT_EQ(all.size(), 1u);
  EXPECT_EQ(all.at(kYear), Plan());
  EXPECT_EQ(Bytes(codec::OutcomePlanKey(kYear)),
            "02"
            "0300"
            "01f0a204"
            "02"
            "05c60401"
            "eba204c60402"
            "01cc04");
  ASSERT_OK_AND_ASSIGN(const OutcomePlan none, log.ReadPlan({model::Service::kAdoption, 2024}));
  EXPECT_EQ(none, OutcomePlan());
}

TEST_F(OutcomePlanTest, HowFarAGroupIsShownComesBack) {
  OutcomeAdmitted admitted;
  admitted.sums.cells = {{{kSpring, {2}}, 90}, {{kSpring, {3}}, 80}};
  admitted.facets[13].cells = {{{kSpring, {3}}, 7}};
  engine::Batch batch;
  OutcomeLog::PutAdmitted(kYear, 258, admitted, batch);
  ASSERT_OK(database_->Commit(std::move(batch)));
  ASSERT_OK_AND_ASSIGN(const auto all, OutcomeLog(*database_).ReadAdmitted(kYear));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.at(258), admitted);
  EXPECT_EQ(all.at(258).Of(13, {kSpring, {2}}), 90u);
  EXPECT_EQ(all.at(258).Of(13, {kSpring, {3}}), 7u);
  EXPECT_EQ(all.at(258).Of(12, {kSpring, {3}}), 80u);
  EXPECT_EQ(Bytes(codec::OutcomeAdmittedKey(kYear, 258)),
            "02"
            "c60402b401"
            "c6040313"
            "01"
            "0d01"
            "c604030e"
            "0000");
}

TEST_F(OutcomePlanTest, DamageIsDataLoss) {
  engine::Batch batch;
  batch.Put(engine::Family::kPublisher, codec::OutcomePlanKey(kYear), "\x01");
  batch.Put(engine::Family::kPublisher, codec::OutcomeAdmittedKey(kYear, 1), "\x07");
  ASSERT_OK(database_->Commit(std::move(batch)));
  const OutcomeLog log(*database_);
  EXPECT_THAT(log.ReadPlan(kYear), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(log.Plans(), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(log.ReadAdmitted(kYear), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace steelyard::ledger
