#ifndef STEELYARD_SERVER_GATEWAY_STATIC_FILES_H_
#define STEELYARD_SERVER_GATEWAY_STATIC_FILES_H_

#include <optional>
#include <string>
#include <string_view>

namespace steelyard::gateway {

// The files below one folder, and nothing else: no `..`, no hidden name, no
// link, however a path is written. Thread-safe.
class StaticFiles {
 public:
  struct File {
    std::string media_type;
    std::string bytes;
  };

  // An empty folder name serves nothing.
  explicit StaticFiles(std::string folder) : folder_(std::move(folder)) {}

  // The file at a request's path, as it was sent; that of a path that ends in
  // `/` is its `index.html`. Nothing if there is none, or it is no plain file
  // or beyond 16 MiB.
  std::optional<File> Read(std::string_view path) const;

 private:
  const std::string folder_;
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_STATIC_FILES_H_
