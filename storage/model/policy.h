#ifndef STEELYARD_STORAGE_MODEL_POLICY_H_
#define STEELYARD_STORAGE_MODEL_POLICY_H_

#include <cstdint>

namespace steelyard::model {

// The rules by which figures are safe to show; `docs/disclosure.md` says what
// each is for. Defaults: METHODS 4.3.
struct Policy {
  int64_t version = 1;
  int32_t min_councils = 5;
  int32_t min_supplier_groups = 3;
  int32_t p_percent = 20;
  int32_t max_share_percent = 50;
  int32_t total_rounding_basis_points = 100;
  int32_t price_rounding_basis_points = 10;
  int64_t effective_unix_micros = 0;
  // For figures of providers: councils and placements behind one, and the
  // placements that one report must be of.
  int32_t min_outcome_councils = 3;
  int32_t min_placements = 10;
  int32_t min_cohort = 5;
  // Whole months between a run of months and figures of its suppliers by name.
  int32_t supplier_delay_months = 3;

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_POLICY_H_
