#include "storage/editions/block_cache.h"

#include "gmock/gmock.h"
#include "tests/storage/editions/samples.h"

namespace steelyard::editions {
namespace {

using ::testing::ElementsAre;

Series Product(uint32_t number) { return {{number}, model::Currency::Gbp()}; }

CachedBlock Answer(uint64_t edition, int lines) {
  testing::Random random(edition);
  return {
      edition, std::make_shared<const YearBlock>(testing::RandomBlock(random, lines, edition)), {}};
}

TEST(BlockCacheTest, StaysWithinItsBudget) {
  BlockCache cache(200'000);
  for (uint32_t i = 1; i <= 300; ++i) {
    cache.Put({Product(i), 2024, 0}, Answer(i, 60));
    EXPECT_LE(cache.bytes(), 200'000u);
  }
  EXPECT_GT(cache.bytes(), 100'000u);
}

TEST(BlockCacheTest, LetsTheLeastRecentlyUsedGoFirst) {
  const size_t one = Answer(1, 60).block->weight();
  BlockCache cache(one * 60);
  const SlotKey kept{Product(1), 2024, 0};
  cache.Put(kept, Answer(1, 60));
  for (uint32_t i = 2; i <= 1'000; ++i) {
    cache.Put({Product(i), 2024, 0}, Answer(i, 60));
    ASSERT_TRUE(cache.Get(kept)) << i;
  }
  EXPECT_FALSE(cache.Get({Product(2), 2024, 0}));
}

TEST(BlockCacheTest, ReplacesAnAnswerAndItsWeight) {
  BlockCache cache(1 << 20);
  const SlotKey key{Product(1), 2024, 0};
  cache.Put(key, Answer(1, 60));
  const size_t once = cache.bytes();
  cache.Put(key, Answer(1, 60));
  EXPECT_EQ(cache.bytes(), once);
  cache.Put(key, {2, nullptr, {}});
  EXPECT_LT(cache.bytes(), 500u);
  EXPECT_EQ(cache.Get(key)->edition, 2u);
}

TEST(BlockCacheTest, DropsWhatWasReadBeforeAPublication) {
  BlockCache cache(1 << 20);
  const SlotKey key{Product(1), 2024, 0};
  const uint64_t before = cache.Generation(key);
  cache.Publish(Product(1), 2024, 9);
  cache.PutIfUnchanged(key, before, Answer(8, 5));
  EXPECT_EQ(cache.Get(key)->edition, 9u);
  EXPECT_EQ(cache.Get(key)->block, nullptr);
  cache.PutIfUnchanged(key, cache.Generation(key), Answer(9, 5));
  EXPECT_NE(cache.Get(key)->block, nullptr);
}

TEST(BlockCacheTest, KeepsANewerHeadWhenAnOlderOneIsToldLate) {
  BlockCache cache(1 << 20);
  cache.Publish(Product(1), 2024, 9);
  cache.Publish(Product(1), 2024, 8);
  EXPECT_EQ(cache.Get({Product(1), 2024, 0})->edition, 9u);
}

TEST(BlockCacheTest, AddsAPublishedYearToAKnownList) {
  BlockCache cache(1 << 20);
  const SlotKey all{Product(1), SlotKey::kAllYears, 0};
  cache.Publish(Product(1), 2021, 1);
  EXPECT_FALSE(cache.Get(all)) << "one year does not make a list";
  cache.Put(all, {0, nullptr, {2019, 2021}});
  cache.Publish(Product(1), 2020, 2);
  cache.Publish(Product(1), 2021, 3);
  EXPECT_THAT(cache.Get(all)->years, ElementsAre(2019, 2020, 2021));
}

}  // namespace
}  // namespace steelyard::editions
