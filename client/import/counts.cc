// How many there are in a pack, in figures or in words.

#include <algorithm>
#include <limits>
#include <optional>

#include "client/import/numbers.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr std::string_view kPackings[] = {
    "box",     "boxes", "bx",    "pack",  "packs", "pk",   "packet", "packets", "carton",
    "cartons", "case",  "cases", "bag",   "bags",  "roll", "rolls",  "bottle",  "bottles",
    "a",       "per",   "unit",  "units", "pc",    "pcs",  "piece",  "pieces",  "no"};
constexpr std::string_view kJoins[] = {"x", "×", "*", "of"};

struct CountingWord {
  std::string_view word;
  int64_t count;
};
constexpr CountingWord kCountingWords[] = {{"each", 1},   {"ea", 1},        {"single", 1},
                                           {"dozen", 12}, {"hundred", 100}, {"thousand", 1000}};

template <typename Words>
bool Holds(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::optional<int64_t> CountingWordNamed(std::string_view word, const NumberStyle& style) {
  if (const auto own = style.units.find(std::string(word)); own != style.units.end()) {
    return own->second;
  }
  for (const CountingWord& known : kCountingWords) {
    if (known.word == word) {
      return known.count;
    }
  }
  return std::nullopt;
}

bool IsFigure(char c) { return c >= '0' && c <= '9'; }
bool IsBreak(char c) { return c == ' ' || c == '/' || c == '(' || c == ')'; }

// Takes a word or a figure with its separators.
std::string_view TakeToken(std::string_view& text) {
  const bool figure = IsFigure(text.front());
  size_t n = 1;
  while (n < text.size() && !IsBreak(text[n]) &&
         (figure ? IsFigure(text[n]) || text[n] == ',' || text[n] == '.'
                 : !IsFigure(text[n]) && text[n] != '.')) {
    ++n;
  }
  const std::string_view token = text.substr(0, n);
  text.remove_prefix(n);
  if (!figure && !text.empty() && text.front() == '.') {
    text.remove_prefix(1);  // of an abbreviation
  }
  return token;
}

// The product of all figures and counting words; nothing if a word is not
// known, nothing is counted, or two figures stand together without "x" or
// "of".
std::optional<int64_t> CountInWords(std::string_view text, const NumberStyle& style) {
  absl::StatusOr<int64_t> figure = 0;
  int64_t product = 1;
  bool counted = false;
  bool joined = true;    // a figure may follow
  bool waiting = false;  // a figure or a counting word must follow
  while (!text.empty()) {
    if (IsBreak(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    const std::string_view token = TakeToken(text);
    int64_t factor = 1;
    if (IsFigure(token.front())) {
      figure = ParseDecimal(token, style, 0);
      if (!figure.ok() || !joined) {
        return std::nullopt;
      }
      factor = *figure;
      counted = true;
      joined = waiting = false;
    } else if (const std::optional<int64_t> count = CountingWordNamed(token, style)) {
      factor = *count;
      counted = true;
      waiting = false;
    } else if (Holds(kJoins, token)) {
      joined = waiting = true;
    } else if (!Holds(kPackings, token)) {
      return std::nullopt;
    }
    if (__builtin_mul_overflow(product, factor, &product)) {
      return std::nullopt;
    }
  }
  return counted && !waiting ? std::optional<int64_t>(product) : std::nullopt;
}

}  // namespace

absl::StatusOr<int64_t> ParseCount(std::string_view text, const NumberStyle& style) {
  absl::StatusOr<int64_t> plain = ParseDecimal(text, style, 0);
  if (plain.ok()) {
    return plain;
  }
  const std::optional<int64_t> count = CountInWords(Fold(text), style);
  return count.has_value() ? absl::StatusOr<int64_t>(*count) : plain;
}

}  // namespace steelyard::importing
