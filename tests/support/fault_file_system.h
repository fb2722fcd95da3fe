#ifndef STEELYARD_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
#define STEELYARD_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace steelyard::testing {

enum class Fault {
  kIoError,      // the operation fails with EIO
  kNoSpace,      // the operation fails with ENOSPC
  kShortAppend,  // half of an append is written, then ENOSPC; other operations: ENOSPC
  kPowerCut,     // half of an append is written; this and every later operation fails
};

// A disk that fails when told to and forgets what was not synced, over the
// machine's own. The model is the strict one: a file keeps the bytes written
// before its last sync; a name made, changed or removed is safe once its folder
// is synced; what a failed sync was asked to keep is gone for good, even if a
// later sync succeeds. Nothing is really synced, so tests run fast.
//
// An operation is a create, append, truncate, sync, rename, remove or folder
// sync. Thread-safe, except LosePower, which wants the store closed.
class FaultFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultFileSystem();
  const char* Name() const override { return "FaultFileSystem"; }

  // Lets the operation fail that is the `nth` (from 1) from now on.
  void Arm(Fault fault, int64_t nth);
  bool fired() const;
  int64_t operations() const;

  // Leaves on disk what a power cut leaves: with `random` some of the bytes and
  // the first of the names that were not synced, otherwise none of them.
  void LosePower(std::mt19937_64* random = nullptr);

  using Status = rocksdb::IOStatus;
  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  Status NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSWritableFile>* file, Debug* debug) override;
  Status ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                            std::unique_ptr<rocksdb::FSWritableFile>* file, Debug* debug) override;
  // Would slip past the model; the engine does not use them.
  Status ReuseWritableFile(const std::string& name, const std::string& old_name,
                           const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file, Debug* debug) override;
  Status NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                         std::unique_ptr<rocksdb::FSRandomRWFile>* file, Debug* debug) override;
  Status LinkFile(const std::string& from, const std::string& to, const Options& options,
                  Debug* debug) override;
  Status Truncate(const std::string& name, size_t size, const Options& options,
                  Debug* debug) override;
  Status NewDirectory(const std::string& name, const Options& options,
                      std::unique_ptr<rocksdb::FSDirectory>* folder, Debug* debug) override;
  Status DeleteFile(const std::string& name, const Options& options, Debug* debug) override;
  Status RenameFile(const std::string& from, const std::string& to, const Options& options,
                    Debug* debug) override;

 private:
  class File;
  class Folder;
  // What is known of a file's bytes; shared by its name and its open handles.
  struct Content {
    uint64_t written = 0;
    uint64_t synced = 0;
    bool sync_failed = false;
  };
  // A change of names that its folder's sync has not yet made safe.
  struct Change {
    std::string folder;
    std::function<void()> undo;
    std::function<void()> settle;
  };

  // Counts an operation and gives the fault that is due; `half` is set if an
  // append is to write half of its bytes first.
  Status Begin(bool* half = nullptr);
  // The record of the file `name`, made from its size where there is none.
  std::shared_ptr<Content> ContentOf(const std::string& name);
  // Moves the file `name`, if there is one, to where no one looks.
  std::string Bury(const std::string& name);
  void Exhume(const std::string& grave, const std::string& name);
  void MoveContent(const std::string& from, const std::string& to);
  void Remember(const std::string& name, std::function<void()> undo, std::function<void()> settle);
  void SyncFolder(const std::string& folder);

  mutable std::mutex mutex_;  // guards what follows and every Content
  int64_t operations_ = 0;
  int64_t fault_at_ = -1;
  Fault fault_ = Fault::kIoError;
  bool fired_ = false;
  bool power_out_ = false;
  int64_t graves_ = 0;
  std::map<std::string, std::shared_ptr<Content>> contents_;
  std::vector<Change> changes_;
};

// The machine with `disk` in place of its own. RocksDB's naps (a second after
// each background error) are cut short.
std::shared_ptr<rocksdb::Env> EnvOn(const std::shared_ptr<FaultFileSystem>& disk);

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_FAULT_FILE_SYSTEM_H_
