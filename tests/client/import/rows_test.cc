#include "client/import/rows.h"

#include <utility>

#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Cells = std::vector<std::string>;

struct Read {
  int64_t line;
  Cells cells;
  Row::Quotes quotes;
};

std::vector<Read> ReadRows(std::string_view text, char delimiter = ',', size_t piece = 1000) {
  RowReader reader(
      [&text, piece] {
        const std::string_view next = text.substr(0, piece);
        text.remove_prefix(next.size());
        return next;
      },
      delimiter, 1 << 20);
  std::vector<Read> rows;
  Row row;
  while (reader.Next(&row).value()) {
    rows.push_back({row.line, Cells(row.cells.begin(), row.cells.end()), row.quotes});
  }
  return rows;
}

std::vector<std::pair<int64_t, Cells>> Plain(std::string_view text, char delimiter = ',') {
  std::vector<std::pair<int64_t, Cells>> rows;
  for (const Read& read : ReadRows(text, delimiter)) {
    EXPECT_EQ(read.quotes, Row::Quotes::kGood);
    rows.emplace_back(read.line, read.cells);
  }
  return rows;
}

std::pair<int64_t, Cells> At(int64_t line, Cells cells) { return {line, std::move(cells)}; }

TEST(RowsTest, EveryLineEndEndsALine) {
  const auto expected = ElementsAre(At(1, {"a", "b"}), At(2, {"c", "d"}), At(3, {"e", "f"}));
  EXPECT_THAT(Plain("a,b\nc,d\ne,f\n"), expected);
  EXPECT_THAT(Plain("a,b\r\nc,d\r\ne,f\r\n"), expected);
  EXPECT_THAT(Plain("a,b\rc,d\re,f\r"), expected);
  EXPECT_THAT(Plain("a,b\rc,d\r\ne,f"), expected);
  EXPECT_THAT(Plain("a,b\n\rc"), ElementsAre(At(1, {"a", "b"}), At(2, {""}), At(3, {"c"})));
}

TEST(RowsTest, ARowKnowsTheLineAtWhichItStarts) {
  EXPECT_THAT(Plain("a\n\"b\r\nb\rb\nb\",x\nc\n"),
              ElementsAre(At(1, {"a"}), At(2, {"b\r\nb\rb\nb", "x"}), At(6, {"c"})));
}

TEST(RowsTest, QuotesFollowRfc4180) {
  EXPECT_THAT(Plain("\"a,b\",\"say \"\"hi\"\"\",\"\"\n"),
              ElementsAre(At(1, {"a,b", "say \"hi\"", ""})));
  EXPECT_THAT(Plain("5\" pipe,a\"b\"\n"), ElementsAre(At(1, {"5\" pipe", "a\"b\""})));
  EXPECT_THAT(Plain("\"a\" ,b\n"), ElementsAre(At(1, {"a", "b"})));
}

TEST(RowsTest, EmptyCellsAndRowsAreKept) {
  EXPECT_THAT(Plain(",,\n\n,x"), ElementsAre(At(1, {"", "", ""}), At(2, {""}), At(3, {"", "x"})));
  EXPECT_THAT(Plain("a,"), ElementsAre(At(1, {"a", ""})));
  EXPECT_THAT(Plain(""), ElementsAre());
  EXPECT_THAT(Plain("\n"), ElementsAre(At(1, {""})));
}

TEST(RowsTest, OtherDelimiters) {
  EXPECT_THAT(Plain("a,b;c\n", ';'), ElementsAre(At(1, {"a,b", "c"})));
  EXPECT_THAT(Plain("a\tb\n", '\t'), ElementsAre(At(1, {"a", "b"})));
  EXPECT_THAT(Plain("a|\"b|c\"\n", '|'), ElementsAre(At(1, {"a", "b|c"})));
}

TEST(RowsTest, BadQuotesAreSaidAndTheNextRowIsRight) {
  const auto rows = ReadRows("x,\"a\"b,c\ny\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].quotes, Row::Quotes::kTextAfter);
  EXPECT_THAT(rows[0].cells, ElementsAre("x", "ab", "c"));
  EXPECT_EQ(rows[1].quotes, Row::Quotes::kGood);

  const auto open = ReadRows("x\ny,\"a,b\nc\n");
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(open[1].quotes, Row::Quotes::kNotClosed);
  EXPECT_EQ(open[1].line, 2);
  EXPECT_THAT(open[1].cells, ElementsAre("y", "a,b\nc\n"));
}

TEST(RowsTest, PiecesMakeNoDifference) {
  const std::string_view text = "a,\"b\"\"\r\nc\",d\r\n\"e\" ,f\rg\"h\n\n\"i\"j,k\r\n";
  const auto whole = ReadRows(text);
  for (size_t piece = 1; piece < text.size(); ++piece) {
    const auto cut = ReadRows(text, ',', piece);
    ASSERT_EQ(cut.size(), whole.size());
    for (size_t i = 0; i < cut.size(); ++i) {
      EXPECT_EQ(cut[i].line, whole[i].line);
      EXPECT_EQ(cut[i].cells, whole[i].cells);
      EXPECT_EQ(cut[i].quotes, whole[i].quotes);
    }
  }
}

TEST(RowsTest, ARowWithoutEndIsRefusedAtTheLimit) {
  for (const char endless : {'x', ',', '\n'}) {
    const std::string piece(1 << 16, endless);
    int64_t given = 0;
    RowReader reader(
        [&] {
          given += static_cast<int64_t>(piece.size());
          return given == 1 << 16 ? std::string_view("\"") : piece;
        },
        ',', 1 << 20);
    Row row;
    EXPECT_THAT(reader.Next(&row),
                StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("Row 1 is longer")));
    EXPECT_LE(given, (1 << 20) + 3 * (1 << 16));
  }
}

TEST(RowsTest, ARowOfTooManyCellsIsRefused) {
  const std::string commas(20'000, ',');
  std::string_view rest = commas;
  RowReader reader([&] { return std::exchange(rest, {}); }, ',', 1 << 20);
  Row row;
  EXPECT_THAT(reader.Next(&row),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("more than 16384 cells")));
}

TEST(RowsTest, BlankRowsHoldNothingButSpace) {
  Row row;
  row.cells = {"", " \u00A0", "\t"};
  EXPECT_TRUE(row.blank());
  row.cells.push_back("0");
  EXPECT_FALSE(row.blank());
}

}  // namespace
}  // namespace steelyard::importing
