#include "server/privacy/personal_data.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "storage/base/text.h"

namespace steelyard::privacy {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
// Bytes of letters outside ASCII count as letters.
bool IsLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool AllDigits(std::string_view s) { return std::all_of(s.begin(), s.end(), IsDigit); }
bool AllLetters(std::string_view s) { return std::all_of(s.begin(), s.end(), IsLetter); }

// A run of letters and digits, and what stands between it and the one before.
struct Word {
  std::string_view text;
  std::string lower;
  std::string_view before;
  bool digits = false;  // nothing else
};

std::vector<Word> WordsOf(std::string_view text) {
  std::vector<Word> words;
  size_t end = 0;
  for (size_t at = 0; at < text.size();) {
    if (!IsLetter(text[at]) && !IsDigit(text[at])) {
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < text.size() && (IsLetter(text[at]) || IsDigit(text[at]))) ++at;
    Word word;
    word.text = text.substr(begin, at - begin);
    word.lower = absl::AsciiStrToLower(Av(word.text));
    word.before = text.substr(end, begin - end);
    word.digits = AllDigits(word.text);
    words.push_back(std::move(word));
    end = at;
  }
  return words;
}

using Words = std::span<const Word>;

bool IsOneOf(std::string_view word, std::span<const std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool HasEmail(std::string_view text) {
  auto local = [](char c) { return IsLetter(c) || IsDigit(c) || c == '.' || c == '_' || c == '-'; };
  for (size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    if (at == 0 || !local(text[at - 1])) continue;
    size_t end = at + 1;
    while (end < text.size() && local(text[end])) ++end;
    const std::string_view domain = text.substr(at + 1, end - at - 1);
    const size_t dot = domain.find('.');
    if (dot != domain.npos && dot > 0 && dot + 2 < domain.size()) return true;
  }
  return false;
}

// Whether 10 digits are an NHS number: the last checks the others, modulo 11.
bool IsNhsNumber(std::string_view digits) {
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (digits[static_cast<size_t>(i)] - '0') * (10 - i);
  const int check = (11 - sum % 11) % 11;
  return check != 10 && check == digits[9] - '0';
}

// What a run of digit groups is, written with single marks in between.
std::optional<std::string_view> NumberIn(Words words) {
  for (size_t from = 0; from < words.size(); ++from) {
    if (!words[from].digits) continue;
    std::string digits;
    for (size_t to = from; to < words.size() && words[to].digits; ++to) {
      if (to > from && words[to].before.size() > 2) break;
      digits += words[to].text;
      const size_t groups = to - from + 1;
      const bool abroad = absl::EndsWith(Av(words[from].before), "+") ||
                          (absl::StartsWith(digits, "00") && groups > 1);
      if (abroad && digits.size() >= 10 && digits.size() <= 15) return "a phone number";
      if (digits[0] == '0' && (digits.size() == 10 || digits.size() == 11)) return "a phone number";
      const bool grouped =
          groups == 3 && words[from].text.size() == 3 && words[from + 1].text.size() == 3;
      if (digits.size() == 10 && (groups == 1 || grouped) && IsNhsNumber(digits)) {
        return "an NHS number";
      }
    }
  }
  return std::nullopt;
}

int NumberOf(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

bool IsDay(const Word& w) {
  std::string_view text = w.lower;
  for (std::string_view ending : {"st", "nd", "rd", "th"}) {
    if (text.size() > 2 && absl::EndsWith(Av(text), Av(ending))) text.remove_suffix(2);
  }
  return text.size() <= 2 && AllDigits(text) && NumberOf(text) >= 1 && NumberOf(text) <= 31;
}

bool IsMonthName(const Word& w) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  if (w.lower == "sept") return true;
  return std::any_of(kMonths.begin(), kMonths.end(), [&](std::string_view month) {
    return w.lower == month || (w.lower.size() == 3 && w.lower == month.substr(0, 3));
  });
}

bool IsYear(const Word& w) {
  return w.digits &&
         ((w.text.size() == 4 && NumberOf(w.text) >= 1900 && NumberOf(w.text) <= 2100) ||
          w.text.size() == 2);
}

// Whether a date with its day begins at the first of three words.
bool IsDate(const Word& a, const Word& b, const Word& c) {
  if (IsDay(a) && IsMonthName(b) && IsYear(c)) return true;
  if (IsMonthName(a) && IsDay(b) && IsYear(c) && c.text.size() == 4) return true;
  const bool marked = b.before == c.before &&
                      (b.before == "/" || b.before == "-" || b.before == "." || b.before == " ");
  if (!marked || !b.digits) return false;
  auto month = [](const Word& w) { return w.digits && IsDay(w) && NumberOf(w.text) <= 12; };
  if (IsYear(a) && a.text.size() == 4 && month(b) && c.digits && IsDay(c)) return true;
  // Loose numbers with spaces or points between are dates only with a whole year.
  const bool whole = c.text.size() == 4 || b.before == "/" || b.before == "-";
  return whole && a.digits && IsDay(a) && IsDay(b) && (month(a) || month(b)) && IsYear(c);
}

bool HasDate(Words words) {
  for (size_t i = 0; i + 2 < words.size(); ++i) {
    // "12th of March 2011"
    const size_t second = words[i + 1].lower == "of" ? i + 2 : i + 1;
    if (second + 1 < words.size() && IsDate(words[i], words[second], words[second + 1])) {
      return true;
    }
  }
  return false;
}

bool HasDateOfBirth(Words words) {
  auto number_follows = [&](size_t at) {
    const Words near = words.subspan(at, std::min<size_t>(words.size() - at, 4));
    return std::any_of(near.begin(), near.end(),
                       [](const Word& w) { return IsDigit(w.text.front()); });
  };
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& w = words[i].lower;
    const bool labelled = w == "dob" || w == "born" || w == "birthday" || w == "birth" ||
                          (w == "d" && i + 2 < words.size() && words[i + 1].lower == "o" &&
                           words[i + 2].lower == "b");
    if (labelled && number_follows(i + 1)) return true;
  }
  return false;
}

// Letter, 11 digits, digit or letter.
bool IsPupilNumber(std::string_view w) {
  return w.size() == 13 && IsLetter(w[0]) && AllDigits(w.substr(1, 11));
}

bool IsInsuranceNumber(std::string_view w) {
  return w.size() == 9 && AllLetters(w.substr(0, 2)) && AllDigits(w.substr(2, 6)) &&
         absl::ascii_tolower(static_cast<unsigned char>(w[8])) >= 'a' &&
         absl::ascii_tolower(static_cast<unsigned char>(w[8])) <= 'd';
}

// `SW1A` or `M1`.
bool IsOutwardCode(std::string_view w) {
  size_t letters = 0;
  while (letters < w.size() && IsLetter(w[letters])) ++letters;
  const std::string_view rest = w.substr(letters);
  return letters >= 1 && letters <= 2 && rest.size() >= 1 && rest.size() <= 2 && IsDigit(rest[0]) &&
         (rest.size() == 1 || IsDigit(rest[1]) || IsLetter(rest[1]));
}

// `1AA`.
bool IsInwardCode(std::string_view w) {
  return w.size() == 3 && IsDigit(w[0]) && AllLetters(w.substr(1));
}

std::optional<std::string_view> CodeIn(Words words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view w = words[i].text;
    if (IsPupilNumber(w)) return "a unique pupil number";
    std::string joined;
    for (size_t j = i; j < words.size() && joined.size() < 9; ++j) joined += words[j].text;
    if (IsInsuranceNumber(joined)) return "a National Insurance number";
    const bool split = i + 1 < words.size() && words[i + 1].before == " " && IsOutwardCode(w) &&
                       IsInwardCode(words[i + 1].text);
    const bool whole = w.size() >= 5 && w.size() <= 7 && IsOutwardCode(w.substr(0, w.size() - 3)) &&
                       IsInwardCode(w.substr(w.size() - 3));
    if (split || whole) return "a postcode";
  }
  return std::nullopt;
}

bool HasCaseNumber(Words words) {
  static constexpr std::array<std::string_view, 8> kSubjects = {
      "case", "client", "mosaic", "liquidlogic", "lcs", "carefirst", "child", "pupil"};
  static constexpr std::array<std::string_view, 6> kNumbers = {"id",        "no",  "number",
                                                               "reference", "ref", "record"};
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!IsOneOf(words[i].lower, kSubjects)) continue;
    const size_t at = i + 1 + (IsOneOf(words[i + 1].lower, kNumbers) ? 1 : 0);
    if (at < words.size() && words[at].digits && words[at].text.size() >= 4) return true;
  }
  return false;
}

// One to three capitals: `A`, `JB`.
bool IsInitials(std::string_view w) {
  return w.size() <= 3 && std::all_of(w.begin(), w.end(), IsUpper);
}

bool IsName(std::string_view w) {
  return w.size() >= 2 && IsUpper(w[0]) && IsLetter(w[1]) && !IsUpper(w[1]);
}

// What somebody may be called without a name: `child A`, `resident JB`.
bool NamesOnePerson(Words words) {
  static constexpr std::array<std::string_view, 17> kPeople = {
      "child", "boy",     "girl",   "pupil",   "student", "resident", "person", "yp",    "patient",
      "user",  "sibling", "sister", "brother", "baby",    "tenant",   "mother", "father"};
  static constexpr std::array<std::string_view, 7> kTitles = {"mr",     "mrs", "ms", "miss",
                                                              "master", "mx",  "dr"};
  // Capitals after these words that stand for no person.
  static constexpr std::array<std::string_view, 15> kThings = {
      "protection",   "benefit", "care",        "services",  "service",
      "safeguarding", "social",  "and",         "in",        "or",
      "welfare",      "support", "development", "placement", "premium"};
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const Word& next = words[i + 1];
    if (next.before != " " && next.before != ". " && next.before != ": ") continue;
    const bool named = IsInitials(next.text) || IsName(next.text);
    if (!named || IsOneOf(next.lower, kThings)) continue;
    if (IsOneOf(words[i].lower, kTitles)) return true;
    // "a person. The fee": a new sentence.
    if (IsOneOf(words[i].lower, kPeople) && next.before != ". " && next.lower != "i") return true;
  }
  return false;
}

}  // namespace

std::optional<std::string_view> FindPersonalData(std::string_view text, Dates dates) {
  if (HasEmail(text)) return "an e-mail address";
  const std::vector<Word> words = WordsOf(text);
  if (HasDateOfBirth(words) || (dates == Dates::kAny && HasDate(words))) return "a date of birth";
  if (const auto number = NumberIn(words)) return number;
  if (const auto code = CodeIn(words)) return code;
  if (HasCaseNumber(words)) return "a case number";
  if (NamesOnePerson(words)) return "the name or initials of one person";
  return std::nullopt;
}

}  // namespace steelyard::privacy
