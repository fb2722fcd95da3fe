#ifndef STEELYARD_CLIENT_IMPORT_ENCODING_H_
#define STEELYARD_CLIENT_IMPORT_ENCODING_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace steelyard::importing {

// How the characters of a file are written.
enum class Encoding { kUtf8, kUtf16Le, kUtf16Be, kCp1252, kMacRoman, kCp850, kCp437 };

// The name that profiles and messages use, for example `cp1252`.
std::string_view EncodingName(Encoding encoding);

// The encoding of that name. INVALID_ARGUMENT, with the names there are.
absl::StatusOr<Encoding> EncodingNamed(std::string_view name);

// What stands for a character that cannot be read: U+FFFD.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// A byte order mark at the start of a file.
struct ByteOrderMark {
  Encoding encoding = Encoding::kUtf8;
  size_t bytes = 0;  // 0: there is none
};
ByteOrderMark FindByteOrderMark(std::string_view start);

// Finds out how a file without a byte order mark is written. Feed it the
// whole file: the only pound sign may be in the last row. Deterministic:
//   1. UTF-16 if a quarter or more of the even (or odd) bytes are zero and
//      the others hardly ever are;
//   2. UTF-8 if it is valid, or if at least four in five of its non-ASCII
//      sequences are (a damaged file, whose rows then say so);
//   3. else the single-byte encoding whose reading of the high bytes makes
//      the most sense; on a tie cp1252, then Mac Roman, 850, 437.
class EncodingDetector {
 public:
  void Add(std::string_view bytes);
  Encoding Finish();

 private:
  // What stands beside a byte, as far as it helps to guess its meaning.
  enum Neighbor { kEdge, kLower, kUpper, kDigit, kHigh, kOther, kNeighbors };
  static Neighbor NeighborOf(int byte);

  void AddByte(int byte);
  void CountSequence(int byte);
  void CountZeros(uint64_t word);
  int64_t ScoreOf(Encoding encoding) const;

  int64_t bytes_ = 0;
  std::array<int64_t, 2> zeros_ = {};  // at even and odd places
  int64_t valid_ = 0;                  // UTF-8 sequences of two bytes and more
  int64_t invalid_ = 0;
  int missing_ = 0;  // bytes still to come of the sequence under way
  int before_ = -1;  // the byte before `last_`
  int last_ = -1;    // the last byte, not yet looked at; -1 at the start
  // How often each high byte stood between which neighbors.
  std::array<std::array<std::array<int64_t, kNeighbors>, kNeighbors>, 128> seen_ = {};
};

// Turns a file's bytes, piece by piece, into valid UTF-8. What cannot be read
// becomes kReplacement.
class Decoder {
 public:
  explicit Decoder(Encoding encoding);

  // Appends the text of `bytes` to `out`; a character cut in two waits for
  // the next piece.
  void Decode(std::string_view bytes, std::string& out);

  // Appends what still waits; call at the end.
  void Finish(std::string& out);

 private:
  void DecodeUtf8(std::string_view bytes, std::string& out);
  void DecodeUtf16(std::string_view bytes, std::string& out);
  void DecodeTable(std::string_view bytes, std::string& out) const;

  Encoding encoding_;
  std::array<std::string, 128> table_;  // UTF-8 of the high bytes
  std::string pending_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_ENCODING_H_
