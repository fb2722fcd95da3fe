#include "server/publisher/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/small_country.h"

namespace steelyard::publisher {
namespace {

using ledger::LedgerTest;

// The whole way from commits to editions, on a real store.
class PublisherTest : public LedgerTest {
 protected:
  void SetUp() override {
    Open(true);
    const auto country = testing::SmallCountry(12);
    ledger::PutRegisters put;
    put.areas = country->areas;
    put.councils = country->councils;
    put.products = country->products;
    put.suppliers = country->suppliers;
    ASSERT_OK(ledger_->Execute(put));
    OpenPublisher();
  }

  void OpenPublisher() {
    publisher_.reset();
    editions_ = std::make_unique<editions::EditionStore>(*database_);
    outcomes_ = std::make_unique<editions::OutcomeStore>(*database_);
    ASSERT_OK_AND_ASSIGN(publisher_, Publisher::Open(*ledger_, *database_, *editions_, *outcomes_));
  }

  // One request of one line of council `c`.
  void Buy(int c, int month, int64_t packs) {
    model::PurchaseContent content = Boxes(packs, 1);
    content.supplier.value = 1 + static_cast<uint32_t>(request_ % 5);
    content.order_date = *model::Day::FromYmd(2020, month, 10);
    ledger::CommitLines commit;
    commit.meta = {ledger::kNow, "t1"};
    commit.council.value = static_cast<uint16_t>(c);
    ++request_;
    commit.request = std::string(12, 'r') + std::string(reinterpret_cast<char*>(&request_), 4);
    commit.body_sha256 = Body('b');
    commit.lines = {ledger::MakeDraft(commit.council, 1, "PO-" + std::to_string(request_), content,
                                      *model::Day::FromYmd(2021, 1, 1))};
    ASSERT_OK(ledger_->Execute(commit));
  }

  int64_t Shown(uint64_t edition = 0) {
    auto shown =
        editions_->Show({model::ProductNo{1}, model::Currency::Gbp()}, 2020, 2020, edition);
    EXPECT_OK(shown);
    int64_t lines = 0;
    for (const auto& block : shown->blocks) {
      for (const editions::Run& run : block->runs) {
        for (const editions::Atom& row : run.rows) lines += row.lines;
      }
    }
    return lines;
  }

  int request_ = 0;
  std::unique_ptr<editions::EditionStore> editions_;
  std::unique_ptr<editions::OutcomeStore> outcomes_;
  std::unique_ptr<Publisher> publisher_;
};

TEST_F(PublisherTest, ShowsWhatIsSafeAndGoesOnAfterAStop) {
  for (int c = 1; c <= 24; ++c) Buy(c, 4, 10 + c % 3);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(), 24);
  EXPECT_EQ(publisher_->head().edition, 1u);
  EXPECT_EQ(publisher_->head().sequence, ledger_->state()->head.sequence);

  for (int c = 1; c <= 12; ++c) Buy(c, 4, 10);
  publisher_.reset();
  editions_.reset();
  Reopen();
  OpenPublisher();
  EXPECT_EQ(Shown(), 24);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(), 36);
  EXPECT_EQ(Shown(1), 24) << "an edition that was shown stays readable";
}

TEST_F(PublisherTest, EditionsNobodyWasShownAreDropped) {
  for (int c = 1; c <= 24; ++c) Buy(c, 4, 10);
  ASSERT_OK(publisher_->PublishAll());
  for (int round = 0; round < 2; ++round) {
    for (int c = 1; c <= 24; ++c) Buy(c, 4, 10);
    ASSERT_OK(publisher_->PublishAll());
  }
  EXPECT_EQ(publisher_->head().edition, 3u);
  // The third edition's write drops the first; the second goes with the next.
  EXPECT_EQ(Shown(1), 0);
  EXPECT_EQ(Shown(3), 72);
}

TEST_F(PublisherTest, NothingToDoLeavesTheEdition) {
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(publisher_->head().edition, 0u);
  EXPECT_EQ(publisher_->head().sequence, ledger_->state()->head.sequence);
}

TEST_F(PublisherTest, ANewPolicyMakesANewEdition) {
  for (int c = 1; c <= 24; ++c) Buy(c, 4, 10);
  ASSERT_OK(publisher_->PublishAll());
  ledger::PutPolicy change{{ledger::kNow, "t1"}, Id('p'), Body('p'), ledger_->state()->policy};
  change.policy.price_rounding_basis_points = 20;
  ASSERT_OK(ledger_->Execute(change));
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(publisher_->head().edition, 2u);
  EXPECT_EQ(publisher_->head().policy_version, 2);
  EXPECT_EQ(Shown(), 24);
}

}  // namespace
}  // namespace steelyard::publisher
