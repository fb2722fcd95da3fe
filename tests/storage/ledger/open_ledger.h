#ifndef STEELYARD_TESTS_STORAGE_LEDGER_OPEN_LEDGER_H_
#define STEELYARD_TESTS_STORAGE_LEDGER_OPEN_LEDGER_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "storage/ledger/ledger.h"
#include "storage/ledger/line_reader.h"
#include "storage/ledger/receipt_reader.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::ledger {

inline constexpr int64_t kNow = 1'590'000'000'000'000;  // 2020-05-20
inline const model::Day kToday = *model::Day::FromYmd(2020, 5, 20);
inline constexpr model::CouncilNo kCouncil{1};
inline constexpr model::CouncilNo kOther{2};

// A ledger on a folder of its own, which can be closed and opened again.
class LedgerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Open(true);
    PutRegisters registers;
    registers.meta = {kNow, "t1"};
    for (const char* id : {"abc", "xyz"}) {
      model::Council council;
      council.id = id;
      registers.councils.push_back(council);
    }
    ASSERT_OK(ledger_->Execute(registers));
  }

  void Open(bool create) {
    engine::OpenOptions options;
    options.create_if_missing = create;
    options.ballast_bytes = 0;
    options.min_free_bytes = 0;
    ASSERT_OK_AND_ASSIGN(database_, engine::Database::Open(dir_ / "store", options));
    ASSERT_OK_AND_ASSIGN(engine::CommitMark mark, engine::CommitMark::Open(dir_ / "commits.mark"));
    mark_ = std::make_unique<engine::CommitMark>(std::move(mark));
    if (create) {
      ASSERT_OK(Ledger::Create(*database_));
    }
    ASSERT_OK_AND_ASSIGN(ledger_, Ledger::Open(*database_, *mark_));
  }

  void Reopen() {
    ledger_.reset();
    mark_.reset();
    database_.reset();
    Open(false);
  }

  PurchaseReader reader() const { return PurchaseReader(*database_); }
  ReceiptReader receipts() const { return ReceiptReader(*database_); }

  static model::PurchaseContent Boxes(int64_t packs, uint32_t product = 7) {
    model::PurchaseContent c;
    c.product.value = product;
    c.supplier.value = 3;
    c.order_date = *model::Day::FromYmd(2020, 4, 1);
    c.packs = packs;
    c.pack_content = 50;
    c.pack_price_micros = 25'000'000;
    return c;
  }
  static LineDraft Draft(const std::string& reference, int64_t packs,
                         model::CouncilNo council = kCouncil, uint32_t product = 7) {
    return MakeDraft(council, 1, reference, Boxes(packs, product), kToday);
  }
  static std::string Id(char c) { return std::string(16, c); }
  static std::string Body(char c) { return std::string(32, c); }

  static CommitLines Create(char request, std::vector<LineDraft> lines,
                            model::CouncilNo council = kCouncil) {
    CommitLines c;
    c.meta = {kNow, "t1"};
    c.council = council;
    c.request = Id(request);
    c.body_sha256 = Body(request);
    c.lines = std::move(lines);
    return c;
  }

  testing::TempDir dir_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<engine::CommitMark> mark_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_TESTS_STORAGE_LEDGER_OPEN_LEDGER_H_
