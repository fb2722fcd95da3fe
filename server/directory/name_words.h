#ifndef STEELYARD_SERVER_DIRECTORY_NAME_WORDS_H_
#define STEELYARD_SERVER_DIRECTORY_NAME_WORDS_H_

// How alike names are by the words that tell companies apart.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace steelyard::directory {

// Names of providers as weighed words. A word of the trade (care, children,
// school), of a company (group, holdings), of a place or that many owners
// share tells little; any other tells much. Build it once, then read from any
// thread.
class NameWords {
 public:
  // A name like the one asked for.
  struct Alike {
    uint32_t number = 0;
    double likeness = 0;
  };

  // Words that stand for a place.
  void AddPlace(std::string_view folded);
  // A folded name of entry `number`; entries of one `family` (an owner in the
  // end) share their words without making them common.
  void Add(uint32_t number, uint32_t family, std::string_view folded);

  // The entries that share a telling word with `folded`, one each, at least
  // `least` alike, most alike first: Dice's coefficient over the words' weights,
  //   2 * sum of shared weights / sum of all weights of both names,
  // where words at least 0.92 alike (JaroWinkler) are shared in part, and a
  // last word cut off by the file (names of 30 letters and more) is shared
  // with a word that begins with it. Two names without any telling word are
  // compared too, but must be 0.9 alike.
  std::vector<Alike> Nearest(std::string_view folded, double least) const;

 private:
  struct Name {
    uint32_t number = 0;
    std::vector<std::string> words;
  };

  double WeightOf(std::string_view word) const;
  std::set<size_t> NamesWith(const std::vector<std::string_view>& words, bool cut) const;
  double Likeness(const std::vector<std::string_view>& words, bool cut, const Name& name) const;

  std::vector<Name> names_;
  absl::flat_hash_set<std::string> places_;
  // By word: the families that have it, and the names.
  std::map<std::string, std::set<uint32_t>, std::less<>> families_;
  std::map<std::string, std::vector<size_t>, std::less<>> by_word_;
};

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_NAME_WORDS_H_
