#ifndef STEELYARD_STORAGE_ENGINE_DATABASE_H_
#define STEELYARD_STORAGE_ENGINE_DATABASE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/engine/batch.h"
#include "storage/engine/family.h"
#include "storage/engine/iterator.h"

namespace steelyard::engine {

// What tests put in place of the machine; see storage/engine/environment.h.
struct Environment;

struct OpenOptions {
  // Makes a new store where there is none; otherwise that is NOT_FOUND.
  bool create_if_missing = false;
  // Bytes of memory for cached blocks and for writes not yet in tables.
  size_t cache_bytes = size_t{128} << 20;
  // Writes are refused when less than this, or than 5 % of the disk, is free.
  int64_t min_free_bytes = int64_t{512} << 20;
  // Size of a file that holds room on the disk, given up when the disk is too
  // full to recover the store at start; 0 for none.
  int64_t ballast_bytes = int64_t{256} << 20;
  // Opens on a damaged log with what was written before the damage: commits are
  // lost that were acknowledged. For repair, which compares with the CommitMark.
  bool salvage_log = false;
  // Null in production.
  std::shared_ptr<const Environment> environment;
};

// Pins the store as it was when taken; reads through it see nothing later. Must
// not outlive its Database. Immutable.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

 protected:
  Snapshot() = default;
};

// Ordered bytes under byte keys, in families, on one disk: the only way to the
// store's files. One Database owns its folder, also against other processes.
//
// Errors that any call may return: DATA_LOSS if stored bytes fail their
// checksum, UNAVAILABLE on an I/O error. Thread-safe.
class Database {
 public:
  // Opens the store in folder `path`, replaying its log. NOT_FOUND if there is
  // none; FAILED_PRECONDITION if another server has it open or a later version
  // wrote it; RESOURCE_EXHAUSTED if the disk is too full to recover it;
  // DATA_LOSS if it is damaged.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path,
                                                        const OpenOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Writes `batch` whole. OK: it survives a power cut. RESOURCE_EXHAUSTED: the
  // disk is too full, nothing was written. UNAVAILABLE: an I/O error, and
  // whether the batch is there shows only after the store is opened again; from
  // then on healthy() is false and every commit is refused with this code.
  // Concurrent calls share one disk flush.
  absl::Status Commit(Batch&& batch);

  // The same for what must be written even when nothing else is taken any more,
  // such as who read what: it may use half of the room that is kept free.
  absl::Status CommitFromReserve(Batch&& batch);

  // The same, but a power cut may undo it until a later Commit returns OK. Never
  // out of order: what follows it survives only if it does. For derived data.
  absl::Status CommitUnsynced(Batch&& batch);

  // The value of `key`, or nothing.
  absl::StatusOr<std::optional<std::string>> Get(Family family, std::string_view key,
                                                 const Snapshot* snapshot = nullptr) const;

  // Result i is the value of keys[i], or nothing. Keys in any order; one call
  // sees one state of the store.
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      Family family, const std::vector<std::string_view>& keys,
      const Snapshot* snapshot = nullptr) const;

  // Keys in [lower, upper), ascending; an empty `upper` means to the end.
  std::unique_ptr<Iterator> Scan(Family family, std::string_view lower, std::string_view upper,
                                 const Snapshot* snapshot = nullptr) const;
  // The same keys, descending.
  std::unique_ptr<Iterator> ScanBack(Family family, std::string_view lower, std::string_view upper,
                                     const Snapshot* snapshot = nullptr) const;

  std::shared_ptr<const Snapshot> TakeSnapshot() const;

  // False once a write or background work failed: serve no more writes, exit
  // and let the supervisor start anew.
  bool healthy() const;
  // Whether there is room for a write.
  bool writable() const;
  // Bytes free on the store's disk, the ballast not counted; -1 if unknown.
  int64_t free_bytes() const;
  // Bytes of the store's files, logs included, the ballast not.
  int64_t disk_bytes() const;

  // Moves everything from memory and log into tables.
  absl::Status Flush();
  // Flushes and rewrites all tables into their smallest form. Slow.
  absl::Status Compact();
  // Reads every table and compares its block and file checksums. Slow.
  absl::Status VerifyChecksums() const;

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  absl::Status Write(const Batch& batch, bool sync, bool reserve = false);
  std::unique_ptr<Iterator> MakeIterator(Family family, std::string_view lower,
                                         std::string_view upper, const Snapshot* snapshot,
                                         bool ascending) const;

  std::unique_ptr<State> state_;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_DATABASE_H_
