#include "storage/model/registers.h"

#include <gtest/gtest.h>

namespace steelyard::model {
namespace {

Supplier Named(const std::string& id) {
  Supplier s;
  s.id = id;
  return s;
}

TEST(RegistersTest, NumbersStayWhenAnEntryChanges) {
  Registers r;
  r.Put(Named("a"));
  r.Put(Named("b"));
  Supplier changed = Named("a");
  changed.display_name = "A Ltd";
  r.Put(changed);
  ASSERT_EQ(r.suppliers.size(), 2u);
  EXPECT_EQ(r.FindSupplier("a")->no, SupplierNo{1});
  EXPECT_EQ(r.FindSupplier(SupplierNo{1})->display_name, "A Ltd");
  EXPECT_EQ(r.FindSupplier("c"), nullptr);
  EXPECT_EQ(r.FindSupplier(SupplierNo{0}), nullptr);
}

TEST(RegistersTest, UltimateOwnerFollowsDatesAndMerges) {
  Registers r;
  Supplier cambian = Named("cambian");
  cambian.owners = {{"caretech", Day::FromYmd(2018, 10, 19), std::nullopt}};
  r.Put(cambian);
  r.Put(Named("caretech"));
  Supplier old_name = Named("cambian-old");
  old_name.merged_into = "cambian";
  r.Put(old_name);
  EXPECT_EQ(r.UltimateOwner(SupplierNo{3}, *Day::FromYmd(2018, 1, 1)), SupplierNo{1});
  EXPECT_EQ(r.UltimateOwner(SupplierNo{3}, *Day::FromYmd(2019, 1, 1)), SupplierNo{2});
}

TEST(RegistersTest, ARingOfOwnersEnds) {
  Registers r;
  Supplier a = Named("a");
  a.owners = {{"b", {}, {}}};
  Supplier b = Named("b");
  b.owners = {{"a", {}, {}}};
  r.Put(a);
  r.Put(b);
  const SupplierNo end = r.UltimateOwner(SupplierNo{1}, Day{0});
  EXPECT_TRUE(end == SupplierNo{1} || end == SupplierNo{2});
}

}  // namespace
}  // namespace steelyard::model
