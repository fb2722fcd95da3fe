#include "server/directory/name_index.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "server/directory/names.h"
#include "storage/base/text.h"

namespace steelyard::directory {
namespace {

using Hit = NameIndex::Hit;
using Scored = NameIndex::Scored;

// Least likeness that is worth asking "did you mean".
constexpr double kWorthAsking = 0.6;

// The better rank wins; two entries of one rank are ambiguous.
Hit Better(const Hit& a, const Hit& b) {
  const bool a_empty = a.number == 0 && !a.ambiguous;
  const bool b_empty = b.number == 0 && !b.ambiguous;
  if (b_empty || (!a_empty && a.rank < b.rank)) return a;
  if (a_empty || b.rank < a.rank) return b;
  if (a.number == b.number && !a.ambiguous && !b.ambiguous) return a;
  return Hit{0, true, a.rank};
}

// A word as searches compare it: "masks" finds "mask".
std::string_view Stem(std::string_view word) {
  const bool plural = word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's';
  return plural ? word.substr(0, word.size() - 1) : word;
}

// How well `word` is found in `text`: 2 as a word, 1 as the beginning of one.
int WordScore(std::string_view word, std::string_view text) {
  int best = 0;
  for (size_t at = 0; at < text.size() && best < 2;) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view other = text.substr(at, end - at);
    if (Stem(other) == word || other == word) {
      best = 2;
    } else if (other.substr(0, word.size()) == word) {
      best = 1;
    }
    at = end + 1;
  }
  return best;
}

// Sum over the query's words of how well each is found: in the registered
// name, another name, or elsewhere. 0 if one is not found at all.
double SearchScore(const NamedEntry& entry, const std::vector<std::string_view>& words,
                   std::string_view query) {
  double sum = 0;
  for (std::string_view word : words) {
    double best = WordScore(word, entry.words);
    for (size_t i = 0; i < entry.names.size(); ++i) {
      const int score = WordScore(word, entry.names[i].folded);
      if (score > 0) best = std::max(best, score + (i == 0 ? 4.0 : 2.0));
    }
    if (best == 0) return 0;
    sum += best;
  }
  const bool whole = std::any_of(entry.names.begin(), entry.names.end(),
                                 [&](const PreparedName& n) { return n.folded == query; });
  return whole ? sum + 100 : sum;
}

// The letters and digits of a name, to tell quickly that two are not alike.
uint64_t LettersOf(std::string_view folded) {
  uint64_t letters = 0;
  for (char c : folded) letters |= c == ' ' ? 0 : uint64_t{1} << (static_cast<uint8_t>(c) % 64);
  return letters;
}

bool MayBeAlike(uint64_t a, uint64_t b) {
  const int common = __builtin_popcountll(a & b);
  return common * 2 >= std::max(__builtin_popcountll(a), __builtin_popcountll(b));
}

// Candidates in their final order, one a number.
struct Candidate {
  Scored scored;
  bool past = false;
  std::string_view name;
};

std::vector<Scored> BestOf(std::vector<Candidate> candidates, size_t limit) {
  auto order = [](const Candidate& c) {
    return std::make_tuple(-c.scored.score, c.past, c.name.size(), c.name, c.scored.number);
  };
  std::sort(candidates.begin(), candidates.end(),
            [&](const Candidate& a, const Candidate& b) { return order(a) < order(b); });
  std::vector<Scored> best;
  for (const Candidate& c : candidates) {
    if (best.size() == limit) break;
    const bool known = std::any_of(best.begin(), best.end(),
                                   [&](const Scored& s) { return s.number == c.scored.number; });
    if (!known) best.push_back(c.scored);
  }
  return best;
}

}  // namespace

std::shared_ptr<const NameIndex::Segment> NameIndex::MakeSegment(Entries entries) {
  auto segment = std::make_shared<Segment>();
  segment->entries = std::move(entries);
  auto add = [](auto& map, std::string_view text, const Hit& hit) {
    const auto [it, first] = map.try_emplace(Av(text), hit);
    if (!first) it->second = Better(it->second, hit);
  };
  for (const auto& entry : segment->entries) {
    for (const std::string& code : entry->codes) {
      add(segment->by_code, code, Hit{entry->number, false, NamedEntry::kName});
    }
    for (const NamedEntry::Key& key : entry->keys) {
      add(segment->by_name, key.text, Hit{entry->number, false, key.rank});
    }
  }
  return segment;
}

void NameIndex::Add(Entries entries) {
  while (!segments_.empty() && segments_.back()->entries.size() <= 2 * entries.size()) {
    Entries merged = segments_.back()->entries;
    std::move(entries.begin(), entries.end(), std::back_inserter(merged));
    entries = std::move(merged);
    segments_.pop_back();
  }
  if (!entries.empty()) segments_.push_back(MakeSegment(std::move(entries)));
}

NameIndex NameIndex::With(Entries more) const {
  NameIndex next = *this;
  next.Add(std::move(more));
  return next;
}

NameIndex::Hit NameIndex::FindCode(std::string_view code) const {
  Hit best;
  for (const auto& segment : segments_) {
    const auto it = segment->by_code.find(Av(code));
    if (it != segment->by_code.end()) best = Better(best, it->second);
  }
  return best;
}

NameIndex::Hit NameIndex::FindName(std::string_view name) const {
  Hit best;
  for (const auto& segment : segments_) {
    const auto it = segment->by_name.find(Av(name));
    if (it != segment->by_name.end()) best = Better(best, it->second);
  }
  return best;
}

std::vector<Scored> NameIndex::Search(std::string_view query, size_t limit) const {
  std::vector<std::string_view> words = Words(query);
  for (std::string_view& word : words) word = Stem(word);
  std::vector<Candidate> candidates;
  if (words.empty()) return {};
  for (const auto& segment : segments_) {
    for (const auto& entry : segment->entries) {
      const double score = SearchScore(*entry, words, query);
      if (score == 0) continue;
      candidates.push_back({{entry->number, score}, entry->past, entry->names.front().folded});
    }
  }
  return BestOf(std::move(candidates), limit);
}

std::vector<Scored> NameIndex::Nearest(const PreparedName& query, size_t limit) const {
  const std::vector<std::string_view> words = Words(query.folded);
  const uint64_t letters = LettersOf(query.folded);
  std::vector<Candidate> candidates;
  if (words.empty()) return {};
  for (const auto& segment : segments_) {
    for (const auto& entry : segment->entries) {
      double best = 0;
      for (const PreparedName& name : entry->names) {
        if (name.skeleton == query.skeleton) {
          best = 1;
        } else if (MayBeAlike(letters, LettersOf(name.folded))) {
          best = std::max(best, NameSimilarity(words, Words(name.folded)));
        }
      }
      if (best < kWorthAsking) continue;
      candidates.push_back({{entry->number, best}, entry->past, entry->names.front().folded});
    }
  }
  return BestOf(std::move(candidates), limit);
}

NameIndex::Entries NameIndex::entries() const {
  Entries all;
  for (const auto& segment : segments_) {
    all.insert(all.end(), segment->entries.begin(), segment->entries.end());
  }
  return all;
}

}  // namespace steelyard::directory
