#include "server/statistics/proportion.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace steelyard::statistics {
namespace {

std::vector<std::string> Split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

TEST(WilsonIntervalTest, AgreesWithNewcombesExample) {
  const Interval got = WilsonInterval(81, 263);
  EXPECT_NEAR(got.low, .25529, 5e-6);
  EXPECT_NEAR(got.high, .36621, 5e-6);
}

TEST(WilsonIntervalTest, AgreesWithThePublishedTable) {
  const std::string path = std::string(std::getenv("STEELYARD_SOURCE_DIR")) +
                           "/../shared/data/test_vectors/proportions/phe_proportion_wilson.csv";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no published vectors at " << path;
  int checked = 0;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto cells = Split(line);
    if (cells[1].empty() || cells[2].empty()) continue;
    const double scale = std::stod(cells.back());
    const auto expect = [&](const Interval& got, size_t low) {
      EXPECT_NEAR(got.low * scale, std::stod(cells[low]), 1e-12 * scale) << line;
      EXPECT_NEAR(got.high * scale, std::stod(cells[low + 1]), 1e-12 * scale) << line;
    };
    expect(WilsonInterval(std::stod(cells[1]), std::stod(cells[2])), 4);
    expect(WilsonInterval(std::stod(cells[1]), std::stod(cells[2]), kZ998), 6);
    ++checked;
  }
  EXPECT_EQ(checked, 16);
}

TEST(WilsonIntervalTest, KnowsNothingWithoutTrials) {
  EXPECT_EQ(WilsonInterval(0, 0), (Interval{0, 1}));
}

TEST(WilsonIntervalTest, StaysWithinNoneAndAll) {
  EXPECT_EQ(WilsonInterval(0, 7).low, 0);
  EXPECT_GT(WilsonInterval(0, 7).high, 0.3);
  EXPECT_EQ(WilsonInterval(7, 7).high, 1);
  EXPECT_LT(WilsonInterval(7, 7).low, 0.7);
}

}  // namespace
}  // namespace steelyard::statistics
