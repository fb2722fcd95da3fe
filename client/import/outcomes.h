#ifndef STEELYARD_CLIENT_IMPORT_OUTCOMES_H_
#define STEELYARD_CLIENT_IMPORT_OUTCOMES_H_

// Reads outcome reports out of a council's own file, row by row, as a profile
// with [outcomes] says; docs/profiles.md.

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/first_rows.h"
#include "client/import/profile.h"
#include "client/import/table_file.h"
#include "steelyard/v1/outcome_service.pb.h"

namespace steelyard::importing {

// One row that holds a report, or should.
//
// Codes of its problems: VALUE_MISSING, NUMBER_INVALID, QUARTER_INVALID,
// LEVEL_UNKNOWN, INTENTION_UNKNOWN, YES_NO_INVALID, ROW_TOO_WIDE,
// QUOTES_INVALID, REPORT_REPEATED, TEXT_DAMAGED (a warning if the cell is not
// used). What the
// registers, the policy or the calendar decide, the server checks.
struct ImportedReport {
  int64_t row = 0;      // line of the file at which the row starts, from 1
  std::string council;  // as the profile's `council` says; empty if it does not
  steelyard::v1::OutcomeReport report;
  std::vector<steelyard::v1::Problem> problems;  // all of the row's
  std::vector<std::string> fields;               // the cells, as read, in UTF-8

  // Whether a problem is an ERROR, so that the row must not be sent.
  bool rejected() const;
};

// The message to send; `problems` and `fields` stay behind.
steelyard::v1::OutcomeLine ToOutcomeLine(ImportedReport&& report);

// Reads one file once. Not thread-safe.
class OutcomeImporter {
 public:
  // Errors are those of TableFile::Open; INVALID_ARGUMENT too for a profile
  // that reads no outcomes.
  static absl::StatusOr<std::unique_ptr<OutcomeImporter>> Open(const std::string& path,
                                                               const Profile& profile,
                                                               const ImportLimits& limits = {});
  // The same for a file that is in memory or elsewhere; it can seek.
  static absl::StatusOr<std::unique_ptr<OutcomeImporter>> Open(std::unique_ptr<std::istream> stream,
                                                               const Profile& profile,
                                                               const ImportLimits& limits = {});
  ~OutcomeImporter();

  // Reads the next row that is not passed over into `report`, all of it; false
  // at the end. Errors as Open.
  absl::StatusOr<bool> Next(ImportedReport* report);

  const Detected& detected() const { return file_->detected(); }

 private:
  struct Bound;
  OutcomeImporter(std::unique_ptr<TableFile> file, std::unique_ptr<Bound> bound);
  static absl::StatusOr<std::unique_ptr<OutcomeImporter>> Over(std::unique_ptr<TableFile> file);

  std::unique_ptr<TableFile> file_;  // before `bound_`, which refers to its profile
  std::unique_ptr<Bound> bound_;
  FirstRows first_rows_;
};

// A level or an intention in its own words ("Requires improvement", "stay") or
// as a code ("requires-improvement"). INVALID_ARGUMENT as below.
absl::StatusOr<steelyard::v1::OutcomeReport::Level> ParseLevel(std::string_view text);
absl::StatusOr<steelyard::v1::OutcomeReport::Intention> ParseIntention(std::string_view text);

// The code that a name of a coded list stands for: "Children's homes" is
// childrens-homes. Whether there is such a code the server says.
std::string CodeOf(std::string_view text);

// 2024-Q1, 2024 Q1, Q1 2024, Q1/2024 in any case. INVALID_ARGUMENT with a
// clause that follows what was found.
absl::StatusOr<steelyard::v1::Quarter> ParseQuarter(std::string_view text);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_OUTCOMES_H_
