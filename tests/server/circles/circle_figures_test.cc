#include "server/circles/circle_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "google/protobuf/text_format.h"
#include "server/rpc/errors.h"
#include "tests/support/status_matchers.h"

namespace steelyard::circles {
namespace {

using model::CircleField;
using model::CouncilNo;
using model::Month;
using model::ProductNo;
using model::ProviderNo;
using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Month At(int year, int month) { return *Month::FromYm(year, month); }

template <typename Entry>
Entry Named(const char* id) {
  Entry entry;
  entry.id = id;
  return entry;
}

// Councils aaa, bbb and ccc, of which the first two are members; products
// apron, apron-long and mask; group owns home and, until the end of 2024, farm.
class CircleFiguresTest : public ::testing::Test {
 protected:
  CircleFiguresTest() {
    for (const char* id : {"bbb", "aaa", "ccc"}) registers_.Put(Named<model::Council>(id));
    for (const char* id : {"mask", "apron", "apron-long"}) {
      auto product = Named<model::Product>(id);
      product.base_unit = model::BaseUnit::kPair;
      registers_.Put(product);
    }
    registers_.Put(Named<model::Provider>("group"));
    auto home = Named<model::Provider>("home");
    home.owners = {{"group", {}, {}}};
    registers_.Put(home);
    auto farm = Named<model::Provider>("farm");
    farm.owners = {{"group", {}, model::Day::FromYmd(2024, 12, 30)}};
    registers_.Put(farm);
    circle_.id = "c";
    circle_.terms.all_products = true;
    circle_.terms.providers = {Provider("group")};
    circle_.terms.fields = {CircleField::kUnitPrice,  CircleField::kSpend,
                            CircleField::kUnits,      CircleField::kDelivery,
                            CircleField::kPlacements, CircleField::kWeeklyFee};
    circle_.terms.from_month = At(2024, 1);
    circle_.terms.to_month = At(2024, 12);
    circle_.members = {
        {Council("bbb"), 1, 0, ""}, {Council("aaa"), 1, 0, ""}, {Council("ccc"), 1, 2, ""}};
  }
  CouncilNo Council(const char* id) { return registers_.FindCouncil(id)->no; }
  ProductNo Product(const char* id) { return registers_.FindProduct(id)->no; }
  ProviderNo Provider(const char* id) { return registers_.FindProvider(id)->no; }

  void Buy(const char* council, const char* product, Month month, int64_t units, int64_t micros) {
    model::PurchaseFact fact;
    fact.council = Council(council);
    fact.month = month;
    fact.units = units;
    fact.spend_micros = micros;
    bought_[{Council(council), Product(product)}].push_back(fact);
  }
  void Place(const char* council, const char* provider, Month quarter, int64_t placements,
             int64_t fee = -1, int64_t spend = -1) {
    model::OutcomeFact fact;
    fact.council = Council(council);
    fact.provider = Provider(provider);
    fact.quarter = quarter;
    fact.placements = placements;
    fact.weekly_fee_micros = fee;
    fact.spend_micros = spend;
    placed_[Council(council)].push_back(fact);
  }

  // As the ledger's readers: within the period alone.
  RowSources Sources() {
    RowSources sources;
    sources.purchases =
        [this](CouncilNo council, ProductNo product, model::Currency currency,
               const model::Period& period) -> absl::StatusOr<std::vector<model::PurchaseFact>> {
      std::vector<model::PurchaseFact> facts = bought_[{council, product}];
      std::erase_if(facts, [&](const auto& f) {
        return !period.Contains(f.month) || currency != model::Currency::Gbp();
      });
      return facts;
    };
    sources.reports =
        [this](CouncilNo council, model::Service service,
               const model::Period& period) -> absl::StatusOr<std::vector<model::OutcomeFact>> {
      std::vector<model::OutcomeFact> facts = placed_[council];
      std::erase_if(facts, [&](const auto& f) {
        return !period.Contains(f.quarter) || f.service != service;
      });
      return facts;
    };
    return sources;
  }

  absl::StatusOr<FigureQuestion> Parse(const std::string& text) {
    v1::ListCircleFiguresRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    return ParseQuestion(request, circle_, registers_);
  }
  FigurePage Page(const std::string& text, std::string_view after = "", size_t size = 500) {
    const auto question = Parse(text);
    EXPECT_OK(question.status());
    auto page = ListFigures(*question, circle_.terms, registers_, Sources(), after, size);
    EXPECT_OK(page.status());
    return *std::move(page);
  }
  // Each as `aaa mask 2024-1..2024-12`.
  std::vector<std::string> Words(const FigurePage& page) {
    std::vector<std::string> words;
    for (const v1::CircleFigure& f : page.figures) {
      const std::string& of = f.product().empty() ? f.provider() : f.product();
      words.push_back(f.council().substr(9) + " " + of.substr(of.find('/') + 1) + " " +
                      std::to_string(f.from_month().month()) + ".." +
                      std::to_string(f.to_month().month()));
    }
    return words;
  }
  static std::string Refusal(const absl::Status& status) { return std::string(status.message()); }

  model::Registers registers_;
  model::Circle circle_;
  std::map<std::pair<CouncilNo, ProductNo>, std::vector<model::PurchaseFact>> bought_;
  std::map<CouncilNo, std::vector<model::OutcomeFact>> placed_;
};

TEST_F(CircleFiguresTest, MeansAreSpendOverUnitsHalfToEven) {
  Buy("aaa", "mask", At(2024, 2), 1, 2);
  Buy("aaa", "mask", At(2024, 3), 1, 3);  // 5 / 2 = 2.5
  Buy("bbb", "mask", At(2024, 2), 2, 7);  // 3.5
  const FigurePage page = Page("");
  ASSERT_THAT(page.figures, SizeIs(2));
  EXPECT_EQ(page.figures[0].mean_unit_price_micros(), 2);
  EXPECT_EQ(page.figures[0].spend_micros(), 5);
  EXPECT_EQ(page.figures[0].units(), 2);
  EXPECT_EQ(page.figures[0].base_unit(), v1::Product::PAIR);
  EXPECT_EQ(page.figures[0].currency_code(), "GBP");
  EXPECT_EQ(page.figures[1].mean_unit_price_micros(), 4);
  EXPECT_THAT(page.councils, ElementsAre(Council("aaa"), Council("bbb")));
}

TEST_F(CircleFiguresTest, SumsBeyond64BitsAreHeldAtTheEnd) {
  for (int i = 0; i < 3; ++i) Buy("aaa", "mask", At(2024, 2), 2, INT64_MAX);
  const FigurePage page = Page("");
  ASSERT_THAT(page.figures, SizeIs(1));
  EXPECT_EQ(page.figures[0].spend_micros(), INT64_MAX);
  // 3 x (2^63 - 1) / 6 = 4611686018427387903.5, to the even neighbour.
  EXPECT_EQ(page.figures[0].mean_unit_price_micros(), 4'611'686'018'427'387'904);
}

TEST_F(CircleFiguresTest, OnlyTheFieldsOfTheTermsAreThere) {
  Buy("aaa", "mask", At(2024, 2), 10, 50);
  Place("aaa", "home", At(2024, 1), 4, 1'000, 9'000);
  circle_.terms.fields = {CircleField::kUnitPrice, CircleField::kPlacements};
  FigurePage page = Page("");
  ASSERT_THAT(page.figures, SizeIs(2));
  EXPECT_TRUE(page.figures[0].has_mean_unit_price_micros());
  EXPECT_FALSE(page.figures[0].has_spend_micros());
  EXPECT_FALSE(page.figures[0].has_units());
  EXPECT_FALSE(page.figures[0].has_delivery());
  EXPECT_EQ(page.figures[1].placements(), 4);
  EXPECT_FALSE(page.figures[1].has_spend_micros());
  EXPECT_FALSE(page.figures[1].has_mean_weekly_fee_micros());

  circle_.terms.fields = {CircleField::kDelivery, CircleField::kWeeklyFee};
  page = Page("");
  EXPECT_FALSE(page.figures[0].has_mean_unit_price_micros());
  EXPECT_TRUE(page.figures[0].has_delivery());
  EXPECT_FALSE(page.figures[1].has_placements());
  EXPECT_EQ(page.figures[1].mean_weekly_fee_micros(), 1'000);
}

TEST_F(CircleFiguresTest, DeliveryCountsLinesAndPacks) {
  Buy("aaa", "mask", At(2024, 2), 10, 50);
  model::PurchaseFact& fact = bought_.begin()->second[0];
  fact.packs = 9;
  fact.delivered_packs = 8;
  fact.looked_at_packs = 7;
  fact.rejected_packs = 1;
  fact.has_delivery_data = fact.due = fact.on_time_in_full = true;
  Buy("aaa", "mask", At(2024, 3), 10, 50);
  bought_.begin()->second[1].due = true;
  const FigurePage page = Page("");
  ASSERT_THAT(page.figures, SizeIs(1));
  const v1::CircleFigure::Delivery& d = page.figures[0].delivery();
  EXPECT_EQ(d.due_lines(), 2);
  EXPECT_EQ(d.on_time_lines(), 1);
  EXPECT_EQ(d.ordered_packs(), 9);
  EXPECT_EQ(d.delivered_packs(), 8);
  EXPECT_EQ(d.looked_at_packs(), 7);
  EXPECT_EQ(d.rejected_packs(), 1);
  EXPECT_EQ(d.fill_rate(), 0.889);
  EXPECT_EQ(d.rejected_share(), 0.143);
}

// Whoever did not agree to show units shows no packs either.
TEST_F(CircleFiguresTest, DeliveryWithoutUnitsIsShares) {
  Buy("aaa", "mask", At(2024, 2), 10, 50);
  model::PurchaseFact& fact = bought_.begin()->second[0];
  fact.packs = 10;
  fact.delivered_packs = 10;
  fact.looked_at_packs = 8;
  fact.rejected_packs = 2;
  fact.has_delivery_data = fact.due = true;
  circle_.terms.fields = {CircleField::kUnitPrice, CircleField::kDelivery};
  const v1::CircleFigure::Delivery d = Page("").figures[0].delivery();
  EXPECT_EQ(d.due_lines(), 1);
  EXPECT_EQ(d.fill_rate(), 1);
  EXPECT_EQ(d.rejected_share(), 0.25);
  EXPECT_EQ(d.ordered_packs() + d.delivered_packs() + d.looked_at_packs() + d.rejected_packs(), 0);
}

TEST_F(CircleFiguresTest, FeesAreWeightedByPlacementsOfReportsThatSayOne) {
  Place("aaa", "group", At(2024, 1), 1, 100);
  Place("aaa", "home", At(2024, 4), 3, 200, 70);
  Place("aaa", "home", At(2024, 7), 5);
  const FigurePage page = Page("");
  ASSERT_THAT(page.figures, SizeIs(1));
  const v1::CircleFigure& f = page.figures[0];
  EXPECT_EQ(f.provider(), "providers/group");
  EXPECT_EQ(f.service(), "childrens-homes");
  EXPECT_EQ(f.placements(), 9);
  EXPECT_EQ(f.mean_weekly_fee_micros(), 175);
  EXPECT_EQ(f.spend_micros(), 70);
}

TEST_F(CircleFiguresTest, AnOwnerStandsForWhatItOwnedAtTheEndOfTheQuarter) {
  Place("aaa", "farm", At(2024, 7), 2);
  Place("aaa", "farm", At(2024, 10), 4);  // sold on the 30th of December
  EXPECT_EQ(Page("").figures.at(0).placements(), 2);
  circle_.terms.providers = {Provider("farm")};
  EXPECT_EQ(Page("").figures.at(0).placements(), 6);
}

TEST_F(CircleFiguresTest, ThePeriodIsCutAsAsked) {
  for (const int month : {1, 2, 3, 12}) Buy("aaa", "mask", At(2024, month), 1, 1);
  Buy("aaa", "mask", At(2023, 12), 1, 1);
  Buy("aaa", "mask", At(2025, 1), 1, 1);
  Place("aaa", "home", At(2024, 1), 1);
  Place("aaa", "home", At(2024, 4), 1);
  EXPECT_THAT(Words(Page("")), ElementsAre("aaa mask 1..12", "aaa group 1..12"));
  EXPECT_EQ(Page("").figures[0].units(), 4) << "months outside the terms do not count";
  EXPECT_THAT(Words(Page("granularity: GRANULARITY_QUARTER")),
              ElementsAre("aaa mask 1..3", "aaa mask 10..12", "aaa group 1..3", "aaa group 4..6"));
  EXPECT_THAT(Words(Page("granularity: GRANULARITY_MONTH product: 'products/mask'")),
              ElementsAre("aaa mask 1..1", "aaa mask 2..2", "aaa mask 3..3", "aaa mask 12..12"));
  // Of providers only quarters that lie within count.
  EXPECT_THAT(Words(Page("from_month { year: 2024 month: 2 } to_month { year: 2024 month: 6 }")),
              ElementsAre("aaa mask 2..6", "aaa group 4..6"));
  EXPECT_THAT(Words(Page("from_month { year: 2024 month: 2 } to_month { year: 2024 month: 3 }")),
              ElementsAre("aaa mask 2..3"));
}

TEST_F(CircleFiguresTest, PagesHoldEachFigureOnceInOrder) {
  for (const char* council : {"aaa", "bbb", "ccc"}) {
    for (const char* product : {"mask", "apron", "apron-long"}) {
      for (const int month : {1, 5, 9}) Buy(council, product, At(2024, month), 1, 1);
    }
    Place(council, "home", At(2024, 1), 1);
  }
  const std::string monthly = "granularity: GRANULARITY_MONTH";
  const std::vector<std::string> whole = Words(Page(monthly));
  EXPECT_THAT(whole, SizeIs(20)) << "ccc withdrew";
  EXPECT_EQ(whole[0], "aaa apron 1..1");
  EXPECT_EQ(whole[3], "aaa apron-long 1..1");
  EXPECT_EQ(whole[10], "bbb apron 1..1");
  for (const size_t size : {1, 2, 3, 7, 19, 20}) {
    std::vector<std::string> walked;
    std::string after;
    bool more = true;
    while (more && walked.size() < 30) {
      const FigurePage page = Page(monthly, after, size);
      for (const std::string& word : Words(page)) walked.push_back(word);
      after = page.last_key;
      more = page.more;
    }
    EXPECT_EQ(walked, whole) << size;
  }
}

TEST_F(CircleFiguresTest, APageNamesThoseWhoseFiguresItHolds) {
  Buy("aaa", "mask", At(2024, 1), 1, 1);
  Buy("bbb", "mask", At(2024, 1), 1, 1);
  EXPECT_THAT(Page("", "", 1).councils, ElementsAre(Council("aaa")));
  EXPECT_THAT(Page("council: 'councils/bbb'").councils, ElementsAre(Council("bbb")));
  EXPECT_THAT(Page("currency_code: 'EUR'").councils, IsEmpty());
}

TEST_F(CircleFiguresTest, WhatLiesOutsideTheTermsIsAsWhatThereIsNot) {
  circle_.terms.all_products = false;
  circle_.terms.products = {Product("mask")};
  const auto outside = Parse("product: 'products/apron'").status();
  EXPECT_THAT(outside, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Refusal(outside),
              ::testing::HasSubstr("'products/apron' is no product that the terms name"));
  EXPECT_THAT(Refusal(Parse("product: 'products/none'").status()),
              ::testing::HasSubstr("'products/none' is no product that the terms name"));
  EXPECT_THAT(Refusal(Parse("provider: 'providers/home'").status()),
              ::testing::HasSubstr("'providers/home' is no provider that the terms name"));
  // A council that left, one that never joined and one that there is not.
  for (const std::string council : {"councils/ccc", "councils/zzz"}) {
    EXPECT_THAT(Refusal(Parse("council: '" + council + "'").status()),
                ::testing::HasSubstr("'" + council + "' is no member of this circle"));
  }
  EXPECT_THAT(
      Refusal(Parse("to_month { year: 2025 month: 1 }").status()),
      ::testing::HasSubstr("2025-01 lies outside the months of the terms, 2024-01 to 2024-12"));
}

TEST_F(CircleFiguresTest, EveryProblemIsSaid) {
  const auto bad = Parse(
      "council: 'ccc' product: 'mask' provider: 'home' from_month { year: 2023 month: 12 }"
      " to_month { year: 2024 month: 13 } granularity: 9 currency_code: 'pounds'");
  EXPECT_THAT(bad.status(), StatusIs(absl::StatusCode::kInvalidArgument));
  // Each of the seven fields, and that product and provider are both given.
  EXPECT_EQ(Refusal(bad.status()), "council: 'ccc' is no member of this circle (and 7 more)");
  EXPECT_THAT(
      Refusal(
          Parse("from_month { year: 2024 month: 5 } to_month { year: 2024 month: 4 }").status()),
      ::testing::HasSubstr("must not be before from_month"));
}

}  // namespace
}  // namespace steelyard::circles
