#include "storage/editions/combine.h"

#include <algorithm>
#include <map>
#include <vector>

#include "gmock/gmock.h"
#include "storage/base/checked.h"
#include "tests/storage/editions/samples.h"

namespace steelyard::editions {
namespace {

using Lines = std::vector<model::PurchaseFact>;

// Type 7 in exact fractions: the quantile times 10,000.
absl::int128 QuantileOf(std::vector<int64_t> values, int32_t basis_points) {
  std::sort(values.begin(), values.end());
  const int64_t h = static_cast<int64_t>(values.size() - 1) * basis_points;
  const auto low = static_cast<size_t>(h / 10'000);
  const size_t high = std::min(low + 1, values.size() - 1);
  return absl::int128(values[low]) * (10'000 - h % 10'000) +
         absl::int128(values[high]) * (h % 10'000);
}

// Distinct councils with a value on each side of `quantile` / 10,000.
std::pair<int64_t, int64_t> SidesOf(const std::map<int, std::vector<int64_t>>& values,
                                    absl::int128 quantile) {
  std::pair<int64_t, int64_t> sides;
  for (const auto& [council, own] : values) {
    const auto any = [&, &mine = own](auto test) {
      return std::any_of(mine.begin(), mine.end(),
                         [&](int64_t v) { return test(absl::int128(v) * 10'000); });
    };
    sides.first += any([&](absl::int128 v) { return v <= quantile; }) ? 1 : 0;
    sides.second += any([&](absl::int128 v) { return v >= quantile; }) ? 1 : 0;
  }
  return sides;
}

std::vector<int64_t> All(const std::map<int, std::vector<int64_t>>& values) {
  std::vector<int64_t> out;
  for (const auto& [council, own] : values) out.insert(out.end(), own.begin(), own.end());
  return out;
}

template <typename T>
void ExpectQuantiles(const std::array<SidedQuantile<T>, 5>& got,
                     const std::map<int, std::vector<int64_t>>& values) {
  for (size_t i = 0; i < kQuantiles.size(); ++i) {
    const absl::int128 exact = QuantileOf(All(values), kQuantiles[i]);
    if constexpr (std::is_same_v<T, int64_t>) {
      EXPECT_EQ(got[i].value, DivideHalfEven(exact, 10'000));
    } else {
      EXPECT_NEAR(got[i].value, static_cast<double>(exact) / 10'000, 1e-9);
    }
    EXPECT_EQ(std::make_pair(got[i].councils_at_or_below, got[i].councils_at_or_above),
              SidesOf(values, exact))
        << "at " << kQuantiles[i];
  }
}

// Recomputes everything from the lines themselves.
void ExpectFiguresOf(const Lines& lines, const Figures& got) {
  absl::int128 units = 0;
  absl::int128 spend = 0;
  std::map<int, std::vector<int64_t>> prices;
  std::map<int, std::vector<int64_t>> days;
  std::map<int, std::pair<absl::int128, absl::int128>> sums;
  for (const auto& line : lines) {
    units += line.units;
    spend += line.spend_micros;
    prices[line.council.value].push_back(line.unit_price_micros);
    if (line.lead_days >= 0) days[line.council.value].push_back(line.lead_days);
    sums[line.council.value].first += line.spend_micros;
    sums[line.council.value].second += line.units;
  }
  std::map<int, std::vector<int64_t>> means;
  for (const auto& [council, sum] : sums) {
    means[council] = {static_cast<int64_t>(DivideHalfEven(sum.first, sum.second))};
  }
  EXPECT_EQ(got.lines, static_cast<int64_t>(lines.size()));
  EXPECT_EQ(got.units, units);
  EXPECT_EQ(got.spend_micros, spend);
  EXPECT_EQ(got.mean_unit_price, DivideHalfEven(spend, units));
  EXPECT_EQ(got.delivered_lines, static_cast<int64_t>(All(days).size()));
  ASSERT_EQ(got.councils.size(), prices.size());
  EXPECT_TRUE(std::equal(
      prices.begin(), prices.end(), got.councils.begin(), [](const auto& a, const CouncilSum& b) {
        return a.first == b.council.value && static_cast<int64_t>(a.second.size()) == b.lines;
      }));
  ExpectQuantiles(got.line_prices, prices);
  ExpectQuantiles(got.council_prices, means);
  if (got.delivered_lines > 0) ExpectQuantiles(got.lead_days, days);
}

Figures CombineAll(const std::vector<Atom>& atoms) {
  std::vector<const Atom*> pointers;
  for (const Atom& atom : atoms) pointers.push_back(&atom);
  return Combine(pointers);
}

TEST(CombineTest, EqualsARecomputationFromTheLines) {
  uint32_t seed = 1;
  for (const auto& [atoms, lines, councils] : std::vector<std::array<int, 3>>{{1, 1, 1},
                                                                              {1, 9, 5},
                                                                              {2, 30, 8},
                                                                              {12, 3, 400},
                                                                              {52, 6, 6},
                                                                              {52, 200, 50},
                                                                              {200, 40, 330}}) {
    for (int round = 0; round < 6; ++round) {
      testing::Random random(seed++);
      Lines all;
      std::vector<Atom> made;
      for (int i = 0; i < atoms; ++i) {
        const Lines some = testing::Lines(random, lines, councils);
        all.insert(all.end(), some.begin(), some.end());
        made.push_back(testing::AtomOf(some));
      }
      SCOPED_TRACE(seed);
      ExpectFiguresOf(all, CombineAll(made));
    }
  }
}

TEST(CombineTest, CountsTiesOnBothSides) {
  testing::Random random(1);
  Lines lines = testing::Lines(random, 40, 10);
  for (auto& line : lines) line.unit_price_micros = 100'000;
  const Figures got = CombineAll({testing::AtomOf(lines)});
  for (const auto& q : got.line_prices) {
    EXPECT_EQ(q, (SidedQuantile<int64_t>{100'000, 10, 10}));
  }
}

TEST(CombineTest, DoesNotCountASideByARoundedQuantile) {
  Lines lines;
  for (uint16_t council : {1, 2}) {
    model::PurchaseFact line;
    line.council.value = council;
    line.units = line.packs = 1;
    line.unit_price_micros = line.spend_micros = council;
    lines.push_back(line);
  }
  // The median is 1.5, shown as 2, which only one council is at or above.
  EXPECT_EQ(CombineAll({testing::AtomOf(lines)}).line_prices[2], (SidedQuantile<int64_t>{2, 1, 1}));
}

TEST(CombineTest, GivesNothingForNoLines) {
  const Figures got = CombineAll({Atom{}, Atom{}});
  EXPECT_EQ(got.lines, 0);
  EXPECT_EQ(got.mean_unit_price, 0);
  EXPECT_TRUE(got.councils.empty());
  EXPECT_EQ(Combine({}).lines, 0);
}

TEST(CombineTest, HasNoLeadTimesWhereNothingWasDelivered) {
  testing::Random random(1);
  Lines lines = testing::Lines(random, 40, 10);
  for (auto& line : lines) line.lead_days = -1;
  const Figures got = CombineAll({testing::AtomOf(lines)});
  EXPECT_EQ(got.delivered_lines, 0);
  EXPECT_EQ(got.lead_days, DayQuantiles{});
}

}  // namespace
}  // namespace steelyard::editions
