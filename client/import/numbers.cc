#include "client/import/numbers.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

absl::Status Refuse(std::string_view clause) { return absl::InvalidArgumentError(Av(clause)); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes `prefix` off if it is there.
bool TakePrefix(std::string_view& text, std::string_view prefix) {
  const bool there = text.substr(0, prefix.size()) == prefix;
  text.remove_prefix(there ? prefix.size() : 0);
  return there;
}
bool TakeSuffix(std::string_view& text, std::string_view suffix) {
  const bool there =
      text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
  text.remove_suffix(there ? suffix.size() : 0);
  return there;
}

constexpr std::string_view kMinuses[] = {"-", "\u2212", "\u2013"};
constexpr std::string_view kCurrencies[] = {"£", "€", "R$", "US$", "$", "GBP", "EUR", "USD", "BRL"};

// Takes off signs and currencies around the digits. Returns whether the number
// is negative, or nothing if there are two signs.
std::optional<bool> TakeSigns(std::string_view& text) {
  int signs = 0;
  bool negative = false;
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    text = Trim(text.substr(1, text.size() - 2));
    negative = ++signs > 0;
  }
  for (bool found = true; found && !text.empty();) {
    found = false;
    if (IsDigit(text.front()) && IsDigit(text.back())) {
      break;
    }
    for (const std::string_view minus : kMinuses) {
      if (TakePrefix(text, minus) || TakeSuffix(text, minus)) {
        found = negative = true;
        ++signs;
      }
    }
    if (TakePrefix(text, "+")) {
      found = true;
      ++signs;
    }
    for (const std::string_view currency : kCurrencies) {
      found = TakePrefix(text, currency) || TakeSuffix(text, currency) || found;
    }
    text = Trim(text);
  }
  return signs > 1 ? std::nullopt : std::optional<bool>(negative);
}

// Takes a separator of thousands off the front of `text`.
bool TakeSeparator(std::string_view& text, char decimal_mark) {
  for (const std::string_view mark : {" ", "\u00A0", "\u202F", "\u2009", "'", "\u2019"}) {
    if (TakePrefix(text, mark)) {
      return true;
    }
  }
  return TakePrefix(text, decimal_mark == '.' ? "," : ".");
}

// Takes the digits before the decimal mark, without their separators.
absl::StatusOr<std::string> TakeWhole(std::string_view& text, char decimal_mark) {
  std::string digits;
  bool grouped = false;
  while (!text.empty() && text.front() != decimal_mark) {
    size_t n = 0;
    while (n < text.size() && IsDigit(text[n])) {
      ++n;
    }
    if (n == 0) {
      break;
    }
    if (grouped && n != 3) {
      return Refuse("has a thousands separator in the wrong place");
    }
    digits.append(text.substr(0, n));
    text.remove_prefix(n);
    std::string_view rest = text;
    if (!TakeSeparator(rest, decimal_mark)) {
      break;
    }
    if ((!grouped && n > 3) || rest.size() < 3 || !IsDigit(rest.front())) {
      return Refuse("has a thousands separator in the wrong place");
    }
    grouped = true;
    text = rest;
  }
  return digits;
}

// Takes an exponent, for example `e+05`; 0 if there is none.
absl::StatusOr<int> TakeExponent(std::string_view& text, bool allowed) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) {
    return 0;
  }
  if (!allowed) {
    return Refuse("is in scientific notation, which may have lost digits; write it out");
  }
  text.remove_prefix(1);
  const bool negative = TakePrefix(text, "-");
  if (!negative) {
    TakePrefix(text, "+");
  }
  if (text.empty() || text.size() > 2 || !IsDigit(text.front()) || !IsDigit(text.back())) {
    return Refuse("is not a number");
  }
  int exponent = 0;
  for (; !text.empty(); text.remove_prefix(1)) {
    exponent = exponent * 10 + (text.front() - '0');
  }
  return negative ? -exponent : exponent;
}

// digits x 10^places as an integer; what is below one is refused or rounded.
absl::StatusOr<int64_t> Scale(std::string_view digits, int64_t places, int scale, bool round) {
  absl::uint128 value = 0;
  const absl::uint128 limit = std::numeric_limits<int64_t>::max();
  const int64_t keep = static_cast<int64_t>(digits.size()) + places;
  for (int64_t i = 0; i < keep; ++i) {
    const size_t at = static_cast<size_t>(i);
    value = value * 10 + static_cast<unsigned>(at < digits.size() ? digits[at] - '0' : 0);
    if (value > limit) {
      return Refuse("is too large");
    }
  }
  // A point further left than the first digit: zeros, of which one decides.
  const std::string lost =
      keep < 0
          ? absl::StrCat("0", Av(digits))
          : std::string(digits.substr(std::min<size_t>(static_cast<size_t>(keep), digits.size())));
  if (lost.find_first_not_of('0') == std::string::npos) {
    return static_cast<int64_t>(value);
  }
  if (!round) {
    return Refuse(scale == 0 ? std::string("is not a whole number")
                             : absl::StrCat("has more than ", scale, " decimals"));
  }
  const bool half = lost[0] == '5' && lost.find_first_not_of('0', 1) == std::string::npos;
  const bool up = half ? value % 2 == 1 : lost[0] >= '5';
  value += up ? 1 : 0;
  return value > limit ? absl::StatusOr<int64_t>(Refuse("is too large"))
                       : static_cast<int64_t>(value);
}

}  // namespace

absl::StatusOr<int64_t> ParseDecimal(std::string_view text, const NumberStyle& style, int scale,
                                     bool round) {
  text = Trim(text);
  const std::optional<bool> negative = TakeSigns(text);
  if (!negative.has_value()) {
    return Refuse("has two signs");
  }
  ASSIGN_OR_RETURN(std::string digits, TakeWhole(text, style.decimal_mark));
  int64_t places = scale;
  if (!text.empty() && text.front() == style.decimal_mark) {
    text.remove_prefix(1);
    for (; !text.empty() && IsDigit(text.front()); text.remove_prefix(1), --places) {
      digits.push_back(text.front());
    }
  }
  if (digits.empty()) {
    return Refuse("is not a number");
  }
  ASSIGN_OR_RETURN(const int exponent, TakeExponent(text, style.exponents));
  if (!text.empty()) {
    const bool other = text.front() == '.' || text.front() == ',';
    return Refuse(other ? "is not a number with the decimal mark of this file" : "is not a number");
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  ASSIGN_OR_RETURN(const int64_t value, Scale(digits, places + exponent, scale, round));
  return *negative ? -value : value;
}

absl::StatusOr<int64_t> ParsePercent(std::string_view text, const NumberStyle& style,
                                     bool fraction) {
  text = Trim(text);
  const bool sign = TakeSuffix(text, "%");
  return ParseDecimal(text, style, fraction && !sign ? 4 : 2);
}

absl::StatusOr<bool> ParseBool(std::string_view text) {
  const std::string word = Fold(text);
  if (word == "yes" || word == "y" || word == "true" || word == "1") {
    return true;
  }
  if (word == "no" || word == "n" || word == "false" || word == "0") {
    return false;
  }
  return Refuse("is neither yes nor no");
}

absl::StatusOr<int64_t> Divide(int64_t numerator, int64_t denominator, bool round) {
  if (denominator < 1) {
    return Refuse("cannot be divided by less than 1");
  }
  int64_t result = numerator / denominator;
  const int64_t rest = numerator % denominator;
  if (rest == 0) {
    return result;
  }
  if (!round) {
    return Refuse("does not divide to a price of at most 6 decimals");
  }
  const int64_t away = numerator < 0 ? -1 : 1;
  const absl::int128 twice = absl::int128(rest) * 2 * away;
  if (twice > denominator || (twice == denominator && result % 2 != 0)) {
    result += away;
  }
  return result;
}

std::string MicrosText(int64_t micros) {
  const uint64_t size =
      micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string decimals = absl::StrFormat("%06d", size % 1'000'000);
  while (decimals.size() > 2 && decimals.back() == '0') {
    decimals.pop_back();
  }
  return absl::StrCat(micros < 0 ? "-" : "", size / 1'000'000, ".", decimals);
}

}  // namespace steelyard::importing
