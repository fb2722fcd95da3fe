#ifndef STEELYARD_STORAGE_ENGINE_UNIQUE_FD_H_
#define STEELYARD_STORAGE_ENGINE_UNIQUE_FD_H_

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace steelyard::engine {

// Owns a file descriptor; -1 for none.
class UniqueFd {
 public:
  UniqueFd() = default;
  UniqueFd(const std::string& path, int flags, mode_t mode = 0600)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd() {
    if (fd_ >= 0) close(fd_);
  }

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Makes the names in `folder` survive a power cut; false on an I/O error.
inline bool SyncFolder(const std::string& folder) {
  const UniqueFd fd(folder, O_RDONLY | O_DIRECTORY);
  return fd.ok() && fsync(fd.get()) == 0;
}

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_UNIQUE_FD_H_
