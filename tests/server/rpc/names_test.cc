#include "server/rpc/names.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace steelyard::rpc {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kUuid[] = "3f0b8f3e-5d1a-4c3e-9c67-0a3c5d1e2f4b";

TEST(NamesTest, APurchaseGoesThereAndBack) {
  for (const std::string reference :
       {"PO-1", "A/2020/1", "100% gloves", "Größe 8", "~._-", "a?b#c&d", "councils/x", "."}) {
    const std::string name = PurchaseName("abc", reference);
    ASSERT_OK_AND_ASSIGN(const CouncilChild parsed, ParsePurchase(name));
    EXPECT_EQ(parsed, (CouncilChild{"abc", reference})) << name;
  }
}

TEST(NamesTest, EncodesAllButTheUnreserved) {
  EXPECT_EQ(PurchaseName("abc", "PO/1 é"), "councils/abc/purchases/PO%2F1%20%C3%A9");
  EXPECT_EQ(EncodeReference("AZaz09._~-"), "AZaz09._~-");
  EXPECT_EQ(EncodeReference("+:@!"), "%2B%3A%40%21");
}

TEST(NamesTest, DecodesEitherCaseOfHex) { EXPECT_EQ(DecodeReference("%2f%2F"), "//"); }

TEST(NamesTest, RefusesBadEscapesAndRawReservedBytes) {
  for (const char* bad : {"%", "%2", "%2G", "%zz", "a b", "a/b", "a%00\xff", "%FF", "é", "%C3"}) {
    EXPECT_EQ(DecodeReference(bad), std::nullopt) << bad;
  }
}

TEST(NamesTest, RefusesMalformedPurchases) {
  for (const char* bad :
       {"", "councils/abc", "councils/abc/purchases/", "councils/abc/purchases/a/b",
        "councils/ABC/purchases/1", "councils/-/purchases/1", "councils//purchases/1",
        "purchases/1", "councils/abc/submissions/1", "/councils/abc/purchases/1"}) {
    EXPECT_THAT(ParsePurchase(bad, "purchase.name"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("purchase.name: Must be")))
        << bad;
  }
}

TEST(NamesTest, ASubmissionIsAUuidInLowerCase) {
  ASSERT_OK_AND_ASSIGN(
      const CouncilChild parsed,
      ParseSubmission("councils/abc/submissions/3F0B8F3E-5D1A-4C3E-9C67-0A3C5D1E2F4B"));
  EXPECT_EQ(parsed, (CouncilChild{"abc", kUuid}));
  EXPECT_EQ(SubmissionName("abc", kUuid), std::string("councils/abc/submissions/") + kUuid);
  EXPECT_THAT(ParseSubmission("councils/abc/submissions/1"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(NamesTest, NamesOfOnePartGoThereAndBack) {
  EXPECT_EQ(*ParseArea(AreaName("north-east")), "north-east");
  EXPECT_EQ(*ParseCouncil(CouncilName("abc")), "abc");
  EXPECT_EQ(*ParseProduct(ProductName("mask-iir")), "mask-iir");
  EXPECT_EQ(*ParseSupplier(SupplierName("acme")), "acme");
  EXPECT_EQ(*ParseProvider(ProviderName("keys")), "keys");
  EXPECT_EQ(*ParseEstablishment(EstablishmentName("1027076")), "1027076");
  EXPECT_EQ(*ParseEstablishment("establishments/sc012345"), "sc012345");
  EXPECT_FALSE(ParseEstablishment("establishments/SC012345").ok());
  EXPECT_FALSE(ParseEstablishment("sc012345").ok());
  EXPECT_EQ(*ParseNegotiation(NegotiationName("n1")), "n1");
  EXPECT_EQ(*ParseCircle(CircleName("c1")), "c1");
  EXPECT_EQ(*ParseToken(TokenName("t0123456789abcdef")), "t0123456789abcdef");
}

TEST(NamesTest, NamesOfOnePartAreStrict) {
  for (const char* bad : {"", "abc", "products/", "products/A", "products/a/b", "Products/a",
                          "suppliers/a", "products/a ", "products/-"}) {
    EXPECT_THAT(ParseProduct(bad, "product"),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         "product: Must be a name of the form `products/{product}`."))
        << bad;
  }
}

TEST(NamesTest, CouncilInFindsTheCouncilOfAnyNameBelowIt) {
  EXPECT_EQ(CouncilIn("councils/abc"), "abc");
  EXPECT_EQ(CouncilIn("councils/abc/purchases/1"), "abc");
  EXPECT_EQ(CouncilIn("councils/abc/"), "abc");
  for (const char* none : {"", "abc", "councils/", "councils/-", "councils/ABC", "products/abc",
                           " councils/abc", "councils//abc"}) {
    EXPECT_EQ(CouncilIn(none), std::nullopt) << none;
  }
}

TEST(NamesTest, ALookSaysWhoseFiguresThroughWhatAndForWhom) {
  const std::string name = LookName("ken", "circles/ppe-hck-1", "hck");
  EXPECT_EQ(name, "councils/ken/circles/ppe-hck-1/viewers/hck");
  EXPECT_EQ(ParseLook(name, "councils/ken"), (Look{"circles/ppe-hck-1", "hck"}));
  EXPECT_EQ(ParseLook(LookName("ken", "negotiations/n", "hck"), "councils/ken"),
            (Look{"negotiations/n", "hck"}));
  for (const char* other : {"councils/hck", "councils/ke", "councils/kent"}) {
    EXPECT_EQ(ParseLook(name, other), std::nullopt) << other;
  }
  for (const char* none : {"councils/ken", "councils/ken/circles/x", "councils/ken/purchases/A1",
                           "councils/ken/purchases/viewers/x"}) {
    EXPECT_EQ(ParseLook(none, "councils/ken"), std::nullopt) << none;
  }
}

}  // namespace
}  // namespace steelyard::rpc
