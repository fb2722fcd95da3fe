#include "storage/base/text.h"

#include <cstdint>

namespace steelyard {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// Length of the valid UTF-8 character at the head of `s`, 0 if there is none.
size_t CharLength(std::string_view s) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(s[i]); };
  auto tail = [&](size_t i) { return i < s.size() && (byte(i) & 0xC0) == 0x80; };
  const uint8_t c = byte(0);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (c == 0xE0 && byte(1) < 0xA0) return 0;
    if (c == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (c == 0xF0 && byte(1) < 0x90) return 0;
    if (c == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

// Direction overrides and zero-width characters would make a message lie.
bool IsInvisible(std::string_view c) {
  if (c.size() == 2) return c == "\u061C" || (c[0] == '\xC2' && static_cast<uint8_t>(c[1]) < 0xA0);
  if (c.size() != 3) return false;
  return c == "\uFEFF" || (c >= "\u200B" && c <= "\u200F") || (c >= "\u2028" && c <= "\u202E") ||
         (c >= "\u2060" && c <= "\u2069");
}

}  // namespace

std::string HexOf(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char c : bytes) {
    out.push_back(kHex[static_cast<uint8_t>(c) >> 4]);
    out.push_back(kHex[static_cast<uint8_t>(c) & 15]);
  }
  return out;
}

std::string Printable(std::string_view text, size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    const size_t n = CharLength(text);
    std::string piece;
    const std::string_view c = text.substr(0, n == 0 ? 1 : n);
    const bool control = n == 1 && (static_cast<uint8_t>(c[0]) < 0x20 || c[0] == 0x7F);
    if (n == 0 || control || IsInvisible(c)) {
      for (char b : c) {
        piece += "\\x";
        piece += kHex[static_cast<uint8_t>(b) >> 4];
        piece += kHex[static_cast<uint8_t>(b) & 15];
      }
    } else {
      piece = std::string(c);
    }
    if (out.size() + piece.size() > max_bytes) {
      out += "…";
      break;
    }
    out += piece;
    text.remove_prefix(c.size());
  }
  return out;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    // Most text is ASCII: skip it quickly.
    if (static_cast<uint8_t>(text[0]) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const size_t n = CharLength(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

}  // namespace steelyard
