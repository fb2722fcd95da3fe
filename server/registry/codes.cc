#include "server/registry/codes.h"

#include <unicode/uloc.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace steelyard::registry {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

// Whether `text` has the shape of `pattern`: 9 a digit, A a capital letter,
// anything else itself.
bool Matches(std::string_view text, std::string_view pattern) {
  return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(), [](char c, char p) {
    return p == '9' ? IsDigit(c) : p == 'A' ? IsCapital(c) : c == p;
  });
}

}  // namespace

bool IsGtin(std::string_view text) {
  const size_t n = text.size();
  if (n != 8 && n != 12 && n != 13 && n != 14) return false;
  int sum = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!IsDigit(text[i])) return false;
    sum += (text[i] - '0') * ((n - i) % 2 == 0 ? 3 : 1);
  }
  return sum % 10 == 0;
}

bool IsCpv(std::string_view text) { return Matches(text, "99999999-9"); }

bool HasUsualCpvCheckDigit(std::string_view cpv) {
  if (!IsCpv(cpv)) return false;
  constexpr std::array<int, 8> kWeights = {3, 7, 1, 3, 7, 1, 3, 7};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (cpv[i] - '0') * kWeights[i];
  return sum % 10 == cpv[9] - '0';
}

bool IsCompanyNumber(std::string_view text) {
  return Matches(text, "99999999") || Matches(text, "AA999999") || Matches(text, "R9999999") ||
         Matches(text, "AA99999A");
}

bool IsGssCode(std::string_view text) { return Matches(text, "A99999999"); }

bool IsCountryCode(std::string_view text) {
  if (!Matches(text, "AA")) return false;
  for (const char* const* country = uloc_getISOCountries(); *country != nullptr; ++country) {
    if (text == *country) return true;
  }
  return false;
}

bool IsPackUnitCode(std::string_view text) {
  static constexpr std::array<std::string_view, 30> kCodes = {
      "BG", "BK",  "BO", "BX", "C62", "CEN", "CS",  "CT",  "DI", "DZN",
      "EA", "H87", "JC", "JR", "KT",  "LTR", "MIL", "MLT", "PA", "PF",
      "PK", "PR",  "PX", "RL", "RO",  "SA",  "SET", "TB",  "TU", "VI"};
  return std::find(kCodes.begin(), kCodes.end(), text) != kCodes.end();
}

std::optional<int64_t> ParseWhole(std::string_view text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || !IsDigit(text[0]) || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<model::Day> ParseDay(std::string_view text) {
  if (!Matches(text, "9999-99-99")) return std::nullopt;
  return model::Day::FromYmd(*ParseWhole(text.substr(0, 4)),
                             static_cast<int>(*ParseWhole(text.substr(5, 2))),
                             static_cast<int>(*ParseWhole(text.substr(8, 2))));
}

}  // namespace steelyard::registry
