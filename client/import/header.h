#ifndef STEELYARD_CLIENT_IMPORT_HEADER_H_
#define STEELYARD_CLIENT_IMPORT_HEADER_H_

// Where a file's columns are: finds the header, and each column in it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/import/profile.h"

namespace steelyard::importing {

// The header is looked for in this many lines.
inline constexpr int64_t kHeaderLines = 40;

// A column that is looked for; a file can do without one that is not required.
struct WantedColumn {
  Column column;
  bool required = false;
};
using WantedColumns = std::vector<WantedColumn>;

// The header of a file, or its absence.
class Header {
 public:
  // A file without one: columns have places only.
  Header() = default;
  Header(int64_t line, std::vector<std::string> headings);

  int64_t line() const { return line_; }  // 0: there is none
  const std::vector<std::string>& headings() const { return headings_; }

  // The index of a column, -1 if the file has none of its headings.
  // INVALID_ARGUMENT if it has one of them twice.
  absl::StatusOr<int> Find(const Column& column) const;

  // How many of the columns are there, each heading once.
  int Matches(const WantedColumns& columns) const;

 private:
  int64_t line_ = 0;
  std::vector<std::string> headings_;
  std::vector<std::string> folded_;
};

// What a person calls a column: its first heading, or `column 3`.
std::string ColumnName(const Column& column);

// Whether a purchase cannot do without the field.
bool IsRequired(Field field);

// The columns that a source is read from; if it is required, so are they, but
// for the one it may do without.
void AddColumns(const Source& source, bool required, WantedColumns& columns);
// Those of the profile's rules for leaving out rows.
void AddSkipColumns(const Profile& profile, WantedColumns& columns);
// Those that a profile reads purchases from.
WantedColumns PurchaseColumns(const Profile& profile);
// Those that a profile reads payments from; none if it reads none.
WantedColumns PaymentColumns(const Profile& profile);

// Those that a profile reads outcomes from; none if it reads none.
WantedColumns OutcomeColumns(const Profile& profile);

// Finds out how a file is laid out from its first text, which may break off.
struct Layout {
  char delimiter = ',';
  Header header;
};

// The delimiter (the profile's, or the one with which most columns are found)
// and the header: of the first kHeaderLines lines the one that holds most of
// `columns`. INVALID_ARGUMENT names every column that is missing, and says what
// was looked for.
absl::StatusOr<Layout> FindLayout(std::string_view start, const Profile& profile,
                                  const WantedColumns& columns);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_HEADER_H_
