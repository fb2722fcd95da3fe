#ifndef STEELYARD_STORAGE_LEDGER_PUBLICATION_LOG_H_
#define STEELYARD_STORAGE_LEDGER_PUBLICATION_LOG_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/keys.h"
#include "storage/engine/database.h"
#include "storage/ledger/admitted.h"

namespace steelyard::ledger {

// How far the publisher got with the whole ledger.
struct PublishedHead {
  uint64_t sequence = 0;       // ledger sequence looked at
  uint64_t edition = 0;        // newest edition
  int64_t policy_version = 0;  // policy it published under
  // Month in which it last looked for what has come of age, from January 2000.
  int64_t month = 0;
  friend bool operator==(const PublishedHead&, const PublishedHead&) = default;
};

// The publisher's own records beside the ledger: what commits touched, and how
// far it got. Written in the same batch as the editions. Thread-safe.
class PublicationLog {
 public:
  explicit PublicationLog(const engine::Database& database) : database_(database) {}

  struct Touched {
    uint64_t sequence = 0;
    std::vector<codec::SeriesYear> series;
    std::vector<codec::OutcomeYear> outcomes;
  };
  // What commits after sequence `after` touched, oldest first.
  absl::StatusOr<std::vector<Touched>> TouchedAfter(uint64_t after,
                                                    const engine::Snapshot* snapshot) const;
  // Drops the records up to `sequence`, which were looked at.
  static void DropTouched(const std::vector<Touched>& touched, engine::Batch& batch);

  absl::StatusOr<PublishedHead> Head() const;
  static void PutHead(const PublishedHead& head, engine::Batch& batch);

  absl::StatusOr<Admitted> ReadAdmitted(const codec::SeriesYear& series) const;
  static void PutAdmitted(const codec::SeriesYear& series, const Admitted& admitted,
                          engine::Batch& batch);

  // Every series and year that was ever looked at.
  absl::StatusOr<std::vector<codec::SeriesYear>> Known() const;

 private:
  const engine::Database& database_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_PUBLICATION_LOG_H_
