#include "server/directory/names.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"

namespace steelyard::directory {
namespace {

constexpr double kPairedWords = 0.88;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// Builds words out of characters: anything that is no letter or digit parts
// them, save what sits within a word unseen.
class WordBuilder {
 public:
  void Letter(std::string_view utf8) {
    if (parted_ && !out_.view().empty()) out_.Append(' ');
    parted_ = false;
    out_.Append(utf8);
  }
  void Part() { parted_ = true; }
  void And() {
    Part();
    Letter("and");
    Part();
  }
  FoldedName Take() { return std::move(out_); }

 private:
  FoldedName out_;
  bool parted_ = false;
};

void AddAscii(char c, WordBuilder& words) {
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
    words.Letter({&c, 1});
  } else if (c == '&') {
    words.And();
  } else if (c != '\'') {  // king's: kings
    words.Part();
  }
}

FoldedName WordsOf(std::string_view text) {
  WordBuilder words;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    const int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c >= 0 && c < 0x80) {
      AddAscii(static_cast<char>(c), words);
    } else if (c >= 0 && (u_isalnum(c) || u_hasBinaryProperty(c, UCHAR_ALPHABETIC))) {
      words.Letter(text.substr(static_cast<size_t>(start), static_cast<size_t>(i - start)));
    } else if (c < 0 || (c != 0x2019 && u_charType(c) != U_FORMAT_CHAR)) {
      words.Part();
    }
  }
  return words.Take();
}

bool HasDigit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

double WordSimilarity(std::string_view a, std::string_view b) {
  if (a == b) return 1;
  if (HasDigit(a) || HasDigit(b)) return 0;
  const double similarity = JaroWinkler(a, b);
  return similarity < kPairedWords ? 0 : similarity;
}

size_t Letters(const std::vector<std::string_view>& words) {
  size_t sum = 0;
  for (std::string_view w : words) sum += w.size();
  return sum;
}

}  // namespace

// The transliterator keeps state while it works, so it takes turns.
struct NameFolder::Icu {
  std::unique_ptr<icu::Transliterator> fold;
  std::mutex fold_mutex;
  USpoofChecker* spoof = nullptr;
  ~Icu() { uspoof_close(spoof); }
};

NameFolder::NameFolder(std::unique_ptr<Icu> icu) : icu_(std::move(icu)) {}
NameFolder::~NameFolder() = default;

absl::StatusOr<std::shared_ptr<const NameFolder>> NameFolder::Create() {
  auto icu = std::make_unique<Icu>();
  UErrorCode error = U_ZERO_ERROR;
  icu->fold.reset(icu::Transliterator::createInstance(
      "NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower; NFC", UTRANS_FORWARD, error));
  icu->spoof = uspoof_open(&error);
  if (U_FAILURE(error)) {
    return absl::InternalError(absl::StrCat("ICU cannot fold names: ", u_errorName(error)));
  }
  return std::shared_ptr<const NameFolder>(new NameFolder(std::move(icu)));
}

FoldedName NameFolder::Fold(std::string_view text) const {
  if (IsAscii(text)) return WordsOf(text);
  auto unicode = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  {
    std::lock_guard lock(icu_->fold_mutex);
    icu_->fold->transliterate(unicode);
  }
  std::string folded;
  unicode.toUTF8String(folded);
  return WordsOf(folded);
}

std::string NameFolder::Skeleton(std::string_view folded) const {
  UErrorCode error = U_ZERO_ERROR;
  std::string out(folded.size() * 4 + 16, '\0');
  const auto size = static_cast<int32_t>(folded.size());
  int32_t needed = uspoof_getSkeletonUTF8(icu_->spoof, 0, folded.data(), size, out.data(),
                                          static_cast<int32_t>(out.size()), &error);
  if (error == U_BUFFER_OVERFLOW_ERROR) {
    error = U_ZERO_ERROR;
    out.resize(static_cast<size_t>(needed));
    needed =
        uspoof_getSkeletonUTF8(icu_->spoof, 0, folded.data(), size, out.data(), needed, &error);
  }
  if (U_FAILURE(error)) return std::string(folded);
  out.resize(static_cast<size_t>(needed));
  return out;
}

void ShortenLegalForm(FoldedName& name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kForms = {{
      {" public limited company", " plc"},
      {" limited liability partnership", " llp"},
      {" limited", " ltd"},
  }};
  const std::string_view text = name.view();
  for (const auto& [form, shorter] : kForms) {
    if (text.size() <= form.size() || text.substr(text.size() - form.size()) != form) continue;
    name.Shorten(text.size() - form.size());
    name.Append(shorter);
    return;
  }
}

bool IsLegalForm(std::string_view word) {
  static constexpr std::array<std::string_view, 15> kForms = {"ltd", "plc", "llp",  "lp",   "cic",
                                                              "cyf", "inc", "llc",  "gmbh", "ag",
                                                              "bv",  "sa",  "sarl", "srl",  "spa"};
  return std::find(kForms.begin(), kForms.end(), word) != kForms.end();
}

std::string_view WithoutLegalForm(std::string_view folded) {
  const size_t space = folded.rfind(' ');
  if (space == std::string_view::npos || !IsLegalForm(folded.substr(space + 1))) return folded;
  return folded.substr(0, space);
}

std::vector<std::string_view> Words(std::string_view folded) {
  std::vector<std::string_view> words;
  while (!folded.empty()) {
    const size_t end = std::min(folded.find(' '), folded.size());
    words.push_back(folded.substr(0, end));
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

double JaroWinkler(std::string_view a, std::string_view b) {
  constexpr size_t kMax = 64;  // longer words are compared by their first letters
  a = a.substr(0, kMax);
  b = b.substr(0, kMax);
  if (a.empty() || b.empty()) return a == b ? 1 : 0;
  const size_t longest = std::max(a.size(), b.size());
  const size_t reach = longest / 2 > 0 ? longest / 2 - 1 : 0;
  std::bitset<kMax> in_a;
  std::bitset<kMax> in_b;
  size_t matches = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t end = std::min(b.size(), i + reach + 1);
    for (size_t j = i > reach ? i - reach : 0; j < end; ++j) {
      if (in_b[j] || a[i] != b[j]) continue;
      in_a[i] = in_b[j] = true;
      ++matches;
      break;
    }
  }
  if (matches == 0) return 0;
  size_t swapped = 0;
  for (size_t i = 0, j = 0; i < a.size(); ++i) {
    if (!in_a[i]) continue;
    while (!in_b[j]) ++j;
    if (a[i] != b[j++]) ++swapped;
  }
  const auto m = static_cast<double>(matches);
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - static_cast<double>(swapped) / 2) / m) /
                      3;
  size_t prefix = 0;
  while (prefix < std::min({a.size(), b.size(), size_t{4}}) && a[prefix] == b[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

double NameSimilarity(const std::vector<std::string_view>& a,
                      const std::vector<std::string_view>& b) {
  constexpr size_t kMaxWords = 32;
  struct Pair {
    double similarity;
    size_t i;
    size_t j;
  };
  std::vector<Pair> pairs;
  for (size_t i = 0; i < std::min(a.size(), kMaxWords); ++i) {
    for (size_t j = 0; j < std::min(b.size(), kMaxWords); ++j) {
      const double similarity = WordSimilarity(a[i], b[j]);
      if (similarity > 0) pairs.push_back({similarity, i, j});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& x, const Pair& y) { return x.similarity > y.similarity; });
  std::bitset<kMaxWords> used_a;
  std::bitset<kMaxWords> used_b;
  double sum = 0;
  for (const Pair& p : pairs) {
    if (used_a[p.i] || used_b[p.j]) continue;
    used_a[p.i] = used_b[p.j] = true;
    sum += p.similarity * static_cast<double>(a[p.i].size() + b[p.j].size());
  }
  const size_t letters = Letters(a) + Letters(b);
  return letters == 0 ? 0 : sum / static_cast<double>(letters);
}

}  // namespace steelyard::directory
