#include "server/audit/read_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "server/rpc/errors.h"
#include "storage/ledger/audit.h"
#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/fake_clock.h"

namespace steelyard::audit {
namespace {

using ::testing::ElementsAre;

class ReadJournalTest : public ledger::LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    Begin();
  }
  void Begin() {
    ASSERT_OK_AND_ASSIGN(auto uses, ledger::ReadTokenUses(*database_));
    journal_ = std::make_unique<ReadJournal>(*ledger_, clock_, std::move(uses));
  }

  std::vector<model::AuditEntry> Looks() const {
    auto looks = ledger::AuditReader(*database_).List({}, SIZE_MAX, [](const auto& entry) {
      return entry.action != "PutRegisters";
    });
    EXPECT_OK(looks);
    return *std::move(looks);
  }
  void ExpectSound() const {
    ASSERT_OK_AND_ASSIGN(const auto progress,
                         ledger::AuditReader(*database_).Verify({}, UINT64_MAX));
    EXPECT_EQ(progress.fault, std::nullopt);
  }

  steelyard::testing::FakeClock clock_{absl::FromUnixMicros(ledger::kNow)};
  std::unique_ptr<ReadJournal> journal_;
};

TEST_F(ReadJournalTest, ALookIsOnDiskSoonWithoutAnybodyWaiting) {
  ASSERT_OK(journal_->Record("t1", "GetPurchase", "councils/abc/purchases/A"));
  while (journal_->waiting() > 0) std::this_thread::yield();
  ASSERT_EQ(Looks().size(), 1u);
  const model::AuditEntry look = Looks()[0];
  EXPECT_EQ(look.principal, "t1");
  EXPECT_EQ(look.action, "GetPurchase");
  EXPECT_EQ(look.resource, "councils/abc/purchases/A");
  EXPECT_GE(look.unix_micros, ledger::kNow);
  EXPECT_EQ(look.detail, "");
  ExpectSound();
}

TEST_F(ReadJournalTest, ManyLooksAreFewCommitsAndNoneIsLost) {
  const uint64_t before = ledger_->state()->head.sequence;
  std::vector<std::thread> threads;
  std::atomic<int> refused = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 1'000; ++i) {
        if (!journal_->Record(absl::StrCat("t", t), "GetPurchase", absl::StrCat("row ", i)).ok()) {
          ++refused;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  journal_->Flush();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(Looks().size(), 4'000u);
  EXPECT_LE(ledger_->state()->head.sequence - before, 40u);
  ExpectSound();
}

TEST_F(ReadJournalTest, TheSameLookAtOnceIsOneEntryThatSaysHowOften) {
  for (int i = 0; i < 3; ++i) ASSERT_OK(journal_->Record("t1", "ListPurchases", "councils/abc"));
  ASSERT_OK(journal_->Record("t2", "ListPurchases", "councils/abc"));
  journal_->Flush();
  // They may fall into two moments.
  int times = 0;
  for (const auto& look : Looks()) {
    if (look.principal != "t1") continue;
    int n = 1;
    if (!look.detail.empty()) {
      ASSERT_EQ(sscanf(look.detail.c_str(), "%d times", &n), 1);
    }
    times += n;
  }
  EXPECT_EQ(times, 3);
}

TEST_F(ReadJournalTest, WhatWaitsAtTheEndIsWritten) {
  ASSERT_OK(journal_->Record("t1", "GetPurchase", "a"));
  journal_->Use("t1");
  journal_.reset();
  EXPECT_EQ(Looks().size(), 1u);
  Reopen();
  Begin();
  EXPECT_GE(journal_->LastUse("t1"), ledger::kNow);
  EXPECT_EQ(journal_->LastUse("t2"), 0);
}

TEST_F(ReadJournalTest, WhenTheStoreTakesNothingNoMoreIsShownThanCanBeKept) {
  journal_.reset();
  ledger_.reset();
  database_.reset();
  engine::OpenOptions options;
  options.ballast_bytes = 0;
  options.min_free_bytes = int64_t{1} << 60;  // more than there is: a full disk
  ASSERT_OK_AND_ASSIGN(database_, engine::Database::Open(dir_ / "store", options));
  ASSERT_OK_AND_ASSIGN(ledger_, ledger::Ledger::Open(*database_, *mark_));
  Begin();
  size_t kept = 0;
  absl::Status refused;
  while (refused.ok()) {
    refused = journal_->Record("t1", "GetPurchase", absl::StrCat(kept));
    kept += refused.ok() ? 1 : 0;
  }
  EXPECT_EQ(kept, ReadJournal::kMaxWaiting);
  EXPECT_EQ(rpc::error::ReasonOf(refused), "NOT_RECORDED");
  EXPECT_EQ(journal_->waiting(), ReadJournal::kMaxWaiting);
}

}  // namespace
}  // namespace steelyard::audit
