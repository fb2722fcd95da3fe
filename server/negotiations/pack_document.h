#ifndef STEELYARD_SERVER_NEGOTIATIONS_PACK_DOCUMENT_H_
#define STEELYARD_SERVER_NEGOTIATIONS_PACK_DOCUMENT_H_

// A pack as a document: sections of text, tables and charts, before it is
// HTML, Markdown or CSV, so that all three hold the same figures. Plain values;
// texts are as people wrote them, and every renderer escapes all of them.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "steelyard/v1/common.pb.h"

namespace steelyard::negotiations {

struct PackText {
  std::string text;
};

// Short sentences about one thing.
struct PackList {
  std::string about;
  std::vector<std::string> sentences;
  std::string receipt;      // label of the receipt of its figures
  std::string all_receipt;  // of those of all providers, if it has any
};

// Somebody else's words, with their own line breaks.
struct PackQuote {
  std::string text;
  std::string of;  // whose
};

// One figure: as people read it, and as a program does.
struct PackCell {
  PackCell() = default;
  PackCell(std::string both) : text(both), raw(std::move(both)) {}  // NOLINT: meant to convert
  PackCell(const char* both) : PackCell(std::string(both)) {}       // NOLINT: meant to convert
  PackCell(std::string for_people, std::string for_programs)
      : text(std::move(for_people)), raw(std::move(for_programs)) {}

  std::string text;
  std::string raw;
  // What stands in `text` beside the figure, for programs: its name and value,
  // such as the lower end of an interval.
  std::vector<std::pair<std::string, std::string>> more;
};

struct PackColumn {
  std::string heading;
  bool number = false;  // set to the right
  // Label of the receipt of its figures, if it is not the table's.
  std::string receipt = "";
};

struct PackTable {
  std::string caption;
  std::vector<PackColumn> columns;  // the first one names the row
  std::vector<std::vector<PackCell>> rows;
  std::string receipt;  // label of the receipt of its figures; empty for none
};

// Shares of a whole, one bar for each row; the table after it has its figures.
struct StackedBars {
  struct Bar {
    std::string label;
    std::vector<int64_t> values;  // one for each part
  };
  std::string title;
  std::vector<std::string> parts;
  std::vector<Bar> bars;
};

// Values with their intervals on one axis.
struct IntervalPlot {
  struct Row {
    std::string label;
    double value = 0;
    double lower = 0;
    double upper = 0;
    std::optional<double> reference;
  };
  std::string title;
  std::string reference_name;
  double axis_low = 0;
  double axis_high = 1;
  std::vector<std::pair<double, std::string>> ticks;
  std::vector<Row> rows;
};

// A value over time, with its middle line and limits.
struct TrendPlot {
  struct Point {
    std::string label;
    double value = 0;
    bool signal = false;
  };
  std::string title;
  double axis_low = 0;
  double axis_high = 1;
  double mean = 0;
  double lower_limit = 0;
  double upper_limit = 0;
  std::vector<Point> points;
};

using PackBlock =
    std::variant<PackText, PackList, PackQuote, PackTable, StackedBars, IntervalPlot, TrendPlot>;

struct PackSection {
  int level = 2;  // of its heading: 2, or 3 for a part of the one before
  std::string heading;
  std::vector<PackBlock> blocks;
};

struct LabeledReceipt {
  std::string label;  // R1
  std::string of;     // what it is the receipt of
  v1::Receipt receipt;
};

struct PackDocument {
  std::string title;
  std::string kind;  // `Pack 2` or `Draft pack`
  bool draft = false;
  std::string notice;  // what a reader must know first; empty for nothing
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<PackSection> sections;
  std::vector<LabeledReceipt> receipts;
};

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_PACK_DOCUMENT_H_
