#ifndef STEELYARD_CLIENT_IMPORT_NUMBERS_H_
#define STEELYARD_CLIENT_IMPORT_NUMBERS_H_

// Numbers as people and finance systems write them, read exactly: no double
// is ever near one. The text of an error is a clause that follows what was
// found, for example "is not a number".

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace steelyard::importing {

// How a file writes its numbers.
struct NumberStyle {
  char decimal_mark = '.';  // or ','; the other one groups thousands
  bool exponents = false;   // whether 1e+05 is a number
  // What a counting word stands for, for example dozen = 12; folded.
  std::map<std::string, int64_t> units;
};

// `text` times 10^`scale`, so scale 6 gives millionths. Takes a currency sign
// or code before or after, grouped thousands (comma or point, space,
// apostrophe; only in groups of three), a sign before or after, and a negative
// number in parentheses. INVALID_ARGUMENT if it is none, has more than `scale`
// decimals that are not zero (unless `round`, half to even), or does not fit.
absl::StatusOr<int64_t> ParseDecimal(std::string_view text, const NumberStyle& style, int scale,
                                     bool round = false);

// A share in percent, as hundredths of a percent: "20", "20%" and "20.0 %"
// give 2000; with `fraction` so does "0.2".
absl::StatusOr<int64_t> ParsePercent(std::string_view text, const NumberStyle& style,
                                     bool fraction);

// A whole number, also in words that say how many: "100", "1,000", "box of
// 50", "10 x 100", "each", "2 dozen". Every word must be one that is known
// (style.units, or a word for a packing), or the text is refused.
absl::StatusOr<int64_t> ParseCount(std::string_view text, const NumberStyle& style);

// yes, no, y, n, true, false, 1, 0 in any case.
absl::StatusOr<bool> ParseBool(std::string_view text);

// numerator / denominator, half to even if `round`; else INVALID_ARGUMENT if
// it does not come out even. INVALID_ARGUMENT if denominator < 1.
absl::StatusOr<int64_t> Divide(int64_t numerator, int64_t denominator, bool round);

// A number of millionths as a person writes it: 1234500000 is "1234.50", at
// least two decimals.
std::string MicrosText(int64_t micros);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_NUMBERS_H_
