#include "server/registry/registry_proto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "server/registry/field_checker.h"

namespace steelyard::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Every field of a message must be set by a full entry, so that no field is
// forgotten when one is added to the contract.
template <typename Message>
std::set<std::string> FieldsNotSet(const Message& message) {
  std::vector<const google::protobuf::FieldDescriptor*> set;
  Message::GetReflection()->ListFields(message, &set);
  std::set<std::string> names;
  for (int i = 0; i < Message::descriptor()->field_count(); ++i) {
    names.insert(Message::descriptor()->field(i)->name());
  }
  for (const auto* field : set) names.erase(field->name());
  return names;
}

model::Day Day(int year, int month, int day) { return *model::Day::FromYmd(year, month, day); }

model::Registers TwoAreas() {
  model::Registers registers;
  registers.Put(model::Area{{}, "uk", "United Kingdom", "country", {}});
  registers.Put(model::Area{{}, "wales", "Wales", "nation", model::AreaNo{1}});
  return registers;
}

TEST(RegistryProtoTest, AreasNameTheirParent) {
  const model::Registers registers = TwoAreas();
  v1::Area out;
  ToProto(*registers.FindArea("wales"), registers, &out);
  EXPECT_THAT(FieldsNotSet(out), IsEmpty());
  EXPECT_EQ(out.name(), "areas/wales");
  EXPECT_EQ(out.parent(), "areas/uk");
  out.Clear();
  ToProto(*registers.FindArea("uk"), registers, &out);
  EXPECT_THAT(FieldsNotSet(out), ElementsAre("parent"));
}

TEST(RegistryProtoTest, CouncilsCarryEveryField) {
  model::Council council;
  council.id = "abc";
  council.display_name = "ABC";
  council.aliases = {"A B C"};
  council.authority_type = "unitary";
  council.area = model::AreaNo{2};
  council.gss_code = "W06000001";
  council.former_gss_codes = {"W07000001", "W07000002"};
  council.start_date = Day(1996, 4, 1);
  council.end_date = Day(2023, 3, 31);
  council.successors = {"xyz"};
  council.childrens_services = true;
  council.related_group = "together";
  v1::Council out;
  ToProto(council, TwoAreas(), &out);
  EXPECT_THAT(FieldsNotSet(out), IsEmpty());
  EXPECT_EQ(out.area(), "areas/wales");
  EXPECT_THAT(out.successors(), ElementsAre("councils/xyz"));
  EXPECT_THAT(out.former_gss_codes(), ElementsAre("W07000001", "W07000002"));
  EXPECT_EQ(out.end_date().year(), 2023);
}

TEST(RegistryProtoTest, ProductsCarryEveryField) {
  model::Product product;
  product.id = "gel";
  product.display_name = "Hand gel";
  product.aliases = {"Sanitiser"};
  product.product_class = "hand-gel";
  product.base_unit = model::BaseUnit::kMilliliter;
  product.packs = {{"BO", "bottle", 500}, {"CT", "carton", 6000}};
  product.attributes = {{"alcohol", "70"}};
  product.cpv_code = "33741300-9";
  product.standard = "EN 1500";
  product.vat_class = "standard";
  product.gtins = {"5901234123457"};
  product.band_low_micros = 1000;
  product.band_high_micros = 20'000;
  product.start_date = Day(2020, 1, 1);
  product.end_date = Day(2021, 1, 1);
  product.any_pack = true;
  v1::Product out;
  ToProto(product, {}, &out);
  EXPECT_THAT(FieldsNotSet(out), IsEmpty());
  EXPECT_EQ(out.base_unit(), v1::Product::MILLILITER);
  ASSERT_THAT(out.packs(), SizeIs(2));
  EXPECT_EQ(out.packs(1).base_units(), 6000);
  EXPECT_EQ(out.attributes(0).key() + "=" + out.attributes(0).value(), "alcohol=70");
}

model::Registers WithOwner() {
  model::Registers registers;
  model::Supplier parent;
  parent.id = "parent";
  registers.Put(parent);
  return registers;
}

model::Supplier FullSupplier() {
  model::Supplier supplier;
  supplier.display_name = "Acme Ltd";
  supplier.aliases = {"Acme"};
  supplier.company_number = "SC123456";
  supplier.country_code = "GB";
  supplier.owners = {{"parent", Day(2018, 10, 19), Day(2020, 1, 1)}};
  return supplier;
}

TEST(RegistryProtoTest, SuppliersComeBackFromTheWire) {
  model::Supplier supplier = FullSupplier();
  v1::Supplier wire;
  ToProto(supplier, {}, &wire);
  std::vector<model::Problem> problems;
  EXPECT_EQ(FromProto(wire, WithOwner(), problems), supplier);
  EXPECT_THAT(problems, IsEmpty());
  supplier.id = "acme";
  supplier.merged_into = "parent";
  wire.Clear();
  ToProto(supplier, {}, &wire);
  EXPECT_THAT(FieldsNotSet(wire), IsEmpty());
  EXPECT_EQ(wire.merged_into(), "suppliers/parent");
  // What the server sets is not read back.
  const model::Supplier read = FromProto(wire, WithOwner(), problems);
  EXPECT_EQ(read.id, "");
  EXPECT_EQ(read.merged_into, "");
}

TEST(RegistryProtoTest, EachFieldOfASupplierIsHeldToItsRule) {
  struct Case {
    const char* field;
    std::function<void(v1::Supplier&)> spoil;
  };
  const std::string long_name(201, 'x');
  const std::vector<Case> cases = {
      {"display_name", [&](auto& s) { s.set_display_name(long_name); }},
      {"display_name", [](auto& s) { s.set_display_name(" Acme"); }},
      {"display_name", [](auto& s) { s.set_display_name("Ac\u202Eme"); }},
      {"aliases[1]", [](auto& s) { s.add_aliases("a\tb"); }},
      {"aliases",
       [](auto& s) {
         for (int i = 0; i < 6; ++i) s.add_aliases(std::string(190, 'a'));
       }},
      {"company_number", [](auto& s) { s.set_company_number("1234567"); }},
      {"country_code", [](auto& s) { s.set_country_code("gb"); }},
      {"owners[0].owner", [](auto& s) { s.mutable_owners(0)->set_owner("parent"); }},
      {"owners[0].owner", [](auto& s) { s.mutable_owners(0)->set_owner("suppliers/none"); }},
      {"owners[0].end_date", [](auto& s) { s.mutable_owners(0)->mutable_end_date()->set_day(32); }},
  };
  for (const Case& c : cases) {
    v1::Supplier wire;
    ToProto(FullSupplier(), {}, &wire);
    c.spoil(wire);
    std::vector<model::Problem> problems;
    FromProto(wire, WithOwner(), problems);
    ASSERT_THAT(problems, SizeIs(1)) << c.field;
    EXPECT_EQ(problems[0].field, c.field);
    EXPECT_NE(problems[0].message, "");
  }
}

TEST(RegistryProtoTest, OwnersBeyondTheLimitAreNotEvenLookedAt) {
  v1::Supplier wire;
  wire.set_display_name("Acme");
  for (int i = 0; i < 10'000; ++i) wire.add_owners()->set_owner("suppliers/parent");
  std::vector<model::Problem> problems;
  EXPECT_LE(FromProto(wire, WithOwner(), problems).owners.size(), 20u);
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].field, "owners");
}

std::vector<model::Problem> Warnings(int count) {
  model::Problem p;
  p.severity = model::Problem::Severity::kWarning;
  p.code = "CPV_CHECK_DIGIT";
  p.message = std::string(100, 'x');
  return std::vector<model::Problem>(static_cast<size_t>(count), p);
}

TEST(RegistryProtoTest, ProblemsThatFitAreAllThere) {
  v1::LoadRegisterResponse reply;
  AddProblems(Warnings(10), 4000, &reply);
  EXPECT_THAT(reply.problems(), SizeIs(10));
}

TEST(RegistryProtoTest, ProblemsThatDoNotFitAreCountedAndNeverHideAnError) {
  for (const bool error_at_end : {false, true}) {
    std::vector<model::Problem> problems = Warnings(100);
    if (error_at_end) problems.back().severity = model::Problem::Severity::kError;
    v1::LoadRegisterResponse reply;
    AddProblems(problems, 4000, &reply);
    EXPECT_LE(reply.ByteSizeLong(), 4000u);
    const v1::Problem& last = reply.problems(reply.problems_size() - 1);
    EXPECT_EQ(last.code(), "PROBLEMS_LEFT_OUT");
    EXPECT_EQ(last.found(), std::to_string(101 - reply.problems_size()) + " more problems");
    EXPECT_EQ(last.severity(), error_at_end ? v1::Problem::ERROR : v1::Problem::WARNING);
  }
}

}  // namespace
}  // namespace steelyard::registry
