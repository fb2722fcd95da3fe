#ifndef STEELYARD_SERVER_REGISTRY_REGISTER_READING_H_
#define STEELYARD_SERVER_REGISTRY_REGISTER_READING_H_

// What the readers of register files share: cells that occur in several of
// them, and the walk over the rows of one.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/registry/cell_rules.h"
#include "server/registry/codes.h"
#include "server/registry/csv_table.h"
#include "server/registry/register_checks.h"
#include "server/registry/row_reader.h"
#include "storage/base/text.h"
#include "storage/model/ids.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

inline constexpr Expectation kId = {
    "ID_INVALID", "an id of lower-case letters, digits and hyphens that starts with a letter"};
inline constexpr Expectation kWord = {"WORD_INVALID",
                                      "one word of lower-case letters, digits and hyphens"};
inline constexpr Expectation kOwners = {
    "OWNER_INVALID", "owners such as caretech@2018-10-19..2020-01-01, either day may be left out"};

template <bool (*is)(std::string_view)>
std::optional<std::string> Checked(std::string_view text) {
  if (!is(text)) return std::nullopt;
  return std::string(text);
}

inline constexpr auto ParseName = Checked<IsName>;
inline constexpr auto ParseWord = Checked<model::IsResourceId>;

// owner, owner@2018-10-19.., owner@..2020-01-01 or owner@2018-10-19..2020-01-01
template <typename Ownership>
std::optional<Ownership> ParseOwnership(std::string_view text) {
  Ownership ownership;
  const size_t at = text.find('@');
  ownership.owner = std::string(text.substr(0, at));
  if (!model::IsResourceId(ownership.owner)) return std::nullopt;
  if (at == std::string_view::npos) return ownership;
  const std::string_view period = text.substr(at + 1);
  const size_t dots = period.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const std::string_view first = period.substr(0, dots);
  const std::string_view last = period.substr(dots + 2);
  ownership.start_date = ParseDay(first);
  ownership.end_date = ParseDay(last);
  if ((!first.empty() && !ownership.start_date) || (!last.empty() && !ownership.end_date)) {
    return std::nullopt;
  }
  return ownership;
}

// One file being read: its entries, where each stands, and the register as it
// will be.
template <typename Entry>
struct Reading {
  std::vector<Entry> entries;
  LinesById lines;
  model::Registers next;
  std::vector<model::Problem> problems;
};

// Reads every row: `find` gives the registered entry of an id or null, `read`
// fills one from a row.
template <typename Entry, typename Find, typename Read>
Reading<Entry> ReadRows(std::string_view csv, const CsvColumns& columns,
                        const model::Registers& current, size_t max_entries, Find find, Read read) {
  CsvTable table = ReadCsv(csv, columns);
  Reading<Entry> out;
  out.next = current;
  out.problems = std::move(table.problems);
  for (const CsvTable::Row& cells : table.rows) {
    RowReader row(table, cells, out.problems);
    Entry entry;
    row.Required("id", entry.id, ParseWord, kId);
    const std::string id = entry.id;
    const Entry* registered = id.empty() ? nullptr : find(id);
    if (registered != nullptr) entry = *registered;
    read(row, entry);
    if (id.empty()) continue;
    const auto [line, first] = out.lines.try_emplace(id, row.line());
    if (!first) {
      row.Report(
          "id", id,
          {"ID_REPEATED", absl::StrCat("an id that row ", line->second, " does not have already")});
      continue;
    }
    if (registered == nullptr && max_entries-- == 0) {
      row.Report("id", id, {"REGISTER_FULL", "no more entries than the register can number"});
      break;
    }
    out.next.Put(entry);
    out.entries.push_back(std::move(entry));
  }
  return out;
}

// All problems, those of one row together.
template <typename Entry>
std::vector<model::Problem> AllProblems(Reading<Entry>& reading,
                                        std::vector<model::Problem> checked) {
  std::vector<model::Problem> all = std::move(reading.problems);
  std::move(checked.begin(), checked.end(), std::back_inserter(all));
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.row < b.row; });
  return all;
}

template <typename Int>
size_t Room(size_t taken) {
  return std::numeric_limits<Int>::max() - std::min<size_t>(taken, std::numeric_limits<Int>::max());
}

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTER_READING_H_
