#include <set>

#include "tests/server/registry/served_registry.h"

namespace steelyard::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Request = v1::LoadRegisterRequest;

class RegistryReadsTest : public ServedRegistry {
 protected:
  void SetUp() override {
    ServedRegistry::SetUp();
    ASSERT_EQ(Load(Request::AREAS,
                   "id,name,kind,parent\nuk,United Kingdom,country,\n"
                   "wales,Wales,nation,uk\n")
                  .created_entries(),
              2);
    ASSERT_EQ(Load(Request::COUNCILS,
                   "id,name,authority_type,area,gss_code,start_date,end_date,successors\n"
                   "new,Newtown,unitary,wales,E06000002,2020-05-20,,\n"
                   "old,Oldtown,district,wales,E06000001,,2020-05-19,new\n"
                   "fut,Last Day,district,wales,,,2020-05-20,new\n")
                  .created_entries(),
              3);
    ASSERT_EQ(Load(Request::PRODUCTS,
                   "id,name,product_class,base_unit,packs,gtins\n"
                   "mask-iir,Type IIR mask,mask,piece,BX:box:50,5901234123457\n"
                   "mask-ii,Type II mask,mask,piece,BX:box:50,\n"
                   "apron-white,White apron,apron,piece,RO:roll:200,\n")
                  .created_entries(),
              3);
  }

  template <typename Entries>
  static std::vector<std::string> Names(const Entries& entries) {
    std::vector<std::string> names;
    for (const auto& entry : entries) names.push_back(entry.name());
    return names;
  }
};

TEST_F(RegistryReadsTest, GetsEachKindByItsName) {
  v1::GetAreaRequest area;
  area.set_name("areas/wales");
  EXPECT_EQ(Call(&Stub::GetArea, area).parent(), "areas/uk");
  v1::GetCouncilRequest council;
  council.set_name("councils/old");
  EXPECT_THAT(Call(&Stub::GetCouncil, council).successors(), ElementsAre("councils/new"));
  v1::GetProductRequest product;
  product.set_name("products/mask-iir");
  EXPECT_EQ(Call(&Stub::GetProduct, product).base_unit(), v1::Product::PIECE);
  Create("Acme Ltd");
  EXPECT_EQ(Get("acme-ltd").display_name(), "Acme Ltd");
}

TEST_F(RegistryReadsTest, TellsAMissingNameFromAMalformedOne) {
  Get("nobody");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status_.error_message(), "There is no supplier `suppliers/nobody`.");
  v1::GetProductRequest product;
  product.set_name("suppliers/x");
  Call(&Stub::GetProduct, product);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(RegistryReadsTest, ListsCouncilsThatLiveTodayUnlessAskedForFormerOnes) {
  EXPECT_THAT(Names(Call(&Stub::ListCouncils, v1::ListCouncilsRequest()).councils()),
              ElementsAre("councils/fut", "councils/new"));
  v1::ListCouncilsRequest all;
  all.set_show_former(true);
  EXPECT_THAT(Names(Call(&Stub::ListCouncils, all).councils()),
              ElementsAre("councils/fut", "councils/new", "councils/old"));
}

TEST_F(RegistryReadsTest, ListsProductsOfOneClass) {
  v1::ListProductsRequest request;
  request.set_product_class("mask");
  EXPECT_THAT(Names(Call(&Stub::ListProducts, request).products()),
              ElementsAre("products/mask-ii", "products/mask-iir"));
}

TEST_F(RegistryReadsTest, PagesGoByIdAndMeetEveryEntryOnce) {
  std::string csv = "id,name\n";
  std::vector<std::string> expected;
  for (int i = 0; i < 23; ++i) {
    // In another order than that of their ids.
    const std::string id = "s" + std::to_string(10 + i * 7 % 23);
    csv += id + ",Supplier " + std::to_string(i) + " Ltd\n";
    expected.push_back("suppliers/" + id);
  }
  std::sort(expected.begin(), expected.end());
  ASSERT_EQ(Load(Request::SUPPLIERS, csv).created_entries(), 23);
  std::vector<std::string> listed;
  v1::ListSuppliersRequest request;
  request.set_page_size(5);
  int pages = 0;
  do {
    const v1::ListSuppliersResponse reply = Call(&Stub::ListSuppliers, request);
    ASSERT_CALL_OK;
    EXPECT_LE(reply.suppliers_size(), 5);
    for (const std::string& name : Names(reply.suppliers())) listed.push_back(name);
    request.set_page_token(reply.next_page_token());
  } while (++pages < 10 && !request.page_token().empty());
  EXPECT_EQ(pages, 5);
  EXPECT_EQ(listed, expected);
}

TEST_F(RegistryReadsTest, APageTokenBelongsToItsOwnQuestion) {
  v1::ListProductsRequest request;
  request.set_page_size(1);
  const std::string token = Call(&Stub::ListProducts, request).next_page_token();
  ASSERT_NE(token, "");
  v1::ListProductsRequest other;
  other.set_page_token(token);
  other.set_product_class("mask");
  Call(&Stub::ListProducts, other);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(RegistryReadsTest, SearchesByCodeAndWords) {
  v1::SearchCouncilsRequest councils;
  councils.set_query("E06000001");
  EXPECT_THAT(Names(Call(&Stub::SearchCouncils, councils).councils()), ElementsAre("councils/old"));
  v1::SearchProductsRequest products;
  products.set_query("5901234123457");
  EXPECT_THAT(Names(Call(&Stub::SearchProducts, products).products()),
              ElementsAre("products/mask-iir"));
  products.set_query("mask type");
  EXPECT_THAT(Call(&Stub::SearchProducts, products).products(), SizeIs(2));
  products.set_page_size(1);
  EXPECT_THAT(Call(&Stub::SearchProducts, products).products(), SizeIs(1));
  Create("Müller Gloves GmbH");
  v1::SearchSuppliersRequest suppliers;
  suppliers.set_query("muller");
  EXPECT_THAT(Names(Call(&Stub::SearchSuppliers, suppliers).suppliers()), SizeIs(1));
}

TEST_F(RegistryReadsTest, AQueryIsCountedInCharacters) {
  v1::SearchProductsRequest request;
  for (int i = 0; i < 200; ++i) request.mutable_query()->append("ü");
  EXPECT_THAT(Call(&Stub::SearchProducts, request).products(), IsEmpty());
  EXPECT_CALL_OK;
  request.mutable_query()->append("x");
  Call(&Stub::SearchProducts, request);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Violations().count("query"), 1u);
}

TEST_F(RegistryReadsTest, ProposalsArePagedMostAlikeFirstEachOnce) {
  // Four names that fold to one are six pairs that are the same; one more is
  // only alike to each of them.
  ASSERT_EQ(Load(Request::SUPPLIERS,
                 "id,name\na,Northern Gloves Ltd\nb,Northern-Gloves Limited\n"
                 "c,NORTHERN GLOVES PLC\nd,Northern Gloves\ne,Northern Glovess Ltd\n")
                .created_entries(),
            5);
  std::set<std::pair<std::string, std::string>> pairs;
  double before = 1;
  v1::ListMergeProposalsRequest request;
  request.set_page_size(3);
  int pages = 0;
  do {
    const auto reply = Call(&Stub::ListMergeProposals, request);
    ASSERT_CALL_OK;
    for (const v1::MergeProposal& p : reply.proposals()) {
      EXPECT_LE(p.similarity(), before);
      before = p.similarity();
      EXPECT_TRUE(pairs.emplace(p.supplier().name(), p.candidate().name()).second);
    }
    request.set_page_token(reply.next_page_token());
  } while (++pages < 10 && !request.page_token().empty());
  EXPECT_EQ(pages, 4);
  EXPECT_THAT(pairs, SizeIs(10));
  EXPECT_LT(before, 1);
}

}  // namespace
}  // namespace steelyard::registry
