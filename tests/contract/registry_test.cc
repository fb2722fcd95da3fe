// Areas, councils, products and suppliers: reading, searching, loading.

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

class RegistryTest : public ContractTest {
 protected:
  Answer<v1::LoadRegisterResponse> Load(const std::string& kind, const std::string& csv,
                                        const std::string& rest = "") {
    v1::LoadRegisterRequest request;
    Merge(absl::StrCat("register: ", kind, " request_id: '$uuid' ", rest), request);
    request.set_csv(csv);
    return steward_.Call(&Registry::LoadRegister, request);
  }
};

TEST_F(RegistryTest, EntriesAreReadByName) {
  const auto area = hackney_.Call(&Registry::GetArea, "name: 'areas/london'");
  ASSERT_THAT(area, Succeeds());
  EXPECT_EQ(area.reply.parent(), "areas/england");
  EXPECT_EQ(area.reply.kind(), "region");

  const auto council = hackney_.Call(&Registry::GetCouncil, "name: 'councils/hck'");
  ASSERT_THAT(council, Succeeds());
  EXPECT_EQ(council.reply.display_name(), "London Borough of Hackney");
  EXPECT_EQ(council.reply.gss_code(), "E09000012");
  EXPECT_EQ(council.reply.area(), "areas/london");
  EXPECT_EQ(council.reply.authority_type(), "london-borough");
  EXPECT_TRUE(council.reply.childrens_services());

  const auto product =
      hackney_.Call(&Registry::GetProduct, "name: 'products/mask-type-iir-ear-loop'");
  ASSERT_THAT(product, Succeeds());
  EXPECT_EQ(product.reply.base_unit(), v1::Product::PIECE);
  ASSERT_THAT(product.reply.packs(), SizeIs(2));
  EXPECT_EQ(product.reply.packs(1).base_units(), 2000);
  EXPECT_EQ(product.reply.vat_class(), "ppe-zero-2020");

  const auto supplier = hackney_.Call(&Registry::GetSupplier, "name: 'suppliers/acme'");
  ASSERT_THAT(supplier, Succeeds());
  EXPECT_EQ(supplier.reply.company_number(), "01234567");
}

TEST_F(RegistryTest, WhatIsNotThereIsNotFound) {
  const auto missing = Fails(StatusCode::NOT_FOUND, "NOT_FOUND");
  EXPECT_THAT(hackney_.Call(&Registry::GetArea, "name: 'areas/none'"), missing);
  EXPECT_THAT(hackney_.Call(&Registry::GetCouncil, "name: 'councils/zzz'"), missing);
  EXPECT_THAT(hackney_.Call(&Registry::GetProduct, "name: 'products/none'"), missing);
  EXPECT_THAT(hackney_.Call(&Registry::GetSupplier, "name: 'suppliers/none'"), missing);
  const auto bad = Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS");
  EXPECT_THAT(hackney_.Call(&Registry::GetArea, ""), bad);
  EXPECT_THAT(hackney_.Call(&Registry::GetCouncil, "name: 'hck'"), bad);
  EXPECT_THAT(hackney_.Call(&Registry::GetProduct, "name: 'products/'"), bad);
  EXPECT_THAT(hackney_.Call(&Registry::GetSupplier, "name: 'suppliers/UPPER'"), bad);
}

TEST_F(RegistryTest, SearchFindsTheBestFirst) {
  for (const char* query : {"query: 'Hackney'", "query: 'HCK'", "query: 'E09000012'",
                            "query: 'london borough hackney'"}) {
    const auto found = hackney_.Call(&Registry::SearchCouncils, query).reply;
    ASSERT_GT(found.councils_size(), 0) << query;
    EXPECT_EQ(found.councils(0).name(), "councils/hck") << query;
  }
  for (const char* query :
       {"query: 'FRSM'", "query: '2000000000022'", "query: 'mask-type-iir-ear-loop'"}) {
    const auto found = hackney_.Call(&Registry::SearchProducts, query).reply;
    ASSERT_GT(found.products_size(), 0) << query;
    EXPECT_EQ(found.products(0).name(), "products/mask-type-iir-ear-loop") << query;
  }
  const auto masks = hackney_.Call(&Registry::SearchProducts, "query: 'mask' page_size: 3").reply;
  EXPECT_THAT(masks.products(), SizeIs(3));
  for (const char* query : {"query: '01234567'", "query: 'acme'"}) {
    const auto found = hackney_.Call(&Registry::SearchSuppliers, query).reply;
    ASSERT_GT(found.suppliers_size(), 0) << query;
    EXPECT_EQ(found.suppliers(0).name(), "suppliers/acme") << query;
  }
  const auto bad = Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS");
  EXPECT_THAT(hackney_.Call(&Registry::SearchProducts, ""), bad);
  EXPECT_THAT(hackney_.Call(&Registry::SearchCouncils, "query: 'x' page_size: -1"), bad);
  EXPECT_THAT(hackney_.Call(&Registry::SearchSuppliers,
                            absl::StrCat("query: '", std::string(1000, 'x'), "'")),
              bad);
}

TEST_F(RegistryTest, ASupplierIsAddedOnce) {
  const std::string id = NewUuid();
  const std::string request = absl::StrCat(R"(supplier { display_name: "Delta Gloves Ltd"
      aliases: "Delta" company_number: "SC123456" country_code: "GB" } request_id: ")",
                                           id, "\"");
  const auto made = hackney_.Call(&Registry::CreateSupplier, request);
  ASSERT_THAT(made, Succeeds());
  EXPECT_THAT(made.reply.name(), HasSubstr("suppliers/delta"));
  const auto repeat = hackney_.Call(&Registry::CreateSupplier, request);
  EXPECT_THAT(repeat, Succeeds());
  EXPECT_EQ(repeat.reply.SerializeAsString(), made.reply.SerializeAsString());
  EXPECT_THAT(
      hackney_.Call(&Registry::CreateSupplier,
                    absl::StrCat("supplier { display_name: 'Echo' } request_id: '", id, "'")),
      Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  for (const char* taken : {"display_name: 'DELTA GLOVES LIMITED'",
                            "display_name: 'Another' company_number: 'SC123456'"}) {
    EXPECT_THAT(hackney_.Call(&Registry::CreateSupplier,
                              absl::StrCat("supplier { ", taken, " } request_id: '$uuid'")),
                Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"))
        << taken;
  }
  const auto wrong = hackney_.Call(&Registry::CreateSupplier, R"(request_id: "$uuid" supplier {
      display_name: "a\nb" company_number: "12" country_code: "Britain" aliases: ""
      owners { owner: "suppliers/none" } })");
  EXPECT_THAT(wrong, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(
      ViolationsOf(wrong.status),
      ElementsAre(HasSubstr("supplier.display_name "), HasSubstr("supplier.aliases[0] "),
                  HasSubstr("supplier.company_number "), HasSubstr("supplier.country_code "),
                  HasSubstr("supplier.owners[0].owner ")));
}

TEST_F(RegistryTest, LookAlikesAreProposedAndMergedByAStewardOnly) {
  ASSERT_THAT(hackney_.Call(&Registry::CreateSupplier,
                            "supplier { display_name: 'Acme Suplies Ltd' } request_id: '$uuid'"),
              Succeeds());
  const auto proposals = steward_.Call(&Registry::ListMergeProposals, "").reply;
  ASSERT_THAT(proposals.proposals(), SizeIs(1));
  const v1::MergeProposal& p = proposals.proposals(0);
  EXPECT_EQ(p.candidate().name(), "suppliers/acme");
  EXPECT_GE(p.similarity(), 0.9);
  EXPECT_LE(p.similarity(), 1);

  auto merge = [&](const std::string& from, const std::string& into,
                   const std::string& id = NewUuid()) {
    return steward_.Call(&Registry::MergeSuppliers, absl::StrCat("name: '", from, "' into: '", into,
                                                                 "' request_id: '", id, "'"));
  };
  const std::string twin = p.supplier().name();
  EXPECT_THAT(merge(twin, twin), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(merge(twin, "suppliers/none"), Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(merge("suppliers/none", twin), Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  const std::string id = NewUuid();
  const auto merged = merge(twin, "suppliers/acme", id);
  ASSERT_THAT(merged, Succeeds());
  EXPECT_EQ(merged.reply.name(), "suppliers/acme");
  EXPECT_EQ(merge(twin, "suppliers/acme", id).reply.SerializeAsString(),
            merged.reply.SerializeAsString());
  EXPECT_THAT(merge("suppliers/bolt", "suppliers/acme", id),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  EXPECT_THAT(merge(twin, "suppliers/bolt"),
              Fails(StatusCode::FAILED_PRECONDITION, "SUPPLIER_MERGED"));
  EXPECT_THAT(merge("suppliers/bolt", twin),
              Fails(StatusCode::FAILED_PRECONDITION, "SUPPLIER_MERGED"));
  EXPECT_EQ(
      steward_.Call(&Registry::GetSupplier, absl::StrCat("name: '", twin, "'")).reply.merged_into(),
      "suppliers/acme");
  EXPECT_THAT(steward_.Call(&Registry::ListMergeProposals, "").reply.proposals(), IsEmpty());
}

TEST_F(RegistryTest, ARegisterIsLoadedWholeOrNotAtAll) {
  const auto wrong = Load("SUPPLIERS",
                          "id,name,company_number\n"
                          "delta,Delta Ltd,\n"
                          "Bad Id,Echo Ltd,\n"
                          "foxtrot,,99\n");
  ASSERT_THAT(wrong, Succeeds());
  EXPECT_EQ(wrong.reply.created_entries(), 0);
  std::vector<std::string> places;
  for (const v1::Problem& p : wrong.reply.problems()) {
    places.push_back(absl::StrCat(p.row(), " ", p.field()));
    EXPECT_FALSE(p.message().empty());
    EXPECT_FALSE(p.code().empty());
  }
  EXPECT_THAT(places, ElementsAre("3 id", "4 name", "4 company_number"));
  EXPECT_THAT(steward_.Call(&Registry::GetSupplier, "name: 'suppliers/delta'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));

  const std::string good =
      "id,name,company_number\nacme,Acme Supplies Ltd,01234567\n"
      "bolt,Bolt Medical Group PLC,\ndelta,Delta Ltd,\n";
  const auto dry = Load("SUPPLIERS", good, "validate_only: true");
  EXPECT_EQ(dry.reply.created_entries(), 1);
  EXPECT_THAT(steward_.Call(&Registry::GetSupplier, "name: 'suppliers/delta'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  const auto loaded = Load("SUPPLIERS", good);
  ASSERT_THAT(loaded, Succeeds());
  EXPECT_EQ(loaded.reply.created_entries(), 1);
  EXPECT_EQ(loaded.reply.updated_entries(), 1);
  EXPECT_EQ(loaded.reply.unchanged_entries(), 1);
  EXPECT_THAT(loaded.reply.problems(), IsEmpty());
}

TEST_F(RegistryTest, OtherBodiesAndOtherGoodsAreLoadedTheSameWay) {
  EXPECT_EQ(Load("AREAS", "id,name,kind,parent\nworld,World,country,\nasia,Asia,region,world\n")
                .reply.created_entries(),
            2);
  EXPECT_EQ(Load("COUNCILS", "id,name,authority_type,area\njapan,\"Japan, Nippon\",state,asia\n")
                .reply.created_entries(),
            1);
  EXPECT_EQ(
      Load("PRODUCTS", "id,name,product_class,base_unit,any_pack\nrice,Rice,food,piece,true\n")
          .reply.created_entries(),
      1);
  const auto found = hackney_.Call(&Registry::SearchCouncils, "query: 'nippon'").reply;
  ASSERT_THAT(found.councils(), SizeIs(1));
  EXPECT_EQ(found.councils(0).area(), "areas/asia");
  const Client japan = As(v1::ROLE_SUBMITTER, "councils/japan");
  v1::CreatePurchaseRequest create;
  create.set_parent("councils/japan");
  create.set_request_id(NewUuid());
  *create.mutable_purchase() = Line("J1", "product: 'rice' pack_content: 7 currency_code: 'JPY'");
  EXPECT_THAT(japan.Call(&Purchases::CreatePurchase, create), Succeeds());
}

TEST_F(RegistryTest, ALoadIsRepeatedSafelyAndHeldToItsLimits) {
  const std::string id = NewUuid();
  v1::LoadRegisterRequest request;
  request.set_register_(v1::LoadRegisterRequest::SUPPLIERS);
  request.set_csv("id,name\ndelta,Delta Ltd\n");
  request.set_request_id(id);
  EXPECT_EQ(steward_.Call(&Registry::LoadRegister, request).reply.created_entries(), 1);
  EXPECT_EQ(steward_.Call(&Registry::LoadRegister, request).reply.created_entries(), 1);
  request.set_csv("id,name\necho,Echo Ltd\n");
  EXPECT_THAT(steward_.Call(&Registry::LoadRegister, request),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  request.set_request_id(NewUuid());
  request.set_csv(std::string((3 << 20) + 1, 'x'));
  EXPECT_THAT(steward_.Call(&Registry::LoadRegister, request),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(steward_.Call(&Registry::LoadRegister, "request_id: '$uuid' csv: 'id'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(steward_.Call(&Registry::LoadRegister, "request_id: '$uuid' csv: 'id' register: 9"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(RegistryTest, CsvThatIsNoneIsRefusedInWords) {
  for (const std::string& csv :
       {std::string("\0\0\0", 3), std::string("\xFF\xFE\x00", 3), std::string("name\nx\n"),
        std::string("id,name,nonsense\na,b,c\n"), std::string("id,id,name\na,a,b\n"),
        std::string("id,name\n\"open")}) {
    const auto answer = Load("SUPPLIERS", csv);
    ASSERT_THAT(answer, Succeeds());
    EXPECT_GT(answer.reply.problems_size(), 0) << csv;
    EXPECT_EQ(answer.reply.created_entries(), 0);
  }
}

}  // namespace
}  // namespace steelyard::contract
