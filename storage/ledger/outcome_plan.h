#ifndef STEELYARD_STORAGE_LEDGER_OUTCOME_PLAN_H_
#define STEELYARD_STORAGE_LEDGER_OUTCOME_PLAN_H_

#include <compare>
#include <cstdint>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/status/statusor.h"
#include "storage/codec/keys.h"
#include "storage/engine/database.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::ledger {

// Which providers of a service and year are released together.
struct OutcomePlan {
  // As disclosure::ProviderSet.
  struct Group {
    uint8_t kind = 0;
    model::ProviderNo provider;
    friend bool operator==(const Group&, const Group&) = default;
  };
  // All reports of a provider and quarter.
  struct Member {
    model::ProviderNo provider;
    model::Month quarter;  // first month
    friend auto operator<=>(const Member&, const Member&) = default;
  };
  std::vector<Group> groups;                  // entry i is group i + 1
  absl::btree_map<Member, uint32_t> members;  // number of the group
  // Quarters with reports that wait for the quarter's window to end.
  absl::btree_set<model::Month> waiting;
  friend bool operator==(const OutcomePlan&, const OutcomePlan&) = default;
};

// How far each cell of a group is shown, by quarter (its first month) and area.
struct OutcomeAdmitted {
  Admitted sums;
  // Cells of a facet (number as editions::Facet) that are shown as they were:
  // not as far as `sums`.
  absl::btree_map<uint8_t, Admitted> facets;

  uint64_t Of(uint8_t facet, const Admitted::Cell& cell) const;
  friend bool operator==(const OutcomeAdmitted&, const OutcomeAdmitted&) = default;
};

// The publisher's records of outcomes. Written in the same batch as the
// editions. Calls may return DATA_LOSS or UNAVAILABLE from the store.
// Thread-safe.
class OutcomeLog {
 public:
  explicit OutcomeLog(const engine::Database& database) : database_(database) {}

  // Empty if there is none.
  absl::StatusOr<OutcomePlan> ReadPlan(const codec::OutcomeYear& year) const;
  static void PutPlan(const codec::OutcomeYear& year, const OutcomePlan& plan,
                      engine::Batch& batch);

  // Every service and year that was ever looked at, with its plan.
  absl::StatusOr<absl::btree_map<codec::OutcomeYear, OutcomePlan>> Plans() const;

  // By number of the group; those of which anything is shown.
  absl::StatusOr<absl::btree_map<uint32_t, OutcomeAdmitted>> ReadAdmitted(
      const codec::OutcomeYear& year) const;
  static void PutAdmitted(const codec::OutcomeYear& year, uint32_t group,
                          const OutcomeAdmitted& admitted, engine::Batch& batch);

 private:
  const engine::Database& database_;
};

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_OUTCOME_PLAN_H_
