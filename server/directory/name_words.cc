#include "server/directory/name_words.h"

#include <algorithm>
#include <array>
#include <optional>

#include "server/directory/names.h"
#include "storage/base/text.h"

namespace steelyard::directory {
namespace {

constexpr double kTelling = 0.5;  // least weight of a word that tells companies apart
constexpr double kCommon = 0.25;
constexpr double kTiny = 0.1;
constexpr double kAlikeWords = 0.92;
constexpr double kUntelling = 0.9;  // likeness of names without a telling word
// Files cut names at 30 to 40 letters.
constexpr size_t kCutLength = 30;
constexpr size_t kLeastBeginning = 1;

// Words of the trade and of companies, sorted.
constexpr std::array<std::string_view, 104> kCommonWords = {
    "adolescent",  "adoption",     "agency",      "all",         "and",
    "association", "at",           "autism",      "autistic",    "behavioural",
    "british",     "by",           "care",        "carers",      "caring",
    "central",     "centre",       "charitable",  "charity",     "child",
    "childcare",   "children",     "childrens",   "college",     "community",
    "company",     "day",          "disability",  "east",        "eastern",
    "education",   "educational",  "england",     "families",    "family",
    "first",       "for",          "foster",      "fostercare",  "fostering",
    "foundation",  "from",         "group",       "health",      "healthcare",
    "holding",     "holdings",     "home",        "homes",       "hospital",
    "house",       "housing",      "in",          "independent", "international",
    "kids",        "leaving",      "life",        "lifestyle",   "lifestyles",
    "living",      "management",   "midlands",    "national",    "network",
    "new",         "north",        "northern",    "northwest",   "of",
    "on",          "organisation", "partnership", "people",      "peoples",
    "placement",   "project",      "projects",    "provision",   "residential",
    "resource",    "resources",    "respite",     "school",      "schools",
    "scotland",    "service",      "services",    "society",     "solutions",
    "south",       "southern",     "specialist",  "support",     "supported",
    "the",         "therapeutic",  "therapy",     "to",          "trust",
    "uk",          "wales",        "west",        "young",
};
static_assert(std::is_sorted(kCommonWords.begin(), kCommonWords.end()));

bool IsCommonWord(std::string_view word) {
  return std::binary_search(kCommonWords.begin(), kCommonWords.end(), word);
}

// The words of a name without legal forms, wherever they stand.
std::vector<std::string_view> CoreWords(std::string_view folded) {
  std::vector<std::string_view> words;
  for (std::string_view word : Words(folded)) {
    if (word == "limited" || IsLegalForm(word)) continue;
    words.push_back(word);
  }
  return words;
}

// How much of one word is in the other, 0 to 1.
double Shared(std::string_view asked, std::string_view other, bool may_be_cut) {
  if (asked == other) return 1;
  if (may_be_cut && asked.size() >= kLeastBeginning && other.starts_with(asked)) return 0.95;
  if (asked.size() < 4 || other.size() < 4) return 0;
  const double alike = JaroWinkler(asked, other);
  return alike < kAlikeWords ? 0 : alike;
}

}  // namespace

void NameWords::AddPlace(std::string_view folded) {
  const std::vector<std::string_view> words = Words(folded);
  if (words.size() == 1) places_.insert(std::string(words.front()));
}

void NameWords::Add(uint32_t number, uint32_t family, std::string_view folded) {
  Name name{number, {}};
  for (std::string_view word : CoreWords(folded)) name.words.emplace_back(word);
  if (name.words.empty()) return;
  for (const std::string& word : name.words) {
    families_[word].insert(family);
    std::vector<size_t>& names = by_word_[word];
    if (names.empty() || names.back() != names_.size()) names.push_back(names_.size());
  }
  names_.push_back(std::move(name));
}

double NameWords::WeightOf(std::string_view word) const {
  if (word.size() <= 2) return kTiny;
  if (IsCommonWord(word) || places_.contains(Av(word))) return kCommon;
  const auto found = families_.find(word);
  const size_t families = found == families_.end() ? 0 : found->second.size();
  return families <= 3 ? 1 : families <= 10 ? 0.7 : 0.4;
}

// The names that share a telling word, in whole or nearly.
std::set<size_t> NameWords::NamesWith(const std::vector<std::string_view>& words, bool cut) const {
  std::set<size_t> names;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool last = cut && i + 1 == words.size();
    const std::string_view word = words[i];
    // Words that are alike begin alike.
    for (auto it = by_word_.lower_bound(word.substr(0, 1));
         it != by_word_.end() && it->first.starts_with(word.substr(0, 1)); ++it) {
      if (WeightOf(it->first) < kTelling || Shared(word, it->first, last) == 0) continue;
      names.insert(it->second.begin(), it->second.end());
    }
  }
  if (!names.empty()) return names;
  if (std::any_of(words.begin(), words.end(), [&](auto w) { return WeightOf(w) >= kTelling; })) {
    return names;
  }
  for (size_t i = 0; i < names_.size(); ++i) {
    const auto& others = names_[i].words;
    if (std::none_of(others.begin(), others.end(),
                     [&](const auto& w) { return WeightOf(w) >= kTelling; })) {
      names.insert(i);
    }
  }
  return names;
}

double NameWords::Likeness(const std::vector<std::string_view>& words, bool cut,
                           const Name& name) const {
  double all = 0;
  double shared = 0;
  double telling = 0;
  std::vector<bool> used(name.words.size(), false);
  for (const std::string& word : name.words) all += WeightOf(word);
  for (size_t i = 0; i < words.size(); ++i) {
    const double weight = WeightOf(words[i]);
    all += weight;
    double best = 0;
    std::optional<size_t> partner;
    for (size_t j = 0; j < name.words.size(); ++j) {
      const double alike =
          used[j] ? 0 : Shared(words[i], name.words[j], cut && i + 1 == words.size());
      if (alike > best) {
        best = alike;
        partner = j;
      }
    }
    if (!partner) continue;
    used[*partner] = true;
    const double other = WeightOf(name.words[*partner]);
    shared += best * (weight + other);
    telling = std::max(telling, std::max(weight, other));
  }
  const double likeness = all == 0 ? 0 : shared / all;
  return telling >= kTelling || likeness >= kUntelling ? likeness : 0;
}

std::vector<NameWords::Alike> NameWords::Nearest(std::string_view folded, double least) const {
  const std::vector<std::string_view> words = CoreWords(folded);
  const bool cut = folded.size() >= kCutLength;
  std::map<uint32_t, double> best;
  for (const size_t i : NamesWith(words, cut)) {
    const double likeness = Likeness(words, cut, names_[i]);
    if (likeness < least) continue;
    double& known = best[names_[i].number];
    known = std::max(known, likeness);
  }
  std::vector<Alike> nearest;
  for (const auto& [number, likeness] : best) nearest.push_back({number, likeness});
  std::stable_sort(nearest.begin(), nearest.end(),
                   [](const Alike& a, const Alike& b) { return a.likeness > b.likeness; });
  return nearest;
}

}  // namespace steelyard::directory
