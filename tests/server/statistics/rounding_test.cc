#include "server/statistics/rounding.h"

#include <cstdlib>
#include <limits>
#include <random>

#include "gtest/gtest.h"

namespace steelyard::statistics {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(RoundToBaseTest, TakesTheSmallestStepThatIsLargeEnough) {
  EXPECT_EQ(RoundingBase(1'234'567, 100), 20'000);  // 1 % is 12,345.67
  EXPECT_EQ(RoundingBase(1'000'000, 100), 10'000);  // exactly
  EXPECT_EQ(RoundingBase(1'000'001, 100), 20'000);
  EXPECT_EQ(RoundingBase(2'000'001, 100), 50'000);
  EXPECT_EQ(RoundingBase(5'000'001, 100), 100'000);
  EXPECT_EQ(RoundingBase(99, 100), 1);
  EXPECT_EQ(RoundingBase(0, 100), 1);
  EXPECT_EQ(RoundingBase(-1'234'567, 100), 20'000);
}

TEST(RoundToBaseTest, RoundsHalfToEvenMultiples) {
  EXPECT_EQ(RoundToBase(1'234'567, 100), 1'240'000);
  EXPECT_EQ(RoundToBase(1'250'000, 100), 1'240'000);  // 62.5 steps of 20,000
  EXPECT_EQ(RoundToBase(1'270'000, 100), 1'280'000);  // 63.5
  EXPECT_EQ(RoundToBase(-1'250'000, 100), -1'240'000);
  EXPECT_EQ(RoundToBase(123'456, 10), 123'400);  // base 200
  EXPECT_EQ(RoundToBase(99, 100), 99);
}

TEST(RoundToBaseTest, LeavesTheValueAtNoBasisPoints) {
  for (int64_t v : {int64_t{0}, int64_t{1}, int64_t{-77}, kMax, kMin}) {
    EXPECT_EQ(RoundToBase(v, 0), v);
  }
}

TEST(RoundToBaseTest, HoldsAtTheEndsOfTheIntegers) {
  EXPECT_EQ(RoundToBase(kMax, 100), 9'200'000'000'000'000'000);
  EXPECT_EQ(RoundToBase(kMin, 100), -9'200'000'000'000'000'000);
  EXPECT_EQ(RoundToBase(kMax, 10'000), kMax);  // 10^19, held
}

TEST(RoundToBaseTest, ErrsByHalfAStepAtMostAndStepsAreNoCoarserThanNeeded) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<int64_t>(random() >> (2 + random() % 60));
    const auto bp = static_cast<int32_t>(random() % 1'000);
    const absl::int128 base = RoundingBase(value, bp);
    const absl::int128 error = absl::int128(RoundToBase(value, bp)) - value;
    EXPECT_LE(2 * (error < 0 ? -error : error), base);
    EXPECT_GE(base * 10'000, absl::int128(value) * bp);
    // The next finer step, at least two fifths of this, would not do.
    EXPECT_TRUE(base == 1 || base * 2 / 5 * 10'000 < absl::int128(value) * bp);
  }
}

TEST(WeightedMeanTest, RoundsOnceHalfToEven) {
  EXPECT_EQ(WeightedMean(5, 2), 2);
  EXPECT_EQ(WeightedMean(7, 2), 4);
  EXPECT_EQ(WeightedMean(-5, 2), -2);
  EXPECT_EQ(WeightedMean(10, 4), 2);
  // No double could hold this sum.
  const absl::int128 big = absl::int128(kMax) * 1'000'000;
  EXPECT_EQ(WeightedMean(big + 1, 1'000'000), kMax);
  EXPECT_EQ(WeightedMean(big * 3, 1'000'000), kMax);  // held
}

TEST(WeightedMeanTest, IsNothingOfNothing) { EXPECT_EQ(WeightedMean(5, 0), 0); }

}  // namespace
}  // namespace steelyard::statistics
