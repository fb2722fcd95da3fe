#include "server/registry/inspectorate_words.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/registry/codes.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

using model::Judgement;
using model::Registration;
using model::Service;

template <typename Value, size_t n>
using Words = std::array<std::pair<std::string_view, Value>, n>;

constexpr Words<std::optional<Service>, 15> kProvisions = {{
    {"children's home", Service::kChildrensHomes},
    {"secure children's home", Service::kChildrensHomes},
    {"residential special school (registered as a children's home)", Service::kChildrensHomes},
    {"residential special school (>295 days/year)", Service::kChildrensHomes},
    {"residential special school", Service::kSpecialSchools},
    {"independent fostering agency", Service::kFostering},
    {"voluntary adoption agency", Service::kAdoption},
    {"adoption support agency", Service::kAdoption},
    {"residential family centre", Service::kFamilyCentres},
    {"supported accommodation", Service::kSupportedAccommodation},
    {"boarding school", std::nullopt},
    {"further education college with residential accommodation", std::nullopt},
    {"residential holiday scheme for disabled children", std::nullopt},
    {"secure training centre", std::nullopt},
    {"cafcass", std::nullopt},
}};

constexpr Words<Judgement, 9> kJudgements = {{
    {"", Judgement::kNone},
    {"not judged", Judgement::kNone},
    {"outstanding", Judgement::kOutstanding},
    {"good", Judgement::kGood},
    {"requires improvement to be good", Judgement::kRequiresImprovement},
    {"requires improvement", Judgement::kRequiresImprovement},
    {"adequate", Judgement::kRequiresImprovement},
    {"satisfactory", Judgement::kRequiresImprovement},
    {"inadequate", Judgement::kInadequate},
}};

constexpr Words<Registration, 5> kRegistrations = {{
    {"", Registration::kActive},
    {"active", Registration::kActive},
    {"suspended", Registration::kSuspended},
    {"resigned", Registration::kResigned},
    {"cancelled", Registration::kCancelled},
}};

constexpr Words<std::string_view, 7> kSectors = {{
    {"", ""},
    {"private", "private"},
    {"voluntary", "voluntary"},
    {"local authority", "local-authority"},
    {"health authority", "health"},
    {"academy", ""},
    {"public sector", ""},
}};

// Lower case, one space between words, straight apostrophes.
std::string Folded(std::string_view words) {
  std::string text(words);
  for (size_t at = text.find("\u2019"); at != std::string::npos; at = text.find("\u2019", at)) {
    text.replace(at, std::string_view("\u2019").size(), "'");
  }
  absl::AsciiStrToLower(&text);
  absl::RemoveExtraAsciiWhitespace(&text);
  return text;
}

template <typename Value, size_t n>
std::optional<Value> Find(const Words<Value, n>& known, std::string_view words) {
  const std::string folded = Folded(words);
  for (const auto& [text, value] : known) {
    if (folded == text) return value;
  }
  return std::nullopt;
}

// The digits of a word such as "06244880", "(09487106)" or "04300724,".
std::string_view NumberIn(std::string_view word) {
  while (!word.empty() && (word.front() == '(' || word.front() == '[')) word.remove_prefix(1);
  while (!word.empty() && !absl::ascii_isdigit(static_cast<unsigned char>(word.back()))) {
    word.remove_suffix(1);
  }
  const bool digits = std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  return digits && word.size() >= 6 ? word : std::string_view();
}

// Whether the word only introduces a number.
bool IsNumberWord(std::string_view word) {
  const std::string folded = Folded(word);
  constexpr std::array<std::string_view, 10> kWords = {
      "-", "company", "(company", "comp", "co", "(co", "number", "no", "no.", "number:"};
  return std::find(kWords.begin(), kWords.end(), folded) != kWords.end();
}

}  // namespace

std::optional<Provision> ProvisionOf(std::string_view words) {
  const auto service = Find(kProvisions, words);
  if (!service) return std::nullopt;
  return Provision{*service};
}

std::optional<Judgement> JudgementOf(std::string_view words) { return Find(kJudgements, words); }

std::optional<Registration> RegistrationOf(std::string_view words) {
  return Find(kRegistrations, words);
}

std::optional<std::string> SectorOf(std::string_view words) {
  const auto sector = Find(kSectors, words);
  if (!sector) return std::nullopt;
  return std::string(*sector);
}

Organisation OrganisationOf(std::string_view text) {
  Organisation out;
  std::vector<absl::string_view> words =
      absl::StrSplit(Av(text), absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  bool cut = false;
  while (words.size() > 1) {
    const std::string_view number = NumberIn(Sv(words.back()));
    if (number.empty()) break;
    // Charities have numbers of six and seven digits, companies of eight.
    if (IsCompanyNumber(number)) out.company_number = std::string(number);
    words.pop_back();
    cut = true;
  }
  while (cut && words.size() > 1 && IsNumberWord(Sv(words.back()))) words.pop_back();
  out.name = absl::StrJoin(words, " ");
  return out;
}

}  // namespace steelyard::registry
