#ifndef STEELYARD_CLIENT_IMPORT_TEXT_H_
#define STEELYARD_CLIENT_IMPORT_TEXT_H_

// Small helpers for text. Everything is UTF-8; what is not valid passes
// through untouched, byte by byte.

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/string_view.h"

namespace steelyard::importing {

// Debian builds Abseil with its own string_view, which does not convert.
inline absl::string_view Av(std::string_view s) { return {s.data(), s.size()}; }

// Takes the first character off `text`, which must not be empty. A byte that
// is no valid character counts as U+FFFD.
char32_t TakeCharacter(std::string_view& text);

// Appends a character as UTF-8.
void AppendCharacter(char32_t c, std::string& out);

// Bytes at the start of `text` that are whole, valid UTF-8 characters.
size_t ValidUtf8Prefix(std::string_view text);

// `text` without white space, no-break spaces and byte order marks around it.
std::string_view Trim(std::string_view text);

// Trimmed, with each run of white space and line breaks made one space.
std::string Tidy(std::string_view text);

// Tidied, in lower case (ASCII and Latin-1): equal words give equal text.
void FoldInto(std::string_view text, std::string& out);
std::string Fold(std::string_view text);

// What a heading is matched by: its letters and digits, folded. If it has
// none, the heading itself, trimmed.
std::string FoldHeading(std::string_view text);

// Fit for a message: at most `max_characters`, then `...`; control
// characters, invisible ones and those that turn the direction of writing
// are shown as \n, \x00 or \u202E.
std::string Shown(std::string_view text, size_t max_characters);

// "a", "a or b", "a, b or c".
std::string OneOf(const std::vector<std::string>& words);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_TEXT_H_
