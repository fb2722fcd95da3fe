#include "client/import/dates.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "client/import/numbers.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr int kMinYear = 1900;
constexpr int kMaxYear = 2100;

constexpr std::string_view kMonths[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Takes `least` to `most` digits; -1 if they are not there.
int TakeDigits(std::string_view& text, size_t least, size_t most) {
  size_t n = 0;
  int value = 0;
  for (; n < most && n < text.size() && IsDigit(text[n]); ++n) {
    value = value * 10 + (text[n] - '0');
  }
  if (n < least) {
    return -1;
  }
  text.remove_prefix(n);
  return value;
}

// Takes the name of a month, whole or its first three letters (four for
// `Sept`), in any case; -1 if there is none.
int TakeMonthName(std::string_view& text) {
  size_t n = 0;
  std::string word;
  while (n < text.size() && Lower(text[n]) >= 'a' && Lower(text[n]) <= 'z') {
    word.push_back(Lower(text[n++]));
  }
  for (int month = 1; month <= 12; ++month) {
    const std::string_view name = kMonths[month - 1];
    if (word == name || word == name.substr(0, 3) || (month == 9 && word == "sept")) {
      text.remove_prefix(n);
      return month;
    }
  }
  return -1;
}

// Takes `T` or spaces, then 9:30, 09:30:00 or 09:30:00.000, and a Z.
void TakeTime(std::string_view& text) {
  std::string_view rest = text;
  if (!rest.empty() && (rest.front() == 'T' || rest.front() == ' ')) {
    rest.remove_prefix(1);
  }
  if (TakeDigits(rest, 1, 2) < 0 || rest.substr(0, 1) != ":") {
    return;
  }
  while (!rest.empty() && (IsDigit(rest.front()) || rest.front() == ':' || rest.front() == '.')) {
    rest.remove_prefix(1);
  }
  if (rest == "Z") {
    rest.remove_prefix(1);
  }
  text = rest;
}

// Whether there is such a day, in a year that a record can be of.
bool Exists(const CalendarDay& day) {
  if (day.year < kMinYear || day.year > kMaxYear || day.month < 1 || day.month > 12 ||
      day.day < 1) {
    return false;
  }
  const absl::CivilDay civil(day.year, day.month, day.day);
  return civil.month() == day.month && civil.day() == day.day;
}

DateFormat::Match ReadSerial(std::string_view text, CalendarDay& day) {
  const int serial = TakeDigits(text, 1, 5);
  if (serial < 61 || !text.empty()) {  // before 1 March 1900 spreadsheets disagree
    return serial >= 0 && text.empty() ? DateFormat::Match::kNoSuchDay : DateFormat::Match::kNo;
  }
  const absl::CivilDay civil = absl::CivilDay(1899, 12, 30) + serial;
  day = {static_cast<int>(civil.year()), civil.month(), civil.day()};
  return Exists(day) ? DateFormat::Match::kDay : DateFormat::Match::kNoSuchDay;
}

}  // namespace

// The piece at the start of `format`, and its length there; 0 if it is none.
size_t DateFormat::PieceAt(std::string_view format, Piece& piece) {
  const char c = Lower(format.front());
  size_t n = 1;
  while (n < format.size() && Lower(format[n]) == c) {
    ++n;
  }
  if (Fold(format.substr(0, 3)) == "mon") {
    piece.part = Part::kMonthName;
    return 3;
  }
  if (c == 'd' || c == 'm') {
    piece.part = c == 'd' ? Part::kDay : Part::kMonth;
    return n <= 2 ? n : 0;
  }
  if (c == 'y') {
    piece.part = n == 2 ? Part::kYear2 : Part::kYear4;
    return n == 2 || n == 4 ? n : 0;
  }
  piece = {Part::kLiteral, format.front()};
  return IsDigit(c) || (c >= 'a' && c <= 'z') ? 0 : 1;
}

absl::StatusOr<DateFormat> DateFormat::Parse(std::string_view format) {
  DateFormat made;
  made.text_ = std::string(format);
  if (Fold(format) == "excel") {
    made.excel_ = true;
    return made;
  }
  std::string_view rest = format;
  if (rest.size() > 5 && rest.substr(rest.size() - 5) == " time") {
    made.time_ = true;
    rest.remove_suffix(5);
  }
  int days = 0, months = 0, years = 0;
  Piece piece;
  for (size_t n = 1; !rest.empty() && n > 0; rest.remove_prefix(n)) {
    n = PieceAt(rest, piece);
    days += n == 0 ? 2 : piece.part == Part::kDay;  // what is no piece spoils it
    months += piece.part == Part::kMonth || piece.part == Part::kMonthName;
    years += piece.part == Part::kYear2 || piece.part == Part::kYear4;
    made.pieces_.push_back(piece);
  }
  if (days != 1 || months != 1 || years != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", Shown(format, 60),
                     "' does not say how dates are written; write for example d/m/yyyy, "
                     "dd-Mon-yy, yyyy-mm-dd or excel"));
  }
  for (size_t i = 0; i + 1 < made.pieces_.size(); ++i) {
    const bool together =
        made.pieces_[i].part != Part::kLiteral && made.pieces_[i + 1].part != Part::kLiteral;
    made.pieces_[i].fixed_width |= together;
    made.pieces_[i + 1].fixed_width |= together;
  }
  return made;
}

DateFormat::Match DateFormat::Read(std::string_view text, CalendarDay& day) const {
  text = Trim(text);
  if (excel_) {
    return ReadSerial(text, day);
  }
  for (const Piece& piece : pieces_) {
    int found = 0;
    switch (piece.part) {
      case Part::kDay:
        found = day.day = TakeDigits(text, piece.fixed_width ? 2 : 1, 2);
        break;
      case Part::kMonth:
        found = day.month = TakeDigits(text, piece.fixed_width ? 2 : 1, 2);
        break;
      case Part::kMonthName:
        found = day.month = TakeMonthName(text);
        break;
      case Part::kYear4:
        found = day.year = TakeDigits(text, 4, 4);
        break;
      case Part::kYear2:
        found = TakeDigits(text, 2, 2);
        day.year = found + (found < 70 ? 2000 : 1900);
        break;
      case Part::kLiteral:
        found = !text.empty() && text.front() == piece.literal ? 0 : -1;
        text.remove_prefix(found == 0 ? 1 : 0);
        break;
    }
    if (found < 0) {
      return Match::kNo;
    }
  }
  if (time_) {
    TakeTime(text);
  }
  if (!text.empty()) {
    return Match::kNo;
  }
  return Exists(day) ? Match::kDay : Match::kNoSuchDay;
}

std::string DateFormat::Write(const CalendarDay& day) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    switch (piece.part) {
      case Part::kDay:
        absl::StrAppendFormat(&text, "%02d", day.day);
        break;
      case Part::kMonth:
        absl::StrAppendFormat(&text, "%02d", day.month);
        break;
      case Part::kMonthName:
        text += kMonths[day.month - 1].substr(0, 3);
        break;
      case Part::kYear2:
        absl::StrAppendFormat(&text, "%02d", day.year % 100);
        break;
      case Part::kYear4:
        absl::StrAppendFormat(&text, "%04d", day.year);
        break;
      case Part::kLiteral:
        text.push_back(piece.literal);
        break;
    }
  }
  return text;
}

bool DateFormat::Contradicts(const DateFormat& other) const {
  // Days whose figures can change places.
  constexpr CalendarDay kDays[] = {{2003, 1, 2}, {2001, 2, 3}, {2011, 10, 12}, {2020, 12, 11}};
  for (const CalendarDay& day : kDays) {
    for (const DateFormat* format : {this, &other}) {
      const std::string text = format->Write(day);
      CalendarDay a, b;
      if (Read(text, a) == Match::kDay && other.Read(text, b) == Match::kDay && !(a == b)) {
        return true;
      }
    }
  }
  return false;
}

absl::StatusOr<CalendarDay> ParseDate(std::string_view text, const DateStyle& style) {
  const DateFormat* shaped = nullptr;
  std::vector<std::string> formats;
  for (const DateFormat& format : style.formats) {
    CalendarDay day;
    switch (format.Read(text, day)) {
      case DateFormat::Match::kDay:
        return day;
      case DateFormat::Match::kNoSuchDay:
        shaped = shaped == nullptr ? &format : shaped;
        break;
      case DateFormat::Match::kNo:
        break;
    }
    formats.push_back(format.text());
  }
  if (shaped != nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("is not a day in the calendar; write it as ", shaped->text()));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("is not a date of this file; write it as ", OneOf(formats)));
}

}  // namespace steelyard::importing
