#include "client/import/header.h"

#include <algorithm>

#include "tests/client/import/support.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

absl::StatusOr<Layout> Find(const std::string& text) {
  const Profile profile = MustParse(kSmallProfile);
  return FindLayout(text, profile, PurchaseColumns(profile));
}

TEST(HeaderTest, DelimiterIsTheOneThatFindsMostColumns) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string text(kSmallHeader);
    std::replace(text.begin(), text.end(), ',', delimiter);
    ASSERT_OK_AND_ASSIGN(const Layout layout, Find("a title; with, all| of them\t\n" + text));
    EXPECT_EQ(layout.delimiter, delimiter);
    EXPECT_EQ(layout.header.line(), 2);
  }
}

TEST(HeaderTest, TitleLinesAndEmptyOnesStandAboveIt) {
  const std::string titles = "Council of X\n\n\"Purchases,\nApril\",\nPrinted 1/5/2020\n";
  ASSERT_OK_AND_ASSIGN(const Layout layout, Find(titles + std::string(kSmallHeader)));
  EXPECT_EQ(layout.header.line(), 6);
  std::string far;
  for (int i = 0; i < kHeaderLines; ++i) far += "line\n";
  EXPECT_THAT(Find(far + std::string(kSmallHeader)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("No header was found in the first 40 lines"),
                             HasSubstr("'Ref'; 'Product'"), HasSubstr("'Pack price' or 'Price'"))));
  ASSERT_OK_AND_ASSIGN(const Layout last, Find(far.substr(5) + std::string(kSmallHeader)));
  EXPECT_EQ(last.header.line(), 40);
}

TEST(HeaderTest, HeadingsMatchDespiteCaseSpacesAndSigns) {
  EXPECT_OK(Find("REF.,product:, Supplier ,Order-Date,PACKS,Pack  size,\"Pack price\n(£)\"\n"));
}

TEST(HeaderTest, MissingColumnsAreAllNamed) {
  EXPECT_THAT(Find("Ref,Product,Supplier,Packs,Price (£)\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "The header on line 1 lacks a column. The profile 'small' needs columns "
                       "that are not there: 'Order date'; 'Pack size'."));
}

TEST(HeaderTest, AColumnThatIsThereTwiceIsRefused) {
  EXPECT_THAT(Find("Ref,Product,Supplier,Order date,Packs,Pack size,Pack price,Pack Price (£)\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("The header on line 1 has the column 'Pack price' more than "
                                 "once")));
  EXPECT_OK(Find("Ref,Note,Note,Product,Supplier,Order date,Packs,Pack size,Pack price\n"));
}

TEST(HeaderTest, WithoutAHeaderColumnsHavePlaces) {
  const Profile profile =
      MustParse("name = \"places\"\n[file]\nheader = false\n[fields]\nsupplier = 2\npacks = 3\n");
  ASSERT_OK_AND_ASSIGN(const Layout layout,
                       FindLayout("a;b, c;3\nd;e;4\n", profile, PurchaseColumns(profile)));
  EXPECT_EQ(layout.delimiter, ';');
  EXPECT_EQ(layout.header.line(), 0);
  EXPECT_EQ(layout.header.Find(*profile.of(Field::kPacks)->column).value(), 2);
}

}  // namespace
}  // namespace steelyard::importing
