#include "server/registry/shipped_registers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "server/registry/csv_table.h"
#include "server/registry/register_csv.h"

namespace steelyard::registry {
namespace {

using model::Council;
using model::Day;
using model::Registers;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ShippedRegistersTest : public ::testing::Test {
 protected:
  ShippedRegistersTest() {
    auto areas = ParseAreas(ShippedCsv(Register::kAreas), registers_);
    Take(areas, areas.areas);
    auto councils = ParseCouncils(ShippedCsv(Register::kCouncils), registers_);
    Take(councils, councils.councils);
    auto products = ParseProducts(ShippedCsv(Register::kProducts), registers_);
    Take(products, products.products);
    auto suppliers = ParseSuppliers(ShippedCsv(Register::kSuppliers), registers_);
    Take(suppliers, suppliers.suppliers);
    auto providers = ParseProviders(ShippedCsv(Register::kProviders), registers_);
    Take(providers, providers.providers);
  }

  template <typename Entries>
  void Take(const RegisterLoad& load, const Entries& entries) {
    for (const auto& p : load.problems) ADD_FAILURE() << p.row << ": " << p.message;
    for (const auto& entry : entries) registers_.Put(entry);
  }

  const Council& Of(std::string_view id) const { return *registers_.FindCouncil(id); }

  Registers registers_;
};

TEST_F(ShippedRegistersTest, CountsOfLiveCouncilsAreThoseOfTheCountry) {
  std::map<std::string, int> live;
  int former = 0;
  int english_children = 0;
  for (const Council& c : registers_.councils) {
    if (c.end_date) {
      ++former;
      EXPECT_GE(*c.end_date, *Day::FromYmd(2019, 1, 1)) << c.id;
      EXPECT_FALSE(c.successors.empty()) << c.id;
      continue;
    }
    ++live[c.authority_type];
    EXPECT_TRUE(c.successors.empty()) << c.id;
    EXPECT_FALSE(c.gss_code.empty()) << c.id;
    if (c.gss_code[0] == 'E' && c.childrens_services) ++english_children;
  }
  const std::map<std::string, int> expected = {
      {"unitary", 63}, {"district", 164}, {"metropolitan", 36}, {"london-borough", 33},
      {"county", 21},  {"welsh", 22},     {"scottish", 32},     {"northern-irish", 11}};
  EXPECT_EQ(live, expected);
  EXPECT_EQ(english_children, 153);
  EXPECT_EQ(former, 48);
}

TEST_F(ShippedRegistersTest, AreasFormATree) {
  EXPECT_EQ(registers_.areas.size(), 14u);
  std::map<std::string, int> kinds;
  for (const auto& a : registers_.areas) {
    ++kinds[a.kind];
    EXPECT_EQ(a.parent.has_value(), a.id != "united-kingdom") << a.id;
  }
  EXPECT_EQ(kinds["nation"], 4);
  EXPECT_EQ(kinds["region"], 9);
  for (const Council& c : registers_.councils) {
    const std::string& area = registers_.FindArea(c.area)->id;
    EXPECT_TRUE(registers_.FindArea(c.area)->kind == "region" || area == "wales" ||
                area == "scotland" || area == "northern-ireland")
        << c.id;
  }
}

// Where the source differs from its own districts, and from Ofsted.
TEST_F(ShippedRegistersTest, DerbyshireAndLincolnshireLieInTheEastMidlands) {
  EXPECT_EQ(registers_.FindArea(Of("dby").area)->id, "east-midlands");
  EXPECT_EQ(registers_.FindArea(Of("lin").area)->id, "east-midlands");
}

TEST_F(ShippedRegistersTest, ReorganisationsAreAsTheyWere) {
  const Day new_year = *Day::FromYmd(2023, 4, 1);
  EXPECT_THAT(Of("cma").successors, UnorderedElementsAre("cbd", "waf"));
  EXPECT_EQ(Of("cma").end_date->number, new_year.number - 1);
  EXPECT_EQ(Of("cbd").start_date, new_year);
  EXPECT_THAT(Of("nyk").successors, ElementsAre("nye"));
  EXPECT_NE(Of("nyk").gss_code, Of("nye").gss_code);
  EXPECT_THAT(Of("som").successors, ElementsAre("smt"));
  EXPECT_THAT(Of("tau").successors, ElementsAre("swt"));
  EXPECT_THAT(Of("swt").successors, ElementsAre("smt"));
  EXPECT_THAT(Of("dor").successors, ElementsAre("dst"));
  EXPECT_THAT(Of("bmh").successors, ElementsAre("bpc"));
  EXPECT_THAT(Of("bkm").successors, ElementsAre("buc"));
  EXPECT_EQ(registers_.FindArea(Of("bkm").area)->id, "south-east");
  EXPECT_THAT(Of("nth").successors, UnorderedElementsAre("nnt", "wnt"));
  EXPECT_EQ(Of("bpc").gss_code, "E06000058");
  EXPECT_EQ(Of("dst").gss_code, "E06000059");
  EXPECT_EQ(Of("bns").gss_code, "E08000038");
  EXPECT_THAT(Of("bns").former_gss_codes, ElementsAre("E08000016"));
  EXPECT_EQ(Of("shf").gss_code, "E08000039");
  EXPECT_THAT(Of("shf").former_gss_codes, ElementsAre("E08000019"));
  // A council and the one that follows it: no day without either, none with both.
  for (const Council& c : registers_.councils) {
    for (const auto& s : c.successors) {
      EXPECT_EQ(Of(s).start_date->number, c.end_date->number + 1) << c.id;
    }
  }
}

TEST_F(ShippedRegistersTest, TheCatalogueHasEveryClassAndTypedSpecifications) {
  EXPECT_GE(registers_.products.size(), 60u);
  std::set<std::string> classes;
  for (const auto& p : registers_.products) {
    classes.insert(p.product_class);
    EXPECT_FALSE(p.attributes.empty()) << p.id;
    EXPECT_FALSE(p.packs.empty()) << p.id;
    EXPECT_FALSE(p.cpv_code.empty()) << p.id;
    EXPECT_LT(p.band_low_micros, p.band_high_micros) << p.id;
    // Only numbers that GS1 gives to nobody.
    for (const auto& gtin : p.gtins) EXPECT_EQ(gtin.substr(0, 2), "20") << p.id;
    const bool pair = p.base_unit == model::BaseUnit::kPair;
    EXPECT_EQ(pair, p.product_class == "surgical-glove") << p.id;
  }
  for (const char* name :
       {"mask", "respirator", "glove", "surgical-glove", "apron", "gown", "coverall",
        "eye-protection", "hand-gel", "wipe", "body-bag", "thermometer"}) {
    EXPECT_TRUE(classes.contains(name)) << name;
  }
  // Hand gel, plain gowns and reusable respirators were not zero-rated.
  EXPECT_EQ(registers_.FindProduct("hand-gel-pump")->vat_class, "standard");
  EXPECT_EQ(registers_.FindProduct("gown-isolation")->vat_class, "standard");
  EXPECT_EQ(registers_.FindProduct("gown-fluid-resistant")->vat_class, "ppe-zero-2020");
}

TEST_F(ShippedRegistersTest, TheStrategicProvidersHaveTheirOwnersByDate) {
  const auto owner = [&](std::string_view id, int year, int month) {
    const auto no =
        registers_.UltimateOwner(registers_.FindProvider(id)->no, *Day::FromYmd(year, month, 28));
    return registers_.FindProvider(no)->id;
  };
  EXPECT_EQ(owner("cambian", 2018, 9), "cambian");
  EXPECT_EQ(owner("cambian", 2018, 10), "caretech");
  EXPECT_EQ(owner("cambian", 2022, 9), "amalfi-midco");
  EXPECT_EQ(owner("keys", 2020, 3), "g-square");
  EXPECT_EQ(owner("witherslack", 2020, 3), "charme-capital");
  EXPECT_EQ(owner("witherslack", 2022, 3), "mubadala");
  EXPECT_EQ(owner("priory", 2020, 3), "acadia-healthcare");
  EXPECT_EQ(owner("priory", 2021, 3), "waterland");
  EXPECT_EQ(owner("aspris", 2022, 3), "waterland");
  // No number that nobody looked up.
  for (const auto& p : registers_.providers) EXPECT_EQ(p.company_number, "") << p.id;
}

// The sources, where they are at hand.
class SourcesTest : public ShippedRegistersTest {
 protected:
  void SetUp() override {
    const char* root = std::getenv("STEELYARD_SOURCE_DIR");
    data_ = std::filesystem::path(root == nullptr ? "." : root) / "../shared/data";
    if (!std::filesystem::exists(data_)) GTEST_SKIP() << data_ << " is not there";
  }

  // Rows as maps from column to cell.
  std::vector<std::map<std::string, std::string>> Read(const std::string& file) const {
    std::ifstream in(data_ / file);
    std::stringstream text;
    text << in.rdbuf();
    const std::string csv = text.str();
    const std::string header = csv.substr(0, csv.find_first_of("\r\n"));
    CsvColumns columns;
    std::string_view rest = header;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(','), rest.size());
      columns.required.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const CsvTable table = ReadCsv(csv, columns);
    std::vector<std::map<std::string, std::string>> rows;
    for (const auto& row : table.rows) {
      auto& cells = rows.emplace_back();
      for (size_t i = 0; i < table.columns.size(); ++i) cells[table.columns[i]] = row.cells[i];
    }
    EXPECT_FALSE(rows.empty()) << file;
    return rows;
  }

  std::filesystem::path data_;
};

std::vector<std::string> LowerList(const std::string& commas) {
  std::vector<std::string> out;
  std::stringstream in(commas);
  for (std::string part; std::getline(in, part, ',');) {
    for (char& c : part) c = static_cast<char>(std::tolower(c));
    if (!part.empty()) out.push_back(part);
  }
  return out;
}

TEST_F(SourcesTest, EveryPrincipalCouncilOfTheSourceIsThereWithItsCodesDatesAndSuccessors) {
  const std::map<std::string, std::string> types = {
      {"UA", "unitary"},         {"NMD", "district"},      {"MD", "metropolitan"},
      {"LBO", "london-borough"}, {"CC", "london-borough"}, {"CTY", "county"},
      {"WPA", "welsh"},          {"SCO", "scottish"},      {"NID", "northern-irish"}};
  size_t seen = 0;
  for (auto& row : Read("uk_councils/mysociety_uk_local_authorities_current.csv")) {
    const auto type = types.find(row["local-authority-type"]);
    const std::string& end = row["end-date"];
    if (type == types.end() || (!end.empty() && end < "2019")) continue;
    ++seen;
    const std::string id = LowerList(row["local-authority-code"]).at(0);
    const Council* c = registers_.FindCouncil(id);
    ASSERT_NE(c, nullptr) << id;
    EXPECT_EQ(c->authority_type, type->second) << id;
    // The ONS has given a new code since in a few places.
    EXPECT_TRUE(c->gss_code == row["gss-code"] ||
                testing::Value(c->former_gss_codes, testing::Contains(row["gss-code"])))
        << id;
    for (std::string code : LowerList(row["former-gss-codes"])) {
      for (char& ch : code) ch = static_cast<char>(std::toupper(ch));
      EXPECT_THAT(c->former_gss_codes, testing::Contains(code)) << id;
    }
    EXPECT_EQ(c->successors, LowerList(row["replaced-by"])) << id;
    EXPECT_EQ(c->end_date.has_value(), end.empty() ? false : true) << id;
    // The source gives the last day for some and the day after for others.
    if (c->end_date) {
      const Day after{c->end_date->number + 1};
      EXPECT_TRUE(c->end_date->ToString() == end || after.ToString() == end) << id;
    }
    // May and June 2005 are when the source's code list began, not the body.
    if (row["start-date"].substr(0, 6) != "2005-0") {
      EXPECT_EQ(c->start_date ? c->start_date->ToString() : "", row["start-date"]) << id;
    }
  }
  EXPECT_EQ(seen, registers_.councils.size());
}

TEST_F(SourcesTest, PresentGssCodesAreThoseThatTheOnsHasActive) {
  std::map<std::string, std::string> active;
  for (auto& row : Read("uk_councils/drkane_la_all_codes.csv")) {
    active[row["LADCD"]] = row["LADCD_ACTIVE"];
  }
  size_t seen = 0;
  for (const Council& c : registers_.councils) {
    if (c.end_date || c.authority_type == "county") continue;
    ++seen;
    ASSERT_TRUE(active.contains(c.gss_code)) << c.id;
    EXPECT_EQ(active[c.gss_code], c.gss_code) << c.id;
    for (const auto& former : c.former_gss_codes) {
      if (!active.contains(former)) continue;
      EXPECT_EQ(active[former], c.gss_code) << c.id;
    }
  }
  EXPECT_EQ(seen, 361u);
}

TEST_F(SourcesTest, EveryCpvCodeIsInTheList) {
  std::set<std::string> codes;
  for (auto& row : Read("code_lists/cpv_2008_en.csv")) codes.insert(row["code"]);
  EXPECT_GT(codes.size(), 9'000u);
  for (const auto& p : registers_.products) EXPECT_TRUE(codes.contains(p.cpv_code)) << p.id;
}

}  // namespace
}  // namespace steelyard::registry
