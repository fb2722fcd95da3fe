// One row for each thing that can be wrong: the field, the row and the words
// that a person gets to see.

#include "tests/client/import/support.h"

namespace steelyard::importing {
namespace {

using ::steelyard::v1::Problem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::string_view kProfile = R"(
name = "bad input"
[file]
dates = ["dd/mm/yyyy"]
null_words = ["not known"]
[fields]
reference = "Ref"
product = "Product"
supplier = "Supplier"
order_date = "Order date"
packs = "Packs"
pack_content = "Pack size"
pack_price = "Price"
vat_rate = "VAT"
freight = "Freight"
accepted_packs = "Accepted"
reject_reason = "Reason"
made_in_uk = "UK"
[[deliveries]]
date = "Came"
packs = "Came packs"
)";
constexpr std::string_view kHeader =
    "Ref,Product,Supplier,Order date,Packs,Pack size,Price,VAT,Freight,Accepted,Reason,UK,Came,"
    "Came packs,Note\n";

struct Bad {
  const char* row;
  const char* field;
  const char* code;
  const char* found;
  const char* message;
};

const Bad kBad[] = {
    {",m,S,14/04/2020,1,1,1,,,,,,,,", "reference", "VALUE_MISSING", "",
     "Row 2: Ref is empty, and the purchase needs it."},
    {"R,m,Not Known,14/04/2020,1,1,1,,,,,,,,", "supplier", "VALUE_MISSING", "Not Known",
     "Row 2: Supplier is 'Not Known', which stands for nothing, and the purchase needs it."},
    {"R,m,S,31/02/2020,1,1,1,,,,,,,,", "order_date", "DATE_INVALID", "31/02/2020",
     "Row 2: Order date is '31/02/2020', which is not a day in the calendar; write it as "
     "dd/mm/yyyy."},
    {"R,m,S,2020-04-14,1,1,1,,,,,,,,", "order_date", "DATE_INVALID", "2020-04-14",
     "Row 2: Order date is '2020-04-14', which is not a date of this file; write it as "
     "dd/mm/yyyy."},
    {"R,m,S,14/04/2020,1.5,1,1,,,,,,,,", "packs", "NUMBER_INVALID", "1.5",
     "Row 2: Packs is '1.5', which is not a whole number."},
    {"R,m,S,14/04/2020,0,1,1,,,,,,,,", "packs", "NUMBER_INVALID", "0",
     "Row 2: Packs is '0', which is not a whole number, 1 or more."},
    {"R,m,S,14/04/2020,1,box,1,,,,,,,,", "pack_content", "NUMBER_INVALID", "box",
     "Row 2: Pack size is 'box', which is not a number."},
    {"R,m,S,14/04/2020,1,1,0.00,,,,,,,,", "pack_price_micros", "NUMBER_INVALID", "0.00",
     "Row 2: Price is '0.00', which is not a price above 0."},
    {"R,m,S,14/04/2020,1,1,-£5,,,,,,,,", "pack_price_micros", "NUMBER_INVALID", "-£5",
     "Row 2: Price is '-£5', which is not a price above 0; leave credit notes out."},
    {"R,m,S,14/04/2020,1,1,0.1234567,,,,,,,,", "pack_price_micros", "NUMBER_INVALID", "0.1234567",
     "Row 2: Price is '0.1234567', which has more than 6 decimals."},
    {"R,m,S,14/04/2020,1,1,NaN,,,,,,,,", "pack_price_micros", "NUMBER_INVALID", "NaN",
     "Row 2: Price is 'NaN', which is not a number."},
    {"R,m,S,14/04/2020,1,1,1e308,,,,,,,,", "pack_price_micros", "NUMBER_INVALID", "1e308",
     "Row 2: Price is '1e308', which is in scientific notation, which may have lost digits; write "
     "it out."},
    {"R,m,S,14/04/2020,9223372036854775808,1,1,,,,,,,,", "packs", "NUMBER_INVALID",
     "9223372036854775808", "Row 2: Packs is '9223372036854775808', which is too large."},
    {"R,m,S,14/04/2020,1,1,1,120,,,,,,,", "vat_rate_basis_points", "NUMBER_INVALID", "120",
     "Row 2: VAT is '120', which is not between 0 and 100 percent."},
    {"R,m,S,14/04/2020,1,1,1,,free,,,,,,", "freight_micros", "NUMBER_INVALID", "free",
     "Row 2: Freight is 'free', which is not a number."},
    {"R,m,S,14/04/2020,1,1,1,,,some,,,,,", "quality.accepted_packs", "NUMBER_INVALID", "some",
     "Row 2: Accepted is 'some', which is not a number."},
    {"R,m,S,14/04/2020,1,1,1,,,,ugly,,,,", "quality.reject_reason", "REASON_UNKNOWN", "ugly",
     "Row 2: Reason is 'ugly', which is not a reason that is known; write wrong product, damaged, "
     "certificate, failed test, expired, recalled or other."},
    {"R,m,S,14/04/2020,1,1,1,,,,,maybe,,,", "made_in_uk", "YES_NO_INVALID", "maybe",
     "Row 2: UK is 'maybe', which is neither yes nor no."},
    {"R,m,S,14/04/2020,1,1,1,,,,,,30/02/2020,1,", "deliveries[0].date", "DATE_INVALID",
     "30/02/2020",
     "Row 2: Came is '30/02/2020', which is not a day in the calendar; write it as dd/mm/yyyy."},
    {"R,m,S,14/04/2020,1,1,1,,,,,,,5,", "deliveries[0].date", "VALUE_MISSING", "",
     "Row 2: Came is empty, and the purchase needs it."},
    {"R,m,S,14/04/2020,1,1,1,,,,,,15/04/2020,,", "deliveries[0].packs", "VALUE_MISSING", "",
     "Row 2: Came packs is empty, and the purchase needs it."},
    {"R,m,S,14/04/2020,1,1,1,,,,,,,,note,more", "", "ROW_TOO_WIDE", "more",
     "Row 2: The row has 16 cells and the header has 15; put a cell that holds the separator in "
     "quotation marks."},
    {"R,m,\"S\"x,14/04/2020,1,1,1,,,,,,,,", "", "QUOTES_INVALID", "Sx",
     "Row 2: Supplier goes on after its closing quotation mark; double each quotation mark that is "
     "meant."},
    {"R,m,\"S,14/04/2020,1,1,1,,,,,,,,", "", "QUOTES_INVALID", "S,14/04/2020,1,1,1,,,,,,,,\\n",
     "Row 2: A quotation mark is opened in Supplier and never closed, so the rest of the file "
     "belongs to it; close it, or double it if it is meant."},
    {"R,m,Caf\uFFFD,14/04/2020,1,1,1,,,,,,,,", "supplier", "TEXT_DAMAGED", "Caf\uFFFD",
     "Row 2: Supplier is 'Caf\uFFFD', which holds a character that cannot be read; type it again, "
     "or save the file as UTF-8."},
};

TEST(BadInputTest, EachProblemNamesItsFieldRowAndWords) {
  for (const Bad& bad : kBad) {
    const Imported all = Import(std::string(kHeader) + bad.row + "\n", kProfile);
    ASSERT_OK(all.status);
    ASSERT_THAT(all.lines, SizeIs(1)) << bad.row;
    ASSERT_THAT(all.lines[0].problems, SizeIs(1)) << bad.row;
    const Problem& problem = all.lines[0].problems[0];
    EXPECT_EQ(problem.row(), 2);
    EXPECT_EQ(problem.field(), bad.field) << bad.row;
    EXPECT_EQ(problem.code(), bad.code);
    EXPECT_EQ(problem.found(), bad.found);
    EXPECT_EQ(problem.message(), bad.message);
    EXPECT_EQ(problem.severity(), Problem::ERROR);
    EXPECT_NE(problem.expected(), "");
    EXPECT_TRUE(all.lines[0].rejected());
  }
}

TEST(BadInputTest, AllProblemsOfARowComeAtOnceWithItsReference) {
  const Imported all =
      Import(std::string(kHeader) + "R7,,S,31/02/2020,many,1,-1,,,,,,,,\n", kProfile);
  ASSERT_THAT(all.lines, SizeIs(1));
  std::vector<std::string> fields;
  for (const Problem& problem : all.lines[0].problems) {
    fields.push_back(problem.field());
    EXPECT_EQ(problem.reference(), "R7");
  }
  EXPECT_THAT(fields, ElementsAre("product", "order_date", "packs", "pack_price_micros"));
}

TEST(BadInputTest, RowsAreCountedAsTheLinesOfTheFile) {
  const Imported all = Import("Title\n\n" + std::string(kHeader) +
                                  "R1,\"a\nb\",S,14/04/2020,1,1,1,,,,,,,,\n"
                                  "R2,m,S,x,1,1,1,,,,,,,,\n",
                              kProfile);
  ASSERT_THAT(all.lines, SizeIs(2));
  EXPECT_EQ(all.lines[0].row, 4);
  EXPECT_EQ(all.lines[0].purchase.product(), "a b");
  EXPECT_EQ(all.lines[1].row, 6);
  EXPECT_THAT(all.lines[1].problems[0].message(), HasSubstr("Row 6: Order date is 'x'"));
}

TEST(BadInputTest, DamageInACellThatIsNotUsedIsOnlyAWarning) {
  const Imported all =
      Import(std::string(kHeader) + "R,m,S,14/04/2020,1,1,1,,,,,,,,caf\uFFFD\n", kProfile);
  ASSERT_THAT(all.lines, SizeIs(1));
  ASSERT_THAT(all.lines[0].problems, SizeIs(1));
  EXPECT_EQ(all.lines[0].problems[0].severity(), Problem::WARNING);
  EXPECT_FALSE(all.lines[0].rejected());
}

TEST(BadInputTest, NulBytesAndBadSequencesBelongToTheirRow) {
  const std::string header(kHeader);
  const std::string nul = std::string("R,m,S", 5) + '\0' + "x,14/04/2020,1,1,1,,,,,,,,\n";
  const std::string bad = "\xC2\xA3\xC2\xA3\xC2\xA3\xC2\xA3";
  const Imported all =
      Import(header + nul + "R2,m,S\xFF,14/04/2020,1,1,1,,,,,,,," + bad + "\n", kProfile);
  ASSERT_OK(all.status);
  ASSERT_THAT(all.lines, SizeIs(2));
  for (const ImportedLine& line : all.lines) {
    ASSERT_THAT(line.problems, SizeIs(1));
    EXPECT_EQ(line.problems[0].code(), "TEXT_DAMAGED");
    EXPECT_EQ(line.problems[0].field(), "supplier");
  }
  EXPECT_EQ(all.lines[0].problems[0].found(), "S\\x00x");
}

TEST(BadInputTest, HostileTextIsCarriedAsTextAndShownHarmlessly) {
  const Imported all = Import(std::string(kHeader) +
                                  "=cmd|'/c calc'!A1,<img src=x onerror=alert(1)>,"
                                  "\u0410cme,\u202E\x1B[2J,1,1,1,,,,,,,,\n",
                              kProfile);
  ASSERT_THAT(all.lines, SizeIs(1));
  EXPECT_EQ(all.lines[0].purchase.reference(), "=cmd|'/c calc'!A1");
  EXPECT_EQ(all.lines[0].purchase.supplier(), "\u0410cme");  // Cyrillic, and not our business
  EXPECT_THAT(all.lines[0].problems[0].message(), HasSubstr("'\\u202E\\x1B[2J'"));
}

TEST(BadInputTest, LongCellsAreShortenedWhereTheyAreShown) {
  const Imported all = Import(
      std::string(kHeader) + "R,m,S," + std::string(100'000, 'x') + ",1,1,1,,,,,,,,\n", kProfile);
  ASSERT_THAT(all.lines, SizeIs(1));
  EXPECT_EQ(all.lines[0].problems[0].found(), std::string(200, 'x') + "...");
  EXPECT_LT(all.lines[0].problems[0].message().size(), 200u);
}

TEST(BadInputTest, ShortRowsMissTheirLastCellsOnly) {
  const Imported all = Import(std::string(kHeader) + "R,m,S,14/04/2020,1,1,1\nR2,m\n", kProfile);
  ASSERT_THAT(all.lines, SizeIs(2));
  EXPECT_FALSE(all.lines[0].rejected());
  EXPECT_THAT(all.lines[1].problems, SizeIs(5));
}

}  // namespace
}  // namespace steelyard::importing
