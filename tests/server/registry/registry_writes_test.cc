#include <thread>

#include "tests/server/registry/served_registry.h"

namespace steelyard::registry {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Request = v1::LoadRegisterRequest;

class RegistryWritesTest : public ServedRegistry {
 protected:
  size_t Suppliers() const { return ledger_->state()->registers->suppliers.size(); }
  uint64_t Sequence() const { return ledger_->state()->head.sequence; }
};

TEST_F(RegistryWritesTest, ANewSupplierIsFoundAtOnceAndAfterARestart) {
  v1::Supplier acme;
  acme.set_name("suppliers/chosen");
  acme.set_display_name("Acme Gloves Ltd");
  acme.add_aliases("Acme");
  acme.set_company_number("01234567");
  acme.set_country_code("GB");
  acme.set_merged_into("suppliers/other");
  const v1::Supplier made = Create(acme);
  ASSERT_CALL_OK;
  EXPECT_EQ(made.name(), "suppliers/acme-gloves-ltd");
  EXPECT_EQ(made.merged_into(), "");
  EXPECT_EQ(directory_->Current()->ResolveSupplier("acme").no.value, 1u);
  Restart();
  EXPECT_EQ(Get("acme-gloves-ltd").SerializeAsString(), made.SerializeAsString());
}

TEST_F(RegistryWritesTest, ARepeatGetsWhatTheFirstMadeAlsoAfterARestart) {
  v1::Supplier acme;
  acme.set_display_name("Acme Ltd");
  const std::string id = NewId();
  const v1::Supplier made = Create(acme, id);
  const uint64_t sequence = Sequence();
  EXPECT_EQ(Create(acme, id).SerializeAsString(), made.SerializeAsString());
  EXPECT_CALL_OK;
  Restart();
  EXPECT_EQ(Create(acme, id).SerializeAsString(), made.SerializeAsString());
  EXPECT_EQ(Sequence(), sequence);
  acme.set_display_name("Bolt Ltd");
  Create(acme, id);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Suppliers(), 1u);
}

TEST_F(RegistryWritesTest, ANameOrNumberThatIsTakenIsToldWithItsOwner) {
  v1::Supplier acme;
  acme.set_display_name("Acme Gloves Ltd");
  acme.set_company_number("01234567");
  Create(acme);
  ASSERT_CALL_OK;
  Create("ACME-GLOVES limited");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(status_.error_message(), HasSubstr("suppliers/acme-gloves-ltd"));
  v1::Supplier other;
  other.set_display_name("Something Else");
  other.set_company_number("01234567");
  Create(other);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(status_.error_message(), HasSubstr("suppliers/acme-gloves-ltd"));
  EXPECT_EQ(Suppliers(), 1u);
}

TEST_F(RegistryWritesTest, NamesThatMakeOneIdGetTwo) {
  EXPECT_EQ(Create("Ж").name(), "suppliers/s");
  EXPECT_EQ(Create("Д").name(), "suppliers/s-2");
}

TEST_F(RegistryWritesTest, EveryProblemOfASupplierIsNamed) {
  v1::Supplier bad;
  bad.set_display_name("Acme\nLtd");
  bad.add_aliases("");
  bad.set_company_number("1234567");
  bad.set_country_code("UK");
  v1::Supplier::Owner* owner = bad.add_owners();
  owner->set_owner("suppliers/nobody");
  owner->mutable_start_date()->set_year(2023);
  Create(bad);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(
      Violations(),
      UnorderedElementsAre(Key("supplier.display_name"), Key("supplier.aliases[0]"),
                           Key("supplier.company_number"), Key("supplier.country_code"),
                           Key("supplier.owners[0].owner"), Key("supplier.owners[0].start_date")));
  Create("!!!");
  EXPECT_THAT(Violations(), Contains(Key("supplier.display_name")));
  EXPECT_EQ(Suppliers(), 0u);
}

TEST_F(RegistryWritesTest, OneOwnerADay) {
  Create("Parent Ltd");
  v1::Supplier child;
  child.set_display_name("Child Ltd");
  child.add_owners()->set_owner("suppliers/parent-ltd");
  child.add_owners()->set_owner("suppliers/parent-ltd");
  Create(child);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  child.mutable_owners()->RemoveLast();
  Create(child);
  EXPECT_CALL_OK;
}

TEST_F(RegistryWritesTest, ManyAtOnceMakeOneSupplierOfOneName) {
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> callers;
  const auto channel_call = [&](int i) {
    v1::CreateSupplierRequest request;
    request.mutable_supplier()->set_display_name(i % 2 == 0 ? "Acme Ltd" : "ACME Limited");
    request.set_request_id(NewId());
    grpc::ClientContext context;
    v1::Supplier reply;
    const grpc::Status status = stub().CreateSupplier(&context, request, &reply);
    if (status.ok()) ++made;
    if (status.error_code() == grpc::StatusCode::ALREADY_EXISTS) ++refused;
  };
  for (int i = 0; i < 8; ++i) callers.emplace_back(channel_call, i);
  for (std::thread& t : callers) t.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, 7);
  EXPECT_EQ(Suppliers(), 1u);
}

TEST_F(RegistryWritesTest, ManyCopiesOfOneRequestGetOneAnswer) {
  for (int round = 0; round < 10; ++round) {
    v1::CreateSupplierRequest request;
    request.mutable_supplier()->set_display_name("Acme " + std::to_string(round));
    request.set_request_id(NewId());
    std::vector<v1::Supplier> replies(16);
    std::vector<grpc::Status> statuses(replies.size());
    std::vector<std::thread> callers;
    for (size_t i = 0; i < replies.size(); ++i) {
      callers.emplace_back([&, i] {
        grpc::ClientContext context;
        statuses[i] = stub().CreateSupplier(&context, request, &replies[i]);
      });
    }
    for (std::thread& t : callers) t.join();
    for (size_t i = 0; i < replies.size(); ++i) {
      ASSERT_TRUE(statuses[i].ok()) << statuses[i].error_message();
      EXPECT_EQ(replies[i].SerializeAsString(), replies[0].SerializeAsString());
    }
    EXPECT_EQ(Suppliers(), static_cast<size_t>(round) + 1);
  }
}

TEST_F(RegistryWritesTest, AMergedSupplierStandsForTheOther) {
  Create("Acme Ltd");
  Create("Acmee Ltd");
  const std::string id = NewId();
  EXPECT_EQ(Merge("acmee-ltd", "acme-ltd", id).name(), "suppliers/acme-ltd");
  EXPECT_EQ(Get("acmee-ltd").merged_into(), "suppliers/acme-ltd");
  const auto resolver = directory_->Current();
  EXPECT_EQ(resolver->ResolveSupplier("acmee").no, resolver->ResolveSupplier("acme").no);
  EXPECT_THAT(resolver->ProposeMerges(), IsEmpty());
  EXPECT_EQ(Merge("acmee-ltd", "acme-ltd", id).name(), "suppliers/acme-ltd");  // a repeat
  EXPECT_CALL_OK;
}

TEST_F(RegistryWritesTest, AMergeNeedsTwoStandingSuppliers) {
  Create("Acme Ltd");
  Create("Bolt Ltd");
  Create("Cord Ltd");
  Merge("acme-ltd", "bolt-ltd");
  ASSERT_CALL_OK;
  Merge("acme-ltd", "cord-ltd");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  Merge("cord-ltd", "acme-ltd");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  Merge("cord-ltd", "nobody");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::NOT_FOUND);
  Merge("nobody", "cord-ltd");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::NOT_FOUND);
  Merge("cord-ltd", "cord-ltd");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(RegistryWritesTest, NoMergeMakesASupplierOwnItself) {
  Create("Parent Ltd");
  v1::Supplier child;
  child.set_display_name("Child Ltd");
  child.add_owners()->set_owner("suppliers/parent-ltd");
  Create(child);
  Merge("parent-ltd", "child-ltd");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Violations(), Contains(Key("into")));
  Merge("child-ltd", "parent-ltd");
  EXPECT_CALL_OK;
  // Nor does a file.
  const auto reply = Load(Request::SUPPLIERS, "id,name,owners\nparent-ltd,Parent Ltd,child-ltd\n");
  ASSERT_EQ(reply.problems_size(), 1);
  EXPECT_EQ(reply.problems(0).code(), "OWNER_RING");
}

TEST_F(RegistryWritesTest, ALoadCountsAndARepeatSaysTheSame) {
  Load(Request::SUPPLIERS, "id,name\na,Acme Ltd\nb,Bolt Ltd\n");
  const std::string csv = "id,name\na,Acme Ltd\nb,Bolt PLC\nc,Cord Ltd\n";
  const std::string id = NewId();
  const v1::LoadRegisterResponse first = Load(Request::SUPPLIERS, csv, id);
  EXPECT_EQ(first.created_entries(), 1);
  EXPECT_EQ(first.updated_entries(), 1);
  EXPECT_EQ(first.unchanged_entries(), 1);
  Restart();
  EXPECT_EQ(Load(Request::SUPPLIERS, csv, id).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Load(Request::SUPPLIERS, csv).unchanged_entries(), 3);
  Load(Request::PRODUCTS, csv, id);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::ABORTED);
}

TEST_F(RegistryWritesTest, ARepeatKeepsTheWarningsOfTheFirst) {
  const std::string id = NewId();
  const std::string csv =
      "id,name,product_class,base_unit,any_pack,cpv_code\nm,Mask,mask,piece,true,18424300-1\n";
  const v1::LoadRegisterResponse first = Load(Request::PRODUCTS, csv, id);
  EXPECT_EQ(first.created_entries(), 1);
  ASSERT_EQ(first.problems_size(), 1);
  EXPECT_EQ(first.problems(0).severity(), v1::Problem::WARNING);
  EXPECT_EQ(Load(Request::PRODUCTS, csv, id).SerializeAsString(), first.SerializeAsString());
}

TEST_F(RegistryWritesTest, AnErrorStopsTheWholeFile) {
  const uint64_t sequence = Sequence();
  const auto reply = Load(Request::SUPPLIERS, "id,name,country_code\na,Acme Ltd,GB\nb,,UK\n");
  EXPECT_CALL_OK;
  EXPECT_EQ(reply.created_entries(), 0);
  ASSERT_EQ(reply.problems_size(), 2);
  EXPECT_EQ(reply.problems(0).row(), 3);
  EXPECT_EQ(reply.problems(0).field(), "name");
  EXPECT_EQ(reply.problems(1).field(), "country_code");
  EXPECT_EQ(Suppliers(), 0u);
  EXPECT_EQ(Sequence(), sequence);
}

TEST_F(RegistryWritesTest, ValidationChangesNothing) {
  Request request;
  request.set_register_(Request::SUPPLIERS);
  request.set_csv("id,name\na,Acme Ltd\n");
  request.set_validate_only(true);
  request.set_request_id(NewId());
  EXPECT_EQ(Call(&Stub::LoadRegister, request).created_entries(), 1);
  EXPECT_EQ(Suppliers(), 0u);
}

TEST_F(RegistryWritesTest, AReplyOfManyProblemsFitsAndSaysHowManyAreMissing) {
  std::string csv = "id,name,country_code\n";
  for (int i = 0; i < 15'000; ++i) csv += "Bad Id " + std::to_string(i) + ",,UK\n";
  const auto reply = Load(Request::SUPPLIERS, csv);
  ASSERT_CALL_OK;
  EXPECT_LE(reply.ByteSizeLong(), size_t{3} << 20);
  const v1::Problem& last = reply.problems(reply.problems_size() - 1);
  EXPECT_EQ(last.code(), "PROBLEMS_LEFT_OUT");
  EXPECT_EQ(last.severity(), v1::Problem::ERROR);
  const int left_out = std::stoi(last.found());
  EXPECT_EQ(reply.problems_size() - 1 + left_out, 3 * 15'000);
}

TEST_F(RegistryWritesTest, ARequestIsCheckedBeforeItIsDone) {
  Load(Request::SUPPLIERS, "id,name\na,A\n", "not-a-uuid");
  EXPECT_THAT(Violations(), Contains(Key("request_id")));
  Load(Request::REGISTER_UNSPECIFIED, "id,name\na,A\n");
  EXPECT_THAT(Violations(), Contains(Key("register")));
  Load(static_cast<Request::Register>(9), "id,name\na,A\n");
  EXPECT_THAT(Violations(), Contains(Key("register")));
  Load(Request::SUPPLIERS, std::string((size_t{3} << 20) + 1, 'x'));
  EXPECT_THAT(Violations(), Contains(Key("csv")));
  EXPECT_EQ(Suppliers(), 0u);
}

}  // namespace
}  // namespace steelyard::registry
