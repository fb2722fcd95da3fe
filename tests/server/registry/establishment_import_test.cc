#include "server/registry/establishment_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/registry/register_csv.h"
#include "server/registry/shipped_registers.h"
#include "server/rpc/convert.h"
#include "tests/support/status_matchers.h"

namespace steelyard::registry {
namespace {

using model::Day;
using model::Establishment;
using model::Judgement;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Day March(int year) { return *Day::FromYmd(year, 3, 31); }

// The shipped registers, and what imports make of them.
class EstablishmentImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const Register which : {Register::kAreas, Register::kCouncils, Register::kProviders}) {
      RegisterLoad load = Parse(which, ShippedCsv(which), registers_);
      for (auto& entry : load.areas) registers_.Put(entry);
      for (auto& entry : load.councils) registers_.Put(entry);
      for (auto& entry : load.providers) registers_.Put(entry);
    }
  }

  static v1::EstablishmentRow Row(int64_t number, const std::string& urn) {
    v1::EstablishmentRow row;
    row.set_row(number);
    row.set_urn(urn);
    row.set_provision_type("Children's home");
    row.set_registration_status("Active");
    row.set_display_name("REDACTED");
    row.set_local_authority("Kent");
    row.set_region("South East");
    row.set_sector("Private");
    row.set_places(4);
    row.set_organisation("Keys Care Ltd");
    row.set_judgement("Good");
    return row;
  }

  EstablishmentImport Import(Day as_of, const std::vector<v1::EstablishmentRow>& rows) {
    v1::ImportEstablishmentsRequest request;
    for (const auto& row : rows) *request.add_rows() = row;
    auto resolver = directory::Resolver::Build(std::make_shared<model::Registers>(registers_));
    EXPECT_OK(resolver.status());
    auto import = ReadEstablishments(as_of, request, **resolver);
    EXPECT_OK(import.status());
    return *std::move(import);
  }

  // Imports and keeps what it gives, if nothing is wrong.
  EstablishmentImport Take(Day as_of, const std::vector<v1::EstablishmentRow>& rows) {
    EstablishmentImport import = Import(as_of, rows);
    EXPECT_FALSE(model::HasError(import.problems));
    for (const auto& p : import.providers) registers_.Put(p);
    registers_.Put(import.establishments);
    return import;
  }

  static std::vector<std::string> Said(const EstablishmentImport& import) {
    std::vector<std::string> said;
    for (const model::Problem& p : import.problems) {
      said.push_back(absl::StrCat(p.row, " ", p.field, " ", p.code));
    }
    return said;
  }

  std::string CouncilOf(Day as_of, const std::string& authority) {
    v1::EstablishmentRow row = Row(1, "SC1");
    row.set_local_authority(authority);
    row.clear_region();
    const auto import = Import(as_of, {row});
    const model::Council* c = registers_.FindCouncil(import.establishments.front().council);
    return c == nullptr ? "" : c->id;
  }
  std::string IdOf(model::ProviderNo no) {
    const model::Provider* p = registers_.FindProvider(no);
    return p == nullptr ? "" : p->id;
  }

  model::Registers registers_;
};

TEST_F(EstablishmentImportTest, ARowBecomesAnEstablishmentWithItsRecord) {
  v1::EstablishmentRow row = Row(2, "SC012345");
  rpc::ToProto(*Day::FromYmd(2019, 11, 5), row.mutable_judgement_date());
  const EstablishmentImport import = Take(March(2020), {row});
  EXPECT_THAT(Said(import), IsEmpty());
  EXPECT_EQ(import.created_establishments, 1);
  const Establishment* e = registers_.FindEstablishment("sc012345");
  ASSERT_NE(e, nullptr);
  EXPECT_EQ(e->display_name, "");
  EXPECT_EQ(e->service, model::Service::kChildrensHomes);
  EXPECT_EQ(e->provision_type, "Children's home");
  EXPECT_EQ(registers_.FindCouncil(e->council)->id, "ken");
  EXPECT_EQ(registers_.FindArea(e->area)->id, "south-east");
  EXPECT_EQ(e->sector, "private");
  ASSERT_THAT(e->records, SizeIs(1));
  EXPECT_EQ(e->records[0].as_of, March(2020));
  EXPECT_EQ(e->records[0].places, 4);
  EXPECT_EQ(IdOf(e->records[0].provider), "keys");
  EXPECT_THAT(e->judgements, ElementsAre(model::EstablishmentJudgement{*Day::FromYmd(2019, 11, 5),
                                                                       Judgement::kGood}));
}

TEST_F(EstablishmentImportTest, EverythingWrongIsSaidAtOnce) {
  v1::EstablishmentRow wrong = Row(2, "SC/1");
  wrong.set_provision_type("Nursery");
  wrong.set_registration_status("Asleep");
  wrong.set_local_authority("Barsetshire");
  wrong.set_region("The North");
  wrong.set_sector("Charity");
  wrong.set_places(-1);
  wrong.set_judgement("Splendid");
  wrong.mutable_judgement_date()->set_year(2021);
  wrong.mutable_judgement_date()->set_month(4);
  wrong.mutable_judgement_date()->set_day(1);
  const EstablishmentImport import = Import(March(2021), {wrong, Row(3, "SC2"), Row(4, "sc2")});
  EXPECT_THAT(
      Said(import),
      ElementsAre("2 urn URN_INVALID", "2 provision_type PROVISION_UNKNOWN",
                  "2 sector SECTOR_UNKNOWN", "2 region REGION_UNKNOWN",
                  "2 local_authority COUNCIL_UNKNOWN", "2 registration_status REGISTRATION_UNKNOWN",
                  "2 places PLACES_INVALID", "2 judgement JUDGEMENT_UNKNOWN",
                  "2 judgement_date JUDGEMENT_DATE_INVALID", "4 urn URN_REPEATED"));
  EXPECT_TRUE(model::HasError(import.problems));
}

TEST_F(EstablishmentImportTest, ANameMeansTheCouncilOfItsDay) {
  EXPECT_EQ(CouncilOf(March(2023), "North Yorkshire"), "nyk");
  EXPECT_EQ(CouncilOf(March(2024), "North Yorkshire"), "nye");
  EXPECT_EQ(CouncilOf(March(2019), "Dorset"), "dor");
  EXPECT_EQ(CouncilOf(March(2020), "Dorset"), "dst");
  EXPECT_EQ(CouncilOf(March(2018), "Buckinghamshire"), "bkm");
  EXPECT_EQ(CouncilOf(March(2019), "Bournemouth"), "bmh");
  EXPECT_EQ(CouncilOf(March(2020), "Bournemouth, Christchurch & Poole"), "bpc");
  EXPECT_EQ(CouncilOf(March(2021), "Northamptonshire"), "nth");
  EXPECT_EQ(CouncilOf(March(2022), "Northamptonshire"), "");
  EXPECT_EQ(CouncilOf(March(2022), "St Helens"), "shn");
}

TEST_F(EstablishmentImportTest, BothSchemesOfRegionsAreRead) {
  v1::EstablishmentRow joined = Row(2, "SC1");
  joined.set_local_authority("Leeds");
  joined.set_region("North East, Yorkshire and the Humber");
  v1::EstablishmentRow own = Row(3, "SC2");
  own.set_local_authority("Leeds");
  own.set_region("Yorkshire and The Humber");
  v1::EstablishmentRow other = Row(4, "SC3");
  other.set_local_authority("Leeds");
  other.set_region("London");
  v1::EstablishmentRow no_council = Row(5, "SC4");
  no_council.clear_local_authority();
  const EstablishmentImport import = Take(March(2017), {joined, own, other, no_council});
  EXPECT_THAT(Said(import), ElementsAre("4 region REGION_DIFFERS"));
  for (const char* id : {"sc1", "sc2", "sc3"}) {
    EXPECT_EQ(registers_.FindArea(registers_.FindEstablishment(id)->area)->id,
              "yorkshire-and-the-humber");
  }
  EXPECT_EQ(registers_.FindEstablishment("sc4")->council.value, 0);
  EXPECT_EQ(registers_.FindArea(registers_.FindEstablishment("sc4")->area)->id, "south-east");
}

TEST_F(EstablishmentImportTest, OneOwnerUnderManyNamesIsOneProvider) {
  const std::map<std::string, std::string> names = {
      {"Keys Childcare Ltd", "keys"},
      {"Keys Child Care Limited", "keys"},
      {"Keys Group Progressive Care & Education Limited", "keys"},
      {"Cambian Childcare Limited", "cambian"},
      {"Priory Education Services Limited 06244880", "priory"},
      {"Aspris Children's Services Limited", "aspris"},
      {"Witherslack Group", "witherslack"},
      // They look alike, and are others.
      {"4 Keys Care Ltd", "p-4-keys-care-ltd"},
      {"The Priory Federation of Academies", "the-priory-federation-of-academies"},
      {"Priory School", "priory-school"},
      {"New Horizons (NW) Ltd", "new-horizons-nw-ltd"},
      {"New Horizons (nw) Limited", "new-horizons-nw-ltd"},
      {"New Home Limited 12345678", "new-home-limited"},
      {"New Home Holdings 12345678", "new-home-limited"},
      {"", ""}};
  std::vector<v1::EstablishmentRow> rows;
  int64_t number = 2;
  for (const auto& [name, id] : names) {
    rows.push_back(Row(number, absl::StrCat("SC", number)));
    rows.back().set_organisation(name);
    ++number;
  }
  // What is met first gives a new provider its name.
  std::swap(rows[names.size() - 1], rows[0]);
  const EstablishmentImport import = Take(March(2020), rows);
  number = 2;
  for (const auto& [name, id] : names) {
    const auto* e = registers_.FindEstablishment(absl::StrCat("sc", number++));
    const std::string found = IdOf(e->records[0].provider);
    if (id == "new-home-limited") {
      EXPECT_EQ(found.substr(0, 8), "new-home") << name;
    } else if (id == "new-horizons-nw-ltd") {
      EXPECT_EQ(found.substr(0, 15), "new-horizons-nw") << name;
    } else {
      EXPECT_EQ(found, id) << name;
    }
  }
  EXPECT_EQ(import.created_providers, 5);
  const model::Provider* made = registers_.FindProvider("priory-school");
  EXPECT_EQ(made->display_name, "Priory School");
  EXPECT_THAT(made->services, ElementsAre(model::Service::kChildrensHomes));
  EXPECT_EQ(made->sector, "private");
}

TEST_F(EstablishmentImportTest, ANameThatTwoProvidersShareIsNotGuessed) {
  for (const char* id : {"twin-a", "twin-b"}) {
    model::Provider twin;
    twin.id = id;
    twin.display_name = "Twin Care Ltd";
    registers_.Put(twin);
  }
  v1::EstablishmentRow row = Row(2, "SC1");
  row.set_organisation("Twin Care Ltd");
  EXPECT_THAT(Said(Import(March(2020), {row})), ElementsAre("2 organisation PROVIDER_AMBIGUOUS"));
}

TEST_F(EstablishmentImportTest, YearsAddUpInAnyOrder) {
  v1::EstablishmentRow old = Row(2, "SC1");
  old.set_local_authority("Dorset");
  old.set_region("South West");
  old.set_judgement("Adequate");
  v1::EstablishmentRow later = Row(2, "SC1");
  later.set_local_authority("Dorset");
  later.set_region("South West");
  later.set_places(5);
  later.set_organisation("Hexagon Care Services Ltd");
  Take(March(2020), {later});
  const EstablishmentImport second = Take(March(2018), {old});
  EXPECT_EQ(second.updated_establishments, 1);
  const Establishment* e = registers_.FindEstablishment("sc1");
  EXPECT_EQ(registers_.FindCouncil(e->council)->id, "dst");  // of the newest day
  ASSERT_THAT(e->records, SizeIs(2));
  EXPECT_EQ(e->records[0].as_of, March(2018));
  EXPECT_EQ(IdOf(e->records[0].provider), "keys");
  EXPECT_EQ(e->records[1].places, 5);
  EXPECT_EQ(IdOf(e->records[1].provider), "hexagon");
  EXPECT_EQ(model::JudgementOn(*e, March(2019)), Judgement::kRequiresImprovement);
  EXPECT_EQ(model::JudgementOn(*e, March(2021)), Judgement::kGood);
}

TEST_F(EstablishmentImportTest, ADaySentAgainReplacesWhatWasKeptOfIt) {
  Take(March(2020), {Row(2, "SC1"), Row(3, "SC2"), Row(4, "SC3")});
  v1::EstablishmentRow changed = Row(3, "SC2");
  changed.set_places(9);
  const EstablishmentImport again = Take(March(2020), {Row(2, "SC1"), changed});
  EXPECT_EQ(again.unchanged_establishments, 1);
  EXPECT_EQ(again.updated_establishments, 1);
  EXPECT_THAT(Said(again), ElementsAre("0 as_of_date ESTABLISHMENTS_LEFT_OUT"));
  EXPECT_EQ(registers_.FindEstablishment("sc2")->records[0].places, 9);
  EXPECT_THAT(registers_.FindEstablishment("sc3")->records, IsEmpty());
}

}  // namespace
}  // namespace steelyard::registry
