#ifndef STEELYARD_CLIENT_IMPORT_IMPORTER_H_
#define STEELYARD_CLIENT_IMPORT_IMPORTER_H_

// Reads a council's own export file, line by line, as its profile says:
//
//   ASSIGN_OR_RETURN(Profile profile, LoadProfile("steelyard"));
//   ASSIGN_OR_RETURN(auto importer, Importer::Open("march.csv", profile));
//   ImportedLine line;
//   while (true) {
//     ASSIGN_OR_RETURN(bool more, importer->Next(&line));
//     if (!more) break;
//     if (line.rejected()) rejects.Write(line.fields, line.problems);
//     else Send(ToUploadLine(std::move(line)));
//   }
//
// The steps are small and stand alone: table_file.h with bytes.h, encoding.h,
// rows.h and header.h; numbers.h and dates.h; mapping.h.

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/first_rows.h"
#include "client/import/profile.h"
#include "client/import/table_file.h"
#include "steelyard/v1/purchase_service.pb.h"

namespace steelyard::importing {

class RowMapper;

// One row that holds a purchase, or should.
struct ImportedLine {
  int64_t row = 0;      // line of the file at which the row starts, from 1
  std::string council;  // as the profile's `council` says; empty if it does not
  steelyard::v1::Purchase purchase;
  std::vector<steelyard::v1::Problem> problems;  // all of the row's
  std::vector<std::string> fields;               // the cells, as read, in UTF-8

  // Whether a problem is an ERROR, so that the row must not be sent.
  bool rejected() const;
};

// The message to send; `problems` and `fields` stay behind.
steelyard::v1::UploadLine ToUploadLine(ImportedLine&& line);

// Reads one file once. Not thread-safe. Holds a row and two blocks in memory,
// and of every row its reference: one that stands again on a row with other
// content is a problem of that row (REFERENCE_REPEATED).
class Importer {
 public:
  // Errors are those of TableFile::Open; INVALID_ARGUMENT too for a profile
  // that reads no purchases.
  static absl::StatusOr<std::unique_ptr<Importer>> Open(const std::string& path,
                                                        const Profile& profile,
                                                        const ImportLimits& limits = {});

  // The same for a file that is in memory or elsewhere; `file` can seek.
  static absl::StatusOr<std::unique_ptr<Importer>> Open(std::unique_ptr<std::istream> file,
                                                        const Profile& profile,
                                                        const ImportLimits& limits = {});
  ~Importer();

  // Reads the next line into `line` (all of it is overwritten; reuse it).
  // False at the end of the file. Errors as Open; the file cannot be read on
  // after one.
  absl::StatusOr<bool> Next(ImportedLine* line);

  // How far it is, in bytes of the file as it lies on disk, for a progress
  // bar.
  int64_t bytes_read() const;
  int64_t total_bytes() const;

  const Detected& detected() const;

  // Rows that are no lines: blank, a header again, or left out because the
  // profile says so. Rows below the header = lines + skipped.
  int64_t skipped_rows() const;

 private:
  Importer(std::unique_ptr<TableFile> file, RowMapper mapper);
  static absl::StatusOr<std::unique_ptr<Importer>> Over(std::unique_ptr<TableFile> file);

  std::unique_ptr<TableFile> file_;  // before the mapper, which refers to its profile
  std::unique_ptr<RowMapper> mapper_;
  FirstRows first_rows_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_IMPORTER_H_
