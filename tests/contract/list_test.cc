// Lists: page walks, filters, receipts; what a council sees of its own.

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ListTest : public ContractTest {
 protected:
  v1::Submission Send(const std::vector<v1::Purchase>& lines) {
    v1::BatchCreatePurchasesRequest batch;
    batch.set_parent(kHackney);
    batch.set_request_id(NewUuid());
    for (const v1::Purchase& line : lines) *batch.add_requests()->mutable_purchase() = line;
    const auto made = hackney_.Call(&Purchases::BatchCreatePurchases, batch);
    EXPECT_THAT(made, Succeeds());
    return made.reply.submission();
  }
  std::vector<std::string> References(const std::string& filters) {
    const auto listed =
        hackney_.Call(&Purchases::ListPurchases, "parent: 'councils/hck' " + filters);
    EXPECT_THAT(listed, Succeeds()) << filters;
    std::vector<std::string> references;
    for (const v1::Purchase& p : listed.reply.purchases()) references.push_back(p.reference());
    return references;
  }
};

// Walks all pages of a list and returns what `names` gives of each page.
template <typename Method, typename Names>
std::vector<std::string> Walk(const Client& client, Method method, std::string request,
                              int page_size, Names names) {
  std::vector<std::string> all;
  std::string token;
  for (int pages = 0; pages < 100; ++pages) {
    const auto page = client.Call(
        method, absl::StrCat(request, " page_size: ", page_size, " page_token: '", token, "'"));
    EXPECT_THAT(page, Succeeds());
    const std::vector<std::string> more = names(page.reply);
    EXPECT_LE(more.size(), static_cast<size_t>(page_size));
    all.insert(all.end(), more.begin(), more.end());
    token = page.reply.next_page_token();
    if (token.empty()) return all;
    EXPECT_THAT(more, SizeIs(page_size));
  }
  ADD_FAILURE() << "the list does not end";
  return all;
}

template <typename Entries>
std::vector<std::string> NamesOf(const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& e : entries) names.push_back(e.name());
  return names;
}

TEST_F(ListTest, PagesHoldEachEntryOnceInOrder) {
  Send(Lines(23));
  const auto names = [](const v1::ListPurchasesResponse& r) { return NamesOf(r.purchases()); };
  const auto whole =
      Walk(hackney_, &Purchases::ListPurchases, "parent: 'councils/hck'", 500, names);
  ASSERT_THAT(whole, SizeIs(23));
  EXPECT_TRUE(std::is_sorted(whole.begin(), whole.end()));
  for (const int size : {1, 2, 5, 22, 23}) {
    EXPECT_EQ(Walk(hackney_, &Purchases::ListPurchases, "parent: 'councils/hck'", size, names),
              whole)
        << size;
  }
}

TEST_F(ListTest, ATokenContinuesOnlyItsOwnList) {
  Send(Lines(5));
  const auto page =
      hackney_.Call(&Purchases::ListPurchases, "parent: 'councils/hck' page_size: 2").reply;
  const std::string token = page.next_page_token();
  ASSERT_FALSE(token.empty());
  std::string forged = token;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  forged[0] = forged[0] == 'A' ? 'B' : 'A';
  for (const std::string& text :
       {absl::StrCat("parent: 'councils/hck' page_token: '", forged, "'"),
        std::string("parent: 'councils/hck' page_token: 'x'"),
        absl::StrCat("parent: 'councils/hck' product: 'FRSM' page_token: '", token, "'"),
        std::string("parent: 'councils/hck' page_size: -1")}) {
    EXPECT_THAT(hackney_.Call(&Purchases::ListPurchases, text),
                Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"))
        << text;
  }
  // It gives no right to read either.
  EXPECT_THAT(camden_.Call(&Purchases::ListPurchases,
                           absl::StrCat("parent: 'councils/hck' page_token: '", token, "'")),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(camden_.Call(&Purchases::ListPurchases,
                           absl::StrCat("parent: 'councils/cmd' page_token: '", token, "'")),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(ListTest, PurchasesAreFilteredByWhatTheyAre) {
  Send({Line("A1"), Line("A2", "supplier: 'bolt'"),
        Line("A3",
             "product: 'apron-roll-white'"
             " pack_content: 200"
             " pack_price_micros: 4000000"),
        Line("A4", "order_date { year: 2024 month: 3 day: 20 }"), Line("A5")});
  ASSERT_THAT(hackney_.Call(&Purchases::WithdrawPurchase,
                            "name: 'councils/hck/purchases/A5' reason: 'x' request_id: '$uuid'"),
              Succeeds());
  EXPECT_THAT(References(""), ElementsAre("A1", "A2", "A3", "A4"));
  EXPECT_THAT(References("show_withdrawn: true"), ElementsAre("A1", "A2", "A3", "A4", "A5"));
  EXPECT_THAT(References("product: 'FRSM'"), ElementsAre("A1", "A2", "A4"));
  EXPECT_THAT(References("supplier: 'Bolt Medical PLC'"), ElementsAre("A2"));
  EXPECT_THAT(References("order_date_from { year: 2024 month: 3 day: 15 }"), ElementsAre("A4"));
  EXPECT_THAT(References("order_date_to { year: 2024 month: 3 day: 14 }"),
              ElementsAre("A1", "A2", "A3"));
  EXPECT_THAT(References("product: 'FRSM' order_date_from { year: 2025 month: 1 day: 1 }"),
              IsEmpty());
  const auto bad = hackney_.Call(&Purchases::ListPurchases, R"(parent: 'councils/hck'
      product: 'nonesuch' supplier: 'nobody' order_date_from { year: 2023 month: 2 day: 29 })");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(bad.status),
              ElementsAre("product: no such product", "supplier: no such supplier",
                          "order_date_from: not a day in the calendar"));
}

TEST_F(ListTest, ReceiptsCountUpAndChain) {
  std::vector<std::string> sent;
  for (int i = 0; i < 5; ++i) {
    const v1::Submission s = Send(Lines(2, absl::StrCat("S", i, "-")));
    EXPECT_EQ(s.sequence(), i + 1);
    sent.insert(sent.begin(), s.name());
  }
  const auto names = [](const v1::ListSubmissionsResponse& r) { return NamesOf(r.submissions()); };
  EXPECT_EQ(Walk(hackney_, &Purchases::ListSubmissions, "parent: 'councils/hck'", 2, names), sent);
  std::set<std::string> running;
  const auto listed = hackney_.Call(&Purchases::ListSubmissions, "parent: 'councils/hck'");
  for (const v1::Submission& s : listed.reply.submissions()) running.insert(s.running_sha256());
  EXPECT_THAT(running, SizeIs(5));
  EXPECT_THAT(hackney_.Call(&Purchases::ListSubmissions, "parent: 'councils/hck' page_token: 'x'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(ListTest, VersionsAreWalkedNewestFirst) {
  Send({Line("A1")});
  for (int packs = 11; packs < 16; ++packs) {
    ASSERT_THAT(hackney_.Call(&Purchases::UpdatePurchase,
                              absl::StrCat("request_id: '$uuid' purchase { packs: ", packs,
                                           " name: 'councils/hck/purchases/A1' }")),
                Succeeds());
  }
  const auto revisions = [](const v1::ListPurchaseVersionsResponse& r) {
    std::vector<std::string> all;
    for (const v1::Purchase& p : r.purchases()) all.push_back(absl::StrCat(p.revision()));
    return all;
  };
  EXPECT_THAT(Walk(hackney_, &Purchases::ListPurchaseVersions,
                   "parent: 'councils/hck/purchases/A1'", 4, revisions),
              ElementsAre("6", "5", "4", "3", "2", "1"));
  EXPECT_THAT(
      hackney_.Call(&Purchases::ListPurchaseVersions, "parent: 'councils/hck/purchases/none'"),
      Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(ListTest, ACouncilLearnsWhichLinesWait) {
  Send(Lines(4));
  server_.WaitPublished();
  const auto status =
      hackney_.Call(&Purchases::GetPublicationStatus, "council: 'councils/hck'").reply;
  EXPECT_EQ(status.active_lines(), 4);
  EXPECT_EQ(status.published_lines(), 0);
  EXPECT_EQ(status.queued_lines(), 0);
  EXPECT_EQ(status.waiting_lines(), 4);  // alone, it would be shown
}

TEST_F(ListTest, RegistersAreWalkedByPages) {
  const auto councils = [](const v1::ListCouncilsResponse& r) { return NamesOf(r.councils()); };
  const auto all = Walk(hackney_, &Registry::ListCouncils, "", 500, councils);
  EXPECT_GT(all.size(), 300u);
  EXPECT_EQ(Walk(hackney_, &Registry::ListCouncils, "", 37, councils), all);
  EXPECT_GT(Walk(hackney_, &Registry::ListCouncils, "show_former: true", 100, councils).size(),
            all.size());
  const auto products = [](const v1::ListProductsResponse& r) { return NamesOf(r.products()); };
  const auto goods = Walk(hackney_, &Registry::ListProducts, "", 7, products);
  EXPECT_GE(goods.size(), 40u);
  EXPECT_TRUE(std::is_sorted(goods.begin(), goods.end()));
  const auto masks = Walk(hackney_, &Registry::ListProducts, "product_class: 'mask'", 3, products);
  EXPECT_LT(masks.size(), goods.size());
  EXPECT_GE(masks.size(), 5u);
  const auto suppliers = [](const v1::ListSuppliersResponse& r) { return NamesOf(r.suppliers()); };
  EXPECT_THAT(Walk(hackney_, &Registry::ListSuppliers, "", 2, suppliers),
              ElementsAre("suppliers/acme", "suppliers/bolt", "suppliers/crane"));
  const auto areas = [](const v1::ListAreasResponse& r) { return NamesOf(r.areas()); };
  EXPECT_THAT(Walk(hackney_, &Registry::ListAreas, "", 5, areas), SizeIs(14));
}

TEST_F(ListTest, TokensAndAuditAreWalkedByPages) {
  const auto tokens = [](const v1::ListTokensResponse& r) { return NamesOf(r.tokens()); };
  EXPECT_THAT(Walk(steward_, &Access::ListTokens, "", 2, tokens), SizeIs(3));
  Send(Lines(2));
  const auto audit = [](const v1::ListAuditEntriesResponse& r) {
    std::vector<std::string> all;
    for (const v1::AuditEntry& e : r.entries()) all.push_back(absl::StrCat(e.sequence()));
    return all;
  };
  const auto whole = Walk(steward_, &Operations::ListAuditEntries, "", 500, audit);
  EXPECT_GE(whole.size(), 5u);
  EXPECT_EQ(Walk(steward_, &Operations::ListAuditEntries, "", 2, audit), whole);
}

TEST_F(ListTest, EveryListRefusesABadPage) {
  const char* kBad[] = {"page_size: -1", "page_token: 'x'"};
  for (const std::string bad : kBad) {
    const auto refused = Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS");
    EXPECT_THAT(hackney_.Call(&Registry::ListAreas, bad), refused);
    EXPECT_THAT(hackney_.Call(&Registry::ListCouncils, bad), refused);
    EXPECT_THAT(hackney_.Call(&Registry::ListProducts, bad), refused);
    EXPECT_THAT(hackney_.Call(&Registry::ListSuppliers, bad), refused);
    EXPECT_THAT(steward_.Call(&Registry::ListMergeProposals, bad), refused);
    EXPECT_THAT(steward_.Call(&Access::ListTokens, bad), refused);
    EXPECT_THAT(steward_.Call(&Operations::ListAuditEntries, bad), refused);
    EXPECT_THAT(hackney_.Call(&Purchases::ListSubmissions, "parent: 'councils/hck' " + bad),
                refused);
    EXPECT_THAT(hackney_.Call(&Purchases::ListPurchases, "parent: 'councils/hck' " + bad), refused);
  }
}

}  // namespace
}  // namespace steelyard::contract
