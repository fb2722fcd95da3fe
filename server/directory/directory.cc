#include "server/directory/directory.h"

#include <utility>

#include "storage/base/log.h"
#include "storage/base/status_macros.h"

namespace steelyard::directory {

absl::StatusOr<std::unique_ptr<Directory>> Directory::Open(Newest newest) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Resolver> first, Resolver::Build(newest()));
  return std::unique_ptr<Directory>(new Directory(std::move(newest), std::move(first)));
}

std::shared_ptr<const Resolver> Directory::Current() {
  const std::shared_ptr<const model::Registers> newest = newest_();
  std::lock_guard lock(mutex_);
  if (newest->version > current_->registers().version) {
    absl::StatusOr<std::shared_ptr<const Resolver>> next = Resolver::Build(newest, current_.get());
    if (next.ok()) {
      current_ = *std::move(next);
    } else {
      Log(LogLevel::kError, "resolver_failed", {{"status", std::string(next.status().message())}});
    }
  }
  return current_;
}

}  // namespace steelyard::directory
