#ifndef STEELYARD_CLIENT_CLI_OUTPUT_FILE_H_
#define STEELYARD_CLIENT_CLI_OUTPUT_FILE_H_

#include <fstream>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace steelyard::cli {

// ALREADY_EXISTS if anything is at `path`, a broken link too.
absl::Status CheckNewFile(const std::string& path);

// A file that a command writes. It stands under its name only once it is
// whole: until Commit it is beside it under another name, and is removed if
// there is no Commit. A pipe or a device is written to directly.
class OutputFile {
 public:
  // Takes the place of what is at `path`, if anything: CheckNewFile first.
  // UNAVAILABLE if the folder cannot be written to.
  static absl::StatusOr<OutputFile> Create(const std::string& path);
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  std::ostream& stream() { return stream_; }

  // Puts the file under its name. UNAVAILABLE if it could not be written.
  absl::Status Commit();

 private:
  OutputFile(std::string path, std::string written);

  std::string path_;
  std::string written_;  // where the bytes go; `path_` for what is no file
  std::ofstream stream_;
};

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_OUTPUT_FILE_H_
