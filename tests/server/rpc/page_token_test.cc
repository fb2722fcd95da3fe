#include "server/rpc/page_token.h"

#include <string>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "tests/support/status_matchers.h"

namespace steelyard::rpc {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::Each;
using ::testing::HasSubstr;

class PageTokenTest : public ::testing::Test {
 protected:
  static v1::ListPurchasesRequest Request() {
    v1::ListPurchasesRequest request;
    request.set_parent("councils/abc");
    request.set_product("products/x");
    return request;
  }

  std::string TokenFor(const v1::ListPurchasesRequest& request, std::string_view last_key) {
    return tokens_.Token(*tokens_.Open(request), last_key);
  }

  PageTokens tokens_{std::string(32, 'k')};
};

TEST_F(PageTokenTest, TheFirstPageHasTheDefaults) {
  ASSERT_OK_AND_ASSIGN(const Page page, tokens_.Open(Request()));
  EXPECT_EQ(page.size, 50);
  EXPECT_EQ(page.after, "");
}

TEST_F(PageTokenTest, ATokenContinuesAfterItsKey) {
  const std::string key("PO\0\xff/1", 6);
  v1::ListPurchasesRequest request = Request();
  request.set_page_token(TokenFor(request, key));
  request.set_page_size(7);  // may change from page to page
  ASSERT_OK_AND_ASSIGN(const Page page, tokens_.Open(request));
  EXPECT_EQ(page.after, key);
  EXPECT_EQ(page.size, 7);
  EXPECT_EQ(tokens_.Token(page, key), request.page_token());
}

TEST_F(PageTokenTest, ATokenIsSafeInAUrl) {
  for (int i = 0; i < 64; ++i) {
    EXPECT_THAT(TokenFor(Request(), "k" + std::to_string(i)),
                ::testing::MatchesRegex("[A-Za-z0-9_-]+"));
  }
}

TEST_F(PageTokenTest, ATokenOfAnotherQuestionIsRefused) {
  const std::string token = TokenFor(Request(), "k");
  v1::ListPurchasesRequest other_council = Request();
  other_council.set_parent("councils/xyz");
  v1::ListPurchasesRequest other_filter = Request();
  other_filter.set_show_withdrawn(true);
  for (v1::ListPurchasesRequest request : {other_council, other_filter}) {
    request.set_page_token(token);
    EXPECT_THAT(tokens_.Open(request),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
  }
  v1::ListSubmissionsRequest submissions;
  submissions.set_page_token(token);
  EXPECT_THAT(tokens_.Open(submissions), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PageTokenTest, ATokenOfAnotherListWithTheSameFieldsIsRefused) {
  v1::ListAreasRequest areas;
  v1::ListSuppliersRequest suppliers;
  suppliers.set_page_token(tokens_.Token(*tokens_.Open(areas), "k"));
  EXPECT_THAT(tokens_.Open(suppliers), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PageTokenTest, EveryFlippedCharacterIsNoticed) {
  const v1::ListPurchasesRequest request = Request();
  const std::string good = TokenFor(request, "PO-000123");
  for (size_t i = 0; i < good.size(); ++i) {
    v1::ListPurchasesRequest changed = request;
    std::string token = good;
    token[i] = token[i] == 'A' ? 'B' : 'A';
    changed.set_page_token(token);
    const auto page = tokens_.Open(changed);
    EXPECT_THAT(page, StatusIs(absl::StatusCode::kInvalidArgument)) << i;
  }
}

TEST_F(PageTokenTest, NonsenseAndShortTokensAreRefused) {
  const std::string good = TokenFor(Request(), "k");
  for (const std::string& token : {std::string("x"), std::string("!!!"), std::string("AAAA"),
                                   good.substr(0, 21), std::string(5000, 'A')}) {
    v1::ListPurchasesRequest request = Request();
    request.set_page_token(token);
    EXPECT_THAT(tokens_.Open(request), StatusIs(absl::StatusCode::kInvalidArgument)) << token;
  }
}

TEST_F(PageTokenTest, ATokenUnderAnotherKeyIsRefused) {
  v1::ListPurchasesRequest request = Request();
  request.set_page_token(TokenFor(request, "k"));
  EXPECT_THAT(PageTokens(std::string(32, 'x')).Open(request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(PageTokens(std::string(32, 'k')).Open(request).status());
}

TEST_F(PageTokenTest, BadSizeAndBadTokenAreBothNamed) {
  v1::ListPurchasesRequest request = Request();
  request.set_page_size(-1);
  request.set_page_token("x");
  const absl::Status status = tokens_.Open(request).status();
  google::rpc::BadRequest bad;
  ASSERT_TRUE(bad.ParseFromString(
      std::string(*status.GetPayload("type.googleapis.com/google.rpc.BadRequest"))));
  ASSERT_EQ(bad.field_violations_size(), 2);
  EXPECT_EQ(bad.field_violations(0).field(), "page_size");
  EXPECT_EQ(bad.field_violations(1).field(), "page_token");
}

TEST(PageSizeTest, HoldsItsBounds) {
  EXPECT_EQ(*PageSize(0), 50);
  EXPECT_EQ(*PageSize(1), 1);
  EXPECT_EQ(*PageSize(500), 500);
  EXPECT_EQ(*PageSize(501), 500);
  EXPECT_EQ(*PageSize(0, 10, 50), 10);
  EXPECT_EQ(*PageSize(51, 10, 50), 50);
  EXPECT_THAT(PageSize(-1), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_size")));
}

TEST(PageTokenDeathTest, AKeyOfTheWrongLengthEndsTheProgram) {
  EXPECT_DEATH(PageTokens("short"), "page_token_key_unusable");
}

}  // namespace
}  // namespace steelyard::rpc
