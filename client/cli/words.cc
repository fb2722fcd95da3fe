#include "client/cli/words.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace steelyard::cli {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<int64_t, 7> kPowers = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};

std::string MonthName(int month) {
  return month >= 1 && month <= 12 ? kMonths[month - 1] : absl::StrCat("month ", month);
}

std::string Grouped(std::string digits) {
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, ",");
  return digits;
}

// |value| without overflow at the lowest one.
uint64_t Magnitude(int64_t value) {
  return value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
}

std::string Symbol(std::string_view currency) {
  if (currency.empty() || currency == "GBP") return "£";
  if (currency == "EUR") return "€";
  if (currency == "USD") return "$";
  return std::string(currency) + " ";
}

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace

std::string CountWords(int64_t count) {
  return absl::StrCat(count < 0 ? "-" : "", Grouped(absl::StrCat(Magnitude(count))));
}

std::string CountOf(int64_t count, std::string_view singular, std::string_view plural) {
  return CountWords(count) + " " + std::string(count == 1 ? singular : plural);
}

std::string MoneyWords(int64_t micros, std::string_view currency, int decimals) {
  const uint64_t step = kPowers[6 - std::clamp(decimals, 0, 6)];
  const uint64_t rounded = Magnitude(micros) / step + (Magnitude(micros) % step * 2 >= step);
  const uint64_t unit = kPowers[std::clamp(decimals, 0, 6)];
  std::string text = absl::StrCat(micros < 0 && rounded > 0 ? "-" : "", Symbol(currency),
                                  Grouped(absl::StrCat(rounded / unit)));
  if (unit > 1) absl::StrAppendFormat(&text, ".%0*d", decimals, rounded % unit);
  return text;
}

int PriceDecimals(const std::vector<int64_t>& micros) {
  int decimals = 2;
  for (const int64_t value : micros) {
    int needed = 2;
    // 100,000 millionths and more show three figures with two or three
    // decimals; each power of ten below asks for one more.
    for (uint64_t edge = 1'000'000; needed < 6 && value != 0 && Magnitude(value) < edge;
         edge /= 10) {
      ++needed;
    }
    decimals = std::max(decimals, needed);
  }
  return decimals;
}

int TotalDecimals(int64_t micros) { return Magnitude(micros) >= 1'000'000'000 ? 0 : 2; }

std::string RawAmount(int64_t micros) {
  std::string text = absl::StrFormat("%s%d.%06d", micros < 0 ? "-" : "",
                                     Magnitude(micros) / 1'000'000, Magnitude(micros) % 1'000'000);
  while (text.back() == '0' && text[text.size() - 3] != '.') text.pop_back();
  return text;
}

std::string PercentWords(double share) { return absl::StrFormat("%.1f%%", share * 100); }

std::string RawNumber(double value) {
  std::string text = absl::StrFormat("%.6f", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string DateWords(const google::type::Date& date) {
  if (date.year() == 0) return std::string(kNone);
  return absl::StrCat(date.day(), " ", MonthName(date.month()), " ", date.year());
}

std::string RawDate(const google::type::Date& date) {
  if (date.year() == 0) return "";
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string TimeWords(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return std::string(kNone);
  const std::string text =
      absl::FormatTime("%e %b %Y %H:%M UTC", ToTime(time), absl::UTCTimeZone());
  return std::string(absl::StripLeadingAsciiWhitespace(text));
}

std::string RawTime(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", ToTime(time), absl::UTCTimeZone());
}

std::string MonthWords(const v1::Month& month) {
  return absl::StrCat(MonthName(month.month()), " ", month.year());
}

std::string PeriodWords(const v1::Month& from, const v1::Month& to) {
  if (from.year() != to.year()) return absl::StrCat(MonthWords(from), "–", MonthWords(to));
  if (from.month() == to.month()) return MonthWords(from);
  return absl::StrCat(MonthName(from.month()), "–", MonthWords(to));
}

std::string RawMonth(const v1::Month& month) {
  return absl::StrFormat("%04d-%02d", month.year(), month.month());
}

std::string QuarterWords(const v1::Quarter& from, const v1::Quarter& to) {
  const std::string first = absl::StrCat("Q", from.quarter());
  const std::string last = absl::StrCat("Q", to.quarter(), " ", to.year());
  if (from.year() != to.year()) return absl::StrCat(first, " ", from.year(), "–", last);
  return from.quarter() == to.quarter() ? last : absl::StrCat(first, "–", last);
}

std::string RawQuarter(const v1::Quarter& quarter) {
  return absl::StrFormat("%04d-Q%d", quarter.year(), quarter.quarter());
}

std::string LastPart(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));  // npos + 1 is 0
}

std::string BytesWords(int64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return CountOf(bytes, "byte", "bytes");
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

std::string EnumWords(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  absl::AsciiStrToLower(&words);
  return words;
}

}  // namespace steelyard::cli
