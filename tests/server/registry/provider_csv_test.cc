#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/registry/register_csv.h"

namespace steelyard::registry {
namespace {

using model::Day;
using model::ProviderOwnership;
using model::Service;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kHeader[] = "id,name,aliases,company_number,services,sector,owners\n";

// Problems as `row column code`.
std::vector<std::string> Said(const RegisterLoad& load) {
  std::vector<std::string> said;
  for (const model::Problem& p : load.problems) {
    said.push_back(absl::StrCat(p.row, " ", p.field, " ", p.code));
    EXPECT_FALSE(p.message.empty());
  }
  return said;
}

model::Registers With(const std::string& rows) {
  model::Registers registers;
  for (model::Provider& p : ParseProviders(kHeader + rows, registers).providers) {
    registers.Put(std::move(p));
  }
  return registers;
}

TEST(ProviderCsvTest, ARowBecomesAProvider) {
  const RegisterLoad load = ParseProviders(
      absl::StrCat(kHeader, "caretech,CareTech,,,,,\n",
                   "cambian,Cambian,Cambian Childcare Ltd; CC,01234567,fostering;childrens-homes;",
                   "fostering,private,old@..2018-10-18;caretech@2018-10-19..\n", "old,Old,,,,,\n"),
      {});
  EXPECT_THAT(Said(load), IsEmpty());
  ASSERT_EQ(load.providers.size(), 3u);
  const model::Provider& p = load.providers[1];
  EXPECT_EQ(p.id, "cambian");
  EXPECT_EQ(p.display_name, "Cambian");
  EXPECT_THAT(p.aliases, ElementsAre("Cambian Childcare Ltd", "CC"));
  EXPECT_EQ(p.company_number, "01234567");
  EXPECT_THAT(p.services, ElementsAre(Service::kChildrensHomes, Service::kFostering));
  EXPECT_EQ(p.sector, "private");
  EXPECT_THAT(p.owners,
              ElementsAre(ProviderOwnership{"old", std::nullopt, Day::FromYmd(2018, 10, 18)},
                          ProviderOwnership{"caretech", Day::FromYmd(2018, 10, 19), std::nullopt}));
}

TEST(ProviderCsvTest, EverythingWrongIsSaidAtOnce) {
  const RegisterLoad load = ParseProviders(
      absl::StrCat(kHeader, "a,,,12,knitting,charity,nobody\n",
                   "b,B,,01234567,,,a@2020-01-01..2019-01-01\n",
                   "c,C,,01234567,,,a@..2020-06-30;b@2020-06-30..\n", "d,D,,,,,a@June\n"),
      {});
  EXPECT_THAT(Said(load),
              ElementsAre("2 name NAME_INVALID", "2 company_number COMPANY_NUMBER_INVALID",
                          "2 services SERVICE_UNKNOWN", "2 sector SECTOR_UNKNOWN",
                          "2 owners PROVIDER_UNKNOWN", "3 owners DATE_ORDER",
                          "4 company_number COMPANY_NUMBER_TAKEN", "4 owners OWNERS_OVERLAP",
                          "5 owners OWNER_INVALID"));
}

TEST(ProviderCsvTest, NobodyOwnsItselfOnAnyDay) {
  const model::Registers registers = With("a,A,,,,,b@2020-01-01..\nb,B,,,,,\n");
  EXPECT_THAT(Said(ParseProviders("id,name,owners\nb,B,a@2019-01-01..2019-12-31\n", registers)),
              IsEmpty());
  EXPECT_THAT(Said(ParseProviders("id,name,owners\nb,B,a@2019-01-01..2020-01-01\n", registers)),
              ElementsAre("2 owners OWNER_RING"));
  EXPECT_THAT(Said(ParseProviders("id,name,owners\na,A,a\n", registers)),
              ElementsAre("2 owners OWNER_RING"));
}

TEST(ProviderCsvTest, AColumnLeftOutChangesNothing) {
  const model::Registers registers = With("a,A,Alias,,fostering,voluntary,\n");
  const RegisterLoad load = ParseProviders("id,name\na,New name\n", registers);
  ASSERT_EQ(load.providers.size(), 1u);
  EXPECT_EQ(load.providers[0].display_name, "New name");
  EXPECT_THAT(load.providers[0].aliases, ElementsAre("Alias"));
  EXPECT_EQ(load.providers[0].sector, "voluntary");
}

}  // namespace
}  // namespace steelyard::registry
