// Outcome reports on a real store, from the commit to the edition.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "server/publisher/publisher.h"
#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/small_country.h"

namespace steelyard::publisher {
namespace {

using editions::ProviderGroup;
using ledger::LedgerTest;
using model::Level;

constexpr model::Service kService = model::Service::kFostering;
// 2020-05-20, when the first quarter of the year may just be shown.
constexpr int64_t kMay = ledger::kNow;
constexpr int64_t kDayMicros = 86'400'000'000;

class PublisherOutcomesTest : public LedgerTest {
 protected:
  void SetUp() override {
    Open(true);
    const auto country = testing::SmallCountry(12);
    ledger::PutRegisters put;
    put.meta = {kMay, "t1"};
    put.areas = country->areas;
    put.councils = country->councils;
    put.products = country->products;
    put.suppliers = country->suppliers;
    const auto sale = *model::Day::FromYmd(2019, 5, 1);
    for (const char* id : {"seller", "buyer", "sold", "too", "lone"}) {
      model::Provider provider;
      provider.id = id;
      if (provider.id == "sold" || provider.id == "too") {
        provider.owners = {{"seller", {}, model::Day{sale.number - 1}}, {"buyer", sale, {}}};
      }
      put.providers.push_back(provider);
    }
    ASSERT_OK(ledger_->Execute(put));
    OpenPublisher();
  }

  void OpenPublisher(std::chrono::milliseconds settle = Publisher::kOutcomeSettle) {
    publisher_.reset();
    prices_ = std::make_unique<editions::EditionStore>(*database_);
    outcomes_ = std::make_unique<editions::OutcomeStore>(*database_);
    ASSERT_OK_AND_ASSIGN(publisher_,
                         Publisher::Open(*ledger_, *database_, *prices_, *outcomes_, settle));
  }

  static model::Month QuarterOf(int year, int quarter) {
    return *model::Month::FromYm(year, 1 + 3 * (quarter - 1));
  }

  // Council `c` reports on provider number `provider`; the second time of the
  // same key it corrects.
  void Report(int c, uint32_t provider, model::Month quarter, Level level = Level::kNone,
              int64_t placements = 10, int64_t at = kMay) {
    model::OutcomeContent content;
    content.provider.value = provider;
    content.service = kService;
    content.quarter = quarter;
    content.placements = placements;
    content.ratings[0] = level;
    ledger::CommitLines commit;
    commit.meta = {at, "t1"};
    commit.council.value = static_cast<uint16_t>(c);
    ++request_;
    commit.request = std::string(12, 'r') + std::string(reinterpret_cast<char*>(&request_), 4);
    commit.body_sha256 = Body('b');
    commit.resource = model::Resource::kOutcomes;
    const std::string reference = model::OutcomeReference(
        ledger_->state()->registers->FindProvider(content.provider)->id, kService, quarter);
    if (!reported_.emplace(c, reference).second) {
      commit.rule = ledger::CommitLines::Rule::kExisting;
    }
    commit.lines = {ledger::MakeDraft(commit.council, 1, reference, content,
                                      *model::Day::FromYmd(2020, 5, 20))};
    ASSERT_OK(ledger_->Execute(commit));
  }

  // The block in which a provider's quarter is shown, and its figures there.
  struct Found {
    std::shared_ptr<const editions::OutcomeBlock> block;
    editions::OutcomeFigures figures;
  };
  Found Shown(uint32_t provider, model::Month quarter, uint64_t edition = 0) {
    Found found;
    auto shown = outcomes_->Show(kService, quarter.year(), quarter.year(), edition);
    EXPECT_OK(shown);
    for (const auto& block : shown->blocks) {
      for (const auto& m : block->members) {
        if (m.provider.value == provider && m.quarters.Contains(quarter)) found.block = block;
      }
    }
    std::vector<const editions::OutcomeAtom*> atoms;
    if (found.block) {
      for (const auto& run : found.block->runs) {
        if (!run.period.Contains(quarter)) continue;
        for (const auto& atom : run.atoms) atoms.push_back(&atom);
      }
    }
    found.figures = editions::Combine(atoms);
    return found;
  }

  int request_ = 0;
  std::set<std::pair<int, std::string>> reported_;
  std::unique_ptr<editions::EditionStore> prices_;
  std::unique_ptr<editions::OutcomeStore> outcomes_;
  std::unique_ptr<Publisher> publisher_;
};

const model::Month kQuarter = *model::Month::FromYm(2019, 1);
constexpr uint32_t kLone = 5;

TEST_F(PublisherOutcomesTest, ShowsReportsAndGoesOnAfterAStop) {
  for (int c = 1; c <= 12; ++c) Report(c, kLone, kQuarter);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(kLone, kQuarter).figures.reports, 12);
  EXPECT_EQ(publisher_->head().edition, 1u);
  EXPECT_EQ(publisher_->head().sequence, ledger_->state()->head.sequence);
  EXPECT_EQ(prices_->newest(), 1u) << "editions are counted together";

  for (int c = 13; c <= 24; ++c) Report(c, kLone, kQuarter);
  publisher_.reset();
  Reopen();
  OpenPublisher();
  EXPECT_EQ(Shown(kLone, kQuarter).figures.reports, 12);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(kLone, kQuarter).figures.reports, 24);
  EXPECT_EQ(Shown(kLone, kQuarter, 1).figures.reports, 12) << "a shown edition stays readable";
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(publisher_->head().edition, 2u) << "nothing moved";
}

TEST_F(PublisherOutcomesTest, PricesAndOutcomesComeInOneEdition) {
  for (int c = 1; c <= 24; ++c) {
    Report(c, kLone, kQuarter);
    model::PurchaseContent content = Boxes(10, 1);
    content.supplier.value = 1 + static_cast<uint32_t>(c % 5);
    ledger::CommitLines commit = Create('a', {}, {static_cast<uint16_t>(c)});
    commit.lines = {ledger::MakeDraft(commit.council, 1, "PO", content, ledger::kToday)};
    ASSERT_OK(ledger_->Execute(commit));
  }
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(publisher_->head().edition, 1u);
  EXPECT_EQ(Shown(kLone, kQuarter).block->edition, 1u);
  ASSERT_OK_AND_ASSIGN(const auto prices,
                       prices_->Show({{1}, model::Currency::Gbp()}, 2020, 2020, 0));
  ASSERT_EQ(prices.blocks.size(), 1u);
  EXPECT_EQ(prices.blocks[0]->edition, 1u);
}

TEST_F(PublisherOutcomesTest, LateReportsAndCorrectionsWaitForCompany) {
  const std::vector<Level> levels = {Level::kGood, Level::kInadequate, Level::kOther,
                                     Level::kApproachingTarget};
  const auto level = [&](int c) { return levels[static_cast<size_t>(c) % levels.size()]; };
  for (int c = 1; c <= 12; ++c) Report(c, kLone, kQuarter, level(c));
  ASSERT_OK(publisher_->PublishAll());
  ASSERT_TRUE(Shown(kLone, kQuarter).figures.ratings[0]);
  const auto first = Shown(kLone, kQuarter).figures.ratings[0];

  for (int c = 1; c <= 3; ++c) Report(c, kLone, kQuarter, level(c), 12);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(kLone, kQuarter).figures.placements, 120) << "three corrections wait";
  EXPECT_EQ(publisher_->head().sequence, ledger_->state()->head.sequence);

  // The fourth lets all out; it also changes its rating, which waits alone.
  Report(4, kLone, kQuarter, Level::kRequiresImprovement, 12);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(kLone, kQuarter).figures.placements, 128);
  EXPECT_EQ(Shown(kLone, kQuarter).figures.ratings[0], first);
}

TEST_F(PublisherOutcomesTest, WhoIsSoldInMidYearCountsWithEachOwnerInTurn) {
  for (int quarter : {1, 2}) {
    for (int c = 1; c <= 3; ++c) Report(c, 3, QuarterOf(2019, quarter));
    for (int c = 3; c <= 6; ++c) Report(c, 4, QuarterOf(2019, quarter));
  }
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(3, QuarterOf(2019, 1)).block->group,
            (ProviderGroup{ProviderGroup::Kind::kRestOfOwner, {1}}));
  EXPECT_EQ(Shown(3, QuarterOf(2019, 2)).block->group,
            (ProviderGroup{ProviderGroup::Kind::kRestOfOwner, {2}}));
}

TEST_F(PublisherOutcomesTest, AQuarterIsShownWhenItsWindowHasPassed) {
  const model::Month late = QuarterOf(2020, 2);
  for (int c = 1; c <= 12; ++c) Report(c, kLone, late);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(kLone, late).block, nullptr);
  EXPECT_EQ(publisher_->head().sequence, ledger_->state()->head.sequence);
  // Any later commit tells the time, also after a stop.
  publisher_.reset();
  Reopen();
  OpenPublisher();
  Report(1, kLone, kQuarter, Level::kNone, 10, kMay + 100 * kDayMicros);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(kLone, late).figures.reports, 12);
}

TEST_F(PublisherOutcomesTest, ANewPolicyMakesANewEdition) {
  for (int c = 1; c <= 3; ++c) Report(c, kLone, kQuarter);
  for (int c = 1; c <= 24; ++c) Report(c, 1, kQuarter);
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(Shown(1, kQuarter).block->policy_version, 1);
  ledger::PutPolicy change{{kMay, "t1"}, Id('p'), Body('p'), ledger_->state()->policy};
  change.policy.min_placements = 20;
  ASSERT_OK(ledger_->Execute(change));
  ASSERT_OK(publisher_->PublishAll());
  EXPECT_EQ(publisher_->head().edition, 2u);
  EXPECT_EQ(publisher_->head().policy_version, 2);
  EXPECT_EQ(Shown(1, kQuarter).block->policy_version, 2);
  EXPECT_EQ(Shown(kLone, kQuarter).block, nullptr);
}

// The thread gathers a burst, and tells how far it is only when it is through.
TEST_F(PublisherOutcomesTest, ABurstIsPublishedWhenItHasSettled) {
  OpenPublisher(std::chrono::milliseconds(3'000));
  publisher_->Start();
  for (int c = 1; c <= 12; ++c) {
    Report(c, kLone, kQuarter);
    publisher_->Notify();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  const uint64_t last = ledger_->state()->head.sequence;
  for (int i = 0; publisher_->head().sequence < last && i < 600; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_EQ(publisher_->head().sequence, last);
  EXPECT_EQ(publisher_->head().edition, 1u) << "all of it at once";
  EXPECT_EQ(Shown(kLone, kQuarter).figures.reports, 12);
}

}  // namespace
}  // namespace steelyard::publisher
