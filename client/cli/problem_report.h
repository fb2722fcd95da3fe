#ifndef STEELYARD_CLIENT_CLI_PROBLEM_REPORT_H_
#define STEELYARD_CLIENT_CLI_PROBLEM_REPORT_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "client/cli/session.h"
#include "client/cli/terminal.h"
#include "steelyard/v1/common.pb.h"

namespace steelyard::cli {

// Rows of a report that people get to see; the rest are counted.
inline constexpr size_t kReportRows = 50;

// Every problem of a file, from the file itself and from the server.
class ProblemReport {
 public:
  void Add(v1::Problem problem);
  // Puts the problems in the order of their rows.
  void Sort();

  const std::vector<v1::Problem>& problems() const { return problems_; }
  // Rows with at least one error.
  int64_t errors() const { return static_cast<int64_t>(error_rows_.size()); }
  // Whether a file with these problems would be refused whole.
  bool refuses() const { return !error_rows_.empty() || !rows_to_confirm_.empty(); }
  int64_t warnings() const { return warnings_; }
  // Rows that are held back until their price is confirmed, by number.
  const std::set<int64_t>& rows_to_confirm() const { return rows_to_confirm_; }
  const std::set<int64_t>& error_rows() const { return error_rows_; }

  // For people: the first `most` as a table, what each kind adds up to, and
  // `advice` where the table is cut. For programs: all, as JSON or CSV.
  // Nothing at all if there is no problem, but an empty list as JSON.
  void Print(Terminal& terminal, Format format, size_t most, const std::string& advice) const;

 private:
  void PrintTable(Terminal& terminal, size_t most) const;
  void PrintCounts(Terminal& terminal) const;
  void PrintCsv(Terminal& terminal) const;
  void PrintJson(Terminal& terminal) const;

  std::vector<v1::Problem> problems_;
  std::set<int64_t> error_rows_;
  std::set<int64_t> rows_to_confirm_;
  int64_t warnings_ = 0;
};

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PROBLEM_REPORT_H_
