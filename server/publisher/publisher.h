#ifndef STEELYARD_SERVER_PUBLISHER_PUBLISHER_H_
#define STEELYARD_SERVER_PUBLISHER_PUBLISHER_H_

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "server/publisher/outcome_work.h"
#include "server/publisher/policy_preview.h"
#include "server/publisher/series_publisher.h"
#include "storage/editions/edition_store.h"
#include "storage/editions/outcome_store.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::publisher {

// Turns the ledger into editions, seconds after each commit, on one thread of
// its own with low priority. Knows from the store what it has not looked at
// yet, so it goes on where it was after any stop. Thread-safe.
class Publisher {
 public:
  // Councils send their reports of outcomes in bursts, and how these are grouped
  // is settled when they are first shown. So a service and year is left alone
  // until no commit has touched it for so long.
  static constexpr std::chrono::milliseconds kOutcomeSettle{30'000};

  // Everything given must outlive it. Reads how far it got; DATA_LOSS or
  // UNAVAILABLE from the store. Starts no thread yet.
  static absl::StatusOr<std::unique_ptr<Publisher>> Open(
      ledger::Ledger& ledger, engine::Database& database, editions::EditionStore& editions,
      editions::OutcomeStore& outcomes, std::chrono::milliseconds outcome_settle = kOutcomeSettle);
  // Ends the thread after the series it works on.
  ~Publisher();

  // Starts the thread, which looks at once and then after each Notify.
  void Start();
  // Something was committed. Cheap.
  void Notify();

  // Looks at everything that was committed so far and returns when what was
  // safe of it is shown; nothing has to settle. For programs without the thread.
  absl::Status PublishAll();

  // How far it got.
  ledger::PublishedHead head() const;

  // What `proposed` would do to the figures of prices, of one product or of all
  // (0). Takes as long as publishing all of them anew. DATA_LOSS or UNAVAILABLE
  // from the store.
  absl::StatusOr<PolicyPreview> Preview(const model::Policy& proposed,
                                        model::ProductNo product) const;

 private:
  Publisher(ledger::Ledger& ledger, engine::Database& database, editions::EditionStore& editions,
            editions::OutcomeStore& outcomes, std::chrono::milliseconds outcome_settle,
            ledger::PublishedHead head);

  void Run();
  // Works on some of what is touched and writes one edition. False if there
  // was nothing to do. `all`: nothing has to settle.
  absl::StatusOr<bool> Step(bool all);
  absl::StatusOr<bool> TryStep(bool all);
  absl::Status ReadTouched(uint64_t sequence, const engine::Snapshot* snapshot);
  absl::Status RefreshRules();
  // Once a month, every series may have suppliers that are to be named.
  absl::Status TouchDue(model::Day today);
  // What one step writes.
  struct Edition;
  absl::Status PublishSeries(const codec::SeriesYear& series, bool always, Edition& edition);
  absl::Status PublishAllSeries(Edition& edition);
  absl::Status PublishOutcomes(bool all, Edition& edition);
  // How far the publisher is once `edition` is written.
  ledger::PublishedHead NextHead(const Edition& edition) const;
  absl::Status Write(Edition& edition);
  bool stopping() const;

  ledger::Ledger& ledger_;
  engine::Database& database_;
  editions::EditionStore& editions_;
  editions::OutcomeStore& outcomes_;
  const ledger::PublicationLog log_;
  const ledger::FactReader facts_;

  // Only the publishing thread touches these.
  std::unique_ptr<SeriesPublisher> rules_;
  std::unique_ptr<OutcomePublisher> outcome_rules_;
  int64_t touched_policy_ = 0;  // policy for which all was put on the list
  int64_t touched_month_ = 0;   // month for which it was
  OutcomeWork outcome_work_;
  struct Dirty {
    uint64_t first_sequence = 0;  // of the oldest commit not looked at
    bool always = false;
  };
  absl::btree_map<codec::SeriesYear, Dirty> dirty_;
  std::optional<codec::SeriesYear> next_;  // where the last step stopped
  std::vector<ledger::PublicationLog::Touched> touched_;
  uint64_t read_sequence_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  ledger::PublishedHead head_;
  bool notified_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_PUBLISHER_H_
