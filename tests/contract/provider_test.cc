// The register of providers and of the places that an inspectorate registers.

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ProviderTest : public ContractTest {
 protected:
  Answer<v1::Provider> Create(const std::string& provider) {
    return steward_.Call(&Registry::CreateProvider,
                         absl::StrCat("provider { ", provider, " } request_id: '$uuid'"));
  }
  Answer<v1::Provider> Update(const std::string& provider) {
    return steward_.Call(&Registry::UpdateProvider,
                         absl::StrCat("provider { ", provider, " } request_id: '$uuid'"));
  }
  // One row of a register.
  static std::string Row(int row, const std::string& urn, const std::string& organisation,
                         const std::string& more = "") {
    return absl::StrCat("rows { row: ", row, " urn: '", urn, "' organisation: '", organisation,
                        "' provision_type: \"Children's home\" registration_status: 'Active' ",
                        "local_authority: 'Hackney' region: 'London' sector: 'Private' places: 4 ",
                        more, " } ");
  }
  Answer<v1::ImportEstablishmentsResponse> Import(const std::string& rows, int year = 2022) {
    return steward_.Call(&Registry::ImportEstablishments,
                         absl::StrCat("as_of_date { year: ", year,
                                      " month: 3 day: 31 } request_id: '$uuid' ", rows));
  }
  std::vector<std::string> Establishments(const std::string& filter) {
    const auto list = hackney_.Call(&Registry::ListEstablishments, filter);
    EXPECT_THAT(list, Succeeds());
    std::vector<std::string> names;
    for (const auto& e : list.reply.establishments()) names.push_back(e.name());
    return names;
  }
};

TEST_F(ProviderTest, TheStrategicProvidersAreShippedWithTheirOwners) {
  const auto priory = hackney_.Call(&Registry::GetProvider, "name: 'providers/priory'");
  ASSERT_THAT(priory, Succeeds());
  EXPECT_EQ(priory.reply.display_name(), "Priory");
  EXPECT_THAT(priory.reply.services(), ElementsAre("childrens-homes", "special-schools"));
  ASSERT_THAT(priory.reply.owners(), SizeIs(2));
  EXPECT_EQ(priory.reply.owners(0).owner(), "providers/acadia-healthcare");
  EXPECT_EQ(priory.reply.owners(1).owner(), "providers/waterland");
  EXPECT_EQ(priory.reply.owners(1).start_date().year(), 2021);
  EXPECT_THAT(hackney_.Call(&Registry::GetProvider, "name: 'providers/none'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));

  const auto found = hackney_.Call(&Registry::SearchProviders, "query: 'keys group'");
  ASSERT_THAT(found, Succeeds());
  ASSERT_FALSE(found.reply.providers().empty());
  EXPECT_EQ(found.reply.providers(0).name(), "providers/keys");

  std::string token;
  std::vector<std::string> names;
  do {
    const auto page = hackney_.Call(&Registry::ListProviders,
                                    absl::StrCat("page_size: 3 page_token: '", token, "'"));
    ASSERT_THAT(page, Succeeds());
    for (const auto& p : page.reply.providers()) names.push_back(p.name());
    token = page.reply.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(names, Contains("providers/cambian"));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(ProviderTest, AProviderIsAddedChangedAndSold) {
  const auto made = Create(R"(display_name: "Elm Care Ltd" company_number: "07654321"
      services: "childrens-homes" sector: "private"
      owners { owner: "providers/keys" end_date { year: 2020 month: 12 day: 31 } })");
  ASSERT_THAT(made, Succeeds());
  EXPECT_EQ(made.reply.name(), "providers/elm-care-ltd");
  EXPECT_THAT(Create("display_name: 'Elm Care Limited'"),
              Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));

  const auto sold = Update(R"(name: "providers/elm-care-ltd"
      owners { owner: "providers/keys" end_date { year: 2020 month: 12 day: 31 } }
      owners { owner: "providers/priory" start_date { year: 2021 month: 1 day: 1 } })");
  ASSERT_THAT(sold, Succeeds());
  EXPECT_THAT(sold.reply.owners(), SizeIs(2));
  EXPECT_EQ(sold.reply.company_number(), "07654321");
}

TEST_F(ProviderTest, AnOwnerChangeThatOverlapsIsRefused) {
  ASSERT_THAT(Create("display_name: 'Elm Care Ltd'"), Succeeds());
  const auto overlap = Update(R"(name: "providers/elm-care-ltd"
      owners { owner: "providers/keys" end_date { year: 2021 month: 6 day: 30 } }
      owners { owner: "providers/priory" start_date { year: 2021 month: 1 day: 1 } })");
  EXPECT_THAT(overlap, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(overlap.status), ElementsAre(HasSubstr("OWNERS_OVERLAP: ")));
  EXPECT_THAT(ViolationsOf(overlap.status)[0], HasSubstr("priory"));
  const auto kept = hackney_.Call(&Registry::GetProvider, "name: 'providers/elm-care-ltd'");
  EXPECT_THAT(kept.reply.owners(), IsEmpty());
}

TEST_F(ProviderTest, EverythingWrongIsSaidAtOnce) {
  const auto bad = Create(R"(display_name: "Elm" company_number: "12" services: "gardening"
      sector: "public" owners { owner: "providers/none" })");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(bad.status),
              ::testing::UnorderedElementsAre(
                  HasSubstr("COMPANY_NUMBER_INVALID"), HasSubstr("SERVICE_UNKNOWN"),
                  HasSubstr("SECTOR_UNKNOWN"), HasSubstr("PROVIDER_UNKNOWN")));
}

TEST_F(ProviderTest, ADaysRegisterIsTakenWholeAndReplacedWhenSentAgain) {
  const auto first = Import(Row(5, "SC012345", "Keys Care Limited",
                                "judgement: 'Good' judgement_date { year: 2021 "
                                "month: 11 day: 2 }") +
                            Row(6, "SC012346", "Fernlea Homes Ltd"));
  ASSERT_THAT(first, Succeeds());
  EXPECT_EQ(first.reply.created_establishments(), 2);
  EXPECT_EQ(first.reply.created_providers(), 1);  // Keys is known under that name

  const auto home = hackney_.Call(&Registry::GetEstablishment, "name: 'establishments/sc012345'");
  ASSERT_THAT(home, Succeeds());
  EXPECT_EQ(home.reply.council(), "councils/hck");
  EXPECT_EQ(home.reply.service(), "childrens-homes");
  ASSERT_THAT(home.reply.records(), SizeIs(1));
  EXPECT_EQ(home.reply.records(0).provider(), "providers/keys");
  EXPECT_EQ(home.reply.records(0).places(), 4);
  ASSERT_THAT(home.reply.judgements(), SizeIs(1));
  EXPECT_EQ(home.reply.judgements(0).level(), v1::Establishment::Judgement::GOOD);

  EXPECT_THAT(Establishments("provider: 'providers/keys'"), ElementsAre("establishments/sc012345"));
  EXPECT_THAT(Establishments("council: 'councils/hck' service: 'childrens-homes'"), SizeIs(2));
  EXPECT_THAT(Establishments("date { year: 2021 month: 1 day: 1 }"), IsEmpty());

  const auto again = Import(Row(5, "SC012345", "Keys Care Limited"));
  ASSERT_THAT(again, Succeeds());
  EXPECT_EQ(again.reply.updated_establishments() + again.reply.unchanged_establishments(), 1);
  EXPECT_THAT(WordsOf(again.reply.problems()), ElementsAre(HasSubstr("ESTABLISHMENTS_LEFT_OUT?")));
}

TEST_F(ProviderTest, ARowThatIsWrongRefusesTheDay) {
  const auto bad = Import(Row(5, "SC012345", "Keys Care Limited", "places: 20000") +
                          Row(6, "home 6", "Keys Care Limited") + Row(7, "SC012345", "Keys") +
                          Row(8, "SC000009", "Keys", "judgement: 'Splendid'"));
  ASSERT_THAT(bad, Succeeds());
  std::vector<std::string> codes;
  for (const v1::Problem& p : bad.reply.problems()) {
    codes.push_back(absl::StrCat(p.row(), " ", p.code()));
  }
  EXPECT_THAT(codes, ::testing::UnorderedElementsAre("5 PLACES_INVALID", "6 URN_INVALID",
                                                     "7 URN_REPEATED", "8 JUDGEMENT_UNKNOWN"));
  EXPECT_THAT(Establishments(""), IsEmpty());
}

TEST_F(ProviderTest, MeasuresAndCodesCarryTheirMeaning) {
  const auto measures = hackney_.Call(&Registry::ListMeasures, "");
  ASSERT_THAT(measures, Succeeds());
  ASSERT_THAT(measures.reply.measures(), SizeIs(8));
  const v1::Measure& first = measures.reply.measures(0);
  EXPECT_EQ(first.name(), "measures/safeguarding");
  EXPECT_THAT(first.definition(), HasSubstr("safe"));
  EXPECT_EQ(first.scale(), "procurement-act-2023");
  EXPECT_EQ(first.score_map(), "even-steps-1");
  ASSERT_THAT(first.levels(), SizeIs(5));
  EXPECT_EQ(first.levels(0).score(), 3);
  EXPECT_FALSE(first.levels(4).has_score());  // Other is no rank

  const auto codes = hackney_.Call(&Registry::ListCodes, "");
  ASSERT_THAT(codes, Succeeds());
  std::map<std::string, int> lists;
  for (const auto& code : codes.reply.codes()) {
    ++lists[code.list()];
    EXPECT_FALSE(code.meaning().empty()) << code.code();
  }
  EXPECT_EQ(lists,
            (std::map<std::string, int>{{"service", 11}, {"priority", 14}, {"intention", 5}}));
}

TEST_F(ProviderTest, ProvisionIsThatOfTheDaysRegister) {
  ASSERT_THAT(Import(Row(5, "SC1", "Keys Care Limited", "judgement: 'Inadequate'") +
                     Row(6, "SC2", "Priory Group", "judgement: 'Good'")),
              Succeeds());
  const auto all = hackney_.Call(&Benchmarks::GetProvision,
                                 "date { year: 2022 month: 6 day: 1 } service: 'childrens-homes'");
  ASSERT_THAT(all, Succeeds());
  EXPECT_EQ(all.reply.as_of_date().month(), 3);
  EXPECT_EQ(all.reply.whole().all_places(), 8);
  EXPECT_EQ(all.reply.whole().owners(), 2);
  EXPECT_EQ(all.reply.whole().hhi(), 5000);  // two halves
  ASSERT_THAT(all.reply.areas(), SizeIs(1));
  EXPECT_EQ(all.reply.areas(0).area(), "areas/london");

  const auto keys = hackney_.Call(&Benchmarks::GetProvision,
                                  "provider: 'keys' date { year: 2022 month: 6 day: 1 }");
  ASSERT_THAT(keys, Succeeds());
  EXPECT_EQ(keys.reply.whole().places(), 4);
  EXPECT_EQ(keys.reply.funnel().below_target(), 1);
  EXPECT_FALSE(keys.reply.funnel().status().scheme().empty());
  EXPECT_FALSE(keys.reply.funnel().status().threshold().empty());
  EXPECT_FALSE(keys.reply.funnel().status().meaning().empty());

  EXPECT_THAT(hackney_.Call(&Benchmarks::GetProvision, "date { year: 2022 month: 2 day: 30 }"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(hackney_.Call(&Benchmarks::GetProvision,
                            "provider: 'nobody' date { year: 2022 month: 6 day: 1 }"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_FALSE(hackney_.Call(&Benchmarks::GetProvision, "date { year: 2015 month: 6 day: 1 }")
                   .reply.has_as_of_date());
}

}  // namespace
}  // namespace steelyard::contract
