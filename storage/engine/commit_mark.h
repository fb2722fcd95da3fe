#ifndef STEELYARD_STORAGE_ENGINE_COMMIT_MARK_H_
#define STEELYARD_STORAGE_ENGINE_COMMIT_MARK_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace steelyard::engine {

// How far the ledger had got: the number of a commit and the hash that runs
// over all commits up to it.
struct Mark {
  uint64_t sequence = 0;
  std::string running_hash;  // 32 bytes
  friend bool operator==(const Mark&, const Mark&) = default;
};

// A second witness of what was acknowledged, in a file apart from the store: a
// log that lost its synced tail opens without complaint, but behind the mark.
//
//   file    = "STLYMRK1" record* zeros, kFileBytes long from the start, so that
//             flushing a record moves no other block of the disk
//   record  = sequence (8 bytes, little-endian), running hash (32 bytes),
//             CRC-32C of the 40 bytes before (4 bytes, little-endian)
//
// Only the last record can be torn by a power cut, since each is flushed before
// the next is written: damage before others is told apart. Movable; Append and last are
// thread-safe.
class CommitMark {
 public:
  // The file's name in the data folder.
  static constexpr std::string_view kFileName = "commits.mark";
  // A full file is replaced by one that holds the last record only.
  static constexpr uint64_t kFileBytes = uint64_t{256} << 10;

  // Opens the file at `path`, or makes it. A torn last record is ignored.
  // DATA_LOSS if the file is damaged anywhere else, UNAVAILABLE on an I/O error.
  static absl::StatusOr<CommitMark> Open(const std::string& path);

  CommitMark(CommitMark&&) noexcept;
  CommitMark& operator=(CommitMark&&) noexcept;
  ~CommitMark();

  // Records that the commit numbered `sequence` is in the store and gave
  // `running_hash` (32 bytes). On OK a mark at or past `sequence` survives a
  // power cut. Concurrent calls share one disk flush and may come in any order;
  // the highest sequence wins. UNAVAILABLE on an I/O error, and from then on:
  // the commit must not be acknowledged. INVALID_ARGUMENT on a wrong hash size.
  absl::Status Append(uint64_t sequence, std::string_view running_hash);

  // The highest mark known to be on disk; none in a new file.
  std::optional<Mark> last() const;

 private:
  struct State;
  explicit CommitMark(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_COMMIT_MARK_H_
