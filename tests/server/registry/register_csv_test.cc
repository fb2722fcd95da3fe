#include "server/registry/register_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::registry {
namespace {

using model::Day;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// row code field found, of each problem.
std::vector<std::string> Brief(const RegisterLoad& load) {
  std::vector<std::string> all;
  for (const auto& p : load.problems) {
    all.push_back(std::to_string(p.row) + " " + p.code + " " + p.field + " " + p.found);
  }
  return all;
}

model::Registers SomeRegisters() {
  model::Registers r;
  for (auto& area : ParseAreas("id,name,kind,parent\n"
                               "uk,United Kingdom,country,\n"
                               "wales,Wales,nation,uk\n",
                               r)
                        .areas) {
    r.Put(area);
  }
  return r;
}

TEST(ParseAreasTest, AParentMayStandFurtherDown) {
  const model::Registers r = SomeRegisters();
  const RegisterLoad load =
      ParseAreas("id,name,kind,parent\nnorth,North,region,england\nengland,England,nation,uk\n", r);
  EXPECT_THAT(load.problems, IsEmpty());
  ASSERT_THAT(load.areas, SizeIs(2));
  model::Registers next = r;
  for (const auto& a : load.areas) next.Put(a);
  EXPECT_EQ(next.FindArea(*next.FindArea("north")->parent)->id, "england");
  EXPECT_EQ(next.FindArea(*next.FindArea("england")->parent)->id, "uk");
}

TEST(ParseAreasTest, ReportsUnknownParentsKindsAndRings) {
  const RegisterLoad load = ParseAreas(
      "id,name,kind,parent\na,A,region,b\nb,B,region,a\nc,C,planet,nowhere\n", SomeRegisters());
  EXPECT_THAT(Brief(load),
              ElementsAre("2 AREA_RING parent b", "3 AREA_RING parent a",
                          "4 AREA_KIND_UNKNOWN kind planet", "4 AREA_UNKNOWN parent nowhere"));
}

TEST(ParseCouncilsTest, ReadsEveryField) {
  const model::Registers r = SomeRegisters();
  const RegisterLoad load = ParseCouncils(
      "id,name,aliases,authority_type,area,gss_code,former_gss_codes,start_date,end_date,"
      "successors,childrens_services,related_group\n"
      "abc,\"A, B Council\",AB; A and B ,welsh,wales,W06000001,W06000009;W06000008,1996-04-01,"
      "2023-03-31,xyz,true,north-hub\n"
      "xyz,X Council,,welsh,wales,,,,,,,\n",
      r);
  EXPECT_THAT(load.problems, IsEmpty());
  ASSERT_THAT(load.councils, SizeIs(2));
  const model::Council& c = load.councils[0];
  EXPECT_EQ(c.id, "abc");
  EXPECT_EQ(c.display_name, "A, B Council");
  EXPECT_THAT(c.aliases, ElementsAre("AB", "A and B"));
  EXPECT_EQ(c.area, r.FindArea("wales")->no);
  EXPECT_THAT(c.former_gss_codes, ElementsAre("W06000009", "W06000008"));
  EXPECT_EQ(c.start_date, Day::FromYmd(1996, 4, 1));
  EXPECT_EQ(c.end_date, Day::FromYmd(2023, 3, 31));
  EXPECT_THAT(c.successors, ElementsAre("xyz"));
  EXPECT_TRUE(c.childrens_services);
  EXPECT_EQ(c.related_group, "north-hub");
  EXPECT_EQ(load.councils[1].end_date, std::nullopt);
}

TEST(ParseCouncilsTest, ReportsEveryProblemOfEveryRow) {
  const RegisterLoad load = ParseCouncils(
      "id,name,authority_type,area,gss_code,former_gss_codes,start_date,end_date,successors,"
      "childrens_services\n"
      "Abc,,Welsh,mars,W0600001,E1;W06000002,01/04/1996,2023-02-29,Nobody,yes\n"
      "abd,D,welsh,wales,W06000002,,2023-01-01,2022-01-01,gone,\n"
      "abe,E,welsh,wales,W06000003,W06000002,,,,\n"
      "abe,E again,welsh,wales,,,,,,\n",
      SomeRegisters());
  EXPECT_THAT(
      Brief(load),
      ElementsAre("2 ID_INVALID id Abc", "2 NAME_INVALID name ",
                  "2 WORD_INVALID authority_type Welsh", "2 AREA_UNKNOWN area mars",
                  "2 GSS_CODE_INVALID gss_code W0600001", "2 GSS_CODE_INVALID former_gss_codes E1",
                  "2 DATE_INVALID start_date 01/04/1996", "2 DATE_INVALID end_date 2023-02-29",
                  "2 ID_INVALID successors Nobody", "2 FLAG_INVALID childrens_services yes",
                  "3 DATE_ORDER end_date 2022-01-01", "3 COUNCIL_UNKNOWN successors gone",
                  "4 GSS_CODE_TAKEN former_gss_codes W06000002", "5 ID_REPEATED id abe"));
  EXPECT_EQ(load.problems[5].message,
            "\"former_gss_codes\" holds \"E1\"; put in a code such as E06000001.");
  EXPECT_THAT(load.problems.back().expected, HasSubstr("row 4"));
}

TEST(ParseCouncilsTest, SuccessorsThatLeadBackAreARing) {
  const RegisterLoad load = ParseCouncils(
      "id,name,authority_type,area,successors\n"
      "a,A,welsh,wales,b\nb,B,welsh,wales,c\nc,C,welsh,wales,a;d\nd,D,welsh,wales,\n",
      SomeRegisters());
  EXPECT_THAT(Brief(load),
              ElementsAre("2 SUCCESSOR_RING successors b", "3 SUCCESSOR_RING successors c",
                          "4 SUCCESSOR_RING successors a"));
}

TEST(ParseCouncilsTest, AColumnThatIsMissingLeavesTheFieldAndAnEmptyCellClearsIt) {
  model::Registers r = SomeRegisters();
  model::Council known;
  known.id = "abc";
  known.display_name = "Old";
  known.aliases = {"Other"};
  known.gss_code = "W06000001";
  known.area = r.FindArea("wales")->no;
  r.Put(known);
  const RegisterLoad load =
      ParseCouncils("id,name,authority_type,area,gss_code\nabc,New,welsh,wales,\n", r);
  EXPECT_THAT(load.problems, IsEmpty());
  ASSERT_THAT(load.councils, SizeIs(1));
  EXPECT_EQ(load.councils[0].no, r.FindCouncil("abc")->no);
  EXPECT_EQ(load.councils[0].display_name, "New");
  EXPECT_THAT(load.councils[0].aliases, ElementsAre("Other"));
  EXPECT_EQ(load.councils[0].gss_code, "");
}

TEST(ParseProductsTest, ReadsEveryField) {
  const RegisterLoad load = ParseProducts(
      "id,name,aliases,product_class,base_unit,packs,attributes,cpv_code,standard,vat_class,gtins,"
      "band_low_micros,band_high_micros,start_date,end_date,any_pack\n"
      "mask,Mask,FRSM,mask,piece,BX:box:50;CT:carton:2000,class=IIR;sterile=false,33140000-3,"
      "EN 14683,ppe-zero-2020,5901234123457,20000,900000,2020-01-01,2024-12-31,false\n",
      {});
  EXPECT_THAT(load.problems, IsEmpty());
  ASSERT_THAT(load.products, SizeIs(1));
  const model::Product& p = load.products[0];
  EXPECT_EQ(p.base_unit, model::BaseUnit::kPiece);
  EXPECT_THAT(p.packs, ElementsAre(model::PackLevel{"BX", "box", 50},
                                   model::PackLevel{"CT", "carton", 2000}));
  EXPECT_THAT(p.attributes,
              ElementsAre(model::Attribute{"class", "IIR"}, model::Attribute{"sterile", "false"}));
  EXPECT_EQ(p.cpv_code, "33140000-3");
  EXPECT_EQ(p.vat_class, "ppe-zero-2020");
  EXPECT_EQ(p.band_low_micros, 20'000);
  EXPECT_EQ(p.band_high_micros, 900'000);
  EXPECT_EQ(p.end_date, Day::FromYmd(2024, 12, 31));
  EXPECT_FALSE(p.any_pack);
}

TEST(ParseProductsTest, ReportsEveryProblemOfEveryRow) {
  const RegisterLoad load = ParseProducts(
      "id,name,product_class,base_unit,packs,attributes,cpv_code,vat_class,gtins,band_low_micros,"
      "band_high_micros,start_date,end_date,any_pack\n"
      "a,A,mask,each,CA:case:10;BX:box;BX:box:0,class,18424300,zero,5901234123456,1.5,-1,,,maybe\n"
      "b,B,mask,piece,BX:box:50;CT:carton:120,,18424300-1,,5901234123457,2,1,2021-01-01,2020-01-01,"
      "\n"
      "c,C,mask,piece,,,,,5901234123457,,,,,\n"
      "d,D,mask,piece,,,,,,,,,,true\n",
      {});
  EXPECT_THAT(
      Brief(load),
      ElementsAre("2 BASE_UNIT_UNKNOWN base_unit each", "2 PACK_INVALID packs CA:case:10",
                  "2 PACK_INVALID packs BX:box", "2 PACK_INVALID packs BX:box:0",
                  "2 ATTRIBUTE_INVALID attributes class", "2 CPV_INVALID cpv_code 18424300",
                  "2 VAT_CLASS_UNKNOWN vat_class zero", "2 GTIN_INVALID gtins 5901234123456",
                  "2 PRICE_INVALID band_low_micros 1.5", "2 PRICE_INVALID band_high_micros -1",
                  "2 FLAG_INVALID any_pack maybe", "2 PACKS_MISSING packs ",
                  "3 DATE_ORDER end_date 2020-01-01", "3 PACKS_ORDER packs 120",
                  "3 BAND_ORDER band_high_micros 1", "3 CPV_CHECK_DIGIT cpv_code 18424300-1",
                  "4 GTIN_TAKEN gtins 5901234123457", "4 PACKS_MISSING packs "));
  EXPECT_EQ(load.problems[15].severity, model::Problem::Severity::kWarning);
  EXPECT_EQ(load.products.back().vat_class, "standard");
}

TEST(ParseProductsTest, AGtinOfARegisteredProductIsTakenWhicheverIsNewer) {
  model::Registers r;
  model::Product known;
  known.id = "zz";
  known.gtins = {"5901234123457"};
  r.Put(known);
  const RegisterLoad load = ParseProducts(
      "id,name,product_class,base_unit,any_pack,gtins\na,A,mask,piece,true,5901234123457\n", r);
  EXPECT_THAT(Brief(load), ElementsAre("2 GTIN_TAKEN gtins 5901234123457"));
}

TEST(ParseSuppliersTest, ReadsDatedOwners) {
  const RegisterLoad load = ParseSuppliers(
      "id,name,company_number,country_code,owners\n"
      "cambian,Cambian Group Ltd,01234567,GB,gms@..2018-10-18;caretech@2018-10-19..\n"
      "caretech,CareTech,,GB,midco\n"
      "gms,GMS,,,\nmidco,Midco,SC123456,,\n",
      {});
  EXPECT_THAT(load.problems, IsEmpty());
  ASSERT_THAT(load.suppliers, SizeIs(4));
  EXPECT_THAT(load.suppliers[0].owners,
              ElementsAre(model::Ownership{"gms", std::nullopt, Day::FromYmd(2018, 10, 18)},
                          model::Ownership{"caretech", Day::FromYmd(2018, 10, 19), std::nullopt}));
  EXPECT_THAT(load.suppliers[1].owners,
              ElementsAre(model::Ownership{"midco", std::nullopt, std::nullopt}));
}

TEST(ParseSuppliersTest, ReportsEveryProblemOfEveryRow) {
  const RegisterLoad load = ParseSuppliers(
      "id,name,company_number,country_code,owners\n"
      "a,A,1234567,UK,b@2020;Bad\n"
      "b,B,01234567,GB,c@2020-01-01..2021-01-01;c@2021-01-01..;nobody@2019-01-01..2018-01-01\n"
      "c,C,01234567,,\n",
      {});
  EXPECT_THAT(Brief(load),
              ElementsAre("2 COMPANY_NUMBER_INVALID company_number 1234567",
                          "2 COUNTRY_UNKNOWN country_code UK", "2 OWNER_INVALID owners b@2020",
                          "2 OWNER_INVALID owners Bad", "3 OWNERS_OVERLAP owners c",
                          "3 DATE_ORDER owners nobody", "3 SUPPLIER_UNKNOWN owners nobody",
                          "4 COMPANY_NUMBER_TAKEN company_number 01234567"));
}

TEST(ParseSuppliersTest, OwnersMayNotOwnThemselvesOnAnyDay) {
  const RegisterLoad ring =
      ParseSuppliers("id,name,owners\na,A,b@2020-01-01..\nb,B,c\nc,C,a@2021-01-01..\nd,D,d\n", {});
  EXPECT_THAT(Brief(ring), ElementsAre("2 OWNER_RING owners b", "3 OWNER_RING owners c",
                                       "4 OWNER_RING owners a", "5 OWNER_RING owners d"));
  // One after the other is no ring.
  const RegisterLoad apart =
      ParseSuppliers("id,name,owners\na,A,b@..2019-12-31\nb,B,a@2020-01-01..\n", {});
  EXPECT_THAT(apart.problems, IsEmpty());
}

TEST(ParseSuppliersTest, AnEmptyRegisterIsFineAndAMergeStays) {
  const RegisterLoad empty = ParseSuppliers("id,name\n", {});
  EXPECT_THAT(empty.problems, IsEmpty());
  EXPECT_THAT(empty.suppliers, IsEmpty());
  model::Registers r;
  model::Supplier a;
  a.id = "a";
  a.merged_into = "b";
  r.Put(a);
  EXPECT_EQ(ParseSuppliers("id,name\na,New\n", r).suppliers.at(0).merged_into, "b");
}

TEST(ParseSuppliersTest, TwentyThousandHostileRowsEnd) {
  std::string csv = "id,name,owners\n";
  for (int i = 0; i < 20'000; ++i) {
    const std::string n = std::to_string(i);
    csv += "s" + n + ",S" + n + ",";
    for (int j = 1; j < 8; ++j) csv += "s" + std::to_string((i + j) % 20'000) + ";";
    csv += "\n";
  }
  EXPECT_THAT(ParseSuppliers(csv, {}).problems, SizeIs(::testing::Ge(20'000u)));
}

}  // namespace
}  // namespace steelyard::registry
