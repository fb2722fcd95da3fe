#include "server/registry/csv_table.h"

#include <csv.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

using model::Problem;

Problem Error(int64_t row, std::string_view field, std::string_view found,
              std::string_view expected, std::string_view code, std::string message) {
  Problem p;
  p.row = row;
  p.field = std::string(field);
  p.found = Printable(found);
  p.expected = std::string(expected);
  p.code = std::string(code);
  p.message = std::move(message);
  return p;
}

// Line ends as LF, so that lines are counted alike whoever wrote the file.
std::string WithPlainLineEnds(std::string_view csv) {
  std::string out;
  out.reserve(csv.size() + 1);
  for (size_t i = 0; i < csv.size(); ++i) {
    if (csv[i] != '\r') {
      out.push_back(csv[i]);
    } else if (i + 1 == csv.size() || csv[i + 1] != '\n') {
      out.push_back('\n');
    }
  }
  return out;
}

// Gathers what libcsv calls back with.
struct Gathered {
  std::vector<CsvTable::Row> rows;
  std::vector<std::string> cells;
  int64_t line = 1;    // the next row begins on
  int64_t inside = 0;  // line ends within quotes of this row
  size_t skipped = 0;  // rows beyond the limit
};

void OnCell(void* text, size_t size, void* data) {
  auto* gathered = static_cast<Gathered*>(data);
  gathered->cells.emplace_back(static_cast<const char*>(text), size);
  const std::string& cell = gathered->cells.back();
  gathered->inside += std::count(cell.begin(), cell.end(), '\n');
}

void OnRow(int, void* data) {
  auto* gathered = static_cast<Gathered*>(data);
  const bool blank = std::all_of(gathered->cells.begin(), gathered->cells.end(),
                                 [](const std::string& c) { return c.empty(); });
  if (!blank && gathered->rows.size() > kMaxCsvRows) {
    ++gathered->skipped;
  } else if (!blank) {
    gathered->rows.push_back({gathered->line, std::move(gathered->cells)});
  }
  gathered->cells.clear();
  gathered->line += 1 + std::exchange(gathered->inside, 0);
}

// Splits the file; a quote out of place ends it with a problem.
Gathered Split(std::string_view csv, std::vector<Problem>& problems) {
  const std::string text = WithPlainLineEnds(csv);
  Gathered gathered;
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
    problems.push_back(
        Error(0, "", "", "", "CSV_BROKEN", "The file could not be read; try again."));
    return gathered;
  }
  const size_t read = csv_parse(&parser, text.data(), text.size(), OnCell, OnRow, &gathered);
  if (read != text.size() || csv_fini(&parser, OnCell, OnRow, &gathered) != 0) {
    problems.push_back(Error(gathered.line, "", "", "cells in CSV form", "CSV_BROKEN",
                             "A quotation mark is out of place in this row or not closed; put "
                             "quotation marks around the cell and double those within."));
  }
  csv_free(&parser);
  if (gathered.skipped > 0) {
    problems.push_back(Error(0, "", absl::StrCat(gathered.skipped + kMaxCsvRows, " rows"),
                             absl::StrCat("at most ", kMaxCsvRows, " rows"), "TOO_MANY_ROWS",
                             "The file has too many rows; split it."));
  }
  return gathered;
}

bool Contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void CheckHeader(const CsvTable::Row& header, const CsvColumns& columns,
                 std::vector<Problem>& problems) {
  std::vector<std::string> known;
  for (std::string_view name : columns.required) known.emplace_back(name);
  for (std::string_view name : columns.optional) known.emplace_back(name);
  const std::string expected = absl::StrCat("one of ", absl::StrJoin(known, ", "));
  for (auto it = header.cells.begin(); it != header.cells.end(); ++it) {
    if (!Contains(columns.required, *it) && !Contains(columns.optional, *it)) {
      problems.push_back(Error(
          header.line, Printable(*it), *it, expected, "COLUMN_UNKNOWN",
          absl::StrCat("The column \"", Printable(*it), "\" is not known; rename or remove it.")));
    } else if (std::find(header.cells.begin(), it, *it) != it) {
      problems.push_back(Error(header.line, *it, *it, "each column once", "COLUMN_REPEATED",
                               absl::StrCat("The column \"", *it, "\" is there twice.")));
    }
  }
  for (std::string_view name : columns.required) {
    if (std::find(header.cells.begin(), header.cells.end(), name) != header.cells.end()) continue;
    problems.push_back(Error(header.line, name, "", absl::StrCat("a column ", Av(name)),
                             "COLUMN_MISSING",
                             absl::StrCat("The column \"", Av(name), "\" is missing; add it.")));
  }
}

// Makes the row as long as the header; says what is wrong with its form.
bool CheckRow(CsvTable::Row& row, const std::vector<std::string>& columns,
              std::vector<Problem>& problems) {
  const size_t before = problems.size();
  const size_t found = row.cells.size();
  while (row.cells.size() > columns.size() && row.cells.back().empty()) row.cells.pop_back();
  if (row.cells.size() != columns.size()) {
    problems.push_back(
        Error(row.line, "", absl::StrCat(found, " cells"),
              absl::StrCat(columns.size(), " cells, as in the header"), "CELL_COUNT",
              absl::StrCat("The row has ", found, " cells and the header ", columns.size(),
                           "; put cells that hold commas in quotation marks.")));
    return false;
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string& cell = row.cells[i];
    if (cell.size() > kMaxCellBytes) {
      problems.push_back(Error(row.line, columns[i], cell,
                               absl::StrCat("at most ", kMaxCellBytes, " bytes"), "CELL_TOO_LONG",
                               absl::StrCat("The text in \"", columns[i], "\" is too long.")));
    } else if (Printable(cell, kMaxCellBytes * 4) != cell) {
      problems.push_back(Error(
          row.line, columns[i], cell,
          "one line of text in UTF-8 without control or invisible characters", "TEXT_INVALID",
          absl::StrCat("\"", columns[i], "\" holds characters that cannot be read or seen.")));
    }
  }
  return problems.size() == before;
}

}  // namespace

CsvTable ReadCsv(std::string_view csv, const CsvColumns& columns) {
  CsvTable table;
  if (csv.size() > kMaxCsvBytes) {
    table.problems.push_back(Error(0, "", absl::StrCat(csv.size(), " bytes"), "at most 3 MiB",
                                   "FILE_TOO_LARGE", "The file is too large; split it."));
    return table;
  }
  if (csv.substr(0, 3) == "\xEF\xBB\xBF") csv.remove_prefix(3);
  Gathered gathered = Split(csv, table.problems);
  if (gathered.rows.empty()) {
    if (table.problems.empty()) {
      table.problems.push_back(Error(0, "", "", "a header and rows", "FILE_EMPTY",
                                     "The file is empty; it needs at least a header."));
    }
    return table;
  }
  CheckHeader(gathered.rows.front(), columns, table.problems);
  table.columns = std::move(gathered.rows.front().cells);
  for (auto row = std::next(gathered.rows.begin()); row != gathered.rows.end(); ++row) {
    if (CheckRow(*row, table.columns, table.problems)) table.rows.push_back(std::move(*row));
  }
  return table;
}

}  // namespace steelyard::registry
