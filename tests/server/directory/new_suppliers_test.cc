#include "server/directory/new_suppliers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::directory {
namespace {

using ::testing::ElementsAre;

std::shared_ptr<const Resolver> Over(model::Registers registers) {
  return *Resolver::Build(std::make_shared<const model::Registers>(std::move(registers)));
}

std::vector<std::string> Ids(const std::vector<model::Supplier>& suppliers) {
  std::vector<std::string> ids;
  for (const auto& s : suppliers) ids.push_back(s.id);
  return ids;
}

TEST(NewSuppliersTest, IdsAreMadeOfNamesAndNeverTaken) {
  model::Registers r;
  EXPECT_EQ(NewSupplierId(r, "Acme & Sons (UK) Ltd."), "acme-sons-uk-ltd");
  EXPECT_EQ(NewSupplierId(r, "3M"), "s-3m");
  EXPECT_EQ(NewSupplierId(r, "ТОВ Фарма"), "s");
  for (const std::string& name : {std::string(200, 'x'), std::string("---"), std::string("é")}) {
    EXPECT_TRUE(model::IsResourceId(NewSupplierId(r, name))) << name;
  }
  model::Supplier taken;
  taken.id = "acme";
  r.Put(taken);
  EXPECT_EQ(NewSupplierId(r, "ACME"), "acme-2");
}

TEST(NewSuppliersTest, SpellingsOfOneNameMakeOneSupplierThatAllOfThemResolveTo) {
  const std::vector<std::string> names = {"Acme Ltd", "ACME LIMITED", "acme", "Bolt Ltd"};
  const auto added = NewSuppliers(*Over({}), names);
  EXPECT_THAT(Ids(added), ElementsAre("acme-ltd", "bolt-ltd"));
  model::Registers r;
  for (const auto& s : added) r.Put(s);
  const auto resolver = Over(r);
  for (const auto& name : names) EXPECT_TRUE(resolver->ResolveSupplier(name)) << name;
  EXPECT_THAT(NewSuppliers(*resolver, names), ::testing::IsEmpty());
}

TEST(NewSuppliersTest, WhatIsNoNameOrNotClearMakesNone) {
  model::Registers r;
  for (const char* id : {"a", "b"}) {
    model::Supplier s;
    s.id = id;
    s.display_name = "Twice Ltd";
    r.Put(s);
  }
  EXPECT_THAT(NewSuppliers(*Over(r), {"Twice Ltd", "", "?!", std::string(201, 'x'), "a\nb"}),
              ::testing::IsEmpty());
}

TEST(NewSuppliersTest, ALookAlikeIsASupplierOfItsOwn) {
  const auto added = NewSuppliers(*Over({}), {"Acme Ltd", "\u0410cme Ltd"});
  EXPECT_EQ(added.size(), 2u);
}

}  // namespace
}  // namespace steelyard::directory
