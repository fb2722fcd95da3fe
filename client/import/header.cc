#include "client/import/header.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/import/rows.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr char kDelimiters[] = {',', ';', '\t', '|'};
constexpr size_t kShownCharacters = 60;

// The rows that begin in the first kHeaderLines lines of `text`.
std::vector<Header> FirstRows(std::string_view text, char delimiter) {
  std::string_view rest = text;
  RowReader reader([&rest] { return std::exchange(rest, {}); }, delimiter, text.size() + 1);
  std::vector<Header> rows;
  Row row;
  while (true) {
    const absl::StatusOr<bool> more = reader.Next(&row);
    if (!more.ok() || !*more || row.line > kHeaderLines) {
      return rows;
    }
    rows.emplace_back(row.line, std::vector<std::string>(row.cells.begin(), row.cells.end()));
  }
}

// The column furthest to the right that is named by its place.
size_t WidthOf(const WantedColumns& columns) {
  int width = 0;
  for (const WantedColumn& wanted : columns) width = std::max(width, wanted.column.position);
  return static_cast<size_t>(width);
}

// How well a delimiter serves: the columns of the best header, or, without
// one, the rows that are wide enough.
struct Trial {
  int matches = 0;
  Header header;
};
Trial Try(std::string_view start, bool has_header, const WantedColumns& columns, char delimiter) {
  Trial trial;
  const size_t width = WidthOf(columns);
  for (Header& row : FirstRows(start, delimiter)) {
    if (!has_header) {
      trial.matches += row.headings().size() >= width ? 1 : 0;
    } else if (const int matches = row.Matches(columns); matches > trial.matches) {
      trial = {matches, std::move(row)};
    }
  }
  return trial;
}

std::string Headings(const Column& column) {
  std::vector<std::string> quoted;
  for (const std::string& heading : column.headings) {
    quoted.push_back(absl::StrCat("'", heading, "'"));
  }
  return OneOf(quoted);
}

absl::Status CheckHeader(const Header& header, const Profile& profile,
                         const WantedColumns& columns) {
  std::vector<std::string> missing;
  absl::Status trouble;
  for (const auto& [column, required] : columns) {
    const absl::StatusOr<int> place = header.Find(column);
    if (!place.ok()) {
      trouble.Update(place.status());
    } else if (required && *place < 0) {
      missing.push_back(Headings(column));
    }
  }
  RETURN_IF_ERROR(trouble);
  if (missing.empty()) {
    return absl::OkStatus();
  }
  const std::string where =
      header.line() == 0
          ? absl::StrCat("No header was found in the first ", kHeaderLines, " lines.")
          : absl::StrCat("The header on line ", header.line(), " lacks a column.");
  // A layout that is built in has no name.
  const std::string who = profile.name.empty()
                              ? "A file of this kind has"
                              : absl::StrCat("The profile '", profile.name, "' needs");
  return absl::InvalidArgumentError(absl::StrCat(
      where, " ", who, " columns that are not there: ", absl::StrJoin(missing, "; "), "."));
}

}  // namespace

Header::Header(int64_t line, std::vector<std::string> headings)
    : line_(line), headings_(std::move(headings)) {
  for (const std::string& heading : headings_) {
    folded_.push_back(FoldHeading(heading));
  }
}

absl::StatusOr<int> Header::Find(const Column& column) const {
  if (column.position > 0) {
    return column.position - 1;
  }
  for (const std::string& heading : column.headings) {
    const std::string folded = FoldHeading(heading);
    const auto first = std::find(folded_.begin(), folded_.end(), folded);
    if (first == folded_.end() || folded.empty()) {
      continue;
    }
    if (std::find(first + 1, folded_.end(), folded) != folded_.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "The header on line ", line_, " has the column '", Shown(heading, kShownCharacters),
          "' more than once; rename or remove one of them."));
    }
    return static_cast<int>(first - folded_.begin());
  }
  return -1;
}

int Header::Matches(const WantedColumns& columns) const {
  std::set<int> found;
  for (const auto& [column, required] : columns) {
    const absl::StatusOr<int> place = Find(column);
    if (place.ok() && *place >= 0 && column.position == 0) {
      found.insert(*place);
    } else if (!place.ok()) {
      found.insert(-1);  // it is there, more than once
    }
  }
  return static_cast<int>(found.size());
}

std::string ColumnName(const Column& column) {
  return column.position > 0 ? absl::StrCat("column ", column.position) : column.headings.front();
}

bool IsRequired(Field field) { return field >= Field::kReference && field <= Field::kPackPrice; }

void AddColumns(const Source& source, bool required, WantedColumns& columns) {
  if (source.column.has_value()) columns.push_back({*source.column, required});
  if (source.or_else.has_value()) columns.push_back({*source.or_else, false});
  if (source.divide_by.has_value()) columns.push_back({*source.divide_by, required});
  for (const TemplatePart& part : source.parts) {
    if (part.column.has_value()) columns.push_back({*part.column, required});
  }
}

void AddSkipColumns(const Profile& profile, WantedColumns& columns) {
  for (const SkipRule& rule : profile.skip) columns.push_back({rule.column, true});
}

WantedColumns PurchaseColumns(const Profile& profile) {
  WantedColumns columns;
  for (int i = 0; i < kFields; ++i) {
    if (profile.fields[i].has_value()) {
      AddColumns(*profile.fields[i], IsRequired(static_cast<Field>(i)), columns);
    }
  }
  for (const DeliverySource& delivery : profile.deliveries) {
    AddColumns(delivery.date, false, columns);
    AddColumns(delivery.packs, false, columns);
  }
  AddSkipColumns(profile, columns);
  if (profile.total.has_value()) columns.push_back({profile.total->column, true});
  return columns;
}

WantedColumns PaymentColumns(const Profile& profile) {
  WantedColumns columns;
  if (!profile.payments.has_value()) return columns;
  AddColumns(profile.payments->date, true, columns);
  AddColumns(profile.payments->supplier, true, columns);
  AddColumns(profile.payments->amount, true, columns);
  if (profile.payments->company_number.has_value()) {
    AddColumns(*profile.payments->company_number, false, columns);
  }
  AddSkipColumns(profile, columns);
  return columns;
}

WantedColumns OutcomeColumns(const Profile& profile) {
  WantedColumns columns;
  if (!profile.outcomes.has_value()) return columns;
  for (int i = 0; i < static_cast<int>(OutcomeKeys().size()); ++i) {
    const auto found = profile.outcomes->fields.find(OutcomeKeys()[static_cast<size_t>(i)]);
    if (found == profile.outcomes->fields.end()) continue;
    AddColumns(found->second, i < kRequiredOutcomeKeys, columns);
  }
  for (const auto& [measure, source] : profile.outcomes->measures) {
    AddColumns(source, false, columns);
  }
  AddSkipColumns(profile, columns);
  return columns;
}

absl::StatusOr<Layout> FindLayout(std::string_view start, const Profile& profile,
                                  const WantedColumns& columns) {
  std::string delimiters(std::begin(kDelimiters), std::end(kDelimiters));
  if (profile.delimiter != '\0') {
    delimiters = profile.delimiter;
  }
  Trial best;
  char delimiter = delimiters.front();
  for (const char candidate : delimiters) {
    if (Trial trial = Try(start, profile.header, columns, candidate);
        trial.matches > best.matches) {
      best = std::move(trial);
      delimiter = candidate;
    }
  }
  if (profile.header) {
    RETURN_IF_ERROR(CheckHeader(best.header, profile, columns));
  }
  return Layout{delimiter, std::move(best.header)};
}

}  // namespace steelyard::importing
