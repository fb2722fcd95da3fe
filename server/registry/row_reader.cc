#include "server/registry/row_reader.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "storage/base/text.h"

namespace steelyard::registry {

model::Problem CellProblem(int64_t row, std::string_view column, std::string_view found,
                           const Expectation& expectation) {
  model::Problem p;
  p.row = row;
  p.field = std::string(column);
  p.found = Printable(found);
  p.expected = std::string(expectation.expected);
  p.code = std::string(expectation.code);
  p.message = absl::StrCat("\"", Av(column), "\" ",
                           found.empty() ? "is empty" : absl::StrCat("holds \"", p.found, "\""),
                           "; put in ", p.expected, ".");
  return p;
}

std::vector<std::string_view> RowReader::Parts(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (absl::string_view part : absl::StrSplit(Av(text), separator)) {
    part = absl::StripAsciiWhitespace(part);
    if (!part.empty()) parts.push_back(Sv(part));
  }
  return parts;
}

}  // namespace steelyard::registry
