#include "tests/bench/measure.h"

#include <atomic>
#include <numeric>

#include "absl/time/clock.h"
#include "gmock/gmock.h"

namespace steelyard::bench {
namespace {

TEST(MeasureTest, QuantilesAreOfTheCallsThemselves) {
  Sample sample;
  sample.micros.resize(100);
  std::iota(sample.micros.begin(), sample.micros.end(), 1);
  EXPECT_EQ(sample.Quantile(0.5), 50);
  EXPECT_EQ(sample.Quantile(0.99), 99);
  EXPECT_EQ(sample.Quantile(1), 100);
  EXPECT_EQ(sample.Quantile(0), 1);
  EXPECT_EQ(Sample().Quantile(0.5), 0);
}

TEST(MeasureTest, EachCallerMakesItsCalls) {
  std::atomic<int64_t> sum = 0;
  const auto sample =
      Measure(4, {.calls = 10, .time = absl::Minutes(1)}, [&](int caller, int64_t i) {
        sum += caller * 100 + i;
        return absl::OkStatus();
      });
  ASSERT_TRUE(sample.ok());
  EXPECT_EQ(sample->micros.size(), 40u);
  EXPECT_EQ(sum, 4 * 45 + 10 * 600);
  EXPECT_TRUE(std::is_sorted(sample->micros.begin(), sample->micros.end()));
}

TEST(MeasureTest, EndsInTime) {
  const auto sample =
      Measure(2, {.calls = INT64_MAX, .time = absl::Milliseconds(20)}, [](int, int64_t) {
        absl::SleepFor(absl::Milliseconds(1));
        return absl::OkStatus();
      });
  ASSERT_TRUE(sample.ok());
  EXPECT_GE(sample->elapsed, absl::Milliseconds(20));
  EXPECT_GE(sample->micros.front(), 1'000);
}

TEST(MeasureTest, TheFirstErrorEndsAll) {
  const auto sample =
      Measure(2, {.calls = INT64_MAX, .time = absl::Minutes(1)}, [](int caller, int64_t i) {
        return caller == 1 && i == 5 ? absl::AbortedError("no") : absl::OkStatus();
      });
  EXPECT_EQ(sample.status(), absl::AbortedError("no"));
}

}  // namespace
}  // namespace steelyard::bench
