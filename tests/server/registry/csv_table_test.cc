#include "server/registry/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const CsvColumns kColumns = {{"id", "name"}, {"note"}};

std::vector<std::string> Codes(const CsvTable& table) {
  std::vector<std::string> codes;
  for (const auto& p : table.problems) codes.push_back(p.code);
  return codes;
}

std::vector<int64_t> Lines(const CsvTable& table) {
  std::vector<int64_t> lines;
  for (const auto& row : table.rows) lines.push_back(row.line);
  return lines;
}

TEST(CsvTableTest, ReadsQuotesCommasAndAnyOrderOfColumns) {
  const CsvTable table = ReadCsv("name,id\n\"Armagh, \"\"Banbridge\"\"\",abc\n", kColumns);
  EXPECT_THAT(table.problems, IsEmpty());
  EXPECT_THAT(table.columns, ElementsAre("name", "id"));
  ASSERT_THAT(table.rows, SizeIs(1));
  EXPECT_THAT(table.rows[0].cells, ElementsAre("Armagh, \"Banbridge\"", "abc"));
  EXPECT_EQ(table.rows[0].line, 2);
}

TEST(CsvTableTest, ReadsABomBeforeAQuotedHeader) {
  const CsvTable table = ReadCsv("\xEF\xBB\xBF\"id\",\"name\"\na,A", kColumns);
  EXPECT_THAT(table.problems, IsEmpty());
  EXPECT_THAT(table.rows, SizeIs(1));
}

TEST(CsvTableTest, CountsLinesAlikeForAllLineEndsBlankLinesAndLineBreaksInQuotes) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const CsvTable table = ReadCsv(
        "id,name" + end + end + "a,A" + end + ",," + end + "\"b" + end + "b\",B" + end + "c,C",
        kColumns);
    EXPECT_THAT(Lines(table), ElementsAre(3, 7));
    // A line break within a cell is read, and then refused as text.
    ASSERT_THAT(Codes(table), ElementsAre("TEXT_INVALID"));
    EXPECT_EQ(table.problems[0].row, 5);
  }
}

TEST(CsvTableTest, ReportsEveryColumnThatIsUnknownMissingOrRepeated) {
  const CsvTable table = ReadCsv("id,id,nmae\na,b,c\n", kColumns);
  EXPECT_THAT(Codes(table), ElementsAre("COLUMN_REPEATED", "COLUMN_UNKNOWN", "COLUMN_MISSING"));
  EXPECT_EQ(table.problems[1].field, "nmae");
  EXPECT_THAT(table.problems[1].expected, HasSubstr("id, name, note"));
  EXPECT_EQ(table.problems[2].field, "name");
  EXPECT_EQ(table.problems[2].row, 1);
}

TEST(CsvTableTest, ReportsEveryRowOfWrongForm) {
  const CsvTable table = ReadCsv("id,name\na\nb,B,extra\nc,C,,\nd,\"\xFF\"\ne,\x01\nf,F\u202E\n" +
                                     std::string("g,") + std::string(kMaxCellBytes + 1, 'x'),
                                 kColumns);
  EXPECT_THAT(Codes(table), ElementsAre("CELL_COUNT", "CELL_COUNT", "TEXT_INVALID", "TEXT_INVALID",
                                        "TEXT_INVALID", "CELL_TOO_LONG"));
  EXPECT_THAT(Lines(table), ElementsAre(4));
  EXPECT_EQ(table.problems[1].found, "3 cells");
  EXPECT_EQ(table.problems[2].found, "\\xff");
}

TEST(CsvTableTest, AQuoteOutOfPlaceIsNamedWithItsRow) {
  const CsvTable open = ReadCsv("id,name\na,A\nb,\"B\n", kColumns);
  ASSERT_THAT(Codes(open), ElementsAre("CSV_BROKEN"));
  EXPECT_EQ(open.problems[0].row, 3);
  EXPECT_THAT(Lines(open), ElementsAre(2));
  const CsvTable inside = ReadCsv("id,name\na,A\"B\nc,C\n", kColumns);
  ASSERT_THAT(Codes(inside), ElementsAre("CSV_BROKEN"));
  EXPECT_EQ(inside.problems[0].row, 2);
}

TEST(CsvTableTest, LimitsSizeAndRows) {
  EXPECT_THAT(Codes(ReadCsv(std::string(kMaxCsvBytes + 1, 'x'), kColumns)),
              ElementsAre("FILE_TOO_LARGE"));
  EXPECT_THAT(Codes(ReadCsv("", kColumns)), ElementsAre("FILE_EMPTY"));
  std::string rows = "id,name\n";
  for (size_t i = 0; i < kMaxCsvRows; ++i) rows += "a,A\n";
  EXPECT_THAT(Codes(ReadCsv(rows, kColumns)), IsEmpty());
  const CsvTable table = ReadCsv(rows + "b,B\n", kColumns);
  ASSERT_THAT(Codes(table), ElementsAre("TOO_MANY_ROWS"));
  EXPECT_EQ(table.problems[0].found, "20001 rows");
}

}  // namespace
}  // namespace steelyard::registry
