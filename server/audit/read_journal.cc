#include "server/audit/read_journal.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/errors.h"
#include "storage/base/log.h"
#include "storage/base/text.h"

namespace steelyard::audit {
namespace {

constexpr char kSystem[] = "system";

std::string_view Cut(std::string_view& rest) {
  const size_t end = rest.find('\0');
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

model::AuditEntry EntryOf(std::string_view key, int64_t first_unix_micros, int64_t times) {
  model::AuditEntry entry;
  entry.unix_micros = first_unix_micros;
  entry.principal = std::string(Cut(key));
  entry.action = std::string(Cut(key));
  entry.resource = std::string(key);
  if (times > 1) entry.detail = absl::StrCat(times, " times");
  return entry;
}

}  // namespace

ReadJournal::ReadJournal(ledger::Ledger& ledger, Clock& clock,
                         absl::flat_hash_map<std::string, int64_t> uses)
    : ledger_(ledger),
      clock_(clock),
      uses_(std::move(uses)),
      uses_written_(clock.Now()),
      thread_([this] { Run(); }) {}

ReadJournal::~ReadJournal() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

absl::Status ReadJournal::Record(std::string_view principal, std::string_view action,
                                 std::string_view resource) {
  const int64_t now = absl::ToUnixMicros(clock_.Now());
  std::string key;
  key.reserve(principal.size() + action.size() + resource.size() + 2);
  key.append(principal).push_back('\0');
  key.append(action).push_back('\0');
  key.append(resource);
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    const auto found = looks_.find(key);
    if (found != looks_.end()) {
      ++found->second.times;
      return absl::OkStatus();
    }
    if (looks_.size() + group_.size() >= kMaxWaiting) return rpc::error::NotRecorded();
    looks_.emplace(std::move(key), Look{now, 1});
    // The first wakes the thread, which gathers for a moment; a full group
    // ends that.
    wake = looks_.size() == 1 || looks_.size() == kMaxGroup;
  }
  if (wake) wake_.notify_one();
  return absl::OkStatus();
}

void ReadJournal::Use(std::string_view token) {
  const int64_t now = absl::ToUnixMicros(clock_.Now());
  std::lock_guard lock(uses_mutex_);
  int64_t& last = uses_[Av(token)];
  // Within the second it is the same use, which keeps this cheap.
  if (now - last < 1'000'000 && last != 0) return;
  last = now;
  changed_uses_[Av(token)] = now;
}

int64_t ReadJournal::LastUse(std::string_view token) const {
  std::lock_guard lock(uses_mutex_);
  const auto found = uses_.find(Av(token));
  return found == uses_.end() ? 0 : found->second;
}

size_t ReadJournal::waiting() const {
  std::lock_guard lock(mutex_);
  return looks_.size() + group_.size();
}

void ReadJournal::Flush() {
  std::unique_lock lock(mutex_);
  flushing_ = true;
  failed_ = false;
  wake_.notify_one();
  idle_.wait(lock, [this] { return (looks_.empty() && group_.empty()) || failed_ || stopping_; });
  flushing_ = false;
}

void ReadJournal::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const bool due_uses = !wake_.wait_for(lock, absl::ToChronoSeconds(kWriteUses), [this] {
      return stopping_ || flushing_ || !looks_.empty() || !group_.empty();
    });
    if (!stopping_ && !flushing_ && !due_uses) {
      wake_.wait_for(lock, absl::ToChronoMilliseconds(kGather),
                     [this] { return stopping_ || flushing_ || looks_.size() >= kMaxGroup; });
    }
    bool taken = true;
    do {
      taken = CommitGroup(lock);
    } while (taken && (stopping_ || flushing_ || looks_.size() >= kMaxGroup) && !looks_.empty());
    failed_ = !taken;
    idle_.notify_all();
    if (stopping_) return;
    if (flushing_ || !taken) {
      // Whoever flushes must see it; what was refused is tried again later.
      wake_.wait_for(lock, absl::ToChronoMilliseconds(kGather), [this] { return stopping_; });
    }
  }
}

bool ReadJournal::CommitGroup(std::unique_lock<std::mutex>& lock) {
  if (group_.empty()) {
    auto it = looks_.begin();
    while (it != looks_.end() && group_.size() < kMaxGroup) {
      group_.push_back(EntryOf(it->first, it->second.first_unix_micros, it->second.times));
      looks_.erase(it++);
    }
    std::sort(group_.begin(), group_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.unix_micros, a.principal, a.action, a.resource) <
             std::tie(b.unix_micros, b.principal, b.action, b.resource);
    });
  }
  ledger::RecordReads command;
  command.reads = group_;
  const bool stopping = stopping_;
  lock.unlock();
  const absl::Time now = clock_.Now();
  command.meta = {absl::ToUnixMicros(now), kSystem};
  absl::flat_hash_map<std::string, int64_t> uses;
  if (stopping || now - uses_written_ >= kWriteUses) {
    std::lock_guard uses_lock(uses_mutex_);
    uses.swap(changed_uses_);
    uses_written_ = now;
  }
  for (const auto& [token, micros] : uses) command.uses.push_back({token, micros});
  std::sort(command.uses.begin(), command.uses.end(),
            [](const auto& a, const auto& b) { return a.token < b.token; });
  absl::Status done;
  if (!command.reads.empty() || !command.uses.empty()) {
    done = ledger_.Execute(std::move(command)).status();
  }
  if (!done.ok()) {
    Log(LogLevel::kError, "looks_not_recorded", {{"status", std::string(done.message())}});
    std::lock_guard uses_lock(uses_mutex_);
    for (const auto& [token, micros] : uses) changed_uses_.try_emplace(token, micros);
  }
  lock.lock();
  if (done.ok()) group_.clear();
  return done.ok();
}

}  // namespace steelyard::audit
