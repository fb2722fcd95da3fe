#ifndef STEELYARD_CLIENT_IMPORT_REJECTS_H_
#define STEELYARD_CLIENT_IMPORT_REJECTS_H_

#include <ostream>
#include <string>
#include <vector>

#include "client/import/importer.h"

namespace steelyard::importing {

// Writes rejected rows in the file's own columns, with one more, `reason`, to
// be mended and sent again with the same profile.
//
// UTF-8 with a byte order mark (which overrules the encoding of a profile, and
// which spreadsheets want), the file's own delimiter, CRLF, every cell in
// quotes. The caller's cells come back byte for byte as they were read, so a
// cell that a spreadsheet takes for a formula (= + - @ tab CR first) stays
// one: it was in the caller's file too, and a changed cell could not be sent
// again. Only the reason is ours: if it starts that way it gets an apostrophe.
// Where the last column is our `reason` already, it is written anew, not
// twice; where the file has a column of that name itself, ours is `reason for
// refusal`; where it has no header, the reason comes last.
class RejectsWriter {
 public:
  // Writes the header. `out` must outlive this; look at its state to learn
  // whether writing worked.
  RejectsWriter(std::ostream& out, const Detected& file);

  // Writes one row; `problems` are the importer's own, or the server's, or
  // both. Their messages make the reason; warnings are left out unless there
  // is nothing else.
  void Write(const std::vector<std::string>& fields,
             const std::vector<steelyard::v1::Problem>& problems);

 private:
  void WriteRow(const std::vector<std::string>& fields, const std::string& reason);

  std::ostream& out_;
  char delimiter_;
  size_t columns_;  // of the header, without `reason`; 0 without a header
  size_t reason_;   // place of the reason; columns_ unless it was there
};

// Whether the file at `path` was written by a RejectsWriter, as far as its
// first line shows; one without a header cannot be told.
bool IsRejects(const std::string& path);

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_REJECTS_H_
