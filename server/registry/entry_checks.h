#ifndef STEELYARD_SERVER_REGISTRY_ENTRY_CHECKS_H_
#define STEELYARD_SERVER_REGISTRY_ENTRY_CHECKS_H_

// What the checks of several registers share: codes that only one entry may
// carry, and owners by date.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/registry/register_checks.h"
#include "server/registry/row_reader.h"
#include "storage/model/problem.h"

namespace steelyard::registry {

// Longest chain of areas, successors or owners that is followed; beyond it is
// taken for a ring.
inline constexpr int kMaxChain = 16;

inline constexpr Expectation kDateOrder = {"DATE_ORDER", "a day on or after the first day"};

// Finds codes that two entries carry: the first to claim one keeps it.
class Claims {
 public:
  Claims(const LinesById& lines, std::vector<model::Problem>& problems)
      : lines_(lines), problems_(problems) {}

  void Claim(const std::string& id, std::string_view column, const std::string& code,
             std::string_view problem) {
    if (code.empty()) return;
    const auto [it, first] = owner_.try_emplace(code, id);
    if (first || it->second == id) return;
    // Report the one of the two that the file brings.
    const bool mine = lines_.contains(id);
    const auto line = lines_.find(mine ? id : it->second);
    if (line == lines_.end()) return;
    const std::string& other = mine ? it->second : id;
    problems_.push_back(
        CellProblem(line->second, column, code,
                    {problem, absl::StrCat("a code that \"", other, "\" does not have already")}));
  }

 private:
  const LinesById& lines_;
  std::vector<model::Problem>& problems_;
  absl::flat_hash_map<std::string, std::string> owner_;
};

// Days from the first to the last, both included.
struct Days {
  int32_t first = std::numeric_limits<int32_t>::min();
  int32_t last = std::numeric_limits<int32_t>::max();
};

template <typename Ownership>
Days DaysOf(const Ownership& o) {
  Days days;
  if (o.start_date) days.first = o.start_date->number;
  if (o.end_date) days.last = o.end_date->number;
  return days;
}

// "from 2021-01-01 to 2021-06-30", or less where an end is open.
inline std::string DaysInWords(const Days& days) {
  const bool begins = days.first != Days().first;
  const bool ends = days.last != Days().last;
  if (!begins && !ends) return "at all times";
  return absl::StrCat(begins ? "from " + model::Day{days.first}.ToString() : "",
                      begins && ends ? " " : "",
                      ends ? "to " + model::Day{days.last}.ToString() : "");
}

// Whether on some of `days` the owners of `entry` lead back to `start`.
// `owners_of` gives the owners that count of an entry, `find` the entry of an
// id or null. Each day has one owner at most, so the ways to follow stay few.
template <typename Entry, typename OwnersOf, typename Find>
bool LeadsBack(const Entry& entry, std::string_view start, Days days, int steps,
               const OwnersOf& owners_of, const Find& find) {
  for (const auto& o : owners_of(entry)) {
    const Days own = DaysOf(o);
    const Days both = {std::max(days.first, own.first), std::min(days.last, own.last)};
    if (both.first > both.last) continue;
    if (o.owner == start) return true;
    const Entry* owner = find(o.owner);
    if (owner != nullptr && steps > 0 &&
        LeadsBack(*owner, start, both, steps - 1, owners_of, find)) {
      return true;
    }
  }
  return false;
}

// Reports owners that `find` does not know (as `unknown`), periods that end
// before they begin, and days with two owners. Returns whether each day has one
// owner at most.
template <typename Entry, typename Find>
bool CheckOwners(const Entry& entry, int64_t line, const Expectation& unknown, const Find& find,
                 std::vector<model::Problem>& problems) {
  bool apart = true;
  for (size_t i = 0; i < entry.owners.size(); ++i) {
    const auto& o = entry.owners[i];
    const Days days = DaysOf(o);
    if (days.last < days.first) {
      problems.push_back(CellProblem(line, "owners", o.owner, kDateOrder));
    }
    if (find(o.owner) == nullptr) {
      problems.push_back(CellProblem(line, "owners", o.owner, unknown));
    }
    for (size_t j = 0; j < i; ++j) {
      const Days before = DaysOf(entry.owners[j]);
      if (before.first <= days.last && days.first <= before.last) {
        const Days both = {std::max(before.first, days.first), std::min(before.last, days.last)};
        problems.push_back(CellProblem(
            line, "owners", o.owner,
            {"OWNERS_OVERLAP", absl::StrCat("one owner for each day, as \"", entry.owners[j].owner,
                                            "\" is the owner too ", DaysInWords(both))}));
        apart = false;
        break;
      }
    }
  }
  return apart;
}

// Reports entries of the file whose owners lead back to themselves on some day.
// Call only if every day has one owner at most.
template <typename Entry, typename OwnsItself>
void CheckOwnerRings(const std::vector<Entry>& entries, const LinesById& lines,
                     std::string_view who, OwnsItself owns_itself,
                     std::vector<model::Problem>& problems) {
  for (const Entry& entry : entries) {
    const auto line = lines.find(entry.id);
    if (line == lines.end() || !owns_itself(entry)) continue;
    std::string leads_back;
    for (const auto& owner : entry.owners) {
      Entry one = entry;
      one.owners = {owner};
      if (leads_back.empty() && owns_itself(one)) leads_back = owner.owner;
    }
    problems.push_back(
        CellProblem(line->second, "owners", leads_back,
                    {"OWNER_RING",
                     absl::StrCat("owners that this ", std::string(who), " does not own itself")}));
  }
}

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_ENTRY_CHECKS_H_
