#include "server/gateway/static_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "server/gateway/http.h"

namespace steelyard::gateway {
namespace {

constexpr off_t kMaxBytes = 16 << 20;
constexpr std::string_view kIndex = "index.html";

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }
  bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

std::string_view MediaTypeOf(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".txt", "text/plain; charset=utf-8"},
      {".woff2", "font/woff2"},
      {".csv", "text/csv; charset=utf-8"},
      {".webmanifest", "application/manifest+json"}};
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

// The parts of a decoded path; nothing if one of them must not be followed.
std::optional<std::vector<std::string>> PartsOf(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  std::vector<std::string> parts;
  path.remove_prefix(1);
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    // A leading dot is `.`, `..` or a hidden file.
    if (part.empty() || part.front() == '.' || part.find('\\') != std::string_view::npos) {
      return std::nullopt;
    }
    parts.emplace_back(part);
    const bool folder = end < path.size();
    path.remove_prefix(std::min(end + 1, path.size()));
    if (path.empty() && folder) parts.emplace_back(kIndex);
  }
  if (parts.empty()) parts.emplace_back(kIndex);
  return parts;
}

std::optional<std::string> ReadAll(int file) {
  struct stat about {};
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > kMaxBytes) {
    return std::nullopt;
  }
  std::string bytes(static_cast<size_t>(about.st_size), '\0');
  size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t n = read(file, bytes.data() + got, bytes.size() - got);
    if (n <= 0) return std::nullopt;
    got += static_cast<size_t>(n);
  }
  return bytes;
}

}  // namespace

std::optional<StaticFiles::File> StaticFiles::Read(std::string_view path) const {
  if (folder_.empty()) return std::nullopt;
  const std::optional<std::string> decoded = DecodePercent(path, false);
  if (!decoded.has_value()) return std::nullopt;
  const auto parts = PartsOf(*decoded);
  if (!parts.has_value()) return std::nullopt;
  Descriptor at(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (size_t i = 0; i < parts->size() && at.ok(); ++i) {
    const int folder = i + 1 < parts->size() ? O_DIRECTORY : 0;
    // O_NONBLOCK: a pipe that somebody put there must not hold us.
    at = Descriptor(openat(at.get(), (*parts)[i].c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | folder));
  }
  if (!at.ok()) return std::nullopt;
  std::optional<std::string> bytes = ReadAll(at.get());
  if (!bytes.has_value()) return std::nullopt;
  return File{std::string(MediaTypeOf(parts->back())), *std::move(bytes)};
}

}  // namespace steelyard::gateway
