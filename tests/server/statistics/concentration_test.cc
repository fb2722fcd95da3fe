#include "server/statistics/concentration.h"

#include <vector>

#include "gtest/gtest.h"

namespace steelyard::statistics {
namespace {

// Private children's home places in England 2019-20: the ten largest owners
// (DOMAIN 5.3).
TEST(ConcentrationTest, AgreesWithTheFloorOfChildrensHomes) {
  EXPECT_EQ(HerfindahlFloor(std::vector<double>{9, 5, 5, 2, 2, 2, 2, 1, 1, 1}), 150);
}

TEST(ConcentrationTest, IsFullForOneOwner) {
  EXPECT_EQ(HerfindahlIndex(std::vector<int64_t>{7}), 10'000);
  EXPECT_EQ(HerfindahlIndex(std::vector<int64_t>{7, 0, 0}), 10'000);
}

TEST(ConcentrationTest, IsEvenlyDividedByEqualOwners) {
  EXPECT_DOUBLE_EQ(HerfindahlIndex(std::vector<int64_t>{5, 5, 5, 5}), 2'500);
  EXPECT_DOUBLE_EQ(HerfindahlIndex(std::vector<int64_t>(50, 3)), 200);
}

TEST(ConcentrationTest, SquaresShares) {
  EXPECT_DOUBLE_EQ(HerfindahlIndex(std::vector<int64_t>{60, 30, 10}), 3'600 + 900 + 100);
}

TEST(ConcentrationTest, IsNothingWithoutHoldings) {
  EXPECT_EQ(HerfindahlIndex({}), 0);
  EXPECT_EQ(HerfindahlIndex(std::vector<int64_t>{0, 0}), 0);
}

}  // namespace
}  // namespace steelyard::statistics
