#ifndef STEELYARD_SERVER_REGISTRY_DIRECTORY_H_
#define STEELYARD_SERVER_REGISTRY_DIRECTORY_H_

#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "server/registry/resolver.h"
#include "storage/ledger/ledger.h"

namespace steelyard::registry {

// Keeps the resolver of the newest registers at hand. Thread-safe.
class Directory {
 public:
  // INTERNAL if the machine's ICU lacks its data. `ledger` must outlive it.
  static absl::StatusOr<std::unique_ptr<Directory>> Open(const ledger::Ledger& ledger);

  // The resolver of the newest registers; made now if they changed.
  std::shared_ptr<const Resolver> Current();

 private:
  Directory(const ledger::Ledger& ledger, std::shared_ptr<const Resolver> first)
      : ledger_(ledger), current_(std::move(first)) {}

  const ledger::Ledger& ledger_;
  std::mutex mutex_;
  std::shared_ptr<const Resolver> current_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_DIRECTORY_H_
