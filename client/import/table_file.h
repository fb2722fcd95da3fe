#ifndef STEELYARD_CLIENT_IMPORT_TABLE_FILE_H_
#define STEELYARD_CLIENT_IMPORT_TABLE_FILE_H_

// A file of any layout as rows under a header: bytes, encoding, delimiter and
// header are found out here, whatever the rows are then made into.

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/encoding.h"
#include "client/import/header.h"
#include "client/import/profile.h"
#include "client/import/rows.h"

namespace steelyard::importing {

// How much a file may ask of us.
struct ImportLimits {
  int64_t max_unpacked_bytes = int64_t{1} << 30;  // of the file, unpacked
  int64_t max_ratio = 1000;                       // unpacked to packed
  size_t max_row_bytes = size_t{1} << 20;         // of one row, as UTF-8
};

// What was found out about a file.
struct Detected {
  Encoding encoding = Encoding::kUtf8;
  char delimiter = ',';
  bool gzip = false;
  int64_t header_row = 0;             // line of the file; 0: it has no header
  std::vector<std::string> headings;  // as they stand; empty without a header
  std::vector<std::string> title;     // cells above the header that hold something
};

// Reads one file once. Not thread-safe. Holds a row and two blocks in memory,
// however long the file is.
class TableFile {
 public:
  // Looks at the file, finds its encoding, delimiter and the header with most
  // of `columns`, and stands before the first row below it. Keeps a copy of
  // `profile`. NOT_FOUND if there is no such file; INVALID_ARGUMENT if it
  // cannot be a file of this profile, in words that say what was looked for;
  // RESOURCE_EXHAUSTED beyond `limits`; DATA_LOSS for a damaged gzip file.
  static absl::StatusOr<std::unique_ptr<TableFile>> Open(const std::string& path,
                                                         const Profile& profile,
                                                         const WantedColumns& columns,
                                                         const ImportLimits& limits);

  // The same for a file that is in memory or elsewhere; `file` can seek.
  static absl::StatusOr<std::unique_ptr<TableFile>> Open(std::unique_ptr<std::istream> file,
                                                         const Profile& profile,
                                                         const WantedColumns& columns,
                                                         const ImportLimits& limits);
  ~TableFile();

  // The next row, valid until the next call, or null at the end. Rows that are
  // blank, the header once more, or left out by the profile are passed over.
  // Errors as Open; the file cannot be read on after one.
  absl::StatusOr<const Row*> Next();

  const Profile& profile() const;
  const Header& header() const;
  const Detected& detected() const;
  // Rows that were passed over.
  int64_t skipped_rows() const;
  // How far it is, in bytes of the file as it lies on disk.
  int64_t bytes_read() const;
  int64_t total_bytes() const;

 private:
  struct State;
  explicit TableFile(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_TABLE_FILE_H_
