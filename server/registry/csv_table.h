#ifndef STEELYARD_SERVER_REGISTRY_CSV_TABLE_H_
#define STEELYARD_SERVER_REGISTRY_CSV_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/model/problem.h"

namespace steelyard::registry {

// Limits of a register file.
inline constexpr size_t kMaxCsvBytes = size_t{3} << 20;
inline constexpr size_t kMaxCsvRows = 20'000;
inline constexpr size_t kMaxCellBytes = 1'000;

// A CSV file (RFC 4180) as cells under named columns.
struct CsvTable {
  struct Row {
    int64_t line = 0;                // of the file, 1 for the header of a plain file
    std::vector<std::string> cells;  // as many as there are columns
  };
  std::vector<std::string> columns;
  std::vector<Row> rows;  // only those without a problem; blank ones left out
  std::vector<model::Problem> problems;
};

// What a register file must and may have as columns.
struct CsvColumns {
  std::vector<std::string_view> required;
  std::vector<std::string_view> optional;
};

// Reads `csv`: UTF-8, with or without BOM, any line ends, the columns of the
// header in any order. Reports every problem of form; if the file as a whole
// cannot be read there are no rows.
CsvTable ReadCsv(std::string_view csv, const CsvColumns& columns);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_CSV_TABLE_H_
