#ifndef STEELYARD_SERVER_DIRECTORY_DIRECTORY_H_
#define STEELYARD_SERVER_DIRECTORY_DIRECTORY_H_

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/status/statusor.h"
#include "server/directory/resolver.h"

namespace steelyard::directory {

// Keeps the resolver of the newest registers at hand. Thread-safe.
class Directory {
 public:
  // Gives the newest registers; any thread may call it.
  using Newest = std::function<std::shared_ptr<const model::Registers>()>;

  // INTERNAL if the machine's ICU lacks its data.
  static absl::StatusOr<std::unique_ptr<Directory>> Open(Newest newest);

  // The resolver of the newest registers; made now if they changed.
  std::shared_ptr<const Resolver> Current();

 private:
  Directory(Newest newest, std::shared_ptr<const Resolver> first)
      : newest_(std::move(newest)), current_(std::move(first)) {}

  const Newest newest_;
  std::mutex mutex_;
  std::shared_ptr<const Resolver> current_;
};

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_DIRECTORY_H_
