#ifndef STEELYARD_SERVER_REGISTRY_CODES_H_
#define STEELYARD_SERVER_REGISTRY_CODES_H_

// The forms of the public codes that the registers carry. Pure and
// thread-safe.

#include <optional>
#include <string_view>

#include "storage/model/time.h"

namespace steelyard::registry {

// Whether `text` is a GTIN of 8, 12, 13 or 14 digits with a right check digit:
// from the right, digits weigh 3, 1, 3, ... and the whole sums to a multiple
// of 10 (GS1 General Specifications 7.9; METHODS T19).
bool IsGtin(std::string_view text);

// Whether `text` looks like a CPV code, `18424300-0`.
bool IsCpv(std::string_view text);

// Whether the check digit of a CPV code is the sum of its digits weighed 3, 7,
// 1, 3, 7, 1, 3, 7, modulo 10. That holds for 94 % of the codes of Regulation
// (EC) 213/2008; the rest kept an older digit, so a mismatch is only a hint.
bool HasUsualCpvCheckDigit(std::string_view cpv);

// Whether `text` is a company number of Companies House: 8 digits, two capital
// letters and 6 digits, `R` and 7 digits, or two letters, 5 digits, a letter.
bool IsCompanyNumber(std::string_view text);

// Whether `text` is a GSS code, `E06000001`.
bool IsGssCode(std::string_view text);

// Whether `text` is a country of ISO 3166-1 alpha-2, capitals.
bool IsCountryCode(std::string_view text);

// Whether `text` is a unit or package code that a pack of goods comes in
// (UN/CEFACT Recommendations 20 and 21).
bool IsPackUnitCode(std::string_view text);

// A day written 2020-04-01; nothing for any other form or no such day.
std::optional<model::Day> ParseDay(std::string_view text);

// A whole number of at least 0 in decimal digits.
std::optional<int64_t> ParseWhole(std::string_view text);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_CODES_H_
