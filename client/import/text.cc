#include "client/import/text.h"

#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace steelyard::importing {
namespace {

constexpr char32_t kInvalid = 0xFFFD;

// Length of the valid character at the start of `text`, 0 if there is none.
size_t CharacterLength(std::string_view text, char32_t& c) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const auto next = [&](size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const uint8_t b = byte(0);
  if (b < 0x80) {
    c = b;
    return 1;
  }
  if (b >= 0xC2 && b < 0xE0 && next(1)) {
    c = (b & 0x1Fu) << 6 | (byte(1) & 0x3Fu);
    return 2;
  }
  if (b >= 0xE0 && b < 0xF0 && next(1) && next(2)) {
    c = (b & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    return c >= 0x800 && (c < 0xD800 || c > 0xDFFF) ? 3 : 0;
  }
  if (b >= 0xF0 && b < 0xF5 && next(1) && next(2) && next(3)) {
    c = (b & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
    return c >= 0x10000 && c <= 0x10FFFF ? 4 : 0;
  }
  return 0;
}

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || c == 0xFEFF ||
         c == 0x202F || (c >= 0x2000 && c <= 0x200B);
}

// Neither seen nor harmless in a terminal.
bool IsInvisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

char32_t Lower(char32_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7)) {
    return c + 0x20;
  }
  return c;
}

// Latin-1 signs, general punctuation, currency signs and U+FFFD are no
// letters; of ASCII only letters and digits are.
bool IsWordCharacter(char32_t c) {
  if (c < 0x80) {
    return (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z');
  }
  return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x20CF) && c != 0xFEFF &&
         c != kInvalid;
}

}  // namespace

char32_t TakeCharacter(std::string_view& text) {
  char32_t c = kInvalid;
  const size_t length = CharacterLength(text, c);
  text.remove_prefix(length == 0 ? 1 : length);
  return length == 0 ? kInvalid : c;
}

void AppendCharacter(char32_t c, std::string& out) {
  const auto add = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0 | c >> 6);
    add(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    add(0xE0 | c >> 12);
    add(0x80 | (c >> 6 & 0x3F));
    add(0x80 | (c & 0x3F));
  } else {
    add(0xF0 | c >> 18);
    add(0x80 | (c >> 12 & 0x3F));
    add(0x80 | (c >> 6 & 0x3F));
    add(0x80 | (c & 0x3F));
  }
}

size_t ValidUtf8Prefix(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    uint64_t word = 0;
    if (i + sizeof(word) <= text.size()) {
      std::memcpy(&word, text.data() + i, sizeof(word));
      if ((word & 0x8080808080808080u) == 0) {
        i += sizeof(word);
        continue;
      }
    }
    char32_t ignored = 0;
    const size_t length = CharacterLength(text.substr(i), ignored);
    if (length == 0) {
      break;
    }
    i += length;
  }
  return i;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!IsSpace(TakeCharacter(rest))) {
      break;
    }
    text = rest;
  }
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && (static_cast<uint8_t>(text[start]) & 0xC0) == 0x80) {
      --start;
    }
    std::string_view last = text.substr(start);
    if (!IsSpace(TakeCharacter(last)) || !last.empty()) {
      break;
    }
    text = text.substr(0, start);
  }
  return text;
}

std::string Tidy(std::string_view text) {
  text = Trim(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::string_view rest = text;
    if (!IsSpace(TakeCharacter(rest))) {
      out.append(text.data(), text.size() - rest.size());
    } else if (out.back() != ' ') {
      out.push_back(' ');
    }
    text = rest;
  }
  return out;
}

void FoldInto(std::string_view text, std::string& out) {
  out.clear();
  text = Trim(text);
  while (!text.empty()) {
    std::string_view rest = text;
    const char32_t c = TakeCharacter(rest);
    if (IsSpace(c)) {
      if (out.back() != ' ') {
        out.push_back(' ');
      }
    } else if (c == kInvalid) {
      out.append(text.data(), text.size() - rest.size());
    } else {
      AppendCharacter(Lower(c), out);
    }
    text = rest;
  }
}

std::string Fold(std::string_view text) {
  std::string out;
  FoldInto(text, out);
  return out;
}

std::string FoldHeading(std::string_view text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t c = TakeCharacter(rest);
    if (IsWordCharacter(c)) {
      AppendCharacter(Lower(c), out);
    }
  }
  return out.empty() ? std::string(Trim(text)) : out;
}

std::string Shown(std::string_view text, size_t max_characters) {
  std::string out;
  for (size_t n = 0; !text.empty(); ++n) {
    if (n == max_characters) {
      return out + "...";
    }
    const char32_t c = TakeCharacter(text);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (!IsInvisible(c)) {
      AppendCharacter(c, out);
    } else if (c < 0x100) {
      absl::StrAppendFormat(&out, "\\x%02X", static_cast<uint32_t>(c));
    } else {
      absl::StrAppendFormat(&out, "\\u%04X", static_cast<uint32_t>(c));
    }
  }
  return out;
}

std::string OneOf(const std::vector<std::string>& words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    absl::StrAppend(&out, i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i]);
  }
  return out;
}

}  // namespace steelyard::importing
