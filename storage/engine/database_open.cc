// Opening and closing a store; what it does in between is in database.cc.

#include <rocksdb/options.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/base/status_macros.h"
#include "storage/engine/database_state.h"
#include "storage/engine/environment.h"
#include "storage/engine/rocks_status.h"
#include "storage/engine/tuning.h"
#include "storage/engine/unique_fd.h"

namespace steelyard::engine {
namespace {

namespace fs = std::filesystem;

// Room for manifest, options and directory blocks beside the replayed log.
constexpr int64_t kOpenBytes = int64_t{4} << 20;

// What lies in a folder before RocksDB looks.
struct Remains {
  bool current = false;  // the file that makes a folder a store
  bool data = false;     // tables or logs
  int64_t log_bytes = 0;
};

absl::StatusOr<Remains> LookInto(const std::string& path) {
  Remains remains;
  std::error_code error;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    const fs::path extension = it->path().extension();
    remains.current |= it->path().filename() == "CURRENT";
    remains.data |= extension == ".sst" || extension == ".log";
    std::error_code gone;
    const auto size = extension == ".log" ? it->file_size(gone) : 0;
    if (!gone) remains.log_bytes += static_cast<int64_t>(size);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return absl::UnavailableError(absl::StrCat("cannot read ", path, ": ", error.message()));
  }
  return remains;
}

// Makes the folder, so that it survives a power cut.
absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  const fs::path parent = fs::absolute(path).lexically_normal().parent_path();
  if (error || !SyncFolder(parent.string())) {
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", path, ": ",
                                               error ? error.message() : "not synced"));
  }
  return absl::OkStatus();
}

absl::Status CheckRemains(const std::string& path, const Remains& remains, bool create) {
  if (remains.current) return absl::OkStatus();
  if (remains.data) {
    // RocksDB would take the folder for a new one and delete what is there.
    return absl::DataLossError(absl::StrCat("the store in ", path, " has lost its file CURRENT"));
  }
  if (create) return MakeFolder(path);
  return absl::NotFoundError(absl::StrCat("there is no store in ", path));
}

absl::Status OpenError(const rocksdb::Status& status, const std::string& path) {
  const std::string text = status.ToString();
  if (status.IsIOError() && text.find("/LOCK") != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store in ", path, " is in use by another server (", text, ")"));
  }
  if (status.IsInvalidArgument() && text.find("olumn famil") != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store in ", path, " was written by a later version (", text, ")"));
  }
  return FromRocks(status, absl::StrCat("open the store in ", path));
}

}  // namespace

Database::State::~State() {
  if (db == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
  if (const rocksdb::Status closed = db->Close(); !closed.ok()) health->Fail("close", closed);
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& path,
                                                         const OpenOptions& options) {
  ASSIGN_OR_RETURN(const Remains remains, LookInto(path));
  RETURN_IF_ERROR(CheckRemains(path, remains, options.create_if_missing));

  auto state = std::make_unique<State>();
  state->path = path;
  state->environment = options.environment;
  const Environment* environment = options.environment.get();
  state->space =
      std::make_unique<SpaceGuard>(path, options.min_free_bytes, options.ballast_bytes,
                                   environment != nullptr ? environment->measure : MeasureSpace());
  RETURN_IF_ERROR(state->space->MakeRoom(remains.log_bytes + kOpenBytes));

  const auto cache = MakeCache(options.cache_bytes);
  rocksdb::DBOptions store = StoreOptions(options.cache_bytes, cache);
  store.create_if_missing = !remains.current;
  if (options.salvage_log) {
    store.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  }
  store.listeners = {state->health};
  if (environment != nullptr && environment->env != nullptr) store.env = environment->env.get();
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (size_t i = 0; i < kFamilyCount; ++i) {
    const auto family = static_cast<Family>(i);
    families.emplace_back(std::string(FamilyName(family)), FamilyOptions(family, cache));
  }
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, FamilyOptions(Family::kMeta, cache));

  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(store, path, families, &state->handles, &db);
  if (!opened.ok()) return OpenError(opened, path);
  state->db.reset(db);
  (void)state->space->Admit(0);  // lays the ballast down where there is room
  return std::unique_ptr<Database>(new Database(std::move(state)));
}

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

}  // namespace steelyard::engine
