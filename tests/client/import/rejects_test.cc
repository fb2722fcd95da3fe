#include "client/import/rejects.h"

#include <sstream>

#include "tests/client/import/support.h"
#include "tests/support/temp_dir.h"

namespace steelyard::importing {
namespace {

using ::steelyard::v1::Problem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Rejects(const Imported& all) {
  std::ostringstream out;
  RejectsWriter writer(out, all.detected);
  for (const ImportedLine& line : all.lines) {
    if (line.rejected()) {
      writer.Write(line.fields, line.problems);
    }
  }
  return out.str();
}

TEST(RejectsTest, RowsComeBackInTheirColumnsWithAReason) {
  const Imported all = Import(std::string(kSmallHeader) + std::string(kSmallRow) +
                              "A2,\"say \"\"x\"\", y\",S,31/02/2020,1,1\n");
  EXPECT_EQ(Rejects(all),
            "\xEF\xBB\xBF\"Ref\",\"Product\",\"Supplier\",\"Order date\",\"Packs\",\"Pack size\","
            "\"Pack price\",\"reason\"\r\n"
            "\"A2\",\"say \"\"x\"\", y\",\"S\",\"31/02/2020\",\"1\",\"1\",\"\",\"Row 3: Order date "
            "is '31/02/2020', which is not a day in the calendar; write it as dd/mm/yyyy. Row 3: "
            "Pack price is empty, and the purchase needs it.\"\r\n");
}

TEST(RejectsTest, AMendedFileIsTakenAndTheReasonIgnored) {
  // A delimiter of its own, a forced encoding, a title line, cells that look
  // like formulas, line breaks and a pound sign.
  std::string toml(kSmallProfile);
  toml.replace(toml.find("[file]"), 6, "[file]\nencoding = \"cp1252\"\ndelimiter = \";\"");
  const Imported first = Import(
      "Title\nRef;Product;Supplier;Order date;Packs;Pack size;Pack price\n"
      "=1+1;\"a\nb\";@Caf\xE9;99/04/2020;10;50;\xA3"
      "12.50\n",
      toml);
  ASSERT_THAT(first.lines, SizeIs(1));
  std::string mended = Rejects(first);
  mended.replace(mended.find("99/04/2020"), 10, "14/04/2020");
  const Imported second = Import(mended, toml);
  ASSERT_OK(second.status);
  ASSERT_THAT(second.lines, SizeIs(1));
  EXPECT_THAT(MessagesOf(second.lines[0]), IsEmpty());
  EXPECT_EQ(second.lines[0].purchase.reference(), "=1+1");
  EXPECT_EQ(second.lines[0].purchase.supplier(), "@Caf\u00e9");
  EXPECT_EQ(second.lines[0].fields[1], "a\nb");
  EXPECT_EQ(second.lines[0].purchase.pack_price_micros(), 12'500'000);
}

TEST(RejectsTest, AFileOfRejectsIsKnownByItsHeader) {
  testing::TempDir folder;
  const std::string ours = folder / "rejects.csv", other = folder / "mine.csv";
  std::ofstream(ours) << Rejects(Import(std::string(kSmallHeader) + "A2,,,,,,\n"));
  std::ofstream(other) << kSmallHeader << kSmallRow;
  EXPECT_TRUE(IsRejects(ours));
  EXPECT_FALSE(IsRejects(other));
  EXPECT_FALSE(IsRejects(folder / "missing.csv"));
}

TEST(RejectsTest, ASecondRoundWritesTheReasonAnew) {
  const Imported first = Import(std::string(kSmallHeader) + "A2,m,S,31/02/2020,1,1,x\n");
  std::string mended = Rejects(first);
  mended.replace(mended.find("31/02/2020"), 10, "14/04/2020");
  const Imported second = Import(mended);
  const Imported third = Import(Rejects(second));
  EXPECT_EQ(third.detected.headings, second.detected.headings);
  ASSERT_THAT(third.lines, SizeIs(1));
  EXPECT_EQ(third.lines[0].fields.back(), "Row 2: Pack price is 'x', which is not a number.");
}

TEST(RejectsTest, AFilesOwnReasonColumnIsKept) {
  const std::string header = "Reason," + std::string(kSmallHeader);
  const Imported all = Import(header + "ugly,A2,m,S,31/02/2020,1,1,1\n");
  const Imported again = Import(Rejects(all));
  ASSERT_THAT(again.lines, SizeIs(1));
  EXPECT_EQ(again.detected.headings.back(), "reason for refusal");
  EXPECT_EQ(again.lines[0].fields.front(), "ugly");
  EXPECT_EQ(Import(Rejects(again)).detected.headings, again.detected.headings);
}

TEST(RejectsTest, WideRowsKeepTheirExtraCellsBehindTheReason) {
  const Imported all = Import(std::string(kSmallHeader) + "A2,m,S,14/04/2020,1,1,1,extra\n");
  const Imported again = Import(Rejects(all));
  ASSERT_THAT(again.lines, SizeIs(1));
  EXPECT_EQ(again.lines[0].problems[0].code(), "ROW_TOO_WIDE");
  EXPECT_EQ(again.lines[0].fields.back(), "extra");
}

TEST(RejectsTest, WithoutAHeaderTheReasonComesLast) {
  const char* toml =
      "name = \"places\"\n[file]\nheader = false\n[fields]\nreference = 1\npacks = 2\n";
  const Imported all = Import("R1,x\n", toml);
  const Imported again = Import(Rejects(all), toml);
  ASSERT_THAT(again.lines, SizeIs(1));
  EXPECT_EQ(again.lines[0].row, 1);
  EXPECT_EQ(again.lines[0].fields[0], "R1");
  EXPECT_THAT(again.lines[0].fields, SizeIs(3));
}

TEST(RejectsTest, AReasonIsNeverAFormulaAndWarningsStepBack) {
  const auto problem = [](const char* message, Problem::Severity severity) {
    Problem p;
    p.set_message(message);
    p.set_severity(severity);
    return p;
  };
  std::ostringstream out;
  Detected file;
  file.headings = {"A"};
  RejectsWriter writer(out, file);
  writer.Write({"1"}, {problem("=1+1", Problem::ERROR), problem("hm", Problem::WARNING)});
  writer.Write({"2"}, {problem("look", Problem::WARNING)});
  EXPECT_EQ(out.str(), "\xEF\xBB\xBF\"A\",\"reason\"\r\n\"1\",\"'=1+1\"\r\n\"2\",\"look\"\r\n");
}

}  // namespace
}  // namespace steelyard::importing
