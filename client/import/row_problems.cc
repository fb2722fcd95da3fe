#include "client/import/row_problems.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr size_t kFoundCharacters = 200;
constexpr size_t kMessageCharacters = 60;

// Whether the text lost a character on its way, or holds a NUL.
bool IsDamaged(std::string_view text) {
  return text.find('\0') != std::string_view::npos ||
         text.find(kReplacement) != std::string_view::npos;
}

}  // namespace

std::string_view ClauseOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

bool HasError(const std::vector<steelyard::v1::Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const steelyard::v1::Problem& problem) {
    return problem.severity() == steelyard::v1::Problem::ERROR;
  });
}

void RowProblems::CheckStructure() {
  if (row_.quotes != Row::Quotes::kGood) {
    const std::string name = NameOf(row_.bad_cell);
    Add("QUOTES_INVALID", "", row_.cells[row_.bad_cell], "each quotation mark inside a cell twice",
        row_.quotes == Row::Quotes::kNotClosed
            ? absl::StrCat("A quotation mark is opened in ", name,
                           " and never closed, so the rest of the file belongs to it; close it, or "
                           "double it if it is meant")
            : absl::StrCat(name,
                           " goes on after its closing quotation mark; double each quotation mark "
                           "that is meant"));
  }
  const size_t width = headings_.size();
  if (width == 0 || row_.cells.size() <= width) {
    return;
  }
  const auto extra =
      std::find_if(row_.cells.begin() + static_cast<std::ptrdiff_t>(width), row_.cells.end(),
                   [](std::string_view cell) { return !Trim(cell).empty(); });
  if (extra != row_.cells.end()) {
    Add("ROW_TOO_WIDE", "", *extra, absl::StrCat("at most ", width, " cells"),
        absl::StrCat("The row has ", row_.cells.size(), " cells and the header has ", width,
                     "; put a cell that holds the separator in quotation marks"));
  }
}

void RowProblems::CheckDamage(const std::vector<std::string>& used_for) {
  for (size_t i = 0; i < row_.cells.size(); ++i) {
    if (!IsDamaged(row_.cells[i])) {
      continue;
    }
    const bool used = i < used_for.size() && !used_for[i].empty();
    Problem& problem = Add(
        "TEXT_DAMAGED", used ? std::string_view(used_for[i]) : "", row_.cells[i],
        "text without characters that are lost",
        absl::StrCat(NameOf(i), " is '", Shown(row_.cells[i], kMessageCharacters),
                     "', which holds a character that cannot be read; type it again, or save the "
                     "file as UTF-8"));
    problem.set_severity(used ? Problem::ERROR : Problem::WARNING);
  }
}

bool RowProblems::ReadDate(const Cell& cell, std::string_view field, const DateStyle& style,
                           google::type::Date* date) {
  const auto day = ParseDate(cell.text, style);
  if (!day.ok()) {
    std::vector<std::string> formats;
    for (const DateFormat& format : style.formats) {
      formats.push_back(format.text());
    }
    Blame({"DATE_INVALID", absl::StrCat("a day written as ", OneOf(formats))}, field, cell,
          ClauseOf(day.status()));
    return false;
  }
  date->set_year(day->year);
  date->set_month(day->month);
  date->set_day(day->day);
  return true;
}

RowProblems::Problem& RowProblems::Blame(const Fault& fault, std::string_view field,
                                         const Cell& cell, std::string_view clause) {
  return Add(fault.code, field, cell.found, fault.expected,
             absl::StrCat(Av(cell.name), " is '", Shown(cell.found, kMessageCharacters),
                          "', which ", Av(clause)));
}

void RowProblems::Missing(std::string_view field, const Cell& cell) {
  Add("VALUE_MISSING", field, cell.found, "a value",
      cell.found.empty()
          ? absl::StrCat(Av(cell.name), " is empty, and the ", Av(thing_), " needs it")
          : absl::StrCat(Av(cell.name), " is '", Shown(cell.found, kMessageCharacters),
                         "', which stands for nothing, and the ", Av(thing_), " needs it"));
}

void RowProblems::Repeated(std::string_view field, std::string_view key, int64_t first) {
  Problem& problem = Add(
      field.empty() ? "REPORT_REPEATED" : "REFERENCE_REPEATED", field, key,
      field.empty() ? "one report for each provider, service and quarter" : "each reference once",
      field.empty()
          ? absl::StrCat("row ", first,
                         " is a report on the same provider, service and quarter, "
                         "with other content; give one row for each")
          : absl::StrCat(Av(field), " ", Shown(key, kMessageCharacters), " is also that of row ",
                         first, ", which has other content; give each line its own"));
  problem.set_reference(Shown(key, kFoundCharacters));
}

RowProblems::Problem& RowProblems::Add(std::string_view code, std::string_view field,
                                       std::string_view found, std::string_view expected,
                                       std::string_view message) {
  Problem& problem = problems_.emplace_back();
  problem.set_row(row_.line);
  problem.set_field(std::string(field));
  problem.set_found(Shown(found, kFoundCharacters));
  problem.set_expected(std::string(expected));
  problem.set_severity(Problem::ERROR);
  problem.set_code(std::string(code));
  problem.set_message(absl::StrCat("Row ", row_.line, ": ", Av(message), "."));
  return problem;
}

std::string RowProblems::NameOf(size_t column) const {
  return column < headings_.size() && !Trim(headings_[column]).empty()
             ? std::string(Trim(headings_[column]))
             : absl::StrCat("column ", column + 1);
}

}  // namespace steelyard::importing
