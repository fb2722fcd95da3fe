#include "server/benchmarks/answer_cache.h"

#include <gtest/gtest.h>

namespace steelyard::benchmarks {
namespace {

std::shared_ptr<const AnswerBody> Body(size_t councils) {
  auto body = std::make_shared<AnswerBody>();
  body->cells.emplace_back().council_means.resize(councils);
  return body;
}

TEST(AnswerCacheTest, GivesBackWhatWasPut) {
  AnswerCache cache(1 << 20);
  EXPECT_EQ(cache.Get("a"), nullptr);
  const auto body = Body(10);
  cache.Put("a", body);
  EXPECT_EQ(cache.Get("a"), body);
}

TEST(AnswerCacheTest, TheLeastRecentlyUsedLeavesFirst) {
  const size_t one = Body(1000)->weight();
  AnswerCache cache(2 * one);
  cache.Put("a", Body(1000));
  cache.Put("b", Body(1000));
  EXPECT_NE(cache.Get("a"), nullptr);
  cache.Put("c", Body(1000));
  EXPECT_EQ(cache.Get("b"), nullptr);
  EXPECT_NE(cache.Get("a"), nullptr);
  EXPECT_NE(cache.Get("c"), nullptr);
}

TEST(AnswerCacheTest, WhatIsTooLargeIsNotKept) {
  AnswerCache cache(100);
  cache.Put("a", Body(1000));
  EXPECT_EQ(cache.Get("a"), nullptr);
}

}  // namespace
}  // namespace steelyard::benchmarks
