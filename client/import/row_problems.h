#ifndef STEELYARD_CLIENT_IMPORT_ROW_PROBLEMS_H_
#define STEELYARD_CLIENT_IMPORT_ROW_PROBLEMS_H_

// What is wrong with a row, in words that name its cells.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "client/import/cells.h"
#include "client/import/dates.h"
#include "client/import/rows.h"
#include "google/type/date.pb.h"
#include "steelyard/v1/common.pb.h"

namespace steelyard::importing {

// Whether any is an ERROR.
bool HasError(const std::vector<steelyard::v1::Problem>& problems);

// The text of a reader's error: a clause that follows what was found.
std::string_view ClauseOf(const absl::Status& status);

// What kind of thing is wrong with a value, and what would be right.
struct Fault {
  std::string_view code;
  std::string_view expected;
};

inline constexpr std::string_view kAmountExpected =
    "an amount such as 12.50, with at most 6 decimals";

// Collects the problems of one row; lives as long as that takes. All that it
// is given must outlive it.
class RowProblems {
 public:
  using Problem = steelyard::v1::Problem;

  // `headings` of the file, empty without a header; `thing` is what the row
  // should be, "purchase".
  RowProblems(const Row& row, const std::vector<std::string>& headings, std::string_view thing,
              std::vector<Problem>& problems)
      : row_(row), headings_(headings), thing_(thing), problems_(problems) {}

  // Adds "Row 14: <name> is '<found>', which <clause>."
  Problem& Blame(const Fault& fault, std::string_view field, const Cell& cell,
                 std::string_view clause);
  // Adds that there is no value.
  void Missing(std::string_view field, const Cell& cell);
  // Adds that `key`, the file's own name of the row, stands on row `first` with
  // other content.
  void Repeated(std::string_view field, std::string_view key, int64_t first);
  Problem& Add(std::string_view code, std::string_view field, std::string_view found,
               std::string_view expected, std::string_view message);

  // Quotation marks that do not pair, cells beyond the header.
  void CheckStructure();
  // Characters that were lost on the way: a warning in a column that is not
  // used. `used_for` names the field by column; it may be shorter.
  void CheckDamage(const std::vector<std::string>& used_for);

  // Reads a day into `date`; false, with a problem, if it is none.
  bool ReadDate(const Cell& cell, std::string_view field, const DateStyle& style,
                google::type::Date* date);

  // What a person calls a column: its heading, or `column 3`.
  std::string NameOf(size_t column) const;

 private:
  const Row& row_;
  const std::vector<std::string>& headings_;
  const std::string_view thing_;
  std::vector<Problem>& problems_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_ROW_PROBLEMS_H_
