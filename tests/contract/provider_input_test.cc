// What is wrong with a provider, its owners or an inspectorate's register is
// refused, all of it at once, in words that say what to do.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class ProviderInputTest : public ContractTest {
 protected:
  Answer<v1::Provider> Create(const std::string& provider) {
    return steward_.Call(&Registry::CreateProvider,
                         absl::StrCat("provider { ", provider, " } request_id: '$uuid'"));
  }
  Answer<v1::Provider> Update(const std::string& provider, const std::string& rest = "") {
    return steward_.Call(&Registry::UpdateProvider,
                         absl::StrCat("provider { ", provider, " } request_id: '$uuid' ", rest));
  }
  Answer<v1::LoadRegisterResponse> Load(const std::vector<std::string>& lines) {
    v1::LoadRegisterRequest request;
    Merge("register: PROVIDERS request_id: '$uuid'", request);
    request.set_csv(absl::StrJoin(lines, "\n"));
    return steward_.Call(&Registry::LoadRegister, request);
  }
  static std::string Row(int row, const std::string& urn, const std::string& changes = "") {
    v1::EstablishmentRow entry;
    Merge(absl::StrCat("row: ", row, " urn: '", urn, "' organisation: 'Keys Care Limited' ",
                       "provision_type: \"Children's home\" registration_status: 'Active' ",
                       "local_authority: 'Hackney' region: 'London' sector: 'Private' places: 4"),
          entry);
    Merge(changes, entry);
    return absl::StrCat("rows { ", entry.ShortDebugString(), " } ");
  }
  Answer<v1::ImportEstablishmentsResponse> Import(
      const std::string& rows, const std::string& day = "year: 2022 month: 3 day: 31",
      const std::string& rest = "") {
    return steward_.Call(
        &Registry::ImportEstablishments,
        absl::StrCat("as_of_date { ", day, " } request_id: '$uuid' ", rest, " ", rows));
  }
  int Homes() {
    return hackney_.Call(&Registry::ListEstablishments, "").reply.establishments_size();
  }
};

TEST_F(ProviderInputTest, AnOwnerChangeThatOverlapsIsRefusedWithTheDays) {
  const auto overlap = Update(R"(name: "providers/hexagon"
      owners { owner: "providers/keys" end_date { year: 2021 month: 6 day: 30 } }
      owners { owner: "providers/priory" start_date { year: 2021 month: 1 day: 1 } })");
  EXPECT_THAT(overlap, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(overlap.status),
              ElementsAre("provider.owners OWNERS_OVERLAP: \"owners\" holds \"priory\"; put in one "
                          "owner for each day, as \"keys\" is the owner too from 2021-01-01 to "
                          "2021-06-30."));
  // One that is still going on overlaps all that begins later.
  const auto open = Update(R"(name: "providers/cambian"
      owners { owner: "providers/caretech" start_date { year: 2018 month: 10 day: 19 } }
      owners { owner: "providers/keys" start_date { year: 2024 month: 1 day: 1 } })");
  EXPECT_THAT(ViolationsOf(open.status), ElementsAre(HasSubstr("too from 2024-01-01.")));
  // A day that two share is one too many; the day after is not.
  const auto at_edge = [&](int day) {
    return Update(absl::StrCat(R"(name: "providers/hexagon"
        owners { owner: "providers/keys" end_date { year: 2021 month: 6 day: 30 } }
        owners { owner: "providers/priory" start_date { year: 2021 month: 6 day: )",
                               day, " } }"));
  };
  EXPECT_THAT(ViolationsOf(at_edge(30).status),
              ElementsAre(HasSubstr("from 2021-06-30 to 2021-06-30.")));
  const auto july = Update(R"(name: "providers/hexagon"
      owners { owner: "providers/keys" end_date { year: 2021 month: 6 day: 30 } }
      owners { owner: "providers/priory" start_date { year: 2021 month: 7 day: 1 } })");
  EXPECT_THAT(july, Succeeds());
  EXPECT_THAT(july.reply.owners(), SizeIs(2));
}

TEST_F(ProviderInputTest, NobodyOwnsItselfOnAnyDay) {
  // CareTech owns Cambian since October 2018.
  const auto ring = Update(R"(name: "providers/caretech"
      owners { owner: "providers/hexagon" end_date { year: 2018 month: 12 day: 31 } }
      owners { owner: "providers/cambian" start_date { year: 2019 month: 1 day: 1 } })");
  EXPECT_THAT(ring, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(ring.status),
              ElementsAre("provider.owners OWNER_RING: \"owners\" holds \"cambian\"; put in owners "
                          "that this provider does not own itself."));
  const auto before = Update(R"(name: "providers/caretech"
      owners { owner: "providers/cambian" end_date { year: 2018 month: 10 day: 18 } })");
  EXPECT_THAT(before, Succeeds());
  const auto itself = Update(R"(name: "providers/keys" owners { owner: "providers/keys" })");
  EXPECT_THAT(ViolationsOf(itself.status), ElementsAre(HasSubstr("OWNER_RING")));
}

TEST_F(ProviderInputTest, NamesAndNumbersStandForOneProviderOnly) {
  ASSERT_THAT(Create(R"(display_name: "Elm Care Ltd" company_number: "07654321")"), Succeeds());
  const auto exists = Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS");
  EXPECT_THAT(Create(R"(display_name: "Oak Care" company_number: "07654321")"), exists);
  EXPECT_THAT(Create(R"(display_name: "ELM CARE limited")"), exists);
  EXPECT_THAT(Create(R"(display_name: "Keys Care Limited")"), exists);  // an alias of Keys
  EXPECT_THAT(Update(R"(name: "providers/hexagon" company_number: "07654321")"), exists);
  // Several names at once, each told by itself.
  const auto taken =
      Create(R"(display_name: "Oak Care" aliases: "Keys Group" aliases: "Oak" aliases: "Elm Care"
                company_number: "7654321")");
  EXPECT_THAT(taken, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(taken.status),
              UnorderedElementsAre(
                  AllOf(HasSubstr("provider.aliases[0] NAME_TAKEN"), HasSubstr("Keys Group")),
                  AllOf(HasSubstr("provider.aliases[2] NAME_TAKEN"), HasSubstr("Elm Care")),
                  HasSubstr("provider.company_number COMPANY_NUMBER_INVALID")));
  EXPECT_THAT(hackney_.Call(&Registry::GetProvider, "name: 'providers/oak-care'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(ProviderInputTest, AChangeNamesWhatItChanges) {
  EXPECT_THAT(Update("name: 'providers/none' sector: 'private'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  const auto bad = Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS");
  EXPECT_THAT(Update("name: 'hexagon' sector: 'private'"), bad);
  const auto mask = Update("name: 'providers/hexagon'", "update_mask { paths: 'name' paths: 'x' }");
  EXPECT_THAT(mask, bad);
  EXPECT_THAT(ViolationsOf(mask.status),
              ElementsAre(HasSubstr("update_mask.paths[0]"), HasSubstr("update_mask.paths[1]")));
  EXPECT_THAT(steward_.Call(&Registry::UpdateProvider, "provider { name: 'providers/hexagon' }"),
              bad);  // without a request id
  // A field that the mask names and the request leaves out is cleared.
  const auto cleared = Update("name: 'providers/keys'", "update_mask { paths: 'owners' }");
  ASSERT_THAT(cleared, Succeeds());
  EXPECT_THAT(cleared.reply.owners(), IsEmpty());
  EXPECT_FALSE(cleared.reply.aliases().empty());
}

TEST_F(ProviderInputTest, AFileIsRefusedWholeWithEveryProblemOfEveryRow) {
  const auto bad = Load({"id,name,company_number,services,sector,owners",
                         "elm,Elm Care,07654321,childrens-homes,private,keys",
                         "Oak!,Oak Care,123,gardening,public,keys;priory",
                         "ash,Ash Care,07654321,,,nobody", "elm,Elm Again,,,,"});
  ASSERT_THAT(bad, Succeeds());
  EXPECT_EQ(bad.reply.created_entries(), 0);
  std::vector<std::string> codes;
  for (const v1::Problem& p : bad.reply.problems()) {
    codes.push_back(absl::StrCat(p.row(), " ", p.field(), " ", p.code()));
    EXPECT_FALSE(p.message().empty());
  }
  EXPECT_THAT(codes,
              UnorderedElementsAre("3 id ID_INVALID", "3 company_number COMPANY_NUMBER_INVALID",
                                   "3 services SERVICE_UNKNOWN", "3 sector SECTOR_UNKNOWN",
                                   "4 company_number COMPANY_NUMBER_TAKEN",
                                   "4 owners PROVIDER_UNKNOWN", "5 id ID_REPEATED"));
  EXPECT_THAT(hackney_.Call(&Registry::GetProvider, "name: 'providers/elm'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));

  const auto good = Load({"id,name,owners", "elm,Elm Care,keys@..2020-12-31;priory@2021-01-01.."});
  ASSERT_THAT(good, Succeeds());
  EXPECT_THAT(good.reply.problems(), IsEmpty());
  EXPECT_EQ(good.reply.created_entries(), 1);
}

TEST_F(ProviderInputTest, ListsAreCutByOwnerOfADayAndServiceAndRefuseWhatIsNone) {
  ASSERT_THAT(Load({"id,name,services,owners",
                    "elm,Elm Care,fostering,keys@..2020-12-31;priory@2021-01-01.."}),
              Succeeds());
  const auto names = [&](const std::string& filter) {
    std::vector<std::string> out;
    const auto list = hackney_.Call(&Registry::ListProviders, filter);
    EXPECT_THAT(list, Succeeds());
    for (const auto& p : list.reply.providers()) out.push_back(p.name());
    return out;
  };
  const std::string in_2020 = " date { year: 2020 month: 6 day: 1 }";
  const std::string in_2021 = " date { year: 2021 month: 6 day: 1 }";
  EXPECT_THAT(names("owner: 'providers/keys'" + in_2020), ElementsAre("providers/elm"));
  EXPECT_THAT(names("owner: 'providers/keys'" + in_2021), IsEmpty());
  EXPECT_THAT(names("owner: 'providers/priory' service: 'fostering'" + in_2021),
              ElementsAre("providers/elm"));
  EXPECT_THAT(names("owner: 'providers/priory' service: 'adoption'" + in_2021), IsEmpty());
  EXPECT_THAT(names("owner: 'providers/g-square'" + in_2020),
              ElementsAre("providers/elm", "providers/keys"));  // through Keys

  const auto bad =
      hackney_.Call(&Registry::ListProviders,
                    "owner: 'nobody' service: 'gardening' date { year: 2021 month: 2 day: 29 }");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(bad.status),
              UnorderedElementsAre(HasSubstr("no such provider"), HasSubstr("no such kind"),
                                   HasSubstr("not a day")));
  const auto homes = hackney_.Call(&Registry::ListEstablishments,
                                   "provider: 'nobody' council: 'zzz' service: 'gardening'");
  EXPECT_THAT(homes, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(homes.status), SizeIs(3));
  EXPECT_EQ(hackney_.Call(&Registry::ListEstablishments, "page_token: 'x'").status.error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(hackney_.Call(&Registry::ListProviders, "page_size: -1").status.error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(hackney_.Call(&Registry::GetEstablishment, "name: 'establishments/sc1'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(hackney_.Call(&Registry::GetEstablishment, "name: 'sc1'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(hackney_.Call(&Registry::SearchProviders, "query: ''"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(ProviderInputTest, ARegisterIsOfADayThatWas) {
  const auto bad = Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS");
  EXPECT_THAT(Import(Row(5, "SC1"), "year: 2022 month: 2 day: 30"), bad);
  EXPECT_THAT(Import(Row(5, "SC1"), "year: 2199 month: 3 day: 31"), bad);
  std::string many;
  for (int i = 0; i <= 10'000; ++i) many += absl::StrCat("rows { urn: 'SC", i, "' } ");
  EXPECT_THAT(Import(many), bad);
  EXPECT_THAT(steward_.Call(&Registry::ImportEstablishments,
                            "as_of_date { year: 2022 month: 3 day: 31 } " + Row(5, "SC1")),
              bad);  // without a request id
  EXPECT_EQ(Homes(), 0);
}

TEST_F(ProviderInputTest, EveryProblemOfARegisterIsSaidAndNothingTaken) {
  const auto reply =
      Import(Row(5, "SC1") + Row(6, "SC2", "provision_type: 'Castle' registration_status: 'Gone'") +
             Row(7, "SC3", "local_authority: 'Atlantis' region: 'Sunken' sector: 'Pirate'") +
             Row(8, "SC4", "judgement: 'Good' judgement_date { year: 2022 month: 4 day: 1 }") +
             Row(9, "SC5", "region: 'North West'") + Row(10, "", "places: -1"));
  ASSERT_THAT(reply, Succeeds());
  EXPECT_THAT(
      WordsOf(reply.reply.problems()),
      UnorderedElementsAre(
          HasSubstr("row 6 provision_type PROVISION_UNKNOWN: \"provision_type\" holds \"Castle\"; "
                    "put in a kind of provision that Ofsted names such as Children's home."),
          HasSubstr("row 6 registration_status REGISTRATION_UNKNOWN"),
          HasSubstr("row 7 local_authority COUNCIL_UNKNOWN"), HasSubstr("row 7 region"),
          HasSubstr("row 7 sector SECTOR_UNKNOWN"),
          HasSubstr("row 8 judgement_date JUDGEMENT_DATE_INVALID"),
          HasSubstr("row 9 region REGION_DIFFERS?"), HasSubstr("row 10 urn URN_INVALID"),
          HasSubstr("row 10 places PLACES_INVALID")));
  EXPECT_EQ(reply.reply.created_establishments(), 0);
  EXPECT_EQ(Homes(), 0);
  // A warning alone keeps nothing back.
  const auto warned = Import(Row(9, "SC5", "region: 'North West'"));
  EXPECT_THAT(WordsOf(warned.reply.problems()), SizeIs(1));
  EXPECT_EQ(warned.reply.created_establishments(), 1);
  EXPECT_EQ(Homes(), 1);
}

TEST_F(ProviderInputTest, ALookChangesNothingAndARepeatIsTakenOnce) {
  const std::string day = "year: 2022 month: 3 day: 31";
  const auto look = Import(Row(5, "SC1"), day, "validate_only: true");
  ASSERT_THAT(look, Succeeds());
  EXPECT_EQ(look.reply.created_establishments(), 1);
  EXPECT_EQ(Homes(), 0);
  const std::string request =
      absl::StrCat("as_of_date { ", day, " } request_id: '", testing::NewUuid(), "' ");
  for (int i = 0; i < 2; ++i) {
    const auto sent = steward_.Call(&Registry::ImportEstablishments, request + Row(5, "SC1"));
    ASSERT_THAT(sent, Succeeds());
    EXPECT_EQ(sent.reply.created_establishments(), 1) << i;
  }
  EXPECT_EQ(Homes(), 1);
  const auto same = Import(Row(5, "SC1"));
  EXPECT_EQ(same.reply.unchanged_establishments(), 1);
}

// A home that is sold keeps its record of the day before the sale.
TEST_F(ProviderInputTest, EstablishmentsAreThoseOfTheOwnerOfTheDay) {
  ASSERT_THAT(Import(Row(5, "SC1"), "year: 2021 month: 3 day: 31"), Succeeds());
  ASSERT_THAT(Import(Row(5, "SC1", "organisation: 'Priory Education Services Limited'")),
              Succeeds());
  const auto count = [&](const std::string& filter) {
    return hackney_.Call(&Registry::ListEstablishments, filter).reply.establishments_size();
  };
  const std::string in_2021 = " date { year: 2021 month: 6 day: 1 }";
  const std::string in_2022 = " date { year: 2022 month: 6 day: 1 }";
  EXPECT_EQ(count("provider: 'providers/g-square'" + in_2021), 1);
  EXPECT_EQ(count("provider: 'providers/g-square'" + in_2022), 0);
  EXPECT_EQ(count("provider: 'providers/priory'" + in_2022), 1);
  EXPECT_EQ(count("provider: 'providers/waterland'" + in_2022), 1);
  EXPECT_EQ(count("council: 'councils/cmd'"), 0);
}

}  // namespace
}  // namespace steelyard::contract
