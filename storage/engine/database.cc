#include "storage/engine/database.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/engine/database_state.h"
#include "storage/engine/iterator_state.h"
#include "storage/engine/rocks_status.h"
#include "storage/engine/tuning.h"

namespace steelyard::engine {
namespace {

class PinnedSnapshot final : public Snapshot {
 public:
  explicit PinnedSnapshot(rocksdb::DB& db) : db_(db), rocks_(db.GetSnapshot()) {}
  ~PinnedSnapshot() override { db_.ReleaseSnapshot(rocks_); }

  const rocksdb::Snapshot* rocks() const { return rocks_; }

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* rocks_;
};

rocksdb::ReadOptions ReadAt(const Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  if (snapshot != nullptr) options.snapshot = static_cast<const PinnedSnapshot*>(snapshot)->rocks();
  return options;
}

rocksdb::Slice SliceOf(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

std::string Reading(Family family) { return absl::StrCat("read ", Av(FamilyName(family))); }

}  // namespace

absl::Status Database::Commit(Batch&& batch) { return Write(batch, /*sync=*/true); }
absl::Status Database::CommitFromReserve(Batch&& batch) {
  return Write(batch, /*sync=*/true, /*reserve=*/true);
}
absl::Status Database::CommitUnsynced(Batch&& batch) { return Write(batch, /*sync=*/false); }

absl::Status Database::Write(const Batch& batch, bool sync, bool reserve) {
  if (!healthy()) {
    return absl::UnavailableError("an earlier write failed: the store must be opened again");
  }
  RETURN_IF_ERROR(state_->space->Admit(static_cast<int64_t>(batch.bytes()), reserve));
  rocksdb::WriteBatch writes = MakeWriteBatch(batch.bytes());
  rocksdb::Status status;
  batch.ForEach(
      [&](Family family, std::string_view key, std::string_view value) {
        if (!status.ok()) return;
        status = writes.Put(state_->handle(family), SliceOf(key), SliceOf(value));
      },
      [&](Family family, std::string_view key) {
        if (!status.ok()) return;
        status = writes.Delete(state_->handle(family), SliceOf(key));
      });
  if (!status.ok()) return FromRocks(status, "gather a commit");  // nothing written
  rocksdb::WriteOptions options;
  options.sync = sync;
  status = state_->db->Write(options, &writes);
  if (status.ok()) return absl::OkStatus();
  state_->health->Fail("commit", status);
  return absl::UnavailableError(
      absl::StrCat("the outcome of the commit is unknown: ", status.ToString()));
}

absl::StatusOr<std::optional<std::string>> Database::Get(Family family, std::string_view key,
                                                         const Snapshot* snapshot) const {
  std::string value;
  const rocksdb::Status status =
      state_->db->Get(ReadAt(snapshot), state_->handle(family), SliceOf(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return FromRocks(status, Reading(family));
  return value;
}

absl::StatusOr<std::vector<std::optional<std::string>>> Database::MultiGet(
    Family family, const std::vector<std::string_view>& keys, const Snapshot* snapshot) const {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (std::string_view key : keys) slices.push_back(SliceOf(key));
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  state_->db->MultiGet(ReadAt(snapshot), state_->handle(family), keys.size(), slices.data(),
                       values.data(), statuses.data());
  std::vector<std::optional<std::string>> found(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return FromRocks(statuses[i], Reading(family));
    found[i].emplace(values[i].data(), values[i].size());
  }
  return found;
}

std::unique_ptr<Iterator> Database::Scan(Family family, std::string_view lower,
                                         std::string_view upper, const Snapshot* snapshot) const {
  return MakeIterator(family, lower, upper, snapshot, /*ascending=*/true);
}

std::unique_ptr<Iterator> Database::ScanBack(Family family, std::string_view lower,
                                             std::string_view upper,
                                             const Snapshot* snapshot) const {
  return MakeIterator(family, lower, upper, snapshot, /*ascending=*/false);
}

std::unique_ptr<Iterator> Database::MakeIterator(Family family, std::string_view lower,
                                                 std::string_view upper, const Snapshot* snapshot,
                                                 bool ascending) const {
  auto state = std::make_unique<Iterator::State>();
  state->ascending = ascending;
  state->lower = lower;
  state->upper = upper;
  state->lower_bound = state->lower;
  state->upper_bound = state->upper;
  rocksdb::ReadOptions options = ReadAt(snapshot);
  options.iterate_lower_bound = &state->lower_bound;
  if (!upper.empty()) options.iterate_upper_bound = &state->upper_bound;
  state->rocks.reset(state_->db->NewIterator(options, state_->handle(family)));
  if (ascending) {
    state->rocks->SeekToFirst();
  } else {
    state->rocks->SeekToLast();
  }
  return std::unique_ptr<Iterator>(new Iterator(std::move(state)));
}

std::shared_ptr<const Snapshot> Database::TakeSnapshot() const {
  return std::make_shared<PinnedSnapshot>(*state_->db);
}

bool Database::healthy() const { return state_->health->ok(); }
bool Database::writable() const { return healthy() && state_->space->Admit(0).ok(); }
int64_t Database::free_bytes() const { return state_->space->FreeBytes(); }

int64_t Database::disk_bytes() const {
  namespace fs = std::filesystem;
  int64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator it(state_->path, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code gone;  // files come and go beside us
    const auto size = it->file_size(gone);
    if (!gone && it->path().filename() != SpaceGuard::kBallastName) {
      bytes += static_cast<int64_t>(size);
    }
  }
  return bytes;
}

absl::Status Database::Flush() {
  return FromRocks(state_->db->Flush(rocksdb::FlushOptions(), state_->handles), "flush");
}

absl::Status Database::Compact() {
  RETURN_IF_ERROR(Flush());
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  for (rocksdb::ColumnFamilyHandle* handle : state_->handles) {
    RETURN_IF_ERROR(
        FromRocks(state_->db->CompactRange(options, handle, nullptr, nullptr), "compact"));
  }
  return absl::OkStatus();
}

absl::Status Database::VerifyChecksums() const {
  const rocksdb::ReadOptions options;
  RETURN_IF_ERROR(FromRocks(state_->db->VerifyFileChecksums(options), "verify the tables"));
  return FromRocks(state_->db->VerifyChecksum(options), "verify the blocks");
}

}  // namespace steelyard::engine
