#include "storage/engine/commit_mark.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/engine/unique_fd.h"

namespace steelyard::engine {
namespace {

constexpr std::string_view kMagic = "STLYMRK1";
constexpr size_t kHashBytes = 32;
constexpr size_t kBodyBytes = 8 + kHashBytes;
constexpr size_t kRecordBytes = kBodyBytes + 4;

absl::Status IoError(std::string_view doing, const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot ",
                                             absl::string_view(doing.data(), doing.size()), " ",
                                             path, ": ", std::strerror(errno)));
}

template <typename Int>
void PutLittleEndian(Int value, std::string& out) {
  for (size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

template <typename Int>
Int GetLittleEndian(std::string_view bytes) {
  Int value = 0;
  for (size_t i = sizeof value; i-- > 0;) {
    value = static_cast<Int>(value << 8 | static_cast<unsigned char>(bytes[i]));
  }
  return value;
}

std::string Encode(const Mark& mark) {
  std::string record;
  PutLittleEndian(mark.sequence, record);
  record += mark.running_hash;
  PutLittleEndian(Crc32c(record), record);
  return record;
}

// The mark in `record`, or nothing if its checksum does not fit.
std::optional<Mark> Decode(std::string_view record) {
  if (record.size() < kRecordBytes) return std::nullopt;
  const auto crc = GetLittleEndian<uint32_t>(record.substr(kBodyBytes));
  if (Crc32c(record.substr(0, kBodyBytes)) != crc) return std::nullopt;
  return Mark{GetLittleEndian<uint64_t>(record), std::string(record.substr(8, kHashBytes))};
}

bool IsZero(std::string_view bytes) { return bytes.find_first_not_of('\0') == bytes.npos; }

absl::StatusOr<std::string> ReadAll(const UniqueFd& fd, const std::string& path) {
  std::string content;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t n = read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return IoError("read", path);
    if (n == 0) return content;
    content.append(buffer.data(), static_cast<size_t>(n));
  }
}

bool WriteAt(const UniqueFd& fd, std::string_view bytes, uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t n = pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<uint64_t>(n);
  }
  return true;
}

// Puts a file at `path` that holds `mark` alone; it is there whole or not at all.
absl::StatusOr<UniqueFd> WriteFresh(const std::string& path, const std::optional<Mark>& mark) {
  const std::string temporary = path + ".new";
  std::string content = std::string(kMagic) + (mark ? Encode(*mark) : "");
  content.resize(CommitMark::kFileBytes);
  UniqueFd fd(temporary, O_RDWR | O_CREAT | O_TRUNC);
  if (!fd.ok() || !WriteAt(fd, content, 0) || fsync(fd.get()) != 0 ||
      std::rename(temporary.c_str(), path.c_str()) != 0 ||
      !SyncFolder(std::filesystem::absolute(path).parent_path().string())) {
    return IoError("write", path);
  }
  return fd;
}

}  // namespace

struct CommitMark::State {
  std::string path;
  UniqueFd fd;
  uint64_t end = 0;  // of the records

  mutable std::mutex mutex;  // guards what follows; fd and end belong to the flushing thread
  std::condition_variable flushed;
  std::optional<Mark> durable;
  std::optional<Mark> waiting;  // the highest handed in and not yet taken to disk
  bool flushing = false;
  absl::Status broken;

  absl::Status Load();
  absl::Status Flush(const Mark& mark);
};

absl::Status CommitMark::State::Load() {
  fd = UniqueFd(path, O_RDWR);
  if (!fd.ok()) {
    if (errno != ENOENT) return IoError("open", path);
    ASSIGN_OR_RETURN(fd, WriteFresh(path, std::nullopt));
    end = kMagic.size();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string content, ReadAll(fd, path));
  std::string_view rest = content;
  if (!rest.starts_with(kMagic) || rest.size() != kFileBytes) {
    return absl::DataLossError(absl::StrCat(path, " does not look like a commit mark"));
  }
  rest.remove_prefix(kMagic.size());
  while (!IsZero(rest)) {
    std::optional<Mark> mark = Decode(rest.substr(0, kRecordBytes));
    if (!mark && IsZero(rest.substr(std::min(kRecordBytes, rest.size())))) break;  // torn
    if (!mark || (durable && mark->sequence <= durable->sequence)) {
      return absl::DataLossError(
          absl::StrCat(path, " is damaged at byte ", content.size() - rest.size()));
    }
    durable = std::move(mark);
    rest.remove_prefix(kRecordBytes);
  }
  end = content.size() - rest.size();
  return absl::OkStatus();
}

absl::Status CommitMark::State::Flush(const Mark& mark) {
  if (end + kRecordBytes > kFileBytes) {
    ASSIGN_OR_RETURN(fd, WriteFresh(path, mark));
    end = kMagic.size() + kRecordBytes;
    return absl::OkStatus();
  }
  if (!WriteAt(fd, Encode(mark), end) || fdatasync(fd.get()) != 0) return IoError("write", path);
  end += kRecordBytes;
  return absl::OkStatus();
}

CommitMark::CommitMark(std::unique_ptr<State> state) : state_(std::move(state)) {}
CommitMark::CommitMark(CommitMark&&) noexcept = default;
CommitMark& CommitMark::operator=(CommitMark&&) noexcept = default;
CommitMark::~CommitMark() = default;

absl::StatusOr<CommitMark> CommitMark::Open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  RETURN_IF_ERROR(state->Load());
  return CommitMark(std::move(state));
}

absl::Status CommitMark::Append(uint64_t sequence, std::string_view running_hash) {
  if (running_hash.size() != kHashBytes) {
    return absl::InvalidArgumentError("a running hash has 32 bytes");
  }
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  if (!s.waiting || s.waiting->sequence < sequence) {
    s.waiting = Mark{sequence, std::string(running_hash)};
  }
  // One thread writes the highest mark for all who wait: it vouches for theirs.
  while (s.broken.ok() && (!s.durable || s.durable->sequence < sequence)) {
    if (s.flushing) {
      s.flushed.wait(lock);
      continue;
    }
    const Mark mark = *s.waiting;
    s.flushing = true;
    lock.unlock();
    absl::Status status = s.Flush(mark);
    lock.lock();
    s.flushing = false;
    if (status.ok()) {
      s.durable = mark;
    } else {
      s.broken = std::move(status);
    }
    s.flushed.notify_all();
  }
  if (s.durable && s.durable->sequence >= sequence) return absl::OkStatus();
  return s.broken;
}

std::optional<Mark> CommitMark::last() const {
  std::lock_guard lock(state_->mutex);
  return state_->durable;
}

}  // namespace steelyard::engine
