#include "server/statistics/price_index.h"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/acceptance/files.h"

namespace steelyard::statistics {
namespace {

using acceptance::Csv;
using nlohmann::json;

Csv Table(const std::string& name) {
  return Csv(acceptance::ReadWhole(acceptance::DataFolder() + name));
}
json Expected(const std::string& name) {
  return json::parse(
      acceptance::ReadWhole(acceptance::DataFolder() + "test_vectors/price_index/" + name));
}

#define SKIP_WITHOUT_VECTORS() \
  if (acceptance::DataFolder().empty()) GTEST_SKIP() << "no published vectors beside the tree"

Basket Prices(const std::vector<double>& prices, const std::vector<double>& quantities) {
  Basket basket;
  for (size_t i = 0; i < prices.size(); ++i) {
    basket.push_back({static_cast<int64_t>(i), prices[i], quantities[i]});
  }
  return basket;
}

// Baskets by period of a table with prices and quantities.
std::vector<Basket> ByPeriod(const Csv& table, const std::string& item, size_t period_length) {
  std::map<std::string, std::vector<PricedItem>> periods;
  for (size_t i = 0; i < table.rows(); ++i) {
    std::string period = table.at(i, "time").substr(0, period_length);
    if (period.size() == 1) period.insert(0, "0");  // sorts as a number
    periods[period].push_back({std::stoll(table.at(i, item)), std::stod(table.at(i, "prices")),
                               std::stod(table.at(i, "quantities"))});
  }
  std::vector<Basket> baskets;
  for (auto& [period, purchases] : periods) baskets.push_back(MakeBasket(std::move(purchases)));
  return baskets;
}

void ExpectSeries(const std::vector<double>& got, const std::vector<double>& expected,
                  double error) {
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], error) << i;
}

// ---- Two periods ----------------------------------------------------------

// Vector T13 of METHODS 4.4, from the Producer Price Index Manual, chapter 19.
TEST(ComparePricesTest, AgreesWithTheManualsTables) {
  const Basket base = Prices({1, 1, 1, 1, 1, 1}, {1, 1, 2, 1, 4.5, .5});
  const auto got =
      ComparePrices(base, Prices({1.2, 3, 1.3, .7, 1.4, .8}, {.8, .9, 1.9, 1.3, 4.7, .6}));
  ASSERT_TRUE(got.has_value());
  EXPECT_NEAR(got->laspeyres, 1.4200, 5e-5);
  EXPECT_NEAR(got->paasche, 1.3824, 5.1e-5);
  EXPECT_NEAR(got->fisher, 1.4011, 5e-5);
  EXPECT_NEAR(got->tornqvist, 1.4052, 5e-5);
  EXPECT_EQ(got->items, 6);
  EXPECT_EQ(got->base_share, 1);
  EXPECT_EQ(got->current_share, 1);
}

TEST(ComparePricesTest, AgreesWithThePublishedIndicesOfIndexNumR) {
  SKIP_WITHOUT_VECTORS();
  const auto baskets =
      ByPeriod(Table("test_vectors/price_index/indexnumr_ces_sigma_2.csv"), "prodID", 2);
  const Csv expected = Table("test_vectors/price_index/indexnumr_ces_expected_bilateral_price.csv");
  ASSERT_EQ(baskets.size(), 12u);
  ASSERT_EQ(expected.rows(), 12u);
  std::map<std::string, double> chained = {
      {"laspeyres", 1}, {"paasche", 1}, {"fisher", 1}, {"tornqvist", 1}};
  for (size_t t = 1; t < baskets.size(); ++t) {
    const auto by_name = [](const PriceComparison& c) {
      return std::map<std::string, double>{{"laspeyres", c.laspeyres},
                                           {"paasche", c.paasche},
                                           {"fisher", c.fisher},
                                           {"tornqvist", c.tornqvist}};
    };
    const auto fixed = by_name(ComparePrices(baskets[0], baskets[t]).value());
    for (const auto& [name, step] : by_name(ComparePrices(baskets[t - 1], baskets[t]).value())) {
      chained[name] *= step;
      // Published to nine places or more.
      EXPECT_NEAR(step, std::stod(expected.at(t, name + "_pop")), 1e-8) << name << t;
      EXPECT_NEAR(chained[name], std::stod(expected.at(t, name + "_chained")), 1e-8) << name << t;
      EXPECT_NEAR(fixed.at(name), std::stod(expected.at(t, name + "_fixedbase")), 1e-8)
          << name << t;
    }
  }
}

TEST(ComparePricesTest, AgreesWithThePublishedIndicesOfMilk) {
  SKIP_WITHOUT_VECTORS();
  const auto months = ByPeriod(Table("scanner_prices/priceindices_milk.csv"), "prodID", 7);
  const json expected = Expected("priceindices_milk_expected.json");
  ASSERT_GE(months.size(), 14u);
  EXPECT_NEAR(ComparePrices(months[0], months[13])->fisher,
              expected["fisher_2018-12_2020-01"].get<double>(), 5e-8);
  std::vector<double> fixed = {1};
  std::vector<double> chained = {1};
  for (size_t t = 1; t < 14; ++t) {
    if (t < 13) fixed.push_back(ComparePrices(months[0], months[t])->fisher);
    chained.push_back(chained.back() * ComparePrices(months[t - 1], months[t])->fisher);
  }
  ExpectSeries(fixed, expected["fisher_fixed_base"].get<std::vector<double>>(), 5.1e-8);
  ExpectSeries(chained, expected["chained_fisher_2018-12_to_2020-01"].get<std::vector<double>>(),
               5.1e-8);
  const json& matched = expected["matched_prodID_2018-12_vs_2019-12"];
  const PriceComparison year = ComparePrices(months[0], months[12]).value();
  EXPECT_EQ(year.items, matched["products_matched"].get<int64_t>());
  EXPECT_EQ(months[12].size() - static_cast<size_t>(year.items), matched["new"].get<size_t>());
  EXPECT_EQ(months[0].size() - static_cast<size_t>(year.items),
            matched["disappearing"].get<size_t>());
  EXPECT_GT(year.base_share, 0.5);
  EXPECT_LT(year.base_share, 1);
}

TEST(ComparePricesTest, SaysHowMuchOfTheSpendIsMatched) {
  const Basket base = MakeBasket({{1, 2, 10}, {2, 5, 16}});    // 20 and 80
  const Basket current = MakeBasket({{2, 6, 5}, {3, 7, 10}});  // 30 and 70
  const auto got = ComparePrices(base, current);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->items, 1);
  EXPECT_DOUBLE_EQ(got->base_share, 0.8);
  EXPECT_DOUBLE_EQ(got->current_share, 0.3);
  for (const double index : {got->laspeyres, got->paasche, got->fisher, got->tornqvist}) {
    EXPECT_DOUBLE_EQ(index, 1.2);
  }
}

TEST(ComparePricesTest, HasNothingToSayWithoutCommonItems) {
  EXPECT_FALSE(ComparePrices(MakeBasket({{1, 1, 1}}), MakeBasket({{2, 1, 1}})).has_value());
  EXPECT_FALSE(ComparePrices({}, MakeBasket({{2, 1, 1}})).has_value());
}

// ---- Baskets --------------------------------------------------------------

TEST(MakeBasketTest, AgreesWithThePublishedUnitValues) {
  SKIP_WITHOUT_VECTORS();
  const Csv table = Table("test_vectors/price_index/indexnumr_ces_sigma_2.csv");
  const json expected = Expected("indexnumr_ces_expected_other.json")["unit_values_quarterly"];
  std::map<int, std::vector<PricedItem>> quarters;
  for (size_t i = 0; i < table.rows(); ++i) {
    const int quarter = (std::stoi(table.at(i, "time")) + 2) / 3;
    quarters[quarter].push_back({std::stoll(table.at(i, "prodID")),
                                 std::stod(table.at(i, "prices")),
                                 std::stod(table.at(i, "quantities"))});
  }
  size_t at = 0;
  for (auto& [quarter, purchases] : quarters) {
    for (const PricedItem& got : MakeBasket(std::move(purchases))) {
      EXPECT_EQ(got.item, expected["prodID"][at].get<int64_t>());
      // Published from quantities of seven places.
      EXPECT_NEAR(got.quantity, expected["quantities"][at].get<double>(), 2e-7);
      EXPECT_NEAR(got.price, expected["unitValue"][at].get<double>(), 1e-8);
      ++at;
    }
  }
  EXPECT_EQ(at, expected["prodID"].size());
}

TEST(MakeBasketTest, LeavesOutWhatHasNoPriceOrQuantity) {
  const Basket got = MakeBasket({{3, 1, 0}, {2, 0, 5}, {1, -4, 5}, {4, 2, -1}, {5, 2, 1}});
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].item, 5);
}

// ---- Many periods ---------------------------------------------------------

// Vector T15 of METHODS 4.4.
TEST(GeksTest, AgreesWithThePublishedIndicesOfIndexNumR) {
  SKIP_WITHOUT_VECTORS();
  const auto baskets =
      ByPeriod(Table("test_vectors/price_index/indexnumr_ces_sigma_2.csv"), "prodID", 2);
  const Csv table =
      Table("test_vectors/price_index/indexnumr_ces_expected_geks_full_window_12.csv");
  std::vector<double> fisher;
  std::vector<double> tornqvist;
  for (size_t i = 0; i < table.rows(); ++i) {
    fisher.push_back(std::stod(table.at(i, "fisher")));
    tornqvist.push_back(std::stod(table.at(i, "tornqvist")));
  }
  ExpectSeries(Geks(baskets, Superlative::kFisher).value(), fisher, 1e-12);
  ExpectSeries(Geks(baskets, Superlative::kTornqvist).value(), tornqvist, 1e-12);
  EXPECT_EQ(RollingGeks(baskets, 12, Superlative::kFisher), Geks(baskets, Superlative::kFisher));
}

TEST(GeksTest, AgreesWithThePublishedIndicesOfMilk) {
  SKIP_WITHOUT_VECTORS();
  const auto months = ByPeriod(Table("scanner_prices/priceindices_milk.csv"), "prodID", 7);
  const json expected = Expected("priceindices_milk_expected.json");
  const std::span<const Basket> year(months.data(), 13);
  ExpectSeries(Geks(year, Superlative::kFisher).value(),
               expected["geks_window_13"].get<std::vector<double>>(), 5.1e-8);
  ExpectSeries(Geks(year, Superlative::kTornqvist).value(),
               expected["ccdi_window_13"].get<std::vector<double>>(), 5.1e-8);
}

// The input of gpindex's own tests: 65 rows over 13 periods and 5 products.
std::vector<Basket> GpindexBaskets() {
  std::vector<std::vector<PricedItem>> periods(13);
  for (int i = 0; i < 65; ++i) {
    periods[static_cast<size_t>(i % 13)].push_back({i / 13, 1.0 + i, 65.0 - i});
  }
  std::vector<Basket> baskets;
  for (auto& purchases : periods) baskets.push_back(MakeBasket(std::move(purchases)));
  return baskets;
}

TEST(GeksTest, AgreesWithThePublishedIndicesOfGpindex) {
  // Tornqvist over all 13 periods.
  ExpectSeries(Geks(GpindexBaskets(), Superlative::kTornqvist).value(),
               {1, 1.07334245809641, 1.13758500234551, 1.19943273670278, 1.26078373138759,
                1.32242752173496, 1.38478458426165, 1.44813211799635, 1.51269173915522,
                1.57867050804161, 1.64628410287697, 1.71577307463249, 1.78741712742392},
               1e-13);
}

// gpindex's Fisher over windows of 11, joined by the last movement of each.
TEST(GeksTest, AgreesWithThePublishedWindowsOfGpindex) {
  const auto baskets = GpindexBaskets();
  const std::span<const Basket> all(baskets);
  std::vector<double> got = Geks(all.first(11), Superlative::kFisher).value();
  for (size_t first : {1, 2}) {
    const auto window = Geks(all.subspan(first, 11), Superlative::kFisher).value();
    got.push_back(got.back() * window[10] / window[9]);
  }
  ExpectSeries(got,
               {1, 1.05584109330239, 1.11216779883715, 1.16904493358996, 1.22654588965604,
                1.28475480484066, 1.34376919838486, 1.40370325012859, 1.46469196029632,
                1.5268965162016, 1.59051132643364, 1.65525192178965, 1.721202953357},
               1e-12);
  // The mean splice takes the same windows and comes out close by.
  const auto rolling = RollingGeks(baskets, 11, Superlative::kFisher).value();
  ASSERT_EQ(rolling.size(), 13u);
  for (size_t t = 0; t < 11; ++t) EXPECT_EQ(rolling[t], got[t]);
  for (size_t t : {11, 12}) EXPECT_NEAR(rolling[t] / got[t], 1, 0.01);
}

// From gpindex's own tests: movements 1 2 3, 3 4 5 and 5 6 7 over windows of
// four periods, on the published series.
TEST(MeanSpliceTest, AgreesWithThePublishedSplice) {
  const std::vector<std::vector<double>> windows = {{1, 1, 2, 6}, {1, 3, 12, 60}, {1, 5, 30, 210}};
  const double fifth = std::cbrt(60.0 * 40 * 30);
  ExpectSeries(MeanSplice(windows), {1, 1, 2, 6, fifth, std::cbrt(420 * 252 * 7 * fifth)}, 1e-10);
  EXPECT_TRUE(MeanSplice({}).empty());
}

TEST(GeksTest, IsTransitive) {
  auto baskets = GpindexBaskets();
  const auto levels = Geks(baskets, Superlative::kFisher).value();
  // From another base the levels keep their ratios.
  std::swap(baskets[0], baskets[5]);
  const auto other = Geks(baskets, Superlative::kFisher).value();
  for (size_t t : {1, 2, 3, 12}) EXPECT_NEAR(other[t] / other[5], levels[t], 1e-12);
}

TEST(GeksTest, NeedsACommonItemForEveryTwo) {
  const std::vector<Basket> baskets = {MakeBasket({{1, 1, 1}}), MakeBasket({{1, 2, 1}, {2, 1, 1}}),
                                       MakeBasket({{2, 2, 1}})};
  EXPECT_FALSE(Geks(baskets, Superlative::kFisher).has_value());
  EXPECT_FALSE(Geks({}, Superlative::kFisher).has_value());
  EXPECT_TRUE(RollingGeks(baskets, 2, Superlative::kFisher).has_value());
  EXPECT_EQ(Geks(std::span(baskets).first(1), Superlative::kFisher), std::vector<double>{1});
}

}  // namespace
}  // namespace steelyard::statistics
