#ifndef STEELYARD_CLIENT_CLI_GRID_H_
#define STEELYARD_CLIENT_CLI_GRID_H_

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace steelyard::cli {

// One value: as people read it, and as a program does.
struct Cell {
  Cell() = default;
  Cell(std::string both) : text(both), raw(std::move(both)) {}  // NOLINT: meant to convert
  Cell(const char* both) : Cell(std::string(both)) {}           // NOLINT: meant to convert
  Cell(std::string for_people, std::string for_programs)
      : text(std::move(for_people)), raw(std::move(for_programs)) {}

  std::string text;
  std::string raw;
};

struct GridColumn {
  enum Kind { kText, kNumber, kWrapped };
  std::string heading;
  std::string key;  // heading of the CSV column
  // kNumber is set to the right; kWrapped may be broken over several lines.
  Kind kind = kText;
  // Widest that a kWrapped column grows; 0 for as wide as its text.
  size_t most = 0;
};

// Rows and columns, to print as a table or as CSV.
class Grid {
 public:
  explicit Grid(std::vector<GridColumn> columns) : columns_(std::move(columns)) {}

  // `cells` has one for each column.
  void Add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  size_t rows() const { return rows_.size(); }

  // Prints an aligned table at most `width` characters wide where wrapping and
  // cutting can make it so, each line after `indent` spaces. Leaves out columns
  // in which no row has anything.
  void Print(std::ostream& out, size_t width, size_t indent = 0) const;

  // Prints RFC 4180 CSV with a header. A cell that a spreadsheet would take
  // for a formula gets an apostrophe in front.
  void PrintCsv(std::ostream& out) const;

 private:
  Grid WithoutEmptyColumns() const;
  void PrintAll(std::ostream& out, size_t width, size_t indent) const;
  std::vector<size_t> Widths(size_t width) const;

  std::vector<GridColumn> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// Characters that `text` takes on a terminal, each counted as one.
size_t DisplayWidth(std::string_view text);

// `text` broken between words, or inside a word that is too long, into lines
// of at most `width` characters. At least one line.
std::vector<std::string> Wrap(std::string_view text, size_t width);

// Prints each line of `text` wrapped to the width, made harmless.
void PrintParagraphs(std::ostream& out, size_t width, std::string_view text);

// `text` with control characters written as \xNN, so that nothing a server
// passes on can command the terminal.
std::string Harmless(std::string_view text);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_GRID_H_
