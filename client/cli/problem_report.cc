#include "client/cli/problem_report.h"

#include <algorithm>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cli/grid.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

std::string KindWords(v1::Problem::Severity severity) {
  switch (severity) {
    case v1::Problem::WARNING:
      return "check";
    case v1::Problem::CONFIRM:
      return "confirm";
    default:
      return "error";
  }
}

// `pack price` of `purchase.pack_price_micros`, `delivery 2 date` of
// `deliveries[1].date`: what stands on a form, not in a message.
std::string FieldWords(std::string field) {
  for (const absl::string_view path : {"purchase.", "quality."}) {
    if (const size_t at = field.rfind(std::string(path)); at != std::string::npos) {
      field.erase(0, at + path.size());
    }
  }
  for (const absl::string_view unit : {"_micros", "_basis_points", "_code"}) {
    absl::string_view rest = field;
    if (absl::ConsumeSuffix(&rest, unit)) field = std::string(rest);
  }
  int delivery = 0;
  const size_t end = field.find("].");
  if (field.rfind("deliveries[", 0) == 0 && end != std::string::npos &&
      absl::SimpleAtoi(field.substr(11, end - 11), &delivery)) {
    field = absl::StrCat("delivery ", delivery + 1, " ", field.substr(end + 2));
  }
  // `rating 3 level` of `ratings[2].level`, `safeguarding level` if it is named.
  if (field.rfind("ratings[", 0) == 0 && end != std::string::npos) {
    const std::string which = field.substr(8, end - 8);
    int rating = 0;
    field =
        absl::StrCat(absl::SimpleAtoi(which, &rating) ? absl::StrCat("rating ", rating + 1) : which,
                     " ", field.substr(end + 2));
  }
  return EnumWords(field);
}

// The message without the row, which has a column of its own.
std::string MessageWords(const v1::Problem& problem) {
  absl::string_view message = problem.message();
  absl::ConsumePrefix(&message, absl::StrCat("Row ", problem.row(), ": "));
  return std::string(message);
}

std::string RowWords(int64_t row) { return row == 0 ? "" : absl::StrCat(row); }

}  // namespace

void ProblemReport::Add(v1::Problem problem) {
  switch (problem.severity()) {
    case v1::Problem::WARNING:
      ++warnings_;
      break;
    case v1::Problem::CONFIRM:
      rows_to_confirm_.insert(problem.row());
      break;
    default:
      error_rows_.insert(problem.row());
  }
  problems_.push_back(std::move(problem));
}

void ProblemReport::Sort() {
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const auto& a, const auto& b) { return a.row() < b.row(); });
}

void ProblemReport::Print(Terminal& terminal, Format format, size_t most,
                          const std::string& advice) const {
  if (format == Format::kJson) return PrintJson(terminal);
  if (format == Format::kCsv) return PrintCsv(terminal);
  if (problems_.empty()) return;
  PrintTable(terminal, most);
  if (problems_.size() > most) {
    terminal.out << "… and " << CountWords(static_cast<int64_t>(problems_.size() - most))
                 << " more." << (advice.empty() ? "" : " ") << advice << "\n";
  }
  terminal.out << "\n";
  PrintCounts(terminal);
  terminal.out << "\n";
}

void ProblemReport::PrintTable(Terminal& terminal, size_t most) const {
  Grid grid({{"Row", "row", GridColumn::kNumber},
             {"", "severity"},
             {"Reference", "reference", GridColumn::kWrapped, 16},
             {"Field", "field", GridColumn::kWrapped, 14},
             {"Found", "found", GridColumn::kWrapped, 18},
             {"What to do", "message", GridColumn::kWrapped}});
  for (size_t i = 0; i < problems_.size() && i < most; ++i) {
    const v1::Problem& problem = problems_[i];
    grid.Add({RowWords(problem.row()), KindWords(problem.severity()), problem.reference(),
              FieldWords(problem.field()), problem.found(), MessageWords(problem)});
  }
  grid.Print(terminal.out, terminal.width);
}

void ProblemReport::PrintCounts(Terminal& terminal) const {
  struct Group {
    int64_t count = 0;
    const v1::Problem* first = nullptr;
  };
  std::map<std::pair<int, std::string>, Group> groups;
  for (const v1::Problem& problem : problems_) {
    Group& group = groups[{problem.severity(), problem.code()}];
    if (++group.count == 1) group.first = &problem;
  }
  std::vector<Group> sorted;
  for (const auto& [key, group] : groups) sorted.push_back(group);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Group& a, const Group& b) { return a.count > b.count; });
  Grid grid({{"Times", "count", GridColumn::kNumber},
             {"", "severity"},
             {"Problem", "code", GridColumn::kWrapped},
             {"First in row", "first_row", GridColumn::kNumber}});
  for (const Group& group : sorted) {
    grid.Add({CountWords(group.count), KindWords(group.first->severity()),
              EnumWords(group.first->code()), RowWords(group.first->row())});
  }
  grid.Print(terminal.out, terminal.width);
}

void ProblemReport::PrintCsv(Terminal& terminal) const {
  Grid grid({{"", "row"},
             {"", "severity"},
             {"", "code"},
             {"", "reference"},
             {"", "field"},
             {"", "found"},
             {"", "expected"},
             {"", "message"}});
  for (const v1::Problem& problem : problems_) {
    grid.Add({absl::StrCat(problem.row()), v1::Problem::Severity_Name(problem.severity()),
              problem.code(), problem.reference(), problem.field(), problem.found(),
              problem.expected(), problem.message()});
  }
  grid.PrintCsv(terminal.out);
}

void ProblemReport::PrintJson(Terminal& terminal) const {
  terminal.out << "[";
  for (size_t i = 0; i < problems_.size(); ++i) {
    terminal.out << (i == 0 ? "\n" : ",\n") << JsonOf(problems_[i]);
  }
  terminal.out << "]\n";
}

}  // namespace steelyard::cli
