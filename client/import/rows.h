#ifndef STEELYARD_CLIENT_IMPORT_ROWS_H_
#define STEELYARD_CLIENT_IMPORT_ROWS_H_

// Cuts text into rows and cells: RFC 4180, and what people send besides. Own
// work rather than libcsv, which does not know on which line of the file a row
// starts and gives up at the first bad quote.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace steelyard::importing {

// One row.
struct Row {
  enum class Quotes {
    kGood,
    kTextAfter,  // text stands between a closing quote and the next delimiter
    kNotClosed,  // the file ends inside quotes
  };
  int64_t line = 0;                     // line of the file at which it starts, from 1
  std::vector<std::string_view> cells;  // without quotes; at least one
  Quotes quotes = Quotes::kGood;
  size_t bad_cell = 0;  // the first at fault, unless kGood

  // Whether no cell holds anything but white space.
  bool blank() const;
};

// Reads rows. LF, CRLF and bare CR end a line, in any mixture. A quote opens a
// quoted cell only where a cell begins; elsewhere it is a character like any
// other. Not thread-safe.
class RowReader {
 public:
  // Gives the next piece of text, empty at the end; a piece stays valid until
  // the next is asked for.
  using Source = std::function<absl::StatusOr<std::string_view>()>;

  RowReader(Source source, char delimiter, size_t max_row_bytes);

  // The next row into `row`, whose cells stay valid until the next call. False
  // at the end. RESOURCE_EXHAUSTED if a row is too long; errors of the source.
  absl::StatusOr<bool> Next(Row* row);

 private:
  enum class State { kRowStart, kCellStart, kPlain, kQuoted, kQuoteSeen };

  absl::StatusOr<bool> Refill();
  bool Consume(Row* row);
  void TakeRun(const std::array<bool, 256>& stops);
  void EndCell();
  void Flag(Row* row, Row::Quotes trouble) const;
  void Deliver(Row* row);
  absl::Status CheckLength(int64_t line) const;

  Source source_;
  const char delimiter_;
  const size_t max_row_bytes_;
  std::array<bool, 256> plain_stops_ = {};
  std::array<bool, 256> quoted_stops_ = {};

  std::string_view rest_;  // of the piece under way
  State state_ = State::kRowStart;
  bool after_cr_ = false;  // a LF now belongs to the CR before it
  int64_t line_ = 1;
  std::string text_;          // of the row's cells, one after the other
  std::vector<size_t> ends_;  // of each cell in text_
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_ROWS_H_
