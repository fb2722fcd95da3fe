#ifndef STEELYARD_SERVER_SPEND_SPEND_BOOK_H_
#define STEELYARD_SERVER_SPEND_SPEND_BOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "server/directory/directory.h"
#include "server/spend/snapshot.h"
#include "storage/ledger/ledger.h"

namespace steelyard::spend {

// Keeps the snapshot of the newest payments, decisions and registers at hand.
// Thread-safe; what it is given must outlive it.
class SpendBook {
 public:
  SpendBook(const ledger::Ledger& ledger, directory::Directory& directory)
      : ledger_(ledger), directory_(directory) {}

  // Made now if anything changed; who asks meanwhile waits. DATA_LOSS or
  // UNAVAILABLE from the store.
  absl::StatusOr<std::shared_ptr<const Snapshot>> Current();

 private:
  // A source as it was decoded, and the version that it is.
  struct Kept {
    uint32_t revision = 0;
    std::shared_ptr<const model::PaymentSource> source;
  };

  absl::StatusOr<bool> ReadSources();    // whether any changed
  absl::StatusOr<bool> ReadDecisions();  // likewise

  const ledger::Ledger& ledger_;
  directory::Directory& directory_;
  std::mutex mutex_;
  uint64_t documents_sequence_ = 0;
  std::map<std::string, Kept> sources_;  // by document id
  Decisions decisions_;
  std::shared_ptr<const directory::PaymentNames> names_;
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace steelyard::spend

#endif  // STEELYARD_SERVER_SPEND_SPEND_BOOK_H_
