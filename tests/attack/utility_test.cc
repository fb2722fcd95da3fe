// How much of what councils spend can be asked for, on data of the size and
// shape of the United Kingdom's.

#include <cstdio>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/attack/campaign.h"
#include "tests/attack/session.h"
#include "tests/attack/uk_lines.h"

namespace steelyard::attack {
namespace {

constexpr int kFirstYear = 2023;
constexpr size_t kChunk = 2'000;
constexpr int kNobody = 1'000;  // councils that no set has

std::string Bare(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// Pounds of a product by place and time.
using Spend = std::map<std::tuple<int, std::string, int>, double>;

class UtilityTest : public ::testing::Test {
 protected:
  UtilityTest() {
    for (const v1::Area& area : session_.Areas()) parents_[area.name()] = area.parent();
    products_ = session_.Products();
    for (const v1::Council& c : session_.Councils()) {
      councils_.push_back({Bare(c.name()), Bare(c.area()), c.authority_type()});
    }
  }

  v1::UploadLine Wire(const UkLine& line, int number) const {
    v1::UploadLine wire;
    wire.set_council(councils_[static_cast<size_t>(line.council)].id);
    v1::Purchase& p = *wire.mutable_purchase();
    p.set_reference(absl::StrCat("U", number));
    const v1::Product& product = products_[static_cast<size_t>(line.product)];
    p.set_product(product.name());
    p.set_supplier(absl::StrCat("s", line.supplier));
    p.mutable_order_date()->set_year(kFirstYear + line.month / 12);
    p.mutable_order_date()->set_month(line.month % 12 + 1);
    p.mutable_order_date()->set_day(line.day);
    p.set_packs(line.packs);
    p.set_pack_content(product.packs_size() > 0 ? product.packs(0).base_units() : 1);
    p.set_pack_price_micros(line.pack_pence * 10'000);
    p.set_price_confirmed(true);
    return wire;
  }

  // Everything is there when it is first published: until then the policy asks
  // for more councils than there are.
  void LoadAtOnce(const UkShape& shape, const std::vector<UkLine>& lines) {
    LoadSuppliers(shape);
    const int usual = session_.SetMinCouncils(kNobody);
    Send(lines, 0, shape.months - 1);
    session_.SetMinCouncils(usual);
    session_.WaitPublished();
  }

  // Every `step` months are sent, and published, when they are over.
  void LoadInSteps(const UkShape& shape, const std::vector<UkLine>& lines, int step) {
    LoadSuppliers(shape);
    for (int m = 0; m < shape.months; m += step) Send(lines, m, m + step - 1);
  }

  void LoadSuppliers(const UkShape& shape) {
    std::string csv = "id,name\n";
    for (int s = 0; s < shape.suppliers; ++s) absl::StrAppend(&csv, "s", s, ",S", s, " Ltd\n");
    session_.LoadRegister(v1::LoadRegisterRequest::SUPPLIERS, csv);
  }

  void Send(const std::vector<UkLine>& lines, int first, int last) {
    std::vector<v1::UploadLine> wire;
    for (size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].month < first || lines[i].month > last) continue;
      wire.push_back(Wire(lines[i], static_cast<int>(i)));
    }
    session_.Upload(wire, kChunk);
    session_.WaitPublished();
  }

  struct Shares {
    double region_quarter = 0;
    double nation_month = 0;
    double country_month = 0;
  };
  // Prints them as well.
  Shares Measure(const char* how, const UkShape& shape, const std::vector<UkLine>& lines) {
    Spend regions, nations, country;
    for (const UkLine& line : lines) {
      const double pounds = static_cast<double>(line.packs * line.pack_pence) / 100;
      const std::string area = "areas/" + councils_[static_cast<size_t>(line.council)].area;
      regions[{line.product, At(area, 2), line.month / 3}] += pounds;
      nations[{line.product, At(area, 1), line.month}] += pounds;
      country[{line.product, At(area, 0), line.month}] += pounds;
    }
    const Shares shares{ShareAnswered(regions, 3, shape), ShareAnswered(nations, 1, shape),
                        ShareAnswered(country, 1, shape)};
    std::printf(
        "attack: utility              %zu lines, %d councils, %d products, %d months, %s: "
        "of all spend\n"
        "attack: utility              %6.2f %% at product x region x quarter\n"
        "attack: utility              %6.2f %% at product x nation of the four x month\n"
        "attack: utility              %6.2f %% at product x United Kingdom x month\n",
        lines.size(), shape.councils, shape.products, shape.months, how,
        100 * shares.region_quarter, 100 * shares.nation_month, 100 * shares.country_month);
    return shares;
  }

  // The share of `spend` in cells whose question has exactly that answer.
  // `months` is the length of a cell.
  double ShareAnswered(const Spend& spend, int months, const UkShape& shape) {
    double answered = 0, all = 0;
    for (const auto& [cell, pounds] : spend) all += pounds;
    for (int product = 0; product < shape.products; ++product) {
      for (const std::string& area : AreasOf(spend)) {
        v1::GetPriceBenchmarkRequest request;
        request.set_product(products_[static_cast<size_t>(product)].name());
        request.set_area(area);
        request.mutable_from_month()->set_year(kFirstYear);
        request.mutable_from_month()->set_month(1);
        request.mutable_to_month()->set_year(kFirstYear + shape.months / 12 - 1);
        request.mutable_to_month()->set_month(12);
        request.set_granularity(months == 3 ? v1::GRANULARITY_QUARTER : v1::GRANULARITY_MONTH);
        v1::PriceBenchmark reply;
        EXPECT_TRUE(session_.Ask(session_.analyst(), request, &reply).ok());
        for (const v1::PriceCell& c : reply.cells()) {
          const int from = MonthOf(c.from_month()), to = MonthOf(c.to_month());
          const bool exact = c.answer() == v1::PriceCell::EXACT && to - from + 1 == months &&
                             c.areas_size() == 1 && c.areas(0) == area;
          const auto it = spend.find({product, area, from / months});
          if (exact && it != spend.end()) answered += it->second;
        }
      }
    }
    return answered / all;
  }

  // `area`, or what it lies in, at the depth below the country.
  std::string At(std::string area, int depth) const {
    std::vector<std::string> up{area};
    while (!parents_.at(up.back()).empty()) up.push_back(parents_.at(up.back()));
    const int at = static_cast<int>(up.size()) - 1 - depth;
    return up[static_cast<size_t>(std::max(at, 0))];
  }

  Session session_;
  std::map<std::string, std::string> parents_;
  std::vector<v1::Product> products_;
  std::vector<UkCouncil> councils_;

 private:
  static int MonthOf(const v1::Month& m) { return (m.year() - kFirstYear) * 12 + m.month() - 1; }
  static std::vector<std::string> AreasOf(const Spend& spend) {
    std::map<std::string, bool> areas;
    for (const auto& [cell, pounds] : spend) areas[std::get<1>(cell)] = true;
    std::vector<std::string> names;
    for (const auto& [area, is] : areas) names.push_back(area);
    return names;
  }
};

TEST_F(UtilityTest, MostSpendCanBeAskedFor) {
  const UkShape shape;
  const std::vector<UkLine> lines = MakeUkLines(councils_, shape, 1);
  LoadAtOnce(shape, lines);
  const Shares shares = Measure("at once", shape, lines);
  EXPECT_GE(shares.region_quarter, 0.90);
  EXPECT_GE(shares.country_month, 0.99);
}

// What is shown before a quarter is over binds what is shown of it later.
TEST_F(UtilityTest, QuartersCanBeAskedForWhereEachMonthIsShownAtOnce) {
  UkShape shape;
  shape.months = FullLength() ? 36 : 12;
  shape.lines = shape.lines * shape.months / 36;
  const std::vector<UkLine> lines = MakeUkLines(councils_, shape, 1);
  LoadInSteps(shape, lines, 1);
  const Shares shares = Measure("month by month", shape, lines);
  EXPECT_GE(shares.region_quarter, 0.80);
  EXPECT_GE(shares.country_month, 0.99);
}

TEST_F(UtilityTest, MostSpendCanBeAskedForWhereQuartersAreSent) {
  UkShape shape;
  shape.months = FullLength() ? 36 : 12;
  shape.lines = shape.lines * shape.months / 36;
  const std::vector<UkLine> lines = MakeUkLines(councils_, shape, 1);
  LoadInSteps(shape, lines, 3);
  const Shares shares = Measure("quarter by quarter", shape, lines);
  EXPECT_GE(shares.region_quarter, 0.90);
  EXPECT_GE(shares.country_month, 0.99);
}

}  // namespace
}  // namespace steelyard::attack
