#ifndef STEELYARD_SERVER_DIRECTORY_NAMES_H_
#define STEELYARD_SERVER_DIRECTORY_NAMES_H_

// How names are compared: the spelling of a name is folded away, what is left
// must be the same letters.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"

namespace steelyard::directory {

// A folded name: lower-case words with one space between them.
class FoldedName {
 public:
  std::string_view view() const { return {text_.data(), text_.size()}; }
  void Append(char c) { text_.push_back(c); }
  void Append(std::string_view s) { text_.insert(text_.end(), s.begin(), s.end()); }
  void Shorten(size_t size) { text_.resize(size); }

 private:
  absl::InlinedVector<char, 256> text_;  // most names never touch the heap
};

// Folds names. Thread-safe.
class NameFolder {
 public:
  // Returns INTERNAL if the machine's ICU lacks its data.
  static absl::StatusOr<std::shared_ptr<const NameFolder>> Create();
  ~NameFolder();
  NameFolder(const NameFolder&) = delete;
  NameFolder& operator=(const NameFolder&) = delete;

  // Case, accents, punctuation and spacing folded, `&` read as "and":
  // ICU's `NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower; NFC`, then
  // words. Letters of another script stay what they are, so a Cyrillic A is
  // not an A. Text in ASCII takes neither ICU nor, up to 256 bytes, memory.
  FoldedName Fold(std::string_view text) const;

  // The same for all names that look alike (UTS 39 skeleton of a folded name).
  std::string Skeleton(std::string_view folded) const;

 private:
  struct Icu;
  explicit NameFolder(std::unique_ptr<Icu> icu);
  std::unique_ptr<Icu> icu_;
};

// Writes the legal form at the end of a folded company name in its short form:
// "limited" as "ltd", "public limited company" as "plc".
void ShortenLegalForm(FoldedName& name);

// Whether a word of a folded name in short form is a legal form: ltd, plc, ...
bool IsLegalForm(std::string_view word);

// A folded company name in short form without its legal form (ltd, plc, llp,
// gmbh, ...); all of it if there is nothing else.
std::string_view WithoutLegalForm(std::string_view folded);

// The words of a folded name.
std::vector<std::string_view> Words(std::string_view folded);

// Likeness of two words, 0 to 1: Jaro-Winkler with prefix weight 0.1 over at
// most 4 letters (Winkler 1990).
double JaroWinkler(std::string_view a, std::string_view b);

// Likeness of two names, 0 to 1: words are paired off, best pair first, and
// the likeness of the pairs is averaged, weighed by length; a word without a
// partner counts nothing. Words less than 0.88 alike are no pair, and a word
// that holds a digit pairs only with itself ("size 7" is not "size 8").
double NameSimilarity(const std::vector<std::string_view>& a,
                      const std::vector<std::string_view>& b);

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_NAMES_H_
