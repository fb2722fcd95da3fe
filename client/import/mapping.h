#ifndef STEELYARD_CLIENT_IMPORT_MAPPING_H_
#define STEELYARD_CLIENT_IMPORT_MAPPING_H_

// Makes a Purchase out of a row, and says everything that is wrong with it.
//
// Codes of the problems: VALUE_MISSING, NUMBER_INVALID, DATE_INVALID,
// YES_NO_INVALID, REASON_UNKNOWN, TOTAL_DIFFERS, ROW_TOO_WIDE, QUOTES_INVALID,
// TEXT_DAMAGED (a warning if the cell is not used). What the registers or the
// calendar decide, the server checks.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/cells.h"
#include "client/import/importer.h"

namespace steelyard::importing {

// Bound to one profile and one file. Keeps a reference to the profile. Not
// thread-safe.
class RowMapper {
 public:
  // INVALID_ARGUMENT if the header has a column twice that is used.
  static absl::StatusOr<RowMapper> Bind(const Profile& profile, const Header& header);

  // Fills `line`, all of it.
  void Map(const Row& row, ImportedLine* line) const;

 private:
  struct BoundDelivery {
    BoundSource date;
    BoundSource packs;
    std::string date_name;   // deliveries[0].date
    std::string packs_name;  // deliveries[0].packs
    bool own_packs = false;  // from a column that is not that of the order's packs
  };
  friend class LineBuilder;

  explicit RowMapper(const Profile& profile) : profile_(&profile) {}
  absl::Status BindAll(const Header& header);
  void Use(const BoundSource& source, std::string_view field);

  const Profile* profile_;
  std::vector<std::string> headings_;
  std::vector<std::optional<BoundSource>> fields_;
  std::vector<BoundDelivery> deliveries_;
  int total_column_ = -1;
  std::vector<std::string> used_for_;  // by column: the field it is used for
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_MAPPING_H_
