#include "server/publisher/publisher.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/time/time.h"
#include "server/publisher/head_time.h"
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

}  // namespace

struct Publisher::Edition {
  uint64_t sequence = 0;  // of the newest commit it knows
  model::Day today;       // of that commit
  std::shared_ptr<const engine::Snapshot> snapshot;
  uint64_t number = 0;
  engine::Batch batch;
  std::vector<codec::SeriesYear> series;
  editions::OutcomeStore::Blocks outcomes;
  bool empty() const { return series.empty() && outcomes.empty(); }
};

absl::StatusOr<std::unique_ptr<Publisher>> Publisher::Open(
    ledger::Ledger& ledger, engine::Database& database, editions::EditionStore& editions,
    editions::OutcomeStore& outcomes, std::chrono::milliseconds outcome_settle) {
  ASSIGN_OR_RETURN(ledger::PublishedHead head, PublicationLog(database).Head());
  editions.SetNewest(head.edition);
  outcomes.SetNewest(head.edition);
  return std::unique_ptr<Publisher>(
      new Publisher(ledger, database, editions, outcomes, outcome_settle, head));
}

Publisher::Publisher(ledger::Ledger& ledger, engine::Database& database,
                     editions::EditionStore& editions, editions::OutcomeStore& outcomes,
                     std::chrono::milliseconds outcome_settle, ledger::PublishedHead head)
    : ledger_(ledger),
      database_(database),
      editions_(editions),
      outcomes_(outcomes),
      log_(database),
      facts_(database),
      outcome_work_(database, outcomes, outcome_settle),
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
    const auto awake = [this] { return stopping_ || notified_; };
    if (const auto ready = outcome_work_.NextReady()) {
      wake_.wait_until(lock, *ready, awake);
    } else {
      wake_.wait(lock, awake);
    }
    if (stopping_) return;
    notified_ = false;
    wake_.wait_for(lock, kGather, [this] { return stopping_; });
    lock.unlock();
    absl::StatusOr<bool> more = Step(false);
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
    ASSIGN_OR_RETURN(bool more, Step(true));
    if (!more) return absl::OkStatus();
  }
}

absl::Status Publisher::RefreshRules() {
  const auto state = ledger_.state();
  if (rules_ == nullptr || rules_->registers().version != state->registers->version ||
      rules_->policy().version != state->policy.version) {
    rules_ = std::make_unique<SeriesPublisher>(state->registers, state->policy);
    outcome_rules_ = std::make_unique<OutcomePublisher>(state->registers, state->policy);
  }
  // Once for each policy: it may take several steps.
  if (head().policy_version == state->policy.version || touched_policy_ == state->policy.version) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::vector<codec::SeriesYear> known, log_.Known());
  for (const codec::SeriesYear& series : known) {
    Dirty& dirty = dirty_[series];
    dirty.always = true;
    if (dirty.first_sequence == 0) dirty.first_sequence = head().sequence + 1;
  }
  RETURN_IF_ERROR(outcome_work_.TouchAll(head().sequence + 1));
  touched_policy_ = state->policy.version;
  return absl::OkStatus();
}

absl::Status Publisher::ReadTouched(uint64_t sequence, const engine::Snapshot* snapshot) {
  ASSIGN_OR_RETURN(std::vector<PublicationLog::Touched> touched,
                   log_.TouchedAfter(read_sequence_, snapshot));
  const auto now = std::chrono::steady_clock::now();
  for (PublicationLog::Touched& t : touched) {
    for (const codec::OutcomeYear& year : t.outcomes) outcome_work_.Touch(year, t.sequence, now);
    t.outcomes.clear();
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

absl::Status Publisher::TouchDue(model::Day today) {
  const int64_t month = model::Month::Of(today).number;
  if (head().month >= month || touched_month_ >= month) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<codec::SeriesYear> known, log_.Known());
  for (const codec::SeriesYear& series : known) {
    Dirty& dirty = dirty_[series];
    if (dirty.first_sequence == 0) dirty.first_sequence = head().sequence + 1;
  }
  touched_month_ = month;
  return absl::OkStatus();
}

absl::Status Publisher::PublishSeries(const codec::SeriesYear& series, bool always,
                                      Edition& edition) {
  SeriesInput input;
  input.series = series;
  input.sequence = edition.sequence;
  input.today = edition.today;
  ASSIGN_OR_RETURN(input.facts, facts_.Read(series, edition.snapshot.get()));
  ASSIGN_OR_RETURN(input.admitted, log_.ReadAdmitted(series));
  ASSIGN_OR_RETURN(input.released, editions_.Find({series.product, series.currency}, series.year));
  std::optional<SeriesRelease> release = rules_->Publish(input, always);
  if (!release) {
    // Nothing yet, but known: an eased policy may show it without a commit.
    if (input.admitted.cells.empty()) PublicationLog::PutAdmitted(series, {}, edition.batch);
    return absl::OkStatus();
  }
  release->block.edition = edition.number;
  RETURN_IF_ERROR(editions_.Put(edition.batch, release->block));
  PublicationLog::PutAdmitted(series, release->admitted, edition.batch);
  edition.series.push_back(series);
  return absl::OkStatus();
}

absl::Status Publisher::PublishAllSeries(Edition& edition) {
  auto it = next_ ? dirty_.lower_bound(*next_) : dirty_.begin();
  if (it == dirty_.end()) it = dirty_.begin();
  while (!dirty_.empty() && edition.batch.bytes() < kMaxEditionBytes && !stopping()) {
    RETURN_IF_ERROR(PublishSeries(it->first, it->second.always, edition));
    it = dirty_.erase(it);
    if (it == dirty_.end()) break;
  }
  next_ = it == dirty_.end() ? std::nullopt : std::optional(it->first);
  return absl::OkStatus();
}

absl::Status Publisher::PublishOutcomes(bool all, Edition& edition) {
  const auto now = std::chrono::steady_clock::now();
  const OutcomeWork::State state{edition.sequence, edition.today, edition.snapshot.get(),
                                 edition.number};
  bool more = false;
  while (edition.batch.bytes() < kMaxEditionBytes && outcome_work_.Ready(now, all) && !more &&
         !stopping()) {
    ASSIGN_OR_RETURN(OutcomeWork::Written written,
                     outcome_work_.PublishOne(*outcome_rules_, state, now, all, kMaxEditionBytes,
                                              edition.batch));
    more = written.more;
    edition.outcomes.insert(edition.outcomes.end(), written.blocks.begin(), written.blocks.end());
  }
  return absl::OkStatus();
}

ledger::PublishedHead Publisher::NextHead(const Edition& edition) const {
  ledger::PublishedHead next = head();
  next.sequence = edition.sequence;
  for (const auto& [series, dirty] : dirty_) {
    next.sequence = std::min(next.sequence, dirty.first_sequence - 1);
  }
  if (const auto first = outcome_work_.FirstSequence()) {
    next.sequence = std::min(next.sequence, *first - 1);
  }
  if (!edition.empty()) next.edition = edition.number;
  if (dirty_.empty() && outcome_work_.empty()) next.policy_version = rules_->policy().version;
  if (dirty_.empty()) next.month = std::max(next.month, touched_month_);
  return next;
}

absl::Status Publisher::Write(Edition& edition) {
  const ledger::PublishedHead next = NextHead(edition);
  const auto done = std::partition_point(
      touched_.begin(), touched_.end(),
      [&](const PublicationLog::Touched& t) { return t.sequence <= next.sequence; });
  PublicationLog::DropTouched({touched_.begin(), done}, edition.batch);
  PublicationLog::PutHead(next, edition.batch);
  // What is shown is shown for good, so it is synced like any commit.
  RETURN_IF_ERROR(edition.empty() ? database_.CommitUnsynced(std::move(edition.batch))
                                  : database_.Commit(std::move(edition.batch)));
  touched_.erase(touched_.begin(), done);
  if (!edition.empty()) {
    std::vector<editions::EditionStore::BlockId> blocks;
    for (const codec::SeriesYear& s : edition.series) {
      blocks.push_back({{s.product, s.currency}, s.year});
    }
    outcomes_.Publish(edition.outcomes, next.edition);
    editions_.Publish(blocks, next.edition);
  }
  std::lock_guard lock(mutex_);
  head_ = next;
  return absl::OkStatus();
}

bool Publisher::stopping() const {
  std::lock_guard lock(mutex_);
  return stopping_;
}

absl::StatusOr<PolicyPreview> Publisher::Preview(const model::Policy& proposed,
                                                 model::ProductNo product) const {
  const auto state = ledger_.state();
  return PreviewPolicy(database_, editions_, state->registers, state->policy, proposed, product);
}

absl::StatusOr<bool> Publisher::Step(bool all) {
  absl::StatusOr<bool> more = TryStep(all);
  if (!more.ok()) {
    // What was taken off the list may not be written: read the list anew.
    dirty_.clear();
    outcome_work_.Clear();
    touched_.clear();
    touched_policy_ = 0;
    touched_month_ = 0;
    read_sequence_ = head().sequence;
  }
  return more;
}

absl::StatusOr<bool> Publisher::TryStep(bool all) {
  RETURN_IF_ERROR(outcome_work_.Load());
  Edition edition;
  edition.snapshot = database_.TakeSnapshot();
  ASSIGN_OR_RETURN(const codec::LedgerHead at, HeadAt(database_, edition.snapshot.get()));
  // Rules and registers at least as new as the lines: the store is a moment
  // ahead of the state after each commit.
  if (ledger_.state()->head.sequence < at.sequence) return true;
  RETURN_IF_ERROR(RefreshRules());
  edition.sequence = at.sequence;
  edition.today = DayOf(at.unix_micros);
  RETURN_IF_ERROR(ReadTouched(edition.sequence, edition.snapshot.get()));
  const ledger::PublishedHead before = head();
  edition.number = before.edition + 1;
  outcome_work_.TouchDue(edition.today, before.sequence + 1);
  RETURN_IF_ERROR(TouchDue(edition.today));

  if (dirty_.empty() && !outcome_work_.Ready(std::chrono::steady_clock::now(), all) &&
      NextHead(edition) == before) {
    return false;
  }
  editions_.DropUnshown(edition.batch);
  outcomes_.DropUnshown(edition.batch);
  RETURN_IF_ERROR(PublishAllSeries(edition));
  RETURN_IF_ERROR(PublishOutcomes(all, edition));
  RETURN_IF_ERROR(Write(edition));
  return true;
}

}  // namespace steelyard::publisher
