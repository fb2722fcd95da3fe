#include "client/cli/grid.h"

#include <sstream>
#include <vector>

#include "gmock/gmock.h"

namespace steelyard::cli {
namespace {

using ::testing::ElementsAre;

TEST(GridTest, AlignsTextLeftAndNumbersRight) {
  Grid grid({{"Name", "name"}, {"Packs", "packs", GridColumn::kNumber}});
  grid.Add({"glove", Cell("1,000", "1000")});
  grid.Add({"£ mask", "7"});
  std::ostringstream out;
  grid.Print(out, 80);
  EXPECT_EQ(out.str(),
            "Name    Packs\n"
            "──────  ─────\n"
            "glove   1,000\n"
            "£ mask      7\n");
}

TEST(GridTest, WrapsTheWidestColumnsToTheWidth) {
  Grid grid({{"Row", "row", GridColumn::kNumber}, {"What to do", "todo", GridColumn::kWrapped}});
  grid.Add({"12", "write the date as day, month and year"});
  std::ostringstream out;
  grid.Print(out, 25, 2);
  EXPECT_EQ(out.str(),
            "  Row  What to do\n"
            "  ───  ──────────────────\n"
            "   12  write the date as\n"
            "       day, month and\n"
            "       year\n");
}

TEST(GridTest, LeavesOutColumnsInWhichNoRowHasAnything) {
  Grid grid({{"Name", "name"}, {"Until", "until"}, {"Type", "type"}});
  grid.Add({"a", "", "x"});
  grid.Add({"b", "", ""});
  std::ostringstream out;
  grid.Print(out, 80);
  EXPECT_EQ(out.str(), "Name  Type\n────  ────\na     x\nb\n");
}

TEST(GridTest, LetsNothingCommandTheTerminal) {
  Grid grid(std::vector<GridColumn>{{"Name", "name"}});
  grid.Add({"a\x1b[31mb\nc\xc2\x9b"});
  std::ostringstream out;
  grid.Print(out, 80);
  EXPECT_NE(out.str().find("a\\x1b[31mb\\x0ac\\x9b"), std::string::npos) << out.str();
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
}

TEST(GridTest, CsvHoldsRawValuesAndQuotes) {
  Grid grid({{"Name", "name"}, {"Packs", "packs", GridColumn::kNumber}});
  grid.Add({"a \"b\", c", Cell("1,000", "1000")});
  std::ostringstream out;
  grid.PrintCsv(out);
  EXPECT_EQ(out.str(), "name,packs\r\n\"a \"\"b\"\", c\",1000\r\n");
}

TEST(GridTest, CsvCellsAreNoFormulasButNegativeNumbersStay) {
  Grid grid(std::vector<GridColumn>{{"", "value"}});
  for (const char* text : {"=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "-12.50", "+3"})
    grid.Add({text});
  std::ostringstream out;
  grid.PrintCsv(out);
  EXPECT_EQ(out.str(), "value\r\n'=1+1\r\n'+SUM(A1)\r\n'-2+3\r\n'@x\r\n'\tx\r\n-12.50\r\n+3\r\n");
}

TEST(WrapTest, BreaksBetweenWordsAndInsideLongOnes) {
  EXPECT_THAT(Wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(Wrap("££££££", 4), ElementsAre("££££", "££"));
  EXPECT_THAT(Wrap("a abcdefgh", 4), ElementsAre("a", "abcd", "efgh"));
  EXPECT_THAT(Wrap("demo-kestrel-trading", 14), ElementsAre("demo-kestrel-", "trading"));
  EXPECT_THAT(Wrap("", 4), ElementsAre(""));
}

}  // namespace
}  // namespace steelyard::cli
