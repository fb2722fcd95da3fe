#include "server/registry/provider_methods.h"

#include "google/protobuf/text_format.h"
#include "tests/server/registry/served_registry.h"

namespace steelyard::registry {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::Key;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class ProviderMethodsTest : public ServedRegistry {
 protected:
  template <typename Message>
  static Message Text(const std::string& text) {
    Message message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
    return message;
  }
  v1::Provider Make(const std::string& text, const std::string& id = NewId()) {
    v1::CreateProviderRequest request;
    *request.mutable_provider() = Text<v1::Provider>(text);
    request.set_request_id(id);
    return Call(&Stub::CreateProvider, request);
  }
  v1::Provider Update(const std::string& text, const std::vector<std::string>& paths = {},
                      const std::string& id = NewId()) {
    v1::UpdateProviderRequest request;
    *request.mutable_provider() = Text<v1::Provider>(text);
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(id);
    return Call(&Stub::UpdateProvider, request);
  }
  std::vector<std::string> List(const std::string& filters) {
    const auto reply = Call(&Stub::ListProviders, Text<v1::ListProvidersRequest>(filters));
    std::vector<std::string> names;
    for (const auto& p : reply.providers()) names.push_back(p.name());
    return names;
  }
};

TEST_F(ProviderMethodsTest, AProviderIsMadeOnceWithAnIdOfItsName) {
  const std::string id = NewId();
  const v1::Provider made = Make(R"(display_name: "Acme Care Ltd" aliases: "Acme Homes"
      company_number: "01234567" services: "fostering" services: "childrens-homes"
      sector: "private")",
                                 id);
  ASSERT_CALL_OK;
  EXPECT_EQ(made.name(), "providers/acme-care-ltd");
  EXPECT_THAT(made.services(), ElementsAre("childrens-homes", "fostering"));
  EXPECT_EQ(Make(R"(display_name: "Acme Care Ltd" aliases: "Acme Homes"
      company_number: "01234567" services: "fostering" services: "childrens-homes"
      sector: "private")",
                 id)
                .SerializeAsString(),
            made.SerializeAsString());
  Make("display_name: 'Other' ", id);
  EXPECT_EQ(status_.error_code(), StatusCode::ABORTED);
  for (const char* taken : {"display_name: 'ACME CARE LIMITED'", "display_name: 'Acme Homes'",
                            "display_name: 'B' company_number: '01234567'"}) {
    Make(taken);
    EXPECT_EQ(status_.error_code(), StatusCode::ALREADY_EXISTS) << taken;
  }
}

TEST_F(ProviderMethodsTest, EverythingWrongWithAProviderIsSaidAtOnce) {
  Make("display_name: 'Acme Care Ltd'");
  Make(R"(display_name: "a\nb" aliases: "" aliases: "Acme Care" company_number: "12"
      services: "knitting" sector: "charity"
      owners { owner: "providers/none" }
      owners { owner: "providers/acme-care-ltd" start_date { year: 2020 month: 1 day: 1 }
               end_date { year: 2019 month: 1 day: 1 } }
      owners { owner: "providers/acme-care-ltd" start_date { year: 2020 month: 2 day: 30 } })");
  EXPECT_EQ(status_.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Violations(),
              UnorderedElementsAre(Key("provider.display_name"), Key("provider.aliases[0]"),
                                   Key("provider.aliases[1]"), Key("provider.company_number"),
                                   Key("provider.services[0]"), Key("provider.sector"),
                                   Key("provider.owners[0].owner"),
                                   Key("provider.owners[2].start_date"), Key("provider.owners")));
}

TEST_F(ProviderMethodsTest, AnOwnerChangeIsAddedAndChecked) {
  for (const char* name : {"Cambian", "CareTech", "Midco"}) {
    Make(std::string("display_name: '") + name + "' services: 'fostering'");
  }
  v1::Provider changed = Update(R"(name: "providers/cambian"
      owners { owner: "providers/caretech" start_date { year: 2018 month: 10 day: 19 } })");
  ASSERT_CALL_OK;
  EXPECT_EQ(changed.display_name(), "Cambian");
  ASSERT_THAT(changed.owners(), SizeIs(1));
  Update("name: 'providers/caretech' owners { owner: 'providers/midco' }", {"owners"});
  ASSERT_CALL_OK;
  EXPECT_THAT(List("owner: 'providers/midco'"),
              ElementsAre("providers/cambian", "providers/caretech"));
  EXPECT_THAT(List("owner: 'providers/midco' date { year: 2018 month: 10 day: 18 }"),
              ElementsAre("providers/caretech"));
  // Overlapping owners, and a ring.
  Update(R"(name: "providers/cambian"
      owners { owner: "providers/caretech" start_date { year: 2018 month: 10 day: 19 } }
      owners { owner: "providers/midco" start_date { year: 2020 month: 1 day: 1 } })");
  EXPECT_EQ(status_.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Violations(), ElementsAre(Key("provider.owners")));
  Update("name: 'providers/midco' owners { owner: 'providers/cambian' }");
  EXPECT_EQ(status_.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Violations(), ElementsAre(Key("provider.owners")));
}

TEST_F(ProviderMethodsTest, AnUpdateChangesWhatItsMaskNames) {
  Make("display_name: 'Acme' aliases: 'A' sector: 'private'");
  Make("display_name: 'Bolt' company_number: '01234567'");
  v1::Provider p = Update("name: 'providers/acme' sector: 'voluntary'", {"aliases", "sector"});
  ASSERT_CALL_OK;
  EXPECT_THAT(p.aliases(), SizeIs(0));
  EXPECT_EQ(p.sector(), "voluntary");
  Update("name: 'providers/acme' company_number: '01234567'");
  EXPECT_EQ(status_.error_code(), StatusCode::ALREADY_EXISTS);
  Update("name: 'providers/acme' display_name: 'Bolt'");
  EXPECT_EQ(status_.error_code(), StatusCode::ALREADY_EXISTS);
  Update("name: 'providers/acme' display_name: 'ACME Ltd'");
  EXPECT_CALL_OK;
  Update("name: 'providers/none' sector: 'private'");
  EXPECT_EQ(status_.error_code(), StatusCode::NOT_FOUND);
  Update("name: 'providers/acme'", {"name"});
  EXPECT_EQ(status_.error_code(), StatusCode::INVALID_ARGUMENT);
  Update("name: 'providers/acme'", {"colour"});
  EXPECT_EQ(status_.error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(ProviderMethodsTest, ListsSayWhatIsWrongWithTheirFilters) {
  Call(&Stub::ListProviders,
       Text<v1::ListProvidersRequest>("owner: 'nobody' service: 'knitting' date { year: 2020 }"));
  EXPECT_THAT(Violations(), UnorderedElementsAre(Key("owner"), Key("service"), Key("date")));
  Call(&Stub::ListEstablishments,
       Text<v1::ListEstablishmentsRequest>("provider: 'nobody' council: 'nowhere' service: 'x'"));
  EXPECT_THAT(Violations(), UnorderedElementsAre(Key("provider"), Key("council"), Key("service")));
}

TEST_F(ProviderMethodsTest, EstablishmentsAreImportedOnceAndListedByDay) {
  Load(v1::LoadRegisterRequest::AREAS, "id,name,kind\nse,South East,region\n");
  Load(v1::LoadRegisterRequest::COUNCILS,
       "id,name,authority_type,area,childrens_services\nken,Kent,county,se,true\n");
  auto request = Text<v1::ImportEstablishmentsRequest>(R"(
      as_of_date { year: 2019 month: 3 day: 31 }
      rows { row: 2 urn: "SC1" provision_type: "Children's home" local_authority: "Kent"
             places: 3 organisation: "Acme Care Ltd" judgement: "Good" }
      rows { row: 3 urn: "SC2" provision_type: "Boarding School" local_authority: "Kent" })");
  request.set_request_id(NewId());
  request.set_validate_only(true);
  auto reply = Call(&Stub::ImportEstablishments, request);
  ASSERT_CALL_OK;
  EXPECT_EQ(reply.created_establishments(), 2);
  EXPECT_TRUE(ledger_->state()->registers->establishments->empty());
  request.set_validate_only(false);
  request.set_request_id(NewId());
  reply = Call(&Stub::ImportEstablishments, request);
  ASSERT_CALL_OK;
  EXPECT_EQ(reply.created_establishments(), 2);
  EXPECT_EQ(reply.created_providers(), 1);
  EXPECT_EQ(Call(&Stub::ImportEstablishments, request).SerializeAsString(),
            reply.SerializeAsString());
  const auto list = [&](const std::string& filters) {
    const auto listed =
        Call(&Stub::ListEstablishments, Text<v1::ListEstablishmentsRequest>(filters));
    std::vector<std::string> names;
    for (const auto& e : listed.establishments()) names.push_back(e.name());
    return names;
  };
  EXPECT_THAT(list(""), ElementsAre("establishments/sc1", "establishments/sc2"));
  EXPECT_THAT(list("provider: 'Acme Care'"), ElementsAre("establishments/sc1"));
  EXPECT_THAT(list("service: 'childrens-homes' council: 'ken'"), ElementsAre("establishments/sc1"));
  EXPECT_THAT(list("date { year: 2019 month: 3 day: 30 }"), SizeIs(0));
  EXPECT_THAT(list("date { year: 2024 month: 1 day: 1 }"), SizeIs(2));
  Restart();
  v1::GetEstablishmentRequest get;
  get.set_name("establishments/sc1");
  const auto e = Call(&Stub::GetEstablishment, get);
  ASSERT_CALL_OK;
  EXPECT_EQ(e.council(), "councils/ken");
  EXPECT_EQ(e.area(), "areas/se");
  ASSERT_THAT(e.records(), SizeIs(1));
  EXPECT_EQ(e.records(0).provider(), "providers/acme-care-ltd");
  EXPECT_EQ(e.records(0).registration_status(), "active");
  EXPECT_EQ(e.judgements(0).level(), v1::Establishment::Judgement::GOOD);
  // A row with an error: nothing is taken.
  auto bad = request;
  bad.set_request_id(NewId());
  bad.mutable_rows(0)->clear_urn();
  bad.mutable_rows(1)->set_judgement("Splendid");
  reply = Call(&Stub::ImportEstablishments, bad);
  ASSERT_CALL_OK;
  EXPECT_THAT(reply.problems(), SizeIs(2));
  EXPECT_EQ(reply.updated_establishments(), 0);
  bad.mutable_as_of_date()->set_year(2021);  // the clock stands in 2020
  Call(&Stub::ImportEstablishments, bad);
  EXPECT_THAT(Violations(), ElementsAre(Key("as_of_date")));
}

TEST_F(ProviderMethodsTest, MeasuresAndCodesCarryTheirDefinitions) {
  const auto measures = Call(&Stub::ListMeasures, v1::ListMeasuresRequest());
  ASSERT_THAT(measures.measures(), SizeIs(8));
  for (const v1::Measure& m : measures.measures()) {
    EXPECT_FALSE(m.definition().empty());
    EXPECT_FALSE(m.guidance().empty());
    ASSERT_THAT(m.levels(), SizeIs(5));
    EXPECT_EQ(m.levels(0).score(), 3);
    EXPECT_EQ(m.levels(3).score(), 0);
    EXPECT_FALSE(m.levels(4).has_score());
    EXPECT_EQ(m.score_map(), "even-steps-1");
  }
  const auto codes = Call(&Stub::ListCodes, v1::ListCodesRequest());
  std::map<std::string, int> lists;
  for (const auto& code : codes.codes()) {
    ++lists[code.list()];
    EXPECT_FALSE(code.display_name().empty());
    EXPECT_FALSE(code.meaning().empty());
  }
  EXPECT_EQ(lists["service"], 11);
  EXPECT_EQ(lists["intention"], 5);
  EXPECT_GE(lists["priority"], 10);
}

}  // namespace
}  // namespace steelyard::registry
