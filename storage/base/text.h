#ifndef STEELYARD_STORAGE_BASE_TEXT_H_
#define STEELYARD_STORAGE_BASE_TEXT_H_

// The one place where std::string_view meets Abseil's. Debian builds Abseil
// with its own string_view, which does not convert; our signatures use std.

#include <string>
#include <string_view>

#include "absl/strings/string_view.h"

namespace steelyard {

inline absl::string_view Av(std::string_view s) { return {s.data(), s.size()}; }
inline std::string_view Sv(absl::string_view s) { return {s.data(), s.size()}; }

// Lower-case hex of `bytes`.
std::string HexOf(std::string_view bytes);

// `text` cut to at most `max_bytes` at a character's edge, with control
// characters and bytes that are not UTF-8 written as \xNN, fit for a message.
std::string Printable(std::string_view text, size_t max_bytes = 200);

// Whether `text` is valid UTF-8 without surrogates and overlong forms.
bool IsUtf8(std::string_view text);

}  // namespace steelyard

#endif  // STEELYARD_STORAGE_BASE_TEXT_H_
