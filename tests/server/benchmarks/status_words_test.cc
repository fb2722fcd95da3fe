#include "server/benchmarks/status_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace steelyard::benchmarks {
namespace {

using statistics::Position;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Whatever the word, nobody has to guess what it stands for.
void ExpectWhole(const v1::StatusWord& word) {
  EXPECT_THAT(word.word(), Not(IsEmpty()));
  EXPECT_THAT(word.scheme(), Not(IsEmpty())) << word.word();
  EXPECT_THAT(word.threshold(), Not(IsEmpty())) << word.word();
  EXPECT_THAT(word.meaning(), Not(IsEmpty())) << word.word();
}

TEST(StatusWordsTest, EachPlaceInAFunnelHasAWordOfItsOwn) {
  const std::pair<Position, const char*> words[] = {
      {Position::kNoData, "no data"},         {Position::kBelow998, "far below expected"},
      {Position::kBelow95, "below expected"}, {Position::kWithin, "as expected"},
      {Position::kAbove95, "above expected"}, {Position::kAbove998, "far above expected"}};
  for (const auto& [position, expected] : words) {
    const v1::StatusWord word = FunnelWord(position, "ratings below target");
    ExpectWhole(word);
    EXPECT_EQ(word.word(), expected);
    EXPECT_EQ(word.scheme(), "funnel-95-998");
  }
  EXPECT_THAT(FunnelWord(Position::kAbove95, "homes judged below Good").meaning(),
              HasSubstr("homes judged below Good"));
}

TEST(StatusWordsTest, AMeanIsNamedByTheLevelsThatItsIntervalReaches) {
  const auto word = [](double lower, double upper) {
    const v1::StatusWord status = LevelWord(lower, upper);
    ExpectWhole(status);
    EXPECT_THAT(status.threshold(), HasSubstr("even-steps-1"));
    return status.word();
  };
  EXPECT_EQ(word(2.6, 2.9), "Good");
  EXPECT_EQ(word(2.5, 3.1), "Good");
  EXPECT_EQ(word(2.49, 2.9), "Approaching target to Good");
  EXPECT_EQ(word(1.5, 2.4), "Approaching target");
  EXPECT_EQ(word(0.6, 1.4), "Requires improvement");
  EXPECT_EQ(word(-0.2, 0.4), "Inadequate");
  EXPECT_EQ(word(0.2, 2.6), "Inadequate to Good");
}

TEST(StatusWordsTest, AChartIsNamedByItsNewestPoint) {
  const auto word = [](const std::vector<double>& values) {
    const v1::StatusWord status = ChartWord(statistics::DrawXmr(values), values);
    ExpectWhole(status);
    return status.word();
  };
  EXPECT_EQ(word({2, 2.1, 2, 2.1, 2, 2.1, 2, 2.1}), "common cause");
  EXPECT_EQ(word({2, 2.1, 2, 2.1, 2, 2.1, 2, 3}), "special cause: better");
  EXPECT_EQ(word({2, 2.1, 2, 2.1, 2, 2.1, 2, 1}), "special cause: worse");
  // An early jump is past.
  EXPECT_EQ(word({3, 2.1, 2, 2.3, 1.9, 2.3, 1.9, 2.3, 1.9}), "common cause");
}

TEST(StatusWordsTest, ATrendCountsInItsOwnDirection) {
  // Seven that fall, the last of them still above the mean of all.
  const std::vector<double> values = {0,   0.1, 0,   0.1, 0,   0.1, 0,    0.1,
                                      2.9, 2.7, 2.5, 2.3, 2.1, 1.9, 1.85, 1.8};
  statistics::XmrChart chart = statistics::DrawXmr(values);
  chart.points.back().outside = chart.points.back().run = false;
  ASSERT_TRUE(chart.points.back().trend);
  ASSERT_EQ(chart.points.back().side, 1);
  EXPECT_EQ(ChartWord(chart, values).word(), "special cause: worse");
}

TEST(StatusWordsTest, AChangeIsClearOnlyIfItsIntervalLeavesOutZero) {
  for (const auto& [lower, upper, expected] : {std::tuple(0.1, 0.4, "better"),
                                               {-0.4, -0.1, "worse"},
                                               {-0.1, 0.4, "no clear change"},
                                               {0.0, 0.4, "no clear change"}}) {
    const v1::StatusWord word = ChangeWord(lower, upper);
    ExpectWhole(word);
    EXPECT_EQ(word.word(), expected);
  }
}

TEST(StatusWordsTest, AClaimIsHeldAgainstTheRisesThatAreShown) {
  const auto word = [](int64_t claimed, std::optional<int64_t> own, std::optional<int64_t> all) {
    const v1::StatusWord status = UpliftWord(claimed, own, all);
    ExpectWhole(status);
    return status.word();
  };
  EXPECT_EQ(word(750, 300, 400), "above what fees did");
  EXPECT_EQ(word(750, 300, {}), "above what fees did");
  EXPECT_EQ(word(450, 300, 400), "in line with what fees did");
  EXPECT_EQ(word(451, 300, 400), "above what fees did");
  EXPECT_EQ(word(350, 300, 400), "in line with what fees did");
  EXPECT_EQ(word(249, 300, 400), "below what fees did");
  EXPECT_EQ(word(100, {}, 400), "below what fees did");
  EXPECT_EQ(word(100, {}, {}), "not known");
}

}  // namespace
}  // namespace steelyard::benchmarks
