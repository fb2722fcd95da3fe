#include "server/statistics/agreement.h"

#include <vector>

#include "gtest/gtest.h"

namespace steelyard::statistics {
namespace {

// The worked example that is widely published beside Fleiss (1971): ten
// subjects, fourteen raters, five categories.
const std::vector<std::vector<int64_t>> kSubjects = {
    {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
    {7, 7, 0, 0, 0},  {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}};

TEST(AgreementTest, AgreesWithThePublishedExample) {
  constexpr double kExpected[] = {1.000, .253, .308, .440, .330, .462, .242, .176, .286, .286};
  for (size_t i = 0; i < kSubjects.size(); ++i) {
    EXPECT_NEAR(Agreement(kSubjects[i]).value(), kExpected[i], 5.1e-4) << i;
  }
  EXPECT_NEAR(FleissKappa(kSubjects).value(), .210, 5e-4);
}

TEST(AgreementTest, TakesTwoRatings) {
  EXPECT_FALSE(Agreement({}).has_value());
  EXPECT_FALSE(Agreement(std::vector<int64_t>{0, 1, 0}).has_value());
  EXPECT_EQ(Agreement(std::vector<int64_t>{0, 2, 0}), 1);
  EXPECT_EQ(Agreement(std::vector<int64_t>{1, 1, 0}), 0);
}

TEST(FleissKappaTest, IsOneForFullAgreement) {
  EXPECT_EQ(FleissKappa(std::vector<std::vector<int64_t>>{{3, 0}, {0, 5}}), 1);
}

TEST(FleissKappaTest, IsBelowZeroWhereRatersDifferMoreThanByChance) {
  EXPECT_EQ(FleissKappa(std::vector<std::vector<int64_t>>{{1, 1}, {1, 1}}), -1);
}

TEST(FleissKappaTest, LeavesOutUnitsWithOneRating) {
  auto subjects = kSubjects;
  subjects.push_back({1, 0, 0, 0, 0});
  subjects.push_back({0, 0, 0, 0, 0});
  EXPECT_EQ(FleissKappa(subjects), FleissKappa(kSubjects));
}

TEST(FleissKappaTest, HasNothingToSayWhereAllRatingsAreTheSame) {
  EXPECT_FALSE(FleissKappa(std::vector<std::vector<int64_t>>{{3, 0}, {5, 0}}).has_value());
  EXPECT_FALSE(FleissKappa({}).has_value());
}

}  // namespace
}  // namespace steelyard::statistics
