#ifndef STEELYARD_CLIENT_IMPORT_CELLS_H_
#define STEELYARD_CLIENT_IMPORT_CELLS_H_

// Gets the text of a value out of a row: from a column, from several, or from
// the profile itself; with the words that stand for nothing, and those that
// stand for others.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/header.h"
#include "client/import/profile.h"
#include "client/import/rows.h"

namespace steelyard::importing {

// The text of a value. Views stay valid until the next Get of the same source
// and as long as the row.
struct Cell {
  std::string_view text;   // what it means; empty if it holds nothing
  std::string_view found;  // what the file says
  std::string_view name;   // the column's heading, or the profile's key
};

// One source of a profile, bound to the columns of one file. Keeps a pointer
// to the source. Not thread-safe.
class BoundSource {
 public:
  // INVALID_ARGUMENT as Header::Find.
  static absl::StatusOr<BoundSource> Bind(const Profile& profile, const Source& source,
                                          std::string_view key, const Header& header);

  // The value of the row.
  Cell Get(const Row& row) const;

  // The number to divide it by; only if divides().
  Cell GetDivisor(const Row& row) const;
  bool divides() const { return source_->divide_by.has_value(); }

  const Source& source() const { return *source_; }

  // The indexes of the columns it reads.
  std::vector<int> columns() const;

 private:
  // A column and its place in the file, -1 if it is not there.
  struct Place {
    int index = -1;
    std::string name;
  };
  static absl::StatusOr<Place> PlaceOf(const std::optional<Column>& column, const Header& header);

  Cell Read(const Row& row, const Place& place) const;
  Cell Compose(const Row& row) const;
  bool IsNull(std::string_view folded) const;

  const Source* source_ = nullptr;
  std::vector<std::string> null_words_;  // the profile's and the source's
  std::string key_;
  Place column_;
  Place or_else_;
  Place divide_by_;
  std::vector<Place> parts_;
  mutable std::string folded_;
  mutable std::string composed_;
};

// The cell of a row, trimmed; empty if the row is shorter.
std::string_view CellAt(const Row& row, int index);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_CELLS_H_
