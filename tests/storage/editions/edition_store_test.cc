#include "storage/editions/edition_store.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "gmock/gmock.h"
#include "tests/storage/editions/samples.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::editions {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Series kGloves{{7}, model::Currency::Gbp()};

class EditionStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    engine::OpenOptions options;
    options.create_if_missing = true;
    options.min_free_bytes = options.ballast_bytes = 0;
    auto opened = engine::Database::Open(dir_.path(), options);
    ASSERT_OK(opened);
    database_ = *std::move(opened);
    store_ = std::make_unique<EditionStore>(*database_);
  }

  static YearBlock Block(const Series& series, int year, uint64_t edition, int lines = 20) {
    testing::Random random(edition);
    YearBlock block = testing::RandomBlock(random, lines, edition);
    const int shift = (year - block.year) * 12;
    for (auto& run : block.runs) {
      run.layout.period = Shifted(run.layout.period, shift);
      for (auto& p : run.layout.month_groups) p = Shifted(p, shift);
    }
    block.series = series;
    block.year = year;
    return block;
  }
  static model::Period Shifted(const model::Period& p, int months) {
    return {p.first.Plus(months), p.last.Plus(months)};
  }

  // Writes the block, but tells nobody.
  void Commit(const YearBlock& block) {
    engine::Batch batch;
    ASSERT_OK(store_->Put(batch, block));
    ASSERT_OK(database_->CommitUnsynced(std::move(batch)));
  }
  void Publish(const YearBlock& block) {
    Commit(block);
    store_->Published(block.series, block.year, block.edition);
  }
  // Takes everything out of the database: what is still found was cached.
  void Drain() {
    engine::Batch batch;
    auto it = database_->Scan(engine::Family::kEditions, "", "");
    for (; it->Valid(); it->Next()) batch.Delete(engine::Family::kEditions, it->key());
    ASSERT_OK(database_->CommitUnsynced(std::move(batch)));
  }
  // The edition found; 0 for none.
  uint64_t EditionAt(uint64_t at, int year = 2024, const Series& series = kGloves) {
    const auto found = store_->Find(series, year, at);
    EXPECT_OK(found);
    return found.ok() && *found ? (*found)->edition : 0;
  }

  steelyard::testing::TempDir dir_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<EditionStore> store_;
};

TEST_F(EditionStoreTest, GivesBackWhatWasPut) {
  const YearBlock block = Block(kGloves, 2024, 5);
  Publish(block);
  ASSERT_OK_AND_ASSIGN(const auto found, store_->Find(kGloves, 2024));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found, block);
}

TEST_F(EditionStoreTest, FindsTheNewestAtOrBeforeAnEdition) {
  for (uint64_t edition : {3, 8, 300, 70'000}) Publish(Block(kGloves, 2024, edition));
  for (int round = 0; round < 2; ++round) {  // from the database, then the cache
    EXPECT_EQ(EditionAt(0), 70'000);
    EXPECT_EQ(EditionAt(2), 0);
    EXPECT_EQ(EditionAt(3), 3);
    EXPECT_EQ(EditionAt(7), 3);
    EXPECT_EQ(EditionAt(8), 8);
    EXPECT_EQ(EditionAt(299), 8);
    EXPECT_EQ(EditionAt(69'999), 300);
    EXPECT_EQ(EditionAt(70'000), 70'000);
    EXPECT_EQ(EditionAt(1'000'000), 70'000);
  }
  Publish(Block(kGloves, 2024, 80'000));
  EXPECT_EQ(EditionAt(70'000), 70'000);
  EXPECT_EQ(EditionAt(1'000'000), 80'000);
}

TEST_F(EditionStoreTest, KeepsSeriesAndYearsApart) {
  const Series dollars{kGloves.product, *model::Currency::Parse("USD")};
  const Series masks{{8}, model::Currency::Gbp()};
  Publish(Block(kGloves, 2023, 1));
  Publish(Block(kGloves, 2024, 2));
  Publish(Block(dollars, 2024, 3));
  Publish(Block(masks, 2024, 4));
  EXPECT_EQ(EditionAt(0, 2023), 1);
  EXPECT_EQ(EditionAt(0, 2024), 2);
  EXPECT_EQ(EditionAt(0, 2025), 0);
  EXPECT_EQ(EditionAt(0, 2024, dollars), 3);
  EXPECT_EQ(EditionAt(0, 2023, dollars), 0);
  EXPECT_EQ(EditionAt(0, 2024, masks), 4);
  EXPECT_EQ(EditionAt(0, 1999), 0);
  EXPECT_EQ(EditionAt(0, 9'999), 0);
}

TEST_F(EditionStoreTest, AnswersFromTheCacheWithoutTheDatabase) {
  for (uint64_t edition : {3, 8}) Publish(Block(kGloves, 2024, edition));
  EXPECT_EQ(EditionAt(0), 8);
  EXPECT_EQ(EditionAt(5), 3);
  EXPECT_EQ(EditionAt(0, 2022), 0);
  ASSERT_OK(store_->Years(kGloves));
  Drain();
  EXPECT_EQ(EditionAt(0), 8);
  EXPECT_EQ(EditionAt(9), 8);
  EXPECT_EQ(EditionAt(5), 3);
  EXPECT_THAT(*store_->Years(kGloves), ElementsAre(2024));
  EXPECT_EQ(EditionAt(2), 0) << "was not asked before, and is gone";
}

TEST_F(EditionStoreTest, RemembersThatThereIsNoneUntilOneIsPublished) {
  EXPECT_EQ(EditionAt(0), 0);
  Commit(Block(kGloves, 2024, 1));
  EXPECT_EQ(EditionAt(0), 0) << "the database was asked again";
  store_->Published(kGloves, 2024, 1);
  EXPECT_EQ(EditionAt(0), 1);
}

TEST_F(EditionStoreTest, SharesOneDecodedBlock) {
  Publish(Block(kGloves, 2024, 3));
  Publish(Block(kGloves, 2024, 9));
  EXPECT_EQ(*store_->Find(kGloves, 2024), *store_->Find(kGloves, 2024, 12));
  EXPECT_EQ(*store_->Find(kGloves, 2024, 4), *store_->Find(kGloves, 2024, 5));
}

TEST_F(EditionStoreTest, ServesFromDiskWhatTheBudgetDoesNotHold) {
  store_ = std::make_unique<EditionStore>(*database_, 1);
  for (uint64_t edition : {3, 8}) Publish(Block(kGloves, 2024, edition));
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(EditionAt(0), 8);
    EXPECT_EQ(EditionAt(5), 3);
  }
}

TEST_F(EditionStoreTest, ListsTheYearsThatExist) {
  EXPECT_THAT(*store_->Years(kGloves), IsEmpty());
  for (uint64_t edition = 1; edition <= 20; ++edition) {
    Publish(Block(kGloves, edition % 2 == 0 ? 2022 : 2019, edition));
  }
  Publish(Block({{8}, model::Currency::Gbp()}, 2001, 30));
  EXPECT_THAT(*store_->Years(kGloves), ElementsAre(2019, 2022));
  Publish(Block(kGloves, 2020, 40));
  EXPECT_THAT(*store_->Years(kGloves), ElementsAre(2019, 2020, 2022));
  EXPECT_THAT(*EditionStore(*database_).Years(kGloves), ElementsAre(2019, 2020, 2022));
}

TEST_F(EditionStoreTest, RefusesABlockThatIsNotSound) {
  YearBlock block = Block(kGloves, 2024, 1);
  block.runs[0].rows.clear();
  engine::Batch batch;
  EXPECT_THAT(store_->Put(batch, block), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(batch.empty());
}

TEST_F(EditionStoreTest, ReportsDamageAndABlockUnderAnothersKey) {
  Publish(Block(kGloves, 2024, 1));
  auto it = database_->Scan(engine::Family::kEditions, "", "");
  ASSERT_TRUE(it->Valid());
  const std::string key(it->key());
  const std::string value(it->value());
  EXPECT_EQ(key, std::string("\0\0\0\7\x1C\x50\x07\xE8\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE", 16));

  std::string moved = key;
  moved[3] = 9;
  std::string damaged = value;
  damaged[value.size() / 2] = static_cast<char>(damaged[value.size() / 2] ^ 4);
  engine::Batch batch;
  batch.Put(engine::Family::kEditions, moved, value);
  batch.Put(engine::Family::kEditions, key, damaged);
  ASSERT_OK(database_->CommitUnsynced(std::move(batch)));
  EXPECT_THAT(store_->Find(kGloves, 2024), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store_->Find({{9}, model::Currency::Gbp()}, 2024),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(EditionStoreTest, NeverGoesBackWhileAPublisherWrites) {
  store_ = std::make_unique<EditionStore>(*database_, size_t{200} << 10);
  std::atomic<uint64_t> published{0};
  std::atomic<bool> wrong{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      uint64_t last = 0;
      while (published < 400 && !wrong) {
        const uint64_t least = published;
        const auto found = store_->Find(kGloves, 2024);
        const uint64_t now = found.ok() && *found ? (*found)->edition : 0;
        const auto past = store_->Find(kGloves, 2024, least / 2);
        const uint64_t old = past.ok() && *past ? (*past)->edition : 0;
        if (now < least || now < last || (least >= 2 && old != least / 2)) wrong = true;
        last = now;
      }
    });
  }
  for (uint64_t edition = 1; edition <= 400; ++edition) {
    Publish(Block(kGloves, 2024, edition, 3));
    published = edition;
  }
  for (auto& reader : readers) reader.join();
  EXPECT_FALSE(wrong);
}

}  // namespace
}  // namespace steelyard::editions
