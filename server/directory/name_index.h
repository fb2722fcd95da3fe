#ifndef STEELYARD_SERVER_DIRECTORY_NAME_INDEX_H_
#define STEELYARD_SERVER_DIRECTORY_NAME_INDEX_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace steelyard::directory {

// One name of an entry, folded, and what it looks like.
struct PreparedName {
  std::string folded;
  std::string skeleton;
};

// All that an entry of a register is found by; made once, then shared.
struct NamedEntry {
  // How good a key is: a better one hides a worse one of another entry.
  enum Rank : uint8_t { kName = 0, kAlias = 1, kShortened = 2 };
  struct Key {
    std::string text;
    Rank rank = kName;
  };

  uint32_t number = 0;              // what the entry is found as
  bool past = false;                // comes after those of today in a search
  std::vector<std::string> codes;   // id, GSS code, GTIN, ..., as looked up
  std::vector<Key> keys;            // names as they are looked up
  std::vector<PreparedName> names;  // the registered name first, then others
  std::string words;                // further words to search by, folded
};

// Finds the entries of one register. A value that shares what it holds with
// the index it was made from: adding entries one by one costs O(log n) each on
// average. Immutable, so any thread may read it.
class NameIndex {
 public:
  using Entries = std::vector<std::shared_ptr<const NamedEntry>>;

  struct Hit {
    uint32_t number = 0;  // 0: not found, or more than one
    bool ambiguous = false;
    NamedEntry::Rank rank = NamedEntry::kName;
  };

  struct Scored {
    uint32_t number = 0;
    double score = 0;
  };

  NameIndex() = default;
  explicit NameIndex(Entries entries) { Add(std::move(entries)); }

  // This index and `more` entries, whose numbers are new to it.
  NameIndex With(Entries more) const;

  // The entry with a code or a name (folded).
  Hit FindCode(std::string_view code) const;
  Hit FindName(std::string_view name) const;

  // At most `limit` entries that have every word of `query` (folded), as a
  // whole or as the beginning of one of theirs, in any order; best first.
  std::vector<Scored> Search(std::string_view query, size_t limit) const;

  // At most `limit` entries named like `query`, most alike first; those that
  // look the same come with likeness 1.
  std::vector<Scored> Nearest(const PreparedName& query, size_t limit) const;

  // All entries in the order they came.
  Entries entries() const;

 private:
  // Text lies in the entries, which the segment keeps alive.
  struct Segment {
    Entries entries;
    absl::flat_hash_map<absl::string_view, Hit> by_code;
    absl::flat_hash_map<absl::string_view, Hit> by_name;
  };

  static std::shared_ptr<const Segment> MakeSegment(Entries entries);
  void Add(Entries entries);

  // Each more than twice as long as the next, so there are few.
  std::vector<std::shared_ptr<const Segment>> segments_;
};

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_NAME_INDEX_H_
