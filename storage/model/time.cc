#include "storage/model/time.h"

#include "absl/strings/str_format.h"

namespace steelyard::model {

std::optional<Day> Day::FromYmd(int64_t year, int month, int day) {
  if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31) {
    return std::nullopt;
  }
  const absl::CivilDay civil(year, month, day);
  if (civil.month() != month || civil.day() != day) return std::nullopt;
  return FromCivil(civil);
}

Day Day::FromCivil(absl::CivilDay day) {
  return Day{static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1))};
}

absl::CivilDay Day::civil() const { return absl::CivilDay(1970, 1, 1) + number; }

std::string Day::ToString() const {
  const absl::CivilDay day = civil();
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

Month Month::Of(Day day) {
  const absl::CivilDay civil = day.civil();
  return Month{static_cast<int16_t>((civil.year() - 2000) * 12 + civil.month() - 1)};
}

std::optional<Month> Month::FromYm(int64_t year, int month) {
  if (year < 2000 || year > 2100 || month < 1 || month > 12) return std::nullopt;
  return Month{static_cast<int16_t>((year - 2000) * 12 + month - 1)};
}

std::string Month::ToString() const { return absl::StrFormat("%04d-%02d", year(), month()); }

std::string Period::ToString() const {
  return first == last ? first.ToString() : first.ToString() + ".." + last.ToString();
}

}  // namespace steelyard::model
