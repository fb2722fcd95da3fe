#include "server/statistics/quantile.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace steelyard::statistics {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(QuantileTest, AgreesWithThePublishedExampleOfNumPy) {
  const std::string path = std::string(std::getenv("STEELYARD_SOURCE_DIR")) +
                           "/../shared/data/test_vectors/quantiles/"
                           "numpy_percentile_methods_expected.json";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no published vectors at " << path;
  const auto json = nlohmann::json::parse(file);
  const auto input = json["input"].get<std::vector<double>>();
  const int percent = json["percentile"].get<int>();
  const auto expected = json["expected"]["linear (type 7, Excel PERCENTILE.INC)"].get<double>();
  EXPECT_DOUBLE_EQ(Quantile(input, percent * 100), expected);
}

TEST(QuantileTest, AgreesWithTheVectorsOfMethods) {
  const std::vector<double> numpy = {15, 20, 35, 40, 50};
  EXPECT_DOUBLE_EQ(Quantile(numpy, 4'000), 29);
  const std::vector<int64_t> t16 = {50, 130, 162, 164, 170, 200, 500};
  EXPECT_EQ(QuantileMicros(t16, 5'000), 164);
  const std::vector<double> t17 = {.05, .2, .5, .5, 1, 1, 1, 1, 2, 10};
  EXPECT_DOUBLE_EQ(Quantile(t17, 2'500), .5);
  EXPECT_DOUBLE_EQ(Quantile(t17, 5'000), 1);
  EXPECT_DOUBLE_EQ(Quantile(t17, 7'500), 1);
}

TEST(QuantileTest, TakesTheEndsAtNoneAndAll) {
  const std::vector<int64_t> values = {3, 5, 11};
  EXPECT_EQ(QuantileMicros(values, 0), 3);
  EXPECT_EQ(QuantileMicros(values, 10'000), 11);
  EXPECT_EQ(QuantileMicros(std::vector<int64_t>{7}, 9'000), 7);
}

TEST(QuantileTest, RoundsHalfToEvenAfterAnExactInterpolation) {
  EXPECT_EQ(QuantileMicros(std::vector<int64_t>{0, 1}, 5'000), 0);
  EXPECT_EQ(QuantileMicros(std::vector<int64_t>{1, 2}, 5'000), 2);
  EXPECT_EQ(QuantileMicros(std::vector<int64_t>{-1, 0}, 5'000), 0);
  EXPECT_EQ(QuantileMicros(std::vector<int64_t>{0, 10}, 2'500), 2);  // 2.5
  EXPECT_EQ(QuantileMicros(std::vector<int64_t>{0, 10}, 2'501), 3);
  // A double could not tell these from 2^62.
  EXPECT_EQ(
      QuantileMicros(std::vector<int64_t>{(int64_t{1} << 62) + 1, (int64_t{1} << 62) + 3}, 5'000),
      (int64_t{1} << 62) + 2);
  EXPECT_EQ(QuantileMicros(std::vector<int64_t>{kMin, kMax}, 5'000), 0);  // -0.5
}

TEST(QuantileTest, InterpolatesDays) {
  EXPECT_DOUBLE_EQ(Quantile(std::vector<int32_t>{1, 2, 4, 8}, 9'000), 4 + 0.7 * 4);
}

// ---- Many arrays ----------------------------------------------------------

struct Shape {
  size_t arrays;
  size_t longest;
  int64_t range;  // values are 0 to this
  int64_t trend;  // added for each array, so that arrays differ
  uint32_t seed;
};

template <typename T>
std::vector<std::vector<T>> Draw(const Shape& shape) {
  std::mt19937_64 random(shape.seed);
  std::vector<std::vector<T>> out(shape.arrays);
  int64_t base = 0;
  for (auto& array : out) {
    array.resize(random() % (shape.longest + 1));
    for (T& v : array) {
      // Skewed, as prices are.
      const auto u = static_cast<int64_t>(random() % static_cast<uint64_t>(shape.range + 1));
      v = static_cast<T>(base + (random() % 2 == 0 ? u / 8 : u));
    }
    std::sort(array.begin(), array.end());
    base += shape.trend;
  }
  out.front().push_back(std::numeric_limits<T>::max());  // never empty altogether
  return out;
}

template <typename T>
void ExpectAsMerged(const std::vector<std::vector<T>>& arrays) {
  std::vector<T> merged;
  std::vector<std::span<const T>> spans;
  for (const auto& array : arrays) {
    merged.insert(merged.end(), array.begin(), array.end());
    spans.emplace_back(array);
  }
  std::sort(merged.begin(), merged.end());
  std::vector<int32_t> points = {0, 1, 1'000, 2'500, 5'000, 7'500, 9'000, 9'999, 10'000};
  for (int32_t p = 37; p < 10'000; p += 613) points.push_back(p);
  const auto got = UnionQuantiles<T>(spans, points);
  ASSERT_EQ(got.size(), points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    const auto expected = SortedQuantile<T>(merged, points[i]);
    EXPECT_EQ(got[i], expected) << "at " << points[i] << " of " << merged.size()
                                << " values: " << got[i].Real() << " against " << expected.Real();
  }
}

std::vector<Shape> Shapes() {
  std::vector<Shape> shapes;
  uint32_t seed = 1;
  for (size_t arrays : {1, 2, 7, 52, 160, 600}) {
    for (size_t longest : {2, 12, 40, 300, 1'000}) {
      for (int64_t range : {0, 1, 30, 5'000'000}) {
        for (int64_t trend : {0, 1'000}) {
          if (arrays * longest <= 60'000) {
            shapes.push_back({arrays, longest, range, trend, seed++});
          }
        }
      }
    }
  }
  return shapes;
}

TEST(UnionQuantilesTest, EqualThoseOfTheMergedArray) {
  for (const Shape& s : Shapes()) {
    SCOPED_TRACE(::testing::Message() << s.arrays << " arrays, at most " << s.longest << " of 0 to "
                                      << s.range << ", trend " << s.trend);
    ExpectAsMerged(Draw<int64_t>(s));
    ExpectAsMerged(Draw<int32_t>(s));
  }
}

TEST(UnionQuantilesTest, HoldWhenOneArrayDwarfsTheOthers) {
  std::vector<std::vector<int64_t>> arrays(50, std::vector<int64_t>{1, 2, 3});
  arrays[20].resize(50'000);
  for (size_t i = 0; i < arrays[20].size(); ++i) arrays[20][i] = static_cast<int64_t>(i * i);
  ExpectAsMerged(arrays);
}

TEST(UnionQuantilesTest, HoldWhenAllValuesAreOneOfTwo) {
  std::vector<std::vector<int64_t>> arrays(40);
  for (size_t i = 0; i < arrays.size(); ++i) {
    arrays[i].assign(100 + i, 4);
    arrays[i].resize(300, 5);
  }
  ExpectAsMerged(arrays);
}

TEST(UnionQuantilesTest, HoldAtTheEndsOfTheIntegers) {
  std::vector<std::vector<int64_t>> arrays(3);
  arrays[0].assign(400, kMin);
  arrays[1].assign(400, kMax);
  arrays[2] = {kMin, -1, 0, 1, kMax};
  ExpectAsMerged(arrays);
}

}  // namespace
}  // namespace steelyard::statistics
