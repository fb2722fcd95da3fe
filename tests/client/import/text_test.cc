#include "client/import/text.h"

#include "gmock/gmock.h"

namespace steelyard::importing {
namespace {

TEST(TextTest, TrimTakesSpacesOfEveryKindOffBothEnds) {
  EXPECT_EQ(Trim("  a b \t\r\n"), "a b");
  EXPECT_EQ(Trim("\u00A0\uFEFFx\u200B\u00A0"), "x");
  EXPECT_EQ(Trim("é"), "é");
  EXPECT_EQ(Trim(" \n "), "");
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim("a\x80"), "a\x80");  // a stray byte is no space
}

TEST(TextTest, TidyMakesLineBreaksOneSpace) {
  EXPECT_EQ(Tidy(" gown,\r\n  long \u00A0 sleeves "), "gown, long sleeves");
}

TEST(TextTest, FoldIgnoresCaseAndSpaces) {
  EXPECT_EQ(Fold("  N/A - From  RDC "), "n/a - from rdc");
  EXPECT_EQ(Fold("CAFÉ Ÿ×"), "café Ÿ×");
}

TEST(TextTest, HeadingsMatchByLettersAndDigits) {
  EXPECT_EQ(FoldHeading("\uFEFFNet Amount(£)"), "netamount");
  EXPECT_EQ(FoldHeading("Name:  "), FoldHeading("name"));
  EXPECT_EQ(FoldHeading("PO / SO #"), "poso");
  EXPECT_EQ(FoldHeading("Net Amount (\uFFFD)"), "netamount");
  EXPECT_EQ(FoldHeading("Número – nº"), "númeron");
  EXPECT_EQ(FoldHeading("+"), "+");
  EXPECT_EQ(FoldHeading(" "), "");
}

TEST(TextTest, ShownHidesNothingAndCutsAtCharacters) {
  EXPECT_EQ(Shown("a\tb\r\nc", 60), "a\\tb\\r\\nc");
  EXPECT_EQ(Shown(std::string_view("a\0b", 3), 60), "a\\x00b");
  EXPECT_EQ(Shown("\u202Egnp.exe\u200B", 60), "\\u202Egnp.exe\\u200B");
  EXPECT_EQ(Shown("\x1B[31m", 60), "\\x1B[31m");
  EXPECT_EQ(Shown("ééé", 2), "éé...");
  EXPECT_EQ(Shown("\xFF", 60), "\uFFFD");
}

TEST(TextTest, ValidPrefixStopsAtWhatIsNotUtf8) {
  EXPECT_EQ(ValidUtf8Prefix("plain text of some length"), 25u);
  EXPECT_EQ(ValidUtf8Prefix("eight by\xC3\xA9"), 10u);
  EXPECT_EQ(ValidUtf8Prefix("a\xC3"), 1u);
  EXPECT_EQ(ValidUtf8Prefix("\xC0\xAF"), 0u);          // overlong
  EXPECT_EQ(ValidUtf8Prefix("\xE0\x80\xAF"), 0u);      // overlong
  EXPECT_EQ(ValidUtf8Prefix("\xED\xA0\x80"), 0u);      // surrogate
  EXPECT_EQ(ValidUtf8Prefix("\xF4\x90\x80\x80"), 0u);  // beyond U+10FFFF
  EXPECT_EQ(ValidUtf8Prefix("\xF0\x9F\x98\xB7"), 4u);
}

TEST(TextTest, OneOfReadsLikeASentence) {
  EXPECT_EQ(OneOf({}), "");
  EXPECT_EQ(OneOf({"a"}), "a");
  EXPECT_EQ(OneOf({"a", "b", "c"}), "a, b or c");
}

}  // namespace
}  // namespace steelyard::importing
