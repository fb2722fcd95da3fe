#include "client/cli/output_file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

namespace steelyard::cli {
namespace {

// A pipe or a device: it has no content to lose, and cannot be renamed onto.
bool IsStream(const std::string& path) {
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  using enum std::filesystem::file_type;
  return kind == character || kind == fifo || kind == socket;
}

absl::Status CannotWrite(const std::string& path) {
  return absl::UnavailableError("cannot write " + path);
}

}  // namespace

absl::Status CheckNewFile(const std::string& path) {
  struct stat found {};
  if (path.empty() || lstat(path.c_str(), &found) != 0) return absl::OkStatus();
  return absl::AlreadyExistsError(path + " is there already; name a new file");
}

absl::StatusOr<OutputFile> OutputFile::Create(const std::string& path) {
  std::string written = path;
  if (!IsStream(path)) {
    written += ".XXXXXX";
    const int file = mkstemp(written.data());
    if (file < 0) return CannotWrite(path);
    // As a file that is simply opened would have it.
    const mode_t mask = umask(0);
    umask(mask);
    fchmod(file, 0666 & ~mask);
    close(file);
  }
  return OutputFile(path, std::move(written));
}

OutputFile::OutputFile(std::string path, std::string written)
    : path_(std::move(path)),
      written_(std::move(written)),
      stream_(written_, std::ios::binary | std::ios::trunc) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      written_(std::exchange(other.written_, "")),
      stream_(std::move(other.stream_)) {}

OutputFile::~OutputFile() {
  if (!written_.empty() && written_ != path_) unlink(written_.c_str());
}

absl::Status OutputFile::Commit() {
  stream_.close();
  if (!stream_) return CannotWrite(path_);
  if (written_ != path_ && rename(written_.c_str(), path_.c_str()) != 0) return CannotWrite(path_);
  written_.clear();
  return absl::OkStatus();
}

}  // namespace steelyard::cli
