#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "client/demo/files.h"
#include "gmock/gmock.h"

namespace steelyard::demo {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr uint64_t kSeed = 2020;

struct Data {
  explicit Data(uint64_t seed, int lines = 30'000)
      : councils(MakeCouncils(seed)),
        suppliers(MakeSuppliers(seed)),
        purchases(MakePurchases(seed, lines, councils, suppliers)) {}
  std::string File(void (*write)(std::ostream&, const std::vector<Line>&)) const {
    std::ostringstream out;
    write(out, purchases);
    return out.str();
  }
  std::vector<Council> councils;
  std::vector<Supplier> suppliers;
  std::vector<Line> purchases;
};

const Data& Shipped() {
  static const auto* const data = new Data(kSeed);
  return *data;
}

// First cells of a shipped register.
std::set<std::string> Ids(const std::string& file) {
  std::ifstream in(std::string(getenv("STEELYARD_SOURCE_DIR")) + "/server/registry/data/" + file);
  EXPECT_TRUE(in) << file;
  std::set<std::string> ids;
  for (std::string line; std::getline(in, line);) ids.insert(line.substr(0, line.find(',')));
  return ids;
}

TEST(DemoTest, ProductsAndCouncilsAreInTheShippedRegisters) {
  const std::set<std::string> products = Ids("products.csv");
  for (const Good& good : Goods()) EXPECT_EQ(products.count(std::string(good.id)), 1u) << good.id;
  const std::set<std::string> councils = Ids("councils.csv");
  for (const Council& council : Shipped().councils) {
    EXPECT_EQ(councils.count(std::string(council.id)), 1u) << council.id;
  }
}

TEST(DemoTest, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const Data again(kSeed, 3'000), same(kSeed, 3'000), other(7, 3'000);
  EXPECT_EQ(again.File(&WritePurchases), same.File(&WritePurchases));
  EXPECT_NE(again.File(&WritePurchases), other.File(&WritePurchases));
}

TEST(DemoTest, HasAboutAsManyLinesAsAskedFor) {
  EXPECT_NEAR(static_cast<double>(Shipped().purchases.size()), 30'000, 1'500);
  EXPECT_NEAR(static_cast<double>(Data(kSeed, 5'000).purchases.size()), 5'000, 500);
}

TEST(DemoTest, IsMarkedAsDemonstration) {
  for (const Supplier& supplier : Shipped().suppliers) {
    EXPECT_THAT(supplier.name, EndsWith("(demonstration)"));
  }
  for (const Line& line : Shipped().purchases) EXPECT_THAT(line.reference, StartsWith("DEMO-"));
}

TEST(DemoTest, ReferencesAreUniqueWithinACouncil) {
  std::set<std::pair<const Council*, std::string>> seen;
  for (const Line& line : Shipped().purchases) {
    EXPECT_TRUE(seen.insert({line.council, line.reference}).second) << line.reference;
  }
}

TEST(DemoTest, LinesAgreeWithThemselves) {
  for (const Line& line : Shipped().purchases) {
    EXPECT_GE(line.packs, 1);
    EXPECT_GE(line.pack_pence, 1);
    if (line.has_promise) {
      EXPECT_GE(line.promised, line.ordered);
    }
    int64_t came = 0;
    for (const Receipt& receipt : line.receipts) {
      EXPECT_GE(receipt.date, line.ordered);
      EXPECT_GE(receipt.packs, 1);
      came += receipt.packs;
    }
    EXPECT_LE(came, line.packs);
    if (line.accepted >= 0) {
      EXPECT_EQ(line.accepted + line.rejected, came);
    }
    EXPECT_EQ(line.rejected > 0, !line.reject_reason.empty());
  }
}

// Mean price of a piece or pair in pence, over [first, last] months.
double MeanPence(std::string_view family, absl::CivilMonth first, absl::CivilMonth last) {
  double spend = 0, units = 0;
  for (const Line& line : Shipped().purchases) {
    const absl::CivilMonth month(line.ordered);
    const bool counts = family.empty() ? line.good->family != "gel" : line.good->family == family;
    if (!counts || month < first || month > last) continue;
    spend += static_cast<double>(line.packs * line.pack_pence);
    units += static_cast<double>(line.packs * line.good->pack_content);
  }
  return spend / units;
}

TEST(DemoTest, PricesTakeTheCourseOf2020) {
  const absl::CivilMonth start(2019, 1), end(2019, 12), feb(2020, 2), jul(2020, 7);
  EXPECT_NEAR(MeanPence("", start, end), 2.2, 0.5);
  EXPECT_NEAR(MeanPence("", feb, jul), 39, 8);
  const absl::CivilMonth april(2020, 4);
  EXPECT_NEAR(MeanPence("respirator", april, jul) / MeanPence("respirator", start, end), 2.66, 0.9);
  EXPECT_GT(MeanPence("gown", april, jul) / MeanPence("gown", start, end), 10);
  EXPECT_LT(MeanPence("mask", absl::CivilMonth(2021, 10), absl::CivilMonth(2021, 12)),
            MeanPence("mask", april, jul) / 3);
}

TEST(DemoTest, TakingPartIsSkewedAndSparse) {
  std::map<std::string_view, std::set<std::string_view>> buyers;
  std::map<std::string_view, std::set<std::string>> sellers;
  std::map<std::string_view, std::map<std::string_view, int64_t>> units;
  std::map<Participation, int> councils;
  for (const Line& line : Shipped().purchases) {
    buyers[line.good->id].insert(line.council->id);
    sellers[line.good->id].insert(line.supplier->id);
    units[line.good->id][line.council->id] += line.packs;
  }
  for (const Council& council : Shipped().councils) ++councils[council.participation];
  for (const auto kind : {Participation::kNever, Participation::kAlways, Participation::kQuarterly,
                          Participation::kSinceSpring2020, Participation::kOneMonth}) {
    EXPECT_GE(councils[kind], 10);
  }
  EXPECT_GT(buyers["glove-exam-nitrile-m"].size(), 150u);
  EXPECT_EQ(buyers["visor-lens"].size(), 3u);
  EXPECT_EQ(sellers["respirator-half-mask-p3"].size(), 1u);
  int64_t all = 0;
  for (const auto& [council, packs] : units["body-bag-heavy"]) all += packs;
  EXPECT_GT(units["body-bag-heavy"]["bir"], all / 2);
}

TEST(DemoTest, SpringOf2020WasLateAndFullOfRejects) {
  int spring = 0, spring_late = 0, quiet = 0, quiet_late = 0, spring_rejects = 0, quiet_rejects = 0;
  for (const Line& line : Shipped().purchases) {
    if (!line.has_promise || line.receipts.empty()) continue;
    const bool is_spring =
        line.ordered >= absl::CivilDay(2020, 3, 1) && line.ordered <= absl::CivilDay(2020, 6, 30);
    const bool late = line.receipts.back().date > line.promised;
    ++(is_spring ? spring : quiet);
    (is_spring ? spring_late : quiet_late) += late;
    (is_spring ? spring_rejects : quiet_rejects) += line.rejected > 0;
  }
  EXPECT_GT(spring_late * 3, spring);
  EXPECT_LT(quiet_late * 4, quiet);
  EXPECT_GT(spring_rejects * quiet, 3 * quiet_rejects * spring);
}

TEST(DemoTest, TheFileWithErrorsHasManyKindsBetweenGoodLines) {
  const std::string text = Shipped().File(&WritePurchasesWithErrors);
  EXPECT_THAT(text, StartsWith("Reference,Product,"));
  for (const char* bad : {"31/02/2020", "glove-nitrile-medium-blue", "Nobody Has Heard Of Them Ltd",
                          ",37,", "-12", "lots", "2031-04-01", "POUNDS"}) {
    EXPECT_THAT(text, HasSubstr(bad));
  }
  const auto first = text.find("DEMO-ERR-001,");
  EXPECT_NE(text.find("DEMO-ERR-001,", first + 1), std::string::npos) << "no duplicate reference";
}

}  // namespace
}  // namespace steelyard::demo
