#ifndef STEELYARD_STORAGE_MODEL_TIME_H_
#define STEELYARD_STORAGE_MODEL_TIME_H_

// Civil days, months and periods. None has a zone: a purchase order's date is
// what its paper says.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"

namespace steelyard::model {

// Days since 1970-01-01. Frozen on disk.
struct Day {
  int32_t number = 0;

  // The day, or nothing if there is none such (29 Feb 2023, month 13) or the
  // year is outside 1900 to 2200.
  static std::optional<Day> FromYmd(int64_t year, int month, int day);
  static Day FromCivil(absl::CivilDay day);
  absl::CivilDay civil() const;
  // 2020-04-01.
  std::string ToString() const;

  friend auto operator<=>(const Day&, const Day&) = default;
};

// Months since January 2000, which is 0. Frozen on disk.
struct Month {
  int16_t number = 0;

  static Month Of(Day day);
  // Nothing if the month is not 1 to 12 or the year not 2000 to 2100.
  static std::optional<Month> FromYm(int64_t year, int month);
  int year() const { return 2000 + number / 12; }
  // 1 to 12.
  int month() const { return number % 12 + 1; }
  // First month of its calendar quarter.
  Month QuarterStart() const { return Month{static_cast<int16_t>(number - number % 3)}; }
  Month YearStart() const { return Month{static_cast<int16_t>(number - number % 12)}; }
  Month Plus(int months) const { return Month{static_cast<int16_t>(number + months)}; }
  // 2020-04.
  std::string ToString() const;

  friend auto operator<=>(const Month&, const Month&) = default;
};

// Whole months, both ends included; `first` <= `last`.
struct Period {
  Month first;
  Month last;

  bool Contains(Month m) const { return first <= m && m <= last; }
  bool Contains(const Period& p) const { return first <= p.first && p.last <= last; }
  bool Overlaps(const Period& p) const { return first <= p.last && p.first <= last; }
  int months() const { return last.number - first.number + 1; }
  std::string ToString() const;

  friend auto operator<=>(const Period&, const Period&) = default;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_TIME_H_
