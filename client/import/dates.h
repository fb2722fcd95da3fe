#ifndef STEELYARD_CLIENT_IMPORT_DATES_H_
#define STEELYARD_CLIENT_IMPORT_DATES_H_

// Dates as a profile says that they are written; nothing is guessed. The text
// of an error is a clause that follows what was found.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace steelyard::importing {

// A day of the Gregorian calendar, 1900 to 2100.
struct CalendarDay {
  int year = 0;
  int month = 0;
  int day = 0;
  friend bool operator==(const CalendarDay&, const CalendarDay&) = default;
};

// One way to write a day: d, m, Mon, yy and yyyy in any order, with anything
// between them, for example `d/m/yyyy`, `dd-Mon-yy`, `yyyymmdd`; or `excel`
// for the serial number of a spreadsheet (1 is 1900-01-01). Two-digit years
// are 1970 to 2069. Days and months may have one digit or two, unless they
// stand without anything between. ` time` at the end allows an hour, which is
// not looked at.
class DateFormat {
 public:
  // INVALID_ARGUMENT if `format` does not name a day, a month and a year.
  static absl::StatusOr<DateFormat> Parse(std::string_view format);

  // What a text is under this format.
  enum class Match { kNo, kDay, kNoSuchDay };
  Match Read(std::string_view text, CalendarDay& day) const;

  // The day in this format, with figures of two digits; empty for `excel`.
  std::string Write(const CalendarDay& day) const;

  // Whether some text could be read by both as different days.
  bool Contradicts(const DateFormat& other) const;

  const std::string& text() const { return text_; }

 private:
  enum class Part : uint8_t { kDay, kMonth, kMonthName, kYear2, kYear4, kLiteral };
  struct Piece {
    Part part = Part::kLiteral;
    char literal = 0;
    bool fixed_width = false;  // two digits, for nothing stands between
  };

  static size_t PieceAt(std::string_view format, Piece& piece);

  std::string text_;
  std::vector<Piece> pieces_;
  bool excel_ = false;
  bool time_ = false;
};

// The formats of a file, tried in turn.
struct DateStyle {
  std::vector<DateFormat> formats;
};

// Reads a day. INVALID_ARGUMENT: "is not a day in the calendar; write it as
// d/m/yyyy" or the like.
absl::StatusOr<CalendarDay> ParseDate(std::string_view text, const DateStyle& style);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_DATES_H_
