#include "server/rpc/field_rules.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "steelyard/v1/access_service.pb.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "steelyard/v1/purchase_service.pb.h"

namespace steelyard::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FieldRulesTest : public ::testing::Test {
 protected:
  std::vector<std::string> Missing(const google::protobuf::Message& request,
                                   Fields depth = Fields::kAll) {
    std::vector<std::string> fields;
    for (const FieldViolation& violation : rules_.Missing(request, depth)) {
      EXPECT_FALSE(violation.description.empty());
      fields.push_back(violation.field);
    }
    return fields;
  }

  static v1::Purchase WholePurchase() {
    v1::Purchase purchase;
    purchase.set_reference("PO-1");
    purchase.set_product("products/x");
    purchase.set_supplier("suppliers/y");
    purchase.mutable_order_date()->set_year(2020);
    purchase.set_packs(1);
    purchase.set_pack_content(50);
    purchase.set_pack_price_micros(1);
    return purchase;
  }

  FieldRules rules_;
};

TEST_F(FieldRulesTest, NamesEachMissingField) {
  EXPECT_THAT(Missing(v1::CreatePurchaseRequest()),
              ElementsAre("parent", "purchase", "request_id"));
}

TEST_F(FieldRulesTest, LooksIntoMessagesAndLists) {
  v1::CreatePurchaseRequest request;
  request.set_parent("councils/abc");
  request.set_request_id("1");
  *request.mutable_purchase() = WholePurchase();
  EXPECT_THAT(Missing(request), IsEmpty());
  request.mutable_purchase()->set_packs(0);
  request.mutable_purchase()->add_deliveries()->set_packs(1);
  request.mutable_purchase()->add_deliveries()->mutable_date()->set_year(2020);
  EXPECT_THAT(Missing(request), ElementsAre("purchase.packs", "purchase.deliveries[0].date",
                                            "purchase.deliveries[1].packs"));
}

TEST_F(FieldRulesTest, AnElementOfABatchMayLeaveToTheBatchWhatItHas) {
  v1::BatchCreatePurchasesRequest request;
  request.set_parent("councils/abc");
  request.set_request_id("1");
  *request.add_requests()->mutable_purchase() = WholePurchase();
  *request.add_requests()->mutable_purchase() = WholePurchase();
  request.add_requests();
  request.mutable_requests(1)->mutable_purchase()->clear_product();
  EXPECT_THAT(Missing(request),
              ElementsAre("requests[1].purchase.product", "requests[2].purchase"));
}

TEST_F(FieldRulesTest, TopLevelLeavesTheContentToTheService) {
  v1::ValidatePurchasesRequest request;
  request.set_parent("councils/abc");
  request.add_lines();
  EXPECT_THAT(Missing(request), ElementsAre("lines[0].purchase"));
  EXPECT_THAT(Missing(request, Fields::kTopLevel), IsEmpty());
  request.clear_lines();
  EXPECT_THAT(Missing(request, Fields::kTopLevel), ElementsAre("lines"));
}

TEST_F(FieldRulesTest, AnUpdateMayBePartial) {
  v1::UpdatePurchaseRequest request;
  request.set_request_id("1");
  EXPECT_THAT(Missing(request), ElementsAre("purchase"));
  request.mutable_purchase()->set_name("councils/abc/purchases/1");
  EXPECT_THAT(Missing(request), IsEmpty());
}

TEST_F(FieldRulesTest, ARequiredEnumMustBeChosen) {
  v1::CreateTokenRequest request;
  request.set_request_id("1");
  request.mutable_token()->set_display_name("portal");
  EXPECT_THAT(Missing(request), ElementsAre("token.role"));
}

TEST_F(FieldRulesTest, MonthsAreLookedInto) {
  v1::GetPriceBenchmarkRequest request;
  request.set_product("products/x");
  request.mutable_from_month()->set_year(2020);
  EXPECT_THAT(Missing(request), ElementsAre("to_month", "from_month.month"));
}

TEST_F(FieldRulesTest, ClearsOutputOnlyAtAnyDepthAndNothingElse) {
  v1::BatchCreatePurchasesRequest request;
  *request.add_requests()->mutable_purchase() = WholePurchase();
  EXPECT_FALSE(rules_.HasOutputOnly(request));
  v1::BatchCreatePurchasesRequest plain = request;

  v1::Purchase* purchase = request.mutable_requests(0)->mutable_purchase();
  purchase->set_state(v1::Purchase::WITHDRAWN);
  purchase->set_revision(7);
  purchase->set_submission("councils/xyz/submissions/1");
  purchase->mutable_create_time()->set_seconds(1);
  EXPECT_TRUE(rules_.HasOutputOnly(request));
  rules_.ClearOutputOnly(request);
  EXPECT_FALSE(rules_.HasOutputOnly(request));
  EXPECT_EQ(request.SerializeAsString(), plain.SerializeAsString());
}

TEST_F(FieldRulesTest, AnEtagComesThrough) {
  v1::UpdatePurchaseRequest request;
  request.mutable_purchase()->set_etag("3");
  request.mutable_purchase()->set_unit_price_micros(1);
  EXPECT_TRUE(rules_.HasOutputOnly(request));
  rules_.ClearOutputOnly(request);
  EXPECT_EQ(request.purchase().etag(), "3");
  EXPECT_EQ(request.purchase().unit_price_micros(), 0);
}

}  // namespace
}  // namespace steelyard::rpc
