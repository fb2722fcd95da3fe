#ifndef STEELYARD_CLIENT_IMPORT_OFSTED_H_
#define STEELYARD_CLIENT_IMPORT_OFSTED_H_

// Reads Ofsted's yearly files "Children's social care in England: provider
// level at 31 March" as they were published, 2015 to 2023, whatever that year
// called its columns. What the words in the cells mean is for the server to
// say; they are passed on as found.

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/dates.h"
#include "client/import/table_file.h"
#include "steelyard/v1/registry_service.pb.h"

namespace steelyard::importing {

// One day's register.
struct OfstedRegister {
  std::optional<CalendarDay> as_of;  // not set if neither title nor name says it
  Detected detected;
  std::vector<steelyard::v1::EstablishmentRow> rows;  // of the file, none left out
  int64_t blank_rows = 0;                             // below the header
  std::vector<steelyard::v1::Problem> problems;       // cells that cannot be passed on
};

// Reads the file, packed or not. Errors as TableFile::Open; INVALID_ARGUMENT
// with the columns that are missing if it is no such file.
absl::StatusOr<OfstedRegister> ReadOfstedFile(const std::string& path);
// The same for a file that is elsewhere; `name` is what it is called.
absl::StatusOr<OfstedRegister> ReadOfsted(std::unique_ptr<std::istream> file,
                                          std::string_view name);

// The day that a text names: "as at 31 March 2023", "march_2018" (its last
// day). Nothing if it names none, or two.
std::optional<CalendarDay> RegisterDayIn(std::string_view text);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_OFSTED_H_
