#include "storage/editions/outcome_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "storage/base/bytes.h"
#include "tests/storage/editions/outcome_samples.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::editions {
namespace {

using ::steelyard::testing::StatusIs;

constexpr model::Service kService = model::Service::kFostering;

class OutcomeStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(true); }

  void Open(bool create) {
    store_.reset();
    database_.reset();
    engine::OpenOptions options;
    options.create_if_missing = create;
    options.ballast_bytes = 0;
    options.min_free_bytes = 0;
    ASSERT_OK_AND_ASSIGN(database_, engine::Database::Open(dir_ / "store", options));
    store_ = std::make_unique<OutcomeStore>(*database_);
  }

  // Writes and publishes an edition of the groups `numbers`.
  void Publish(uint64_t edition, const std::vector<uint32_t>& numbers, bool drop = false) {
    testing::Random random(edition);
    OutcomeStore::Blocks blocks;
    engine::Batch batch;
    if (drop) store_->DropUnshown(batch);
    for (uint32_t number : numbers) {
      auto block =
          std::make_shared<OutcomeBlock>(testing::RandomOutcomeBlock(random, 10, number, edition));
      ASSERT_OK(store_->Put(batch, *block));
      blocks.push_back(std::move(block));
    }
    ASSERT_OK(database_->Commit(std::move(batch)));
    store_->Publish(blocks, edition);
  }

  // Editions of the groups shown, by number.
  std::vector<uint64_t> Shown(uint64_t at_edition = 0) {
    auto shown = store_->Show(kService, 2023, 2025, at_edition);
    EXPECT_OK(shown);
    std::vector<uint64_t> editions;
    for (const auto& block : shown->blocks) editions.push_back(block->edition);
    return editions;
  }

  ::steelyard::testing::TempDir dir_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<OutcomeStore> store_;
};

using Editions = std::vector<uint64_t>;

TEST_F(OutcomeStoreTest, ShowsNothingBeforeTheFirstEdition) {
  EXPECT_EQ(Shown(), Editions());
  ASSERT_OK_AND_ASSIGN(const auto shown, store_->Show(kService, 2023, 2025, 0));
  EXPECT_EQ(shown.edition, 0u);
}

TEST_F(OutcomeStoreTest, EachGroupKeepsItsNewestBlock) {
  Publish(1, {1, 2, 9});
  EXPECT_EQ(Shown(), (Editions{1, 1, 1}));
  Publish(2, {2});
  Publish(4, {3});
  EXPECT_EQ(Shown(), (Editions{1, 2, 4, 1}));
  EXPECT_EQ(Shown(2), (Editions{1, 2, 1}));
  EXPECT_EQ(Shown(1), (Editions{1, 1, 1}));
  EXPECT_EQ(store_->newest(), 4u);
  store_->Publish({}, 7);
  EXPECT_EQ(store_->newest(), 7u);
}

TEST_F(OutcomeStoreTest, TheSameAfterAStop) {
  Publish(1, {1, 2});
  Publish(2, {2});
  ASSERT_OK_AND_ASSIGN(const auto before, store_->Show(kService, 2024, 2024, 0));
  Open(false);
  store_->SetNewest(2);
  ASSERT_OK_AND_ASSIGN(const auto after, store_->Show(kService, 2024, 2024, 0));
  ASSERT_EQ(after.blocks.size(), before.blocks.size());
  for (size_t i = 0; i < after.blocks.size(); ++i) EXPECT_EQ(*after.blocks[i], *before.blocks[i]);
}

TEST_F(OutcomeStoreTest, ServicesAndYearsAreApart) {
  Publish(1, {1});
  for (auto [service, year] :
       {std::pair{kService, 2023}, {kService, 2025}, {model::Service::kAdoption, 2024}}) {
    ASSERT_OK_AND_ASSIGN(const auto shown, store_->Show(service, year, year, 0));
    EXPECT_TRUE(shown.blocks.empty());
  }
}

TEST_F(OutcomeStoreTest, OnlyBlocksNobodyWasShownAreDropped) {
  Publish(1, {1});
  EXPECT_EQ(Shown(), Editions{1});
  Publish(2, {1});
  Publish(3, {1}, true);
  Publish(4, {1}, true);  // drops edition 2
  EXPECT_EQ(Shown(), Editions{4});
  EXPECT_EQ(Shown(3), Editions{3});
  EXPECT_EQ(Shown(2), Editions{1});
  Publish(5, {1}, true);  // drops edition 3
  EXPECT_EQ(Shown(4), Editions{4});
  EXPECT_EQ(Shown(3), Editions{1});
}

TEST_F(OutcomeStoreTest, ASmallBudgetChangesNoAnswer) {
  store_ = std::make_unique<OutcomeStore>(*database_, 1);
  Publish(1, {1, 2});
  EXPECT_EQ(Shown(), (Editions{1, 1}));
  ASSERT_OK(store_->Newest(kService, 2020));
  Publish(2, {1});
  EXPECT_EQ(Shown(), (Editions{2, 1}));
}

TEST_F(OutcomeStoreTest, ADamagedBlockIsDataLoss) {
  Publish(1, {1});
  engine::Batch batch;
  ByteWriter key;
  key.Fixed8(static_cast<uint8_t>(kService)).Fixed16(2024).Fixed32(1).Fixed64(~uint64_t{1});
  batch.Put(engine::Family::kOutcomeEditions, key.str(), "nonsense");
  ASSERT_OK(database_->Commit(std::move(batch)));
  EXPECT_THAT(store_->Show(kService, 2024, 2024, 0), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(OutcomeStoreTest, ABlockUnderAnothersKeyIsDataLoss) {
  testing::Random random(1);
  const OutcomeBlock block = testing::RandomOutcomeBlock(random, 3, 1, 1);
  engine::Batch staging;
  ASSERT_OK(store_->Put(staging, block));
  ASSERT_OK(database_->Commit(std::move(staging)));
  ByteWriter key;
  key.Fixed8(static_cast<uint8_t>(kService)).Fixed16(2024).Fixed32(1).Fixed64(~uint64_t{1});
  ASSERT_OK_AND_ASSIGN(const auto bytes,
                       database_->Get(engine::Family::kOutcomeEditions, key.str()));
  ASSERT_TRUE(bytes);
  ByteWriter other;
  other.Fixed8(static_cast<uint8_t>(kService)).Fixed16(2024).Fixed32(2).Fixed64(~uint64_t{1});
  engine::Batch batch;
  batch.Put(engine::Family::kOutcomeEditions, other.str(), *bytes);
  ASSERT_OK(database_->Commit(std::move(batch)));
  EXPECT_THAT(store_->Newest(kService, 2024), StatusIs(absl::StatusCode::kDataLoss));
}

// Every answer is of one edition, whatever is published meanwhile.
TEST_F(OutcomeStoreTest, AnAnswerSeesOneEdition) {
  Publish(1, {1, 2, 3});
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      const auto shown = store_->Show(kService, 2024, 2024, 0);
      ASSERT_OK(shown);
      for (const auto& block : shown->blocks) ASSERT_EQ(block->edition, shown->edition);
    }
  });
  for (uint64_t edition = 2; edition <= 40; ++edition) Publish(edition, {1, 2, 3}, true);
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace steelyard::editions
