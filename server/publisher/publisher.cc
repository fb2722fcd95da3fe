#include "server/publisher/publisher.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/codec/record_codec.h"

namespace steelyard::publisher {
namespace {

using ledger::PublicationLog;

// One edition holds at most about so much, so that its one write stays small.
constexpr size_t kMaxEditionBytes = size_t{16} << 20;
// Commits come in bursts. What is first shown of a quarter stays as coarse as
// it was then until many move at once, so a burst is let go by before.
constexpr auto kGather = std::chrono::seconds(1);
constexpr int kNice = 5;

absl::StatusOr<uint64_t> SequenceAt(const engine::Database& database,
                                    const engine::Snapshot* snapshot) {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database.Get(engine::Family::kMeta, codec::LedgerHeadKey(), snapshot));
  if (!bytes) return absl::DataLossError("the ledger's head is missing");
  ASSIGN_OR_RETURN(codec::LedgerHead head, codec::DecodeLedgerHead(*bytes));
  return head.sequence;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Publisher>> Publisher::Open(ledger::Ledger& ledger,
                                                           engine::Database& database,
                                                           editions::EditionStore& editions) {
  ASSIGN_OR_RETURN(ledger::PublishedHead head, PublicationLog(database).Head());
  editions.SetNewest(head.edition);
  return std::unique_ptr<Publisher>(new Publisher(ledger, database, editions, head));
}

Publisher::Publisher(ledger::Ledger& ledger, engine::Database& database,
                     editions::EditionStore& editions, ledger::PublishedHead head)
    : ledger_(ledger),
      database_(database),
      editions_(editions),
      log_(database),
      facts_(database),
      read_sequence_(head.sequence),
      head_(head) {}

Publisher::~Publisher() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Publisher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Publisher::Notify() {
  {
    std::lock_guard lock(mutex_);
    notified_ = true;
  }
  wake_.notify_one();
}

ledger::PublishedHead Publisher::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

void Publisher::Run() {
  // A council's upload comes before the country's figures.
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || notified_; });
    if (stopping_) return;
    notified_ = false;
    wake_.wait_for(lock, kGather, [this] { return stopping_; });
    lock.unlock();
    absl::StatusOr<bool> more = Step();
    lock.lock();
    if (!more.ok()) {
      Log(LogLevel::kError, "publishing_failed",
          {{"status", std::string(more.status().message())}});
      wake_.wait_for(lock, std::chrono::seconds(5), [this] { return stopping_; });
    }
    notified_ = notified_ || !more.ok() || *more;
  }
}

absl::Status Publisher::PublishAll() {
  while (true) {
    ASSIGN_OR_RETURN(bool more, Step());
    if (!more) return absl::OkStatus();
  }
}

absl::Status Publisher::RefreshRules() {
  const auto state = ledger_.state();
  if (rules_ == nullptr || rules_->registers().version != state->registers->version ||
      rules_->policy().version != state->policy.version) {
    rules_ = std::make_unique<SeriesPublisher>(state->registers, state->policy);
  }
  if (head().policy_version == state->policy.version) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<codec::SeriesYear> known, log_.Known());
  for (const codec::SeriesYear& series : known) {
    Dirty& dirty = dirty_[series];
    dirty.always = true;
    if (dirty.first_sequence == 0) dirty.first_sequence = head().sequence + 1;
  }
  return absl::OkStatus();
}

absl::Status Publisher::ReadTouched(uint64_t sequence, const engine::Snapshot* snapshot) {
  ASSIGN_OR_RETURN(std::vector<PublicationLog::Touched> touched,
                   log_.TouchedAfter(read_sequence_, snapshot));
  for (PublicationLog::Touched& t : touched) {
    for (const codec::SeriesYear& series : t.series) {
      Dirty& dirty = dirty_[series];
      if (dirty.first_sequence == 0) dirty.first_sequence = t.sequence;
    }
    t.series.clear();
    touched_.push_back(std::move(t));
  }
  read_sequence_ = sequence;
  return absl::OkStatus();
}

absl::Status Publisher::PublishSeries(const codec::SeriesYear& series, uint64_t sequence,
                                      const engine::Snapshot* snapshot, bool always,
                                      uint64_t edition, engine::Batch& batch,
                                      std::vector<codec::SeriesYear>& written) {
  SeriesInput input;
  input.series = series;
  input.sequence = sequence;
  ASSIGN_OR_RETURN(input.facts, facts_.Read(series, snapshot));
  ASSIGN_OR_RETURN(input.admitted, log_.ReadAdmitted(series));
  ASSIGN_OR_RETURN(input.released, editions_.Find({series.product, series.currency}, series.year));
  std::optional<SeriesRelease> release = rules_->Publish(input, always);
  if (!release) {
    // Nothing yet, but known: an eased policy may show it without a commit.
    if (input.admitted.cells.empty()) PublicationLog::PutAdmitted(series, {}, batch);
    return absl::OkStatus();
  }
  release->block.edition = edition;
  RETURN_IF_ERROR(editions_.Put(batch, release->block));
  PublicationLog::PutAdmitted(series, release->admitted, batch);
  written.push_back(series);
  return absl::OkStatus();
}

absl::StatusOr<bool> Publisher::Step() {
  absl::StatusOr<bool> more = TryStep();
  if (!more.ok()) {
    // What was taken off the list may not be written: read the list anew.
    dirty_.clear();
    touched_.clear();
    read_sequence_ = head().sequence;
  }
  return more;
}

absl::StatusOr<bool> Publisher::TryStep() {
  RETURN_IF_ERROR(RefreshRules());
  const std::shared_ptr<const engine::Snapshot> snapshot = database_.TakeSnapshot();
  ASSIGN_OR_RETURN(const uint64_t sequence, SequenceAt(database_, snapshot.get()));
  RETURN_IF_ERROR(ReadTouched(sequence, snapshot.get()));
  ledger::PublishedHead next = head();
  if (dirty_.empty() && next.sequence == sequence &&
      next.policy_version == rules_->policy().version) {
    return false;
  }

  engine::Batch batch;
  editions_.DropUnshown(batch);
  std::vector<codec::SeriesYear> written;
  auto it = next_ ? dirty_.lower_bound(*next_) : dirty_.begin();
  if (it == dirty_.end()) it = dirty_.begin();
  while (!dirty_.empty() && batch.bytes() < kMaxEditionBytes) {
    {
      std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    RETURN_IF_ERROR(PublishSeries(it->first, sequence, snapshot.get(), it->second.always,
                                  next.edition + 1, batch, written));
    it = dirty_.erase(it);
    if (it == dirty_.end()) break;
  }
  next_ = it == dirty_.end() ? std::nullopt : std::optional(it->first);

  next.sequence = sequence;
  for (const auto& [series, dirty] : dirty_) {
    next.sequence = std::min(next.sequence, dirty.first_sequence - 1);
  }
  if (!written.empty()) ++next.edition;
  if (dirty_.empty()) next.policy_version = rules_->policy().version;
  const auto done = std::partition_point(
      touched_.begin(), touched_.end(),
      [&](const PublicationLog::Touched& t) { return t.sequence <= next.sequence; });
  PublicationLog::DropTouched({touched_.begin(), done}, batch);
  PublicationLog::PutHead(next, batch);
  // What is shown is shown for good, so it is synced like any commit.
  RETURN_IF_ERROR(written.empty() ? database_.CommitUnsynced(std::move(batch))
                                  : database_.Commit(std::move(batch)));
  touched_.erase(touched_.begin(), done);
  if (!written.empty()) {
    std::vector<editions::EditionStore::BlockId> blocks;
    for (const codec::SeriesYear& s : written) blocks.push_back({{s.product, s.currency}, s.year});
    editions_.Publish(blocks, next.edition);
  }
  std::lock_guard lock(mutex_);
  head_ = next;
  return true;
}

}  // namespace steelyard::publisher
