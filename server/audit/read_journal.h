#ifndef STEELYARD_SERVER_AUDIT_READ_JOURNAL_H_
#define STEELYARD_SERVER_AUDIT_READ_JOURNAL_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::audit {

// Puts looks on record: gathers them for a moment and commits them together,
// so that a look costs no disk flush of its own. The same look by the same
// caller within one moment is one entry that says how often. Also keeps when
// tokens were last used, and writes that now and then.
//
// A look is on disk within kGather of being shown, if the server lives so
// long. When the disk does not keep up, nothing more is shown: see Record.
// Thread-safe.
class ReadJournal {
 public:
  static constexpr absl::Duration kGather = absl::Milliseconds(200);
  static constexpr size_t kMaxGroup = 1'000;     // entries of one commit
  static constexpr size_t kMaxWaiting = 20'000;  // entries not yet on disk
  static constexpr absl::Duration kWriteUses = absl::Minutes(5);

  // Does not own what it is given, which must outlive it. `uses`: when tokens
  // were last used, as ledger::ReadTokenUses says.
  ReadJournal(ledger::Ledger& ledger, Clock& clock, absl::flat_hash_map<std::string, int64_t> uses);
  // Writes what waits.
  ~ReadJournal();
  ReadJournal(const ReadJournal&) = delete;
  ReadJournal& operator=(const ReadJournal&) = delete;

  // `principal` (a token id) is about to be shown `resource` by `action`.
  // RESOURCE_EXHAUSTED (NOT_RECORDED) if too many wait: do not show it.
  absl::Status Record(std::string_view principal, std::string_view action,
                      std::string_view resource);

  // A token was used.
  void Use(std::string_view token);
  // When it was last used, in microseconds; 0 if never.
  int64_t LastUse(std::string_view token) const;

  // Entries that are not yet on disk.
  size_t waiting() const;

  // Waits until all that was recorded before is on disk, or cannot be written.
  void Flush();

 private:
  // Of a look: who, what, at what, with NULs between.
  using Key = std::string;
  struct Look {
    int64_t first_unix_micros = 0;
    int64_t times = 0;
  };
  using Looks = absl::flat_hash_map<Key, Look>;

  void Run();
  // Commits one group; false if the store did not take it.
  bool CommitGroup(std::unique_lock<std::mutex>& lock);

  ledger::Ledger& ledger_;
  Clock& clock_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  Looks looks_;                           // not yet in a commit
  std::vector<model::AuditEntry> group_;  // in the commit under way, or to be tried again
  bool stopping_ = false;
  bool flushing_ = false;
  bool failed_ = false;  // the last commit was refused

  mutable std::mutex uses_mutex_;
  absl::flat_hash_map<std::string, int64_t> uses_;
  absl::flat_hash_map<std::string, int64_t> changed_uses_;  // not yet on disk
  absl::Time uses_written_;

  std::thread thread_;
};

}  // namespace steelyard::audit

#endif  // STEELYARD_SERVER_AUDIT_READ_JOURNAL_H_
