#include "tests/support/fault_file_system.h"

#include <rocksdb/system_clock.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace steelyard::testing {
namespace {

namespace fs = std::filesystem;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string Normal(const std::string& path) { return fs::path(path).lexically_normal().string(); }
std::string FolderOf(const std::string& path) { return fs::path(path).parent_path().string(); }

class QuickClock final : public rocksdb::SystemClockWrapper {
 public:
  QuickClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "QuickClock"; }
  void SleepForMicroseconds(int micros) override {
    SystemClockWrapper::SleepForMicroseconds(std::min(micros, 1000));
  }
};

class FaultEnv final : public rocksdb::EnvWrapper {
 public:
  explicit FaultEnv(std::unique_ptr<rocksdb::Env> target) : EnvWrapper(std::move(target)) {
    system_clock_ = std::make_shared<QuickClock>();
  }
  const char* Name() const override { return "FaultEnv"; }
};

}  // namespace

// A file open for appending.
class FaultFileSystem::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile> target, FaultFileSystem& disk,
       std::shared_ptr<Content> content)
      : FSWritableFileOwnerWrapper(std::move(target)), disk_(disk), content_(std::move(content)) {}

  IOStatus Append(const Slice& data, const Options& options, Debug* debug) override {
    bool half = false;
    const IOStatus fault = disk_.Begin(&half);
    if (!fault.ok() && !half) return fault;
    const Slice part(data.data(), half ? data.size() / 2 : data.size());
    IOStatus status = FSWritableFileOwnerWrapper::Append(part, options, debug);
    if (status.ok()) {
      std::lock_guard lock(disk_.mutex_);
      content_->written += part.size();
    }
    return half ? fault : status;
  }
  IOStatus Append(const Slice& data, const Options& options,
                  const rocksdb::DataVerificationInfo& /*info*/, Debug* debug) override {
    return Append(data, options, debug);
  }
  IOStatus PositionedAppend(const Slice&, uint64_t, const Options&, Debug*) override {
    return IOStatus::NotSupported("the model only appends");
  }
  IOStatus PositionedAppend(const Slice&, uint64_t, const Options&,
                            const rocksdb::DataVerificationInfo&, Debug*) override {
    return IOStatus::NotSupported("the model only appends");
  }
  IOStatus Truncate(uint64_t size, const Options& options, Debug* debug) override {
    if (IOStatus fault = disk_.Begin(); !fault.ok()) return fault;
    IOStatus status = FSWritableFileOwnerWrapper::Truncate(size, options, debug);
    std::lock_guard lock(disk_.mutex_);
    content_->written = std::min(content_->written, size);
    content_->synced = std::min(content_->synced, size);
    return status;
  }
  IOStatus Sync(const Options& /*options*/, Debug* /*debug*/) override {
    IOStatus fault = disk_.Begin();
    std::lock_guard lock(disk_.mutex_);
    if (!fault.ok()) {
      content_->sync_failed = true;
    } else if (!content_->sync_failed) {
      content_->synced = content_->written;
    }
    return fault;
  }
  IOStatus Fsync(const Options& options, Debug* debug) override { return Sync(options, debug); }
  IOStatus RangeSync(uint64_t, uint64_t, const Options&, Debug*) override {
    return IOStatus::OK();  // a hint, keeps nothing
  }

 private:
  FaultFileSystem& disk_;
  const std::shared_ptr<Content> content_;
};

// A folder open for syncing.
class FaultFileSystem::Folder final : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(std::unique_ptr<rocksdb::FSDirectory> target, FaultFileSystem& disk, std::string name)
      : FSDirectoryWrapper(std::move(target)), disk_(disk), name_(std::move(name)) {}

  IOStatus Fsync(const Options& /*options*/, Debug* /*debug*/) override {
    IOStatus fault = disk_.Begin();
    if (fault.ok()) disk_.SyncFolder(name_);
    return fault;
  }
  IOStatus FsyncWithDirOptions(const Options& options, Debug* debug,
                               const rocksdb::DirFsyncOptions& /*reason*/) override {
    return Fsync(options, debug);
  }

 private:
  FaultFileSystem& disk_;
  const std::string name_;
};

FaultFileSystem::FaultFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FaultFileSystem::Arm(Fault fault, int64_t nth) {
  std::lock_guard lock(mutex_);
  fault_ = fault;
  fault_at_ = operations_ + nth;
  fired_ = false;
}

bool FaultFileSystem::fired() const {
  std::lock_guard lock(mutex_);
  return fired_;
}

int64_t FaultFileSystem::operations() const {
  std::lock_guard lock(mutex_);
  return operations_;
}

IOStatus FaultFileSystem::Begin(bool* half) {
  std::lock_guard lock(mutex_);
  if (power_out_) return IOStatus::IOError("the power is out");
  if (++operations_ != fault_at_) return IOStatus::OK();
  fired_ = true;
  if (half != nullptr) *half = fault_ == Fault::kShortAppend || fault_ == Fault::kPowerCut;
  power_out_ = fault_ == Fault::kPowerCut;
  if (fault_ == Fault::kNoSpace || fault_ == Fault::kShortAppend) {
    return IOStatus::NoSpace("injected: no space left");
  }
  return IOStatus::IOError("injected: input/output error");
}

std::shared_ptr<FaultFileSystem::Content> FaultFileSystem::ContentOf(const std::string& name) {
  std::shared_ptr<Content>& content = contents_[name];
  if (content == nullptr) {
    std::error_code missing;
    const auto size = fs::file_size(name, missing);
    content = std::make_shared<Content>();
    if (!missing) content->written = content->synced = size;
  }
  return content;
}

void FaultFileSystem::MoveContent(const std::string& from, const std::string& to) {
  contents_[to] = ContentOf(from);
  contents_.erase(from);
}

std::string FaultFileSystem::Bury(const std::string& name) {
  if (!fs::exists(name)) return "";
  // Beside its folder, so that a listing does not show it.
  std::string grave = FolderOf(name) + ".grave" + std::to_string(graves_++);
  MoveContent(name, grave);
  fs::rename(name, grave);
  return grave;
}

void FaultFileSystem::Exhume(const std::string& grave, const std::string& name) {
  if (!grave.empty()) fs::rename(grave, name);
}

void FaultFileSystem::Remember(const std::string& name, std::function<void()> undo,
                               std::function<void()> settle) {
  changes_.push_back({FolderOf(name), std::move(undo), std::move(settle)});
}

void FaultFileSystem::SyncFolder(const std::string& folder) {
  std::lock_guard lock(mutex_);
  std::erase_if(changes_, [&](const Change& change) {
    if (change.folder != folder) return false;
    change.settle();
    return true;
  });
}

void FaultFileSystem::LosePower(std::mt19937_64* random) {
  std::lock_guard lock(mutex_);
  const auto keep = [&](uint64_t least, uint64_t most) {
    return random == nullptr ? least : std::uniform_int_distribution(least, most)(*random);
  };
  for (const auto& [name, content] : contents_) {
    if (content->written > content->synced && fs::exists(name)) {
      fs::resize_file(name, keep(content->synced, content->written));
    }
  }
  // A journalling file system keeps changes of names in their order.
  for (uint64_t kept = keep(0, changes_.size()); changes_.size() > kept; changes_.pop_back()) {
    changes_.back().undo();
  }
  for (const Change& change : changes_) change.settle();
  changes_.clear();
  contents_.clear();
}

IOStatus FaultFileSystem::NewWritableFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* file,
                                          Debug* debug) {
  if (IOStatus fault = Begin(); !fault.ok()) return fault;
  std::lock_guard lock(mutex_);
  const std::string path = Normal(name);
  const std::string grave = Bury(path);
  std::unique_ptr<rocksdb::FSWritableFile> made;
  IOStatus status = FileSystemWrapper::NewWritableFile(path, options, &made, debug);
  if (!status.ok()) return status;
  Remember(
      path,
      [this, path, grave] {
        fs::remove(path);
        Exhume(grave, path);
      },
      [grave] { fs::remove(grave); });
  *file = std::make_unique<File>(std::move(made), *this, ContentOf(path));
  return status;
}

IOStatus FaultFileSystem::ReopenWritableFile(const std::string& name,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                                             Debug* debug) {
  const std::string path = Normal(name);
  if (!fs::exists(path)) return NewWritableFile(name, options, file, debug);
  if (IOStatus fault = Begin(); !fault.ok()) return fault;
  std::lock_guard lock(mutex_);
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  IOStatus status = FileSystemWrapper::ReopenWritableFile(path, options, &opened, debug);
  if (status.ok()) *file = std::make_unique<File>(std::move(opened), *this, ContentOf(path));
  return status;
}

IOStatus FaultFileSystem::ReuseWritableFile(const std::string&, const std::string&,
                                            const rocksdb::FileOptions&,
                                            std::unique_ptr<rocksdb::FSWritableFile>*, Debug*) {
  return IOStatus::NotSupported("the model does not reuse files");
}

IOStatus FaultFileSystem::NewRandomRWFile(const std::string&, const rocksdb::FileOptions&,
                                          std::unique_ptr<rocksdb::FSRandomRWFile>*, Debug*) {
  return IOStatus::NotSupported("the model only appends");
}

IOStatus FaultFileSystem::LinkFile(const std::string&, const std::string&, const Options&, Debug*) {
  return IOStatus::NotSupported("the model does not link files");
}

IOStatus FaultFileSystem::Truncate(const std::string& name, size_t size, const Options& options,
                                   Debug* debug) {
  if (IOStatus fault = Begin(); !fault.ok()) return fault;
  std::lock_guard lock(mutex_);
  const std::shared_ptr<Content> content = ContentOf(Normal(name));
  content->written = std::min<uint64_t>(content->written, size);
  content->synced = std::min<uint64_t>(content->synced, size);
  return FileSystemWrapper::Truncate(name, size, options, debug);
}

IOStatus FaultFileSystem::NewDirectory(const std::string& name, const Options& options,
                                       std::unique_ptr<rocksdb::FSDirectory>* folder,
                                       Debug* debug) {
  std::unique_ptr<rocksdb::FSDirectory> opened;
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, &opened, debug);
  if (status.ok()) *folder = std::make_unique<Folder>(std::move(opened), *this, Normal(name));
  return status;
}

IOStatus FaultFileSystem::DeleteFile(const std::string& name, const Options& options,
                                     Debug* debug) {
  const std::string path = Normal(name);
  if (!fs::exists(path)) return FileSystemWrapper::DeleteFile(path, options, debug);
  if (IOStatus fault = Begin(); !fault.ok()) return fault;
  std::lock_guard lock(mutex_);
  const std::string grave = Bury(path);
  Remember(
      path, [this, path, grave] { Exhume(grave, path); }, [grave] { fs::remove(grave); });
  return IOStatus::OK();
}

IOStatus FaultFileSystem::RenameFile(const std::string& from, const std::string& to,
                                     const Options& options, Debug* debug) {
  const std::string source = Normal(from);
  const std::string target = Normal(to);
  if (!fs::exists(source)) return FileSystemWrapper::RenameFile(from, to, options, debug);
  if (IOStatus fault = Begin(); !fault.ok()) return fault;
  std::lock_guard lock(mutex_);
  const std::string grave = Bury(target);
  MoveContent(source, target);
  fs::rename(source, target);
  Remember(
      target,
      [this, source, target, grave] {
        fs::rename(target, source);
        Exhume(grave, target);
      },
      [grave] { fs::remove(grave); });
  return IOStatus::OK();
}

std::shared_ptr<rocksdb::Env> EnvOn(const std::shared_ptr<FaultFileSystem>& disk) {
  return std::make_shared<FaultEnv>(rocksdb::NewCompositeEnv(disk));
}

}  // namespace steelyard::testing
