#include "client/import/encoding.h"

#include <unicode/ucnv.h>

#include <bit>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

struct Known {
  Encoding encoding;
  std::string_view name;
  const char* icu;  // of the single-byte ones
};
constexpr Known kKnown[] = {
    {Encoding::kUtf8, "utf-8", nullptr},
    {Encoding::kUtf16Le, "utf-16le", nullptr},
    {Encoding::kUtf16Be, "utf-16be", nullptr},
    {Encoding::kCp1252, "cp1252", "windows-1252"},
    {Encoding::kMacRoman, "macroman", "macintosh"},
    {Encoding::kCp850, "cp850", "ibm-850"},
    {Encoding::kCp437, "cp437", "ibm-437"},
};

// What the 128 high bytes mean; U+FFFD where they mean nothing. ICU gives the
// control characters of ISO 6429 for bytes that cp1252 leaves free.
std::array<char32_t, 128> MeaningsIn(Encoding encoding) {
  std::array<char32_t, 128> table;
  table.fill(0xFFFD);
  UErrorCode error = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(kKnown[static_cast<int>(encoding)].icu, &error);
  for (int i = 0; i < 128 && U_SUCCESS(error); ++i) {
    const char byte = static_cast<char>(0x80 + i);
    const char* at = &byte;
    const UChar32 c = ucnv_getNextUChar(converter, &at, &byte + 1, &error);
    if (U_SUCCESS(error) && c >= 0xA0) {
      table[i] = static_cast<char32_t>(c);
    }
    error = U_ZERO_ERROR;
  }
  ucnv_close(converter);
  return table;
}

constexpr uint64_t kHighBits = 0x8080808080808080u;

bool IsLetter(char32_t c) { return c >= 0xC0 && c <= 0x17F && c != 0xD7 && c != 0xF7; }
bool IsCapital(char32_t c) {
  return c < 0x100 ? c <= 0xDE : c == 0x178 || (c < 0x178 && c % 2 == 0);
}

// What stands before or after a character.
struct Side {
  bool lower = false;
  bool upper = false;
  bool letter() const { return lower || upper; }
};

// How much sense a letter makes there: "Côte" and "CAFÉ" do, "CafÉ" and "CÙte"
// do not, and hardly a letter on its own.
int LetterScore(char32_t c, Side before, Side after) {
  const int common = c <= 0xFF ? 1 : 0;  // Latin-1 before the rest
  if (!before.letter()) {
    const bool starts_word = after.lower || (after.upper && IsCapital(c));
    return starts_word ? 1 + common : -3;
  }
  if (IsCapital(c)) {
    return before.lower ? -2 : after.lower ? -1 : 2 + common;
  }
  return before.lower || after.lower ? 2 + common : after.upper ? -2 : common;
}

// How much sense a sign makes.
int SignScore(char32_t c, bool in_word, bool by_digit) {
  if (c == 0xA3 || c == 0x20AC) {  // pound and euro
    return in_word ? -2 : c == 0xA3 ? 4 : 3;
  }
  if (c == 0x2019) {  // the apostrophe of a word processor
    return in_word ? 3 : 1;
  }
  if (c == 0xA0 || (c >= 0x2013 && c <= 0x2026)) {  // space, dashes, quotes, bullet
    return c == 0x2020 || c == 0x2021 ? -2 : 1;
  }
  if (c == 0xB0 || (c >= 0xBC && c <= 0xBE)) {  // degree, fractions
    return by_digit ? 1 : 0;
  }
  if (c >= 0x2500 && c <= 0x25FF) {  // pieces of boxes
    return -5;
  }
  return c < 0xC0 ? -1 : -3;
}

}  // namespace

std::string_view EncodingName(Encoding encoding) { return kKnown[static_cast<int>(encoding)].name; }

absl::StatusOr<Encoding> EncodingNamed(std::string_view name) {
  std::vector<std::string> names;
  for (const Known& known : kKnown) {
    if (known.name == name) {
      return known.encoding;
    }
    names.emplace_back(known.name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the encoding '", Shown(name, 60), "' is not known; write ", OneOf(names)));
}

ByteOrderMark FindByteOrderMark(std::string_view start) {
  if (start.substr(0, 3) == "\xEF\xBB\xBF") {
    return {Encoding::kUtf8, 3};
  }
  if (start.substr(0, 2) == "\xFF\xFE") {
    return {Encoding::kUtf16Le, 2};
  }
  if (start.substr(0, 2) == "\xFE\xFF") {
    return {Encoding::kUtf16Be, 2};
  }
  return {};
}

void EncodingDetector::Add(std::string_view bytes) {
  size_t i = 0;
  while (i < bytes.size()) {
    uint64_t word = 0;
    if (missing_ == 0 && last_ < 0x80 && i + sizeof(word) <= bytes.size()) {
      std::memcpy(&word, bytes.data() + i, sizeof(word));
      if ((word & kHighBits) == 0) {  // eight at once, for most files are plain
        CountZeros(word);
        i += sizeof(word);
        bytes_ += sizeof(word);
        before_ = static_cast<uint8_t>(bytes[i - 2]);
        last_ = static_cast<uint8_t>(bytes[i - 1]);
        continue;
      }
    }
    AddByte(static_cast<uint8_t>(bytes[i++]));
  }
}

// Counts the zero bytes of eight that have no high bit.
void EncodingDetector::CountZeros(uint64_t word) {
  const uint64_t zeros = ~(word + ~kHighBits) & kHighBits;  // the high bit of each
  if (zeros != 0) {
    constexpr uint64_t kFirst =
        std::endian::native == std::endian::little ? 0x0080008000800080u : 0x8000800080008000u;
    const int first = std::popcount(zeros & kFirst);
    zeros_[bytes_ % 2] += first;
    zeros_[1 - bytes_ % 2] += std::popcount(zeros) - first;
  }
}

void EncodingDetector::AddByte(int byte) {
  if (last_ >= 0x80) {
    ++seen_[last_ - 0x80][NeighborOf(before_)][NeighborOf(byte)];
  }
  if (byte >= 0) {
    zeros_[bytes_ % 2] += byte == 0 ? 1 : 0;
    ++bytes_;
  }
  CountSequence(byte);
  before_ = last_;
  last_ = byte;
}

void EncodingDetector::CountSequence(int byte) {
  if (missing_ > 0) {
    if ((byte & 0xC0) == 0x80 && byte >= 0) {
      valid_ += --missing_ == 0 ? 1 : 0;
      return;
    }
    ++invalid_;
    missing_ = 0;
  }
  if (byte >= 0xC2 && byte < 0xF5) {
    missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  } else if (byte >= 0x80) {
    ++invalid_;
  }
}

EncodingDetector::Neighbor EncodingDetector::NeighborOf(int byte) {
  if (byte < 0 || byte == '\n' || byte == '\r') return kEdge;
  if (byte >= 'a' && byte <= 'z') return kLower;
  if (byte >= 'A' && byte <= 'Z') return kUpper;
  if (byte >= '0' && byte <= '9') return kDigit;
  return byte >= 0x80 ? kHigh : kOther;
}

int64_t EncodingDetector::ScoreOf(Encoding encoding) const {
  const std::array<char32_t, 128> meaning = MeaningsIn(encoding);
  int64_t score = 0;
  for (int i = 0; i < 128; ++i) {
    for (int before = 0; before < kNeighbors; ++before) {
      for (int after = 0; after < kNeighbors; ++after) {
        const int64_t times = seen_[i][before][after];
        if (times == 0) {
          continue;
        }
        const auto side = [](int n) { return Side{n == kLower || n == kHigh, n == kUpper}; };
        const auto plain = [](int n) { return n == kLower || n == kUpper; };
        const char32_t c = meaning[i];
        const int one = c == 0xFFFD   ? -20
                        : IsLetter(c) ? LetterScore(c, side(before), side(after))
                                      : SignScore(c, plain(before) && plain(after),
                                                  before == kDigit || after == kDigit);
        score += times * one;
      }
    }
  }
  return score;
}

Encoding EncodingDetector::Finish() {
  AddByte(-1);
  const int64_t units = bytes_ / 2;
  const auto wide = [&](int high, int low) {
    return units > 0 && zeros_[high] * 4 >= units && zeros_[low] * 20 <= zeros_[high];
  };
  if (wide(1, 0)) {
    return Encoding::kUtf16Le;
  }
  if (wide(0, 1)) {
    return Encoding::kUtf16Be;
  }
  if (valid_ >= 4 * invalid_) {
    return Encoding::kUtf8;
  }
  Encoding best = Encoding::kCp1252;
  int64_t best_score = ScoreOf(best);
  for (const Encoding other : {Encoding::kMacRoman, Encoding::kCp850, Encoding::kCp437}) {
    if (const int64_t score = ScoreOf(other); score > best_score) {
      best = other;
      best_score = score;
    }
  }
  return best;
}

Decoder::Decoder(Encoding encoding) : encoding_(encoding) {
  if (kKnown[static_cast<int>(encoding)].icu == nullptr) {
    return;
  }
  const std::array<char32_t, 128> meaning = MeaningsIn(encoding);
  for (int i = 0; i < 128; ++i) {
    AppendCharacter(meaning[i], table_[i]);
  }
}

void Decoder::Decode(std::string_view bytes, std::string& out) {
  if (encoding_ == Encoding::kUtf16Le || encoding_ == Encoding::kUtf16Be) {
    DecodeUtf16(bytes, out);
  } else if (encoding_ == Encoding::kUtf8) {
    DecodeUtf8(bytes, out);
  } else {
    DecodeTable(bytes, out);
  }
}

void Decoder::DecodeUtf8(std::string_view bytes, std::string& out) {
  std::string joined;
  if (!pending_.empty()) {
    joined = pending_.append(bytes);
    pending_.clear();
    bytes = joined;
  }
  while (true) {
    const size_t valid = ValidUtf8Prefix(bytes);
    out.append(bytes.substr(0, valid));
    bytes.remove_prefix(valid);
    if (bytes.empty()) {
      return;
    }
    const uint8_t lead = static_cast<uint8_t>(bytes[0]);
    const size_t wanted = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    size_t have = 1;
    while (have < wanted && have < bytes.size() &&
           (static_cast<uint8_t>(bytes[have]) & 0xC0) == 0x80) {
      ++have;
    }
    if (have < wanted && have == bytes.size()) {  // cut in two, perhaps
      pending_ = bytes;
      return;
    }
    out.append(kReplacement);
    bytes.remove_prefix(have);
  }
}

void Decoder::DecodeUtf16(std::string_view bytes, std::string& out) {
  pending_.append(bytes);
  const bool little = encoding_ == Encoding::kUtf16Le;
  const auto unit = [&](size_t i) -> char32_t {
    const char32_t a = static_cast<uint8_t>(pending_[i]);
    const char32_t b = static_cast<uint8_t>(pending_[i + 1]);
    return little ? a | b << 8 : a << 8 | b;
  };
  size_t i = 0;
  for (; i + 2 <= pending_.size(); i += 2) {
    char32_t c = unit(i);
    if (c >= 0xD800 && c < 0xDC00) {
      if (i + 4 > pending_.size()) {
        break;
      }
      const char32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    AppendCharacter(c >= 0xD800 && c < 0xE000 ? 0xFFFD : c, out);
  }
  pending_.erase(0, i);
}

void Decoder::DecodeTable(std::string_view bytes, std::string& out) const {
  size_t start = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint8_t byte = static_cast<uint8_t>(bytes[i]);
    if (byte >= 0x80) {
      out.append(bytes.substr(start, i - start)).append(table_[byte - 0x80]);
      start = i + 1;
    }
  }
  out.append(bytes.substr(start));
}

void Decoder::Finish(std::string& out) {
  if (!pending_.empty()) {
    out.append(kReplacement);
    pending_.clear();
  }
}

}  // namespace steelyard::importing
