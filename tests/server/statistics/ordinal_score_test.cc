#include "server/statistics/ordinal_score.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace steelyard::statistics {
namespace {

// One of many possible maps of the four levels of the Procurement Act.
const std::vector<double> kMap = {4, 3, 2, 1};

TEST(OrdinalScoreTest, WeighsLevelsByTheirCounts) {
  // 4 4 3 3 3 1: mean 3, squares 1 + 1 + 0 + 0 + 0 + 4 = 6 over 5.
  const std::vector<int64_t> counts = {2, 3, 0, 1};
  const auto score = ScoreOf(counts, kMap);
  ASSERT_TRUE(score.has_value());
  EXPECT_EQ(score->ratings, 6);
  EXPECT_DOUBLE_EQ(score->mean, 3);
  EXPECT_DOUBLE_EQ(score->variance, 1.2);
  const Estimate got = ToEstimate(*score);
  EXPECT_DOUBLE_EQ(got.value, 3);
  EXPECT_DOUBLE_EQ(got.standard_error, std::sqrt(0.2));
}

TEST(OrdinalScoreTest, DependsOnTheMap) {
  const std::vector<int64_t> counts = {1, 0, 0, 1};
  EXPECT_DOUBLE_EQ(ScoreOf(counts, kMap)->mean, 2.5);
  EXPECT_DOUBLE_EQ(ScoreOf(counts, std::vector<double>{100, 75, 25, 0})->mean, 50);
}

TEST(OrdinalScoreTest, HasNothingToSayWithoutRatings) {
  EXPECT_FALSE(ScoreOf(std::vector<int64_t>{0, 0, 0, 0}, kMap).has_value());
  EXPECT_FALSE(ScoreOf({}, {}).has_value());
}

TEST(OrdinalScoreTest, TakesThePooledVarianceForFewRatings) {
  const std::vector<int64_t> agreed = {3, 0, 0, 0};
  const std::vector<int64_t> single = {0, 1, 0, 0};
  const std::vector<int64_t> mixed = {2, 3, 0, 1};
  const std::vector<Score> scores = {*ScoreOf(agreed, kMap), *ScoreOf(single, kMap),
                                     *ScoreOf(mixed, kMap)};
  EXPECT_EQ(ToEstimate(scores[0]).standard_error, 0);
  EXPECT_EQ(ToEstimate(scores[1]).standard_error, 0);
  const double pooled = PooledVariance(scores);
  EXPECT_DOUBLE_EQ(pooled, 6.0 / 7);  // squares 0 + 6 over 2 + 5
  EXPECT_DOUBLE_EQ(ToEstimate(scores[0], pooled).standard_error, std::sqrt(pooled / 3));
  EXPECT_DOUBLE_EQ(ToEstimate(scores[1], pooled).standard_error, std::sqrt(pooled));
  EXPECT_EQ(PooledVariance({}), 0);
}

}  // namespace
}  // namespace steelyard::statistics
